"""What a task offers to somebody, and what somebody has typed into it."""

from typing import Any

from engine.runtime import actions, queries
from engine.runtime.desk import drafts as kept
from engine.scenarios.alike import text, within
from engine.scenarios.expect.look import Look, Unlike
from engine.scenarios.stage.acts import is_of, task_meant
from engine.scenarios.stage.mistakes import Mistake
from engine.scenarios.words import OFFERED


def offers(look: Look, expected: list[dict[str, Any]]) -> Unlike | None:
    """Each task offers exactly these actions to this person, besides taking and completing it."""
    for one in expected:
        actor, task = look.stage.account(str(one["to"])), _task(look, one)
        found = {offer.action for offer in actions.offers(look.stage.engine, look.connection, actor, task.id)}
        if found != set(one["actions"]):
            return Unlike(_of(one, "offers"), _said(one["actions"]), _said(found))
    return None


def drafts(look: Look, expected: list[dict[str, Any]]) -> Unlike | None:
    """Each person has typed these values into the task and not submitted them; `none`: nothing."""
    for one in expected:
        actor = look.stage.account(str(one["to"]))
        draft = kept.draft(look.connection, actor, _task(look, one).id)
        wanted, given = one["values"], dict(draft.given) if draft else "none"
        alike = given == wanted if "none" in (wanted, given) else within(wanted, given)
        if not alike:
            return Unlike(_of(one, "drafts"), text(wanted), text(given))
    return None


def _task(look: Look, one: dict[str, Any]) -> queries.TaskRow:
    """The open task that is meant; else, for what is offered of a finished one, the last closed so called."""
    name, of = str(one["name"]), str(one.get("of", ""))
    try:
        return task_meant(look.stage, look.connection, name, of)
    except Mistake:
        every = queries.tasks_of_case(look.connection, look.case.id)
        found = [task for task in every if name in (task.name, task.element)]
        if of:
            found = [task for task in found if is_of(look.stage, task, of)]
        if not found or any(task.state == "open" for task in found):
            raise
        return max(found, key=lambda task: (task.closed_at, task.id))


def _of(one: dict[str, Any], what: str) -> str:
    return f"{what}「{one['name']}」{one['to']}"


def _said(names: Any) -> str:
    return "、".join(word for name, word in OFFERED.items() if name in names) or "—"
