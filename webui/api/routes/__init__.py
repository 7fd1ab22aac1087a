"""The endpoints. A view reads its input, calls the engine and returns plain data; it commits nothing."""
