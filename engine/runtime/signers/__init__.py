"""Added signers (加签): people whom the owner of a task asks to agree or disagree, before or after.

Their tasks are rows beside the process's own, with the token of the task they serve; the run knows nothing
of them. What they say never completes what its owner has not approved, and never is passed over
silently: see docs/decisions/0011-added-signers.md.
"""

from engine.runtime.signers import messages as messages
from engine.runtime.signers.adding import MOST, add_signers
from engine.runtime.signers.asked import Asking, asking
from engine.runtime.signers.deciding import decide
from engine.runtime.signers.family import Signer, signers_of
from engine.runtime.signers.removing import may_remove, remove_signer
from engine.runtime.signers.sheet import carried, sheet, spoken

__all__ = [
    "MOST",
    "Asking",
    "Signer",
    "add_signers",
    "carried",
    "asking",
    "decide",
    "may_remove",
    "remove_signer",
    "sheet",
    "signers_of",
    "spoken",
]
