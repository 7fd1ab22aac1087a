"""What an added signer is asked, as the reader of that task may know it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine import runtime
from engine.runtime import queries, signers
from webui.casefile.signing import HOW
from webui.disclosure import View
from webui.present.answers import Answer
from webui.present.telling import Telling


@dataclass(frozen=True)
class Asked:
    """`stead` is the name of whom the asker acted for; `after` says that the asker has decided, and `answers`
    what was decided."""

    who: str
    stead: str
    how: str
    after: bool
    at: datetime
    note: str
    answers: list[Answer]


def asked_at(view: View, row: queries.TaskRow) -> signers.Asking | None:
    """How the added signer of this task was asked, without what is kept from the reader; to an enterprise
    nothing."""
    if row.parent is None or view.outward:
        return None
    found = signers.asking(view.connection, runtime.read_task(view.connection, row.id))
    if found is None or view.contact is None:
        return found
    values = found.values if found.values is None else view.contact.data(found.values)
    return replace(found, note=view.plain(found.note), values=values)


def asked(told: Telling, row: queries.TaskRow) -> Asked | None:
    """The same for the task's page."""
    found = asked_at(told.view, row)
    if found is None:
        return None
    values: Mapping[str, object] = found.values or {}
    entered = told.approved(row.element, values)
    after = found.values is not None
    return Asked(found.by_name, found.stead, HOW[found.how](), after, found.at, found.note, entered)
