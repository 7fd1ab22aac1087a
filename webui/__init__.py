"""The thin Flask UI: it shows what the engine knows and passes on what a person decides.

No rule of a process lives here.
"""
