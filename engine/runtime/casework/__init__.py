"""A case at hand: its row locked, its run, its stops, and the host of the step to come."""
