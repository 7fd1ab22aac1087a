"""What is asked of whoever performs a task: that it be another person than before, and an opinion."""

from engine.runtime.performing import messages as messages
from engine.runtime.performing.exclusions import clear, excluded, guard_eyes, keep_out, performers, stepped
from engine.runtime.performing.offering import guard_offered, of_enterprise
from engine.runtime.performing.opinions import OPINION, guard_opinion, told

__all__ = [
    "OPINION",
    "clear",
    "excluded",
    "guard_eyes",
    "guard_offered",
    "guard_opinion",
    "keep_out",
    "of_enterprise",
    "performers",
    "stepped",
    "told",
]
