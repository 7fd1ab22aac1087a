"""The actions on tasks and cases that move them from hand to hand. Each acts once for an Idempotency-Key."""
