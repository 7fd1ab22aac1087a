"""Adding signers before or after one's own decision (前加签, 后加签)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import feel, forms
from engine.database import Prepared, new_id
from engine.errors import Conflict, Invalid, NotAllowed
from engine.history import Event
from engine.identity import Actor, name_of, signer
from engine.runtime.casework.loading import keep
from engine.runtime.deputies import Placed, besides, place
from engine.runtime.engine import Engine
from engine.runtime.guards import claim, guard_hand, read_task, record
from engine.runtime.performing import bar, excluded, guard_offered, guard_opinion, told
from engine.runtime.signers.family import Family, Row
from engine.runtime.signers.sheet import AGREE, checked
from engine.runtime.signers.taking import Taken, queue, taken, tell
from engine.runtime.steps import task_values
from engine.runtime.tables import UNTOUCHED, tasks

MOST = 30  # added signers at one node, those who have decided among them
KINDS = ("before", "after")
SUFFIX = " · 加签"
_NAME = 200  # characters of a task's name
_insert = Prepared(sa.insert(tasks).values({c.name: bindparam(c.name, type_=c.type) for c in tasks.c}))
_hold = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"))
    .values(held=bindparam("how"), answer=bindparam("kept"), version=tasks.c.version + 1)
)


def add_signers(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    people: Sequence[str],
    how: str,
    values: Any = None,
    opinion: str = "",
    version: int | None = None,
) -> int:
    """Ask `people` (account ids) to sign at one's task; returns the task's new version.

    `before`: the task waits until all have decided, and then returns to its owner. `after`: `values`, as
    its form has them, are the owner's approval; the task completes with them once all have agreed. More
    of the same kind can be asked while it waits, without values. At an added signer's own task the
    values are {opinion}, and mean agreement. `opinion` is what the asked are told, and with an approval the
    owner's own opinion: it must be given where completing needs one. Who is away is asked through the deputy.

    NotAllowed: another's task. Conflict: closed, changed, ended, the clock stands still, the other kind
    waits already. Invalid: the form's problems, nobody, somebody who cannot sign or is there already.
    """
    if how not in KINDS:
        raise Invalid("signers.kind", how=how)
    at = taken(engine, connection, task_id, actor)
    represented = guard_hand(connection, at.task, actor, version, at.host.now)
    if actor.kind != "person":
        raise NotAllowed("runtime.not_candidate", task=at.task["name"])
    guard_offered(connection, at.task, at.element, f"sign {how}")
    said = guard_opinion(at.element, f"sign {how}", opinion)
    _guard_kind(at.task, how, values)
    asked = _placed(connection, at, actor, people)
    answer = None
    if how == "after" and not at.task["held"]:
        answer = {**_answer(at, values, actor, opinion), "by": actor.id, "for": represented}
    keep(engine, at.case)
    if at.task["assignee"] is None:
        claim(engine, connection, actor=actor, task_id=task_id)
        at.task["assignee"] = actor.id
    _add(connection, at, asked.values(), how, answer)
    more = told(opinion=said, represented=represented)
    record(engine, connection, at.case.id, _events(at, asked.values(), how, answer, more), actor.id)
    _tell(connection, at, asked)
    return int(read_task(connection, task_id)["version"])


def _guard_kind(task: Row, how: str, values: Any) -> None:
    if task["held"] and task["held"] != how:
        raise Conflict("signers.one_kind", task=task["name"])
    if how == "after" and task["delegated_by"] is not None:
        raise Conflict("signers.delegated", task=task["name"])
    if task["held"] and values:
        raise Conflict("signers.approved_already", task=task["name"])


def _guard_people(connection: Connection, found: Family, actor: Actor, people: Sequence[str]) -> None:
    """Everybody asked can sign here: staff, not excluded by the four eyes, nobody who is there already."""
    if not people or len(people) + len(found.added) > MOST:
        raise Invalid("signers.how_many", most=MOST)
    there = found.people() | {actor.id}
    barred = excluded(connection, found.root["id"])
    for account in people:
        if account in there:
            raise Invalid("signers.twice", who=name_of(connection, account))
        if signer(connection, account) != "account":
            raise Invalid("signers.nobody", who=name_of(connection, account))
        if account in barred:
            raise NotAllowed("signers.four_eyes", who=name_of(connection, account))
        there.add(account)


def _placed(connection: Connection, at: Taken, actor: Actor, people: Sequence[str]) -> dict[str, Placed]:
    """Who signs for each: the person, or the deputy while that person is away, unless the deputy is at this
    node already."""
    _guard_people(connection, at.family, actor, people)
    barred = excluded(connection, at.family.root["id"])
    there, process = at.family.people() | {actor.id, *people} | barred, at.case.row["process"]
    found: dict[str, Placed] = {}
    for account in people:
        found[account] = place(connection, account, at.host.now, process, there - {account})
        there.add(str(found[account].assignee))
    return found


def _tell(connection: Connection, at: Taken, asked: Mapping[str, Placed]) -> None:
    """Those who sign hear of it, and those for whom somebody else does or may do it."""
    tell(connection, at, "signing-asked", [str(placed.assignee) for placed in asked.values()])
    case_id, root = at.case.id, at.family.root
    for person, placed in asked.items():
        queue(connection, at, besides(case_id, root["id"], root["name"], person, placed))


def _answer(at: Taken, values: Any, actor: Actor, opinion: str) -> dict[str, Any]:
    """The approval that stands while signers are awaited: as validated, and as it was typed."""
    since = at.host.now.isoformat()
    if at.task["parent"] is not None:
        why = checked(AGREE, str((values or {}).get("opinion") or opinion))
        return {"at": since, "opinion": guard_opinion(at.element, AGREE, why)}
    why = guard_opinion(at.element, "complete", opinion)
    given, files = task_values(at.host, at.case, at.task, values)
    forms.files.attach(at.host.connection, files, at.case.id, actor.id)
    return {"at": since, "opinion": why, "values": feel.dump(given), "typed": values}


def _add(
    connection: Connection, at: Taken, asked: Iterable[Placed], how: str, answer: Mapping[str, Any] | None
) -> None:
    rows = [_row(at, placed, how) for placed in asked]
    _insert.many(connection, rows)
    bar(connection, [row["id"] for row in rows], excluded(connection, at.family.root["id"]))
    kept = orjson.dumps(answer, default=str).decode() if answer is not None else at.task["answer"]
    _hold(connection, key=at.task["id"], how=how, kept=kept)


def _row(at: Taken, placed: Placed, how: str) -> Row:
    root, now = at.family.root, at.host.now
    return {
        **root,
        "id": new_id(),
        "name": root["name"][: _NAME - len(SUFFIX)] + SUFFIX,
        "form_key": "",
        "internal": True,  # an enterprise is not told who is asked within the house
        "assignee": placed.assignee,
        "opened_at": now,
        "version": 1,
        "claimed_at": now,
        **UNTOUCHED,
        "acting_for": placed.acting_for,
        "parent": at.task["id"],
        "signing": how,
    }


def _events(
    at: Taken,
    asked: Iterable[Placed],
    how: str,
    answer: Mapping[str, Any] | None,
    more: Mapping[str, Any],
) -> list[Event]:
    """One event for each who is asked; what the owner approved stands with the first."""
    task = at.task
    said = {"task": task["id"], "name": task["name"], "from": task["assignee"], "how": how, **more}
    approved = {"values": answer["values"][0]} if answer is not None and "values" in answer else {}
    found: list[Event] = []
    for placed in asked:
        stead = {"stead": placed.acting_for} if placed.acting_for else {}
        data = {**said, "to": placed.assignee, **stead, **({} if found else approved)}
        found.append(Event("signer.added", task["element"], data))
    return found
