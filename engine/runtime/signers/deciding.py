"""What an added signer says, and what follows from it for the task that waits."""

from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import feel
from engine.database import Moment, Prepared
from engine.errors import Conflict, NotAllowed
from engine.history import Event
from engine.identity import Actor, load_actor, name_of
from engine.runtime.casework.closing import cancel_added
from engine.runtime.casework.loading import keep, load
from engine.runtime.casework.recount import ready
from engine.runtime.desk import leaving
from engine.runtime.desk.tables import drafts
from engine.runtime.engine import Engine
from engine.runtime.guards import guard_hand, record
from engine.runtime.performing import clear, excluded, guard_opinion, told
from engine.runtime.signers.family import Family, Row, family
from engine.runtime.signers.sheet import AGREE, DISAGREE, checked
from engine.runtime.signers.taking import Taken, taken, tell
from engine.runtime.steps import Done, finish
from engine.runtime.tables import tasks

_sign = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"))
    .values(
        state="done",
        held="",
        answer=None,
        version=tasks.c.version + 1,
        outcome=bindparam("said"),
        opinion=bindparam("why"),
        closed_at=bindparam("at", type_=Moment),
        closed_by=bindparam("by"),
        acting_for=bindparam("represented"),
    )
)
_let_go = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"))
    .values(held="", answer=None, version=tasks.c.version + 1)
)
_drop_draft = Prepared(
    sa.delete(drafts).where(drafts.c.task_id == bindparam("key"), drafts.c.account == bindparam("who"))
)
_keep_draft = Prepared(sa.insert(drafts).values({c.name: bindparam(c.name, type_=c.type) for c in drafts.c}))


def decide(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    outcome: str,
    opinion: str = "",
    version: int | None = None,
) -> Done:
    """Agree or disagree as an added signer; returns what that led to: with the last agreement a task that
    its owner has approved completes.

    Invalid: no such outcome, a disagreement without reasons. NotAllowed: another's. Conflict: decided or
    removed already, changed, no added signer's task, it waits for signers itself, the clock stands still.
    """
    at = taken(engine, connection, task_id, actor)
    keep(engine, at.case)
    represented = guard_hand(connection, at.task, actor, version, at.host.now)
    if at.task["parent"] is None:
        raise Conflict("signers.not_added", task=at.task["name"])
    if at.task["held"]:
        raise Conflict("runtime.task_held", task=at.task["name"], who=_names(connection, at.family, task_id))
    said = guard_opinion(at.element, outcome, checked(outcome, opinion))
    _close(engine, connection, at, at.task, outcome, said, actor.id, represented)
    return settle(engine, connection, at, at.task["parent"], actor.id, disagreed=outcome == DISAGREE)


def _names(connection: Connection, found: Family, task_id: str) -> str:
    return "、".join(name_of(connection, row["assignee"]) for row in found.open_children(task_id))


def _close(
    engine: Engine,
    connection: Connection,
    at: Taken,
    task: Row,
    outcome: str,
    opinion: str,
    who: str,
    represented: str | None,
) -> None:
    """Close a signer's task with what was said."""
    closing = {"at": at.host.now, "by": who, "represented": represented}
    _sign(connection, key=task["id"], said=outcome, why=opinion, **closing)
    clear(connection, task["id"])
    leaving.closed(connection, task["id"])
    to = at.family.row(task["parent"])["assignee"]
    data = {"task": task["id"], "name": task["name"], "from": task["assignee"], "to": to}
    said = {"outcome": outcome, **told(opinion=opinion, represented=represented)}
    record(engine, connection, at.case.id, [Event("signer.decided", task["element"], {**data, **said})], who)


def settle(
    engine: Engine, connection: Connection, at: Taken, parent: str, who: str, disagreed: bool = False
) -> Done:
    """What follows for the task that waits, when one of its signers has decided or is gone.

    Asked before, all must have decided, and it returns to its owner. Asked after, one who disagrees
    returns it unapproved; with nobody left to ask, the approval that was given stands, unless four eyes
    keep its owner from the task by now: then it returns, too.
    """
    found = family(connection, at.task)
    task, nothing = found.row(parent), Done(at.case.id, ())
    if task["held"] == "after" and disagreed:
        remove_below(engine, connection, at, found, parent, who)
        _keep_answer(connection, at, task)
        _return(engine, connection, at, task, who, "signing-refused")
        return nothing
    if found.open_children(parent):
        return nothing
    if task["held"] == "before":
        _return(engine, connection, at, task, who, "signing-returned")
        return nothing
    answer = orjson.loads(task["answer"])
    if not excluded(connection, parent).isdisjoint({answer["by"], answer["for"]}):
        _keep_answer(connection, at, task)  # meanwhile the owner has performed what this task checks
        _return(engine, connection, at, task, who, "approval-barred")
        return nothing
    if task["parent"] is None:
        tell(connection, at, "signing-agreed", {answer["by"], task["assignee"]})
        return _complete(engine, connection, task, answer)
    _close(engine, connection, at, task, AGREE, answer["opinion"], answer["by"], answer["for"])
    return settle(engine, connection, at, task["parent"], answer["by"])


def remove_below(
    engine: Engine, connection: Connection, at: Taken, found: Family, task_id: str, who: str
) -> None:
    """Cancel all open tasks that hang below this one; who had them is told."""
    gone = found.open_below(task_id)
    tell(connection, at, "signing-over", [row["assignee"] for row in gone])
    for row in gone:
        cancel_added(connection, row["id"], at.host.now, who)
    events = [
        Event(
            "signer.removed",
            row["element"],
            {"task": row["id"], "name": row["name"], "from": row["assignee"], "to": ""},
        )
        for row in gone
    ]
    if events:
        record(engine, connection, at.case.id, events, who)


def _return(engine: Engine, connection: Connection, at: Taken, task: Row, who: str, template: str) -> None:
    """Let the owner go on with the task, and say so."""
    _let_go(connection, key=task["id"])
    data = {"task": task["id"], "name": task["name"], "to": task["assignee"], "how": task["held"]}
    record(engine, connection, at.case.id, [Event("signer.returned", task["element"], data)], who)
    tell(connection, at, template, [task["assignee"]])


def _keep_answer(connection: Connection, at: Taken, task: Row) -> None:
    """What the owner had approved becomes his draft: nothing of it is lost, nothing of it stands."""
    answer = orjson.loads(task["answer"])
    own = {"outcome": AGREE, "opinion": answer["opinion"]} if task["parent"] else answer["typed"]
    given = orjson.dumps(own).decode()
    _drop_draft(connection, key=task["id"], who=task["assignee"])
    _keep_draft(connection, task_id=task["id"], account=task["assignee"], given=given, saved_at=at.host.now)


def _complete(engine: Engine, connection: Connection, task: Row, answer: dict[str, Any]) -> Done:
    """Step on with what the owner approved, as that owner's: it is this person who answers for it."""
    case = load(engine, connection, task["case_id"])  # as recorded by now
    host = ready(engine, connection, case)
    given = feel.load(*answer["values"])
    owner, said = _owner(connection, answer["by"]), {"opinion": answer["opinion"]}
    more = {**said, "represented": answer["for"], "approved": answer["at"]}
    return finish(engine, connection, case, host, task, given, owner, **more)


def _owner(connection: Connection, account: str) -> Actor:
    """The owner, also where the account has been closed since: the approval was given before."""
    try:
        return load_actor(connection, account)
    except NotAllowed:
        return Actor(account, name_of(connection, account), "person")
