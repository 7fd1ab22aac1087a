"""转办 and 委派: a task goes to somebody else, for good, or until it is answered or recalled."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection

from engine.errors import Conflict, Invalid, NotAllowed, Problem
from engine.history import Event
from engine.identity import Actor
from engine.runtime.actions.people import eligible
from engine.runtime.actions.taking import (
    Hold,
    dropped,
    guard_action,
    hand_on,
    holds,
    notice,
    stands_for,
    take,
    tell,
)
from engine.runtime.deputies import Placed, besides, place, wait_for
from engine.runtime.desk.drafts import keep, kept
from engine.runtime.engine import Engine
from engine.runtime.guards import closed_conflict, guard_unheld, guard_version, hands_of, not_holder
from engine.runtime.performing import beside, excluded, guard_eyes, guard_opinion, keep_out, told


def transfer(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    to: str,
    opinion: str = "",
    version: int | None = None,
) -> int:
    """Give the task to the account `to` for good (转办); the first owner stays recorded. Its new version.

    For who has it, for a candidate while nobody has, and for the administrator of the department that has it
    or for which it waits, who so assigns it.
    NotFound, NotAllowed, Conflict (closed, changed, waiting for others), Invalid (opinion, not eligible).
    """
    hold = take(engine, connection, task_id)
    guard_action(connection, hold, actor, "transfer", version, also=True)
    return _give(engine, connection, hold, actor, "transfer", to, opinion)


def delegate(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    to: str,
    opinion: str = "",
    version: int | None = None,
) -> int:
    """Let the account `to` prepare the task (委派); its answer returns the task. The task's new version.

    Raises as `transfer` does; it is for who has the task, or may take it.
    """
    hold = take(engine, connection, task_id)
    guard_action(connection, hold, actor, "delegate", version)
    return _give(engine, connection, hold, actor, "delegate", to, opinion)


_DONE = {"transfer": ("task.transferred", "handed-on"), "delegate": ("task.delegated", "delegated")}


def _give(
    engine: Engine, connection: Connection, hold: Hold, actor: Actor, action: str, to: str, opinion: str
) -> int:
    text = guard_opinion(hold.element, action, opinion)
    guard_eyes(connection, hold.task, (to,))
    if to not in {person.id for person in eligible(connection, engine, hold.task, actor)}:
        raise Invalid("runtime.not_eligible", problems=[Problem("runtime.choose_person", "to")])
    placed, person = _placed(connection, hold, to), to
    represented = stands_for(connection, hold, actor)
    to, holder = str(placed.assignee), hold.task["assignee"]
    if holder is None and holds(connection, hold, actor):
        holder = (
            actor.id
        )  # it passes through the hands of who might have claimed it; who assigns never had it
    first = replace(hold, task={**hold.task, "owner": hold.task["owner"] or holder})
    back = hold.task["acting_for"] or holder if action == "delegate" else None
    version = hand_on(connection, first, to, back=back, person=placed.acting_for)
    kind, template = _DONE[action]
    data = {"task": hold.task["id"], "name": hold.task["name"], "from": hold.task["assignee"], "to": to}
    event = Event(
        kind, hold.task["element"], {**data, **told(opinion=text, represented=represented), **_stead(placed)}
    )
    others = besides(hold.case["id"], hold.task["id"], hold.task["name"], person, placed)
    if back is None:  # who delegates gets the task back, and finds the own draft again
        others += dropped(connection, hold, to, actor, version)
    tell(engine, connection, hold, event, actor, [notice(hold, template, to, version), *others])
    return version


def _placed(connection: Connection, hold: Hold, to: str) -> Placed:
    """Who is to have what goes to `to`: the deputy, while that person is away.

    Conflict if that is who has the task already.
    """
    placed = place(connection, to, hold.now, hold.case["process"], _out(connection, hold))
    if placed.assignee in (None, hold.task["assignee"]):
        facts = {"task": hold.task["name"], "who": placed.rule.account_name if placed.rule else to}
        raise Conflict("runtime.deputy_has_it", **facts)
    return placed


def answer_delegate(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    values: Mapping[str, Any],
    opinion: str = "",
    version: int | None = None,
) -> int:
    """Return a delegated task to its owner, with the values as the owner's draft. The task's new version.

    Nothing completes: the values are kept as they were typed, and the owner decides. While the owner is away
    the task goes where what arrives for the owner goes.
    NotFound, NotAllowed (another's task), Conflict (closed, changed, not delegated, it waits for added
    signers), Invalid (no opinion).
    """
    hold = take(engine, connection, task_id)
    task = hold.task
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    if not holds(connection, hold, actor):
        raise not_holder(connection, task)
    guard_version(connection, task, version)
    if not task["delegated_by"]:
        raise Conflict("runtime.not_delegated", task=task["name"])
    guard_unheld(connection, task)
    text = guard_opinion(hold.element, "complete", opinion)
    home = _home(connection, hold)
    after = _bring_home(connection, hold, home)
    dropped(connection, hold, home.assignee, actor, after)
    _keep_values(connection, hold, home, values)
    data = {"task": task["id"], "name": task["name"], "from": task["assignee"], "to": home.assignee}
    said = told(opinion=text, represented=stands_for(connection, hold, actor))
    event = Event("task.answered", task["element"], {**data, **said, **_stead(home)})
    notices = [notice(hold, "delegate-answered", to, after) for to in _receivers(home)]
    tell(engine, connection, hold, event, actor, notices)
    keep_out(connection, task["case_id"], hold.diagram, (), (task["element"],))
    return after


def recall(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    opinion: str = "",
    version: int | None = None,
) -> int:
    """Take a delegated task back while the delegate has not answered (收回委派). The task's new version.

    It goes where the answer would have gone, and the delegate is told. What the delegate had typed is
    dropped; whoever the delegate has asked to sign stays asked, and the owner may take them away.
    NotFound, NotAllowed (see `guard_recalling`), Conflict (closed, changed, not delegated), Invalid.
    """
    hold = take(engine, connection, task_id)
    task = hold.task
    guard_recalling(connection, hold, actor)
    guard_version(connection, task, version)
    text = guard_opinion(hold.element, "recall", opinion)
    home = _home(connection, hold)
    after = _bring_home(connection, hold, home)
    dropped(connection, hold, home.assignee, actor, after)  # as the notice of the recall says
    data = {"task": task["id"], "name": task["name"], "from": task["assignee"], "to": home.assignee}
    event = Event("task.recalled", task["element"], {**data, **told(opinion=text), **_stead(home)})
    others = {task["assignee"], *_receivers(home)} - {actor.id, None}
    notices = [
        notice(hold, "delegation-recalled" if to == task["assignee"] else "handed-on", to, after)
        for to in sorted(others)
    ]
    tell(engine, connection, hold, event, actor, notices)
    return after


def guard_recalling(connection: Connection, hold: Hold, actor: Actor) -> None:
    """Raise unless the task is delegated and this person may recall it: whoever it would return to, or
    somebody who shares that desk."""
    task = hold.task
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    owner = task["delegated_by"] or task["assignee"]
    own = hands_of(connection, actor, hold.now, hold.case["id"])
    if owner not in own and not (task["delegated_by"] and _home(connection, hold).assignee == actor.id):
        raise NotAllowed("runtime.not_delegator", task=task["name"])
    if not task["delegated_by"]:
        raise Conflict("runtime.nothing_to_recall", task=task["name"])


def _home(connection: Connection, hold: Hold) -> Placed:
    """Who has a delegated task when it returns: its owner, or the deputy while that person is away."""
    owner, process = hold.task["delegated_by"], hold.case["process"]
    return place(connection, owner, hold.now, process, _out(connection, hold))


def _out(connection: Connection, hold: Hold) -> frozenset[str]:
    """Who gets the task in nobody's stead: four eyes keep them out, or they speak at its node already."""
    return excluded(connection, hold.task["id"]) | beside(connection, hold.task)


def _bring_home(connection: Connection, hold: Hold, home: Placed) -> int:
    """Give the task back; one that nobody may have any more waits for its groups, or their keepers."""
    if home.assignee is None:
        wait_for(connection, hold.task["id"], home.keepers)
    return hand_on(connection, hold, home.assignee, person=home.acting_for)


def _receivers(home: Placed) -> list[str]:
    """Who hears that a task has come back: who has it and who shares that desk, or who has charge of it."""
    found = [home.assignee or home.keepers, home.sharer]
    return [one for one in found if one]


def _stead(placed: Placed) -> dict[str, str]:
    """In whose stead somebody gets a task, as the record says it; nothing where it is that person."""
    return {"stead": placed.acting_for} if placed.acting_for else {}


def _keep_values(connection: Connection, hold: Hold, home: Placed, values: Mapping[str, Any]) -> None:
    """The delegate's values become the draft of who has the task now, and of who shares that desk.

    What such a person had typed before stands where the delegate left a field blank.
    """
    task = hold.task
    given = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    for account in (home.assignee, home.sharer):
        if account is None:
            continue
        own = kept(connection, account, task["id"])
        keep(connection, account, task["id"], {**values, **own, **given}, hold.now)
