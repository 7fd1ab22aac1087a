"""What a reader may see of a case: the one rule that pages and API share.

An officer who may read a case reads all of it; of a confidential one not the contact, unless he answers for
the case. An enterprise reads its own cases only, and of them: the nodes that the diagram does not mark
`internal`; departments and offices instead of officers' names; what its own people entered, and of what
officers entered the fields that their form marks `public`.
"""

from .desks import discreet_assessments, discreet_kept, discreet_tasks
from .marks import due_moments, hidden_statuses, public_fields, texts_in
from .names import Names
from .view import View, guard, outward_cases

__all__ = [
    "Names",
    "View",
    "discreet_assessments",
    "discreet_kept",
    "discreet_tasks",
    "due_moments",
    "guard",
    "hidden_statuses",
    "outward_cases",
    "public_fields",
    "texts_in",
]
