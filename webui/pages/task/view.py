"""What a task's page shows, alone or beside the inbox's list: read once, as its reader may know it."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import runtime
from engine.errors import NotAllowed
from engine.identity import Actor
from engine.runtime import clocks, queries, signers, waiting
from engine.runtime.desk import drafts, preferences, presence
from webui import disclosure
from webui.access import principals, the_actor
from webui.casefile.asked import asked
from webui.casefile.handed import handed
from webui.casefile.signing import signing
from webui.foresight.ahead import foresight
from webui.pages import filling
from webui.pages.acting import beside
from webui.pages.inbox.asked import list_address
from webui.pages.inbox.liking import liking
from webui.present.telling import Telling
from webui.transaction import zhiban


@dataclass(frozen=True)
class Sent:
    """What came with a form that is shown again: the values, what is wrong with them, who was faster."""

    typed: dict[str, Any] | None = None
    problems: tuple[Any, ...] = ()
    conflict: str = ""


NOTHING = Sent()


def readable(connection: Connection, task_id: str) -> queries.TaskRow:
    """The task, if this person may read its case: who may not is told nothing of who did what."""
    row, actor = queries.task(connection, task_id), the_actor()
    disclosure.guard(connection, actor, queries.case(connection, row.case_id))
    if actor.kind == "enterprise" and row.internal and standing(connection, row) != "mine":
        raise NotAllowed("runtime.not_candidate", task=row.name)
    return row


def standing(connection: Connection, row: queries.TaskRow) -> str:
    """What this person may do: mine, held (it waits for added signers), claimable, theirs or over.

    An enterprise need not claim first.
    """
    actor = the_actor()
    if row.state != "open":
        return "over"
    if row.assignee is not None:
        mine = row.assignee in {actor.id, *principals(connection, row.process)}
        return "theirs" if not mine else "held" if row.held else "mine"
    if not runtime.is_candidate(connection, row.id, actor):
        return "theirs"
    return "mine" if actor.kind == "enterprise" else "claimable"


def held_by_stop(row: queries.TaskRow, actor: Actor) -> bool:
    """Whether the task takes no answer now, since its clock stands still; an enterprise goes on."""
    return row.stop is not None and actor.kind != "enterprise"


def form_of(connection: Connection, row: queries.TaskRow) -> Any:
    """The form of a task, or None where it asks nothing; an added signer's is the same everywhere."""
    if row.parent is not None:
        return signers.sheet()
    return runtime.definition(zhiban(), connection, row.definition_id).forms.get(row.form_key)


def variables_of(connection: Connection, row: queries.TaskRow) -> dict[str, Any]:
    """What the form's expressions see."""
    names = ("number", "enterprise", "status", "title")
    case = {"id": row.case_id, **{name: getattr(row, name) for name in names}}
    return {**runtime.task_variables(connection, row.id), "case": case}


def shown(
    connection: Connection, row: queries.TaskRow, sent: Sent = NOTHING, listed: str = ""
) -> dict[str, Any]:
    """The values of `task_body.html`. `listed` is the query of the list that one comes from."""
    actor, case = the_actor(), queries.case(connection, row.case_id)
    disclosure.guard(connection, actor, case)
    state, told = standing(connection, row), Telling(connection, case, actor)
    kept = drafts.draft(connection, actor, row.id) if state == "mine" and sent.typed is None else None
    typed = dict(kept.given) if kept else sent.typed
    return {
        "task": row if actor.kind == "enterprise" else told.view.shown([row])[0],
        "case": case,
        "state": state,
        "blocked": state == "mine" and held_by_stop(row, actor),
        "may_stop": clocks.may_stop(zhiban(), connection, actor, case.id),
        "unit": _unit(connection, row),
        "story": told.story(),
        "foresight": foresight(told.view) if state != "over" and case.state == "open" else None,
        "views": _fields(connection, row, state, typed, sent.problems),
        "notes": handed(told.rows, row) if state != "over" and actor.kind != "enterprise" else [],
        "to_sign": asked(told, row),
        "remark": told.remark(row),
        **_other_ways(connection, row, state, case),
        "signing": None if actor.kind == "enterprise" else signing(told.view, row),
        "problems": filling.told(sent.problems),
        "conflict": sent.conflict,
        "draft": kept,
        "others": presence.others(connection, actor, row.id, zhiban().clock.now()),
        "action": url_for("task.complete", task_id=row.id),
        "version": row.version,
        "submit": _("提交"),
        **beside.of_task(connection, row),
        "listed": listed,
        "keys": liking(preferences.preferred(connection, actor)).keys,
        "list_address": list_address,
    }


def _other_ways(
    connection: Connection, row: queries.TaskRow, state: str, case: queries.CaseRow
) -> dict[str, Any]:
    """What may be done besides acting on the task: messages to its case, stopping its clock, giving it back.

    Whoever only signs, or prepares it for another, has none of these.
    """
    actor = the_actor()
    own = row.parent is None and state in ("mine", "claimable") and actor.kind != "enterprise"
    sends = waiting.sendable(zhiban(), connection, actor, case.id) if own else []
    returns = row.assignee == actor.id and bool(row.candidates) and row.delegated_by is None
    return {
        "told": [one for one in sends if one.allowed],
        "stops": own and case.stop is None and clocks.may_stop(zhiban(), connection, actor, case.id),
        "gives_back": own and state == "mine" and returns,
    }


def _fields(
    connection: Connection, row: queries.TaskRow, state: str, typed: dict[str, Any] | None, problems: Any
) -> list[Any]:
    if state != "mine":
        return []
    return filling.drawn(connection, form_of(connection, row), variables_of(connection, row), typed, problems)


def _unit(connection: Connection, row: queries.TaskRow) -> str:
    """In what the task's limit is counted; "" where the diagram gives a date."""
    diagram = runtime.definition(zhiban(), connection, row.definition_id).diagram
    rows = queries.deadlines_of_task(connection, row.case_id, row.element, diagram)
    return next((one.unit for one in rows if one.task_id == row.id), "")
