"""The rows of what cases wait to be told; sending it is `engine.runtime.waiting`."""
