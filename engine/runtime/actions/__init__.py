"""What people do with a task that moves no token: hand it on, ask for it, show it to others, end the case.

Every function locks the case first, guards, changes rows, records one event and queues its notices, all
within the caller's transaction. What is offered to whom says `offers`; a refusal always says why.
"""

from engine.runtime.actions import messages as messages
from engine.runtime.actions.asking import PAUSE, copy, urge
from engine.runtime.actions.ending import may_terminate, terminate
from engine.runtime.actions.handing import answer_delegate, delegate, recall, transfer
from engine.runtime.actions.keeping import follow, unfollow
from engine.runtime.actions.offering import SEARCHED, Offer, Place, offers
from engine.runtime.actions.people import Person, colleagues, eligible
from engine.runtime.desk.following import is_followed
from engine.runtime.performing import excluded, guard_opinion, performers

__all__ = [
    "PAUSE",
    "SEARCHED",
    "Offer",
    "Person",
    "Place",
    "answer_delegate",
    "colleagues",
    "copy",
    "delegate",
    "eligible",
    "excluded",
    "follow",
    "guard_opinion",
    "is_followed",
    "may_terminate",
    "offers",
    "performers",
    "recall",
    "terminate",
    "transfer",
    "unfollow",
    "urge",
]
