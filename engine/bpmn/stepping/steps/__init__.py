"""What a step is made of: a picture before, a picture after, and what became different between them."""
