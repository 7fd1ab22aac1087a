"""The rows of deadlines: opened and closed with their tasks and phases, moved when their dates move."""
