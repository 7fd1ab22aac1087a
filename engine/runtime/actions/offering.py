"""What somebody may do with a task now: asked by its page and the API, and decided anew when it is done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from engine.bpmn import desk
from engine.errors import ZhibanError
from engine.identity import Actor, name_of
from engine.runtime import moves
from engine.runtime.actions.asking import guard_copying, guard_urging, next_urging
from engine.runtime.actions.handing import guard_recalling
from engine.runtime.actions.people import Person, eligible
from engine.runtime.actions.taking import Hold, administers, holds, look
from engine.runtime.casework.stops import open_stop
from engine.runtime.engine import Engine
from engine.runtime.performing import of_enterprise
from engine.runtime.signers.family import family
from engine.runtime.signers.removing import may_remove

SEARCHED = frozenset({"copy", "sign before", "sign after"})  # these go to anybody of the house


@dataclass(frozen=True)
class Place:
    """Where an action may lead: a node a task is sent back to, or the task of a signer to be removed."""

    id: str
    name: str


@dataclass(frozen=True)
class Offer:
    """One action that is open to somebody: whom and where it may go to, and whether it must say why.

    The people of SEARCHED are not listed, since they may be anybody of the house: see `colleagues`.
    """

    action: str
    opinion_required: bool = False
    people: tuple[Person, ...] = ()
    targets: tuple[Place, ...] = ()


def offers(engine: Engine, connection: Connection, actor: Actor, task_id: str) -> list[Offer]:
    """What this person may do with the task besides taking and completing it, as people look for it.

    NotFound if there is no such task. Nothing is locked: somebody may be faster.
    """
    hold = look(engine, connection, task_id)
    return [
        *_handing(engine, connection, hold, actor),
        *_signing(connection, hold, actor),
        *_moving(engine, connection, hold, actor),
        *_showing(connection, hold, actor),
    ]


def _offer(
    hold: Hold, action: str, people: tuple[Person, ...] = (), targets: tuple[Place, ...] = ()
) -> Offer:
    return Offer(action, desk.needs_opinion(hold.element, action), people, targets)


def _handing(engine: Engine, connection: Connection, hold: Hold, actor: Actor) -> Iterator[Offer]:
    task = hold.task
    if task["delegated_by"] and _passes(lambda: guard_recalling(connection, hold, actor)):
        yield _offer(hold, "recall")
    if task["state"] != "open" or task["held"] or task["parent"] is not None:
        return
    own = holds(connection, hold, actor)
    if task["delegated_by"]:
        if own:
            yield Offer("answer", desk.needs_opinion(hold.element, "complete"))
        return
    may_give = own or administers(connection, hold, actor)
    people = tuple(eligible(connection, engine, task, actor)) if may_give else ()
    shown = desk.offered(hold.element, of_enterprise(connection, task)) if people else frozenset()
    for action in ("transfer", "delegate"):
        if action in shown and (own or action == "transfer"):
            yield _offer(hold, action, people)


def _signing(connection: Connection, hold: Hold, actor: Actor) -> Iterator[Offer]:
    task = hold.task
    if task["state"] != "open" or actor.kind != "person":
        return
    if _stands(hold):  # nobody is added, decides or is taken away
        return
    own = holds(connection, hold, actor)
    if own and task["parent"] is not None and not task["held"]:
        yield _offer(hold, "decide")
    shown = desk.offered(hold.element, of_enterprise(connection, task)) if own else frozenset()
    for how in ("before", "after"):
        free = task["held"] in ("", how) and not (how == "after" and task["delegated_by"])
        if f"sign {how}" in shown and free:
            approves = how == "after" and not task["held"]
            yield replace(_offer(hold, f"sign {how}"), opinion_required=_must_say(hold, how, approves))
    removable = _removable(connection, hold, actor)
    if removable:
        yield _offer(hold, "remove signer", targets=removable)


def _must_say(hold: Hold, how: str, approves: bool) -> bool:
    """Whether adding signers needs an opinion; with one's own approval, that of the approval stands here."""
    own = "agree" if hold.task["parent"] else "complete"
    return desk.needs_opinion(hold.element, f"sign {how}") or (
        approves and desk.needs_opinion(hold.element, own)
    )


def _removable(connection: Connection, hold: Hold, actor: Actor) -> tuple[Place, ...]:
    """The signers below this task whom this person may take away."""
    if not hold.task["held"]:
        return ()
    found = family(connection, hold.task)
    below = found.open_below(hold.task["id"])
    below = [row for row in below if may_remove(connection, actor, found, row, hold.now)]
    return tuple(Place(row["id"], name_of(connection, row["assignee"])) for row in below)


def _moving(engine: Engine, connection: Connection, hold: Hold, actor: Actor) -> Iterator[Offer]:
    task = hold.task
    shown = desk.offered(hold.element, of_enterprise(connection, task))
    if "take back" in shown and moves.may_take_back(engine, connection, actor, task):
        yield _offer(hold, "take back")
    free = not task["held"] and not task["delegated_by"] and task["parent"] is None
    if task["state"] != "open" or not free or _stands(hold) or not holds(connection, hold, actor):
        return
    if "send back" in shown:
        found = moves.send_back_targets(engine, connection, task["id"])
        if found:
            yield _offer(hold, "send back", targets=tuple(Place(one.element, one.name) for one in found))
    if "reject" in shown and hold.element.properties.get("reject"):
        yield _offer(hold, "reject")


def _stands(hold: Hold) -> bool:
    """Whether the task's clock stands still."""
    stop = open_stop(hold.case["stops"])
    return stop is not None and hold.task["opened_at"] <= stop.since


def _showing(connection: Connection, hold: Hold, actor: Actor) -> Iterator[Offer]:
    if _passes(lambda: guard_copying(connection, hold, actor)):
        yield _offer(hold, "copy")
    if next_urging(hold) is None and _passes(lambda: guard_urging(connection, hold, actor)):
        yield _offer(hold, "urge")


def _passes(guard: Callable[[], None]) -> bool:
    try:
        guard()
    except ZhibanError:
        return False
    return True
