"""Tasks that change hands because of who has them: handing over in bulk, giving back, leaving.

It asks the process nothing: an action that a node does not offer is about the work; this is about people.
"""

from engine.runtime.handover import messages as messages
from engine.runtime.handover.handing import (
    Handed,
    Hanging,
    guard_hand_over,
    hand_over,
    hand_over_within,
    hand_task,
    hanging,
    may_hand_over,
    receivers,
    split,
)
from engine.runtime.handover.leaving import Keeping, accounts_with_tasks, start_account, stop_account
from engine.runtime.handover.returning import Away, deputised, give_back, take_home

__all__ = [
    "Away",
    "Handed",
    "Hanging",
    "Keeping",
    "accounts_with_tasks",
    "deputised",
    "give_back",
    "guard_hand_over",
    "hand_over",
    "hand_over_within",
    "hand_task",
    "hanging",
    "may_hand_over",
    "receivers",
    "split",
    "start_account",
    "stop_account",
    "take_home",
]
