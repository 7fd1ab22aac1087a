"""What people do that moves tokens: 退回 send back, 驳回 reject, 撤回 take back, and withdrawing a case.

Each is one step in one transaction, like completing a task. What has been finished stays in the rows and in
the history; what was under way and no longer follows is cancelled, and the record names it.
"""

from engine.runtime.moves import messages as messages
from engine.runtime.moves.sending import Target, reject, send_back, send_back_targets
from engine.runtime.moves.taking import may_take_back, take_back, why_not_taken_back
from engine.runtime.moves.withdrawing import may_withdraw, withdraw

__all__ = [
    "Target",
    "may_take_back",
    "may_withdraw",
    "reject",
    "send_back",
    "send_back_targets",
    "take_back",
    "why_not_taken_back",
    "withdraw",
]
