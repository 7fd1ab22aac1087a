"""What people who sign together leave in the rows: each one's outcome, and that nobody signs twice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import feel
from engine.bpmn.read_signing import SIGNER
from engine.bpmn.stepping import Step
from engine.bpmn.votes import ABSTAIN, AGREE, DISAGREE
from engine.database import Prepared
from engine.runtime.desk.tables import task_exclusions
from engine.runtime.tables import IS_OPEN, tasks

OUTCOMES: Mapping[str, str] = {AGREE: "agree", DISAGREE: "disagree", ABSTAIN: "abstain"}
_bar = Prepared(
    sa.text("INSERT INTO task_exclusions (task_id, account) VALUES (:task, :account) ON CONFLICT DO NOTHING")
)
_at_token = Prepared(  # the item's task and its added signers'
    sa.select(tasks.c.id).where(
        tasks.c.case_id == bindparam("key"), tasks.c.token == bindparam("at"), IS_OPEN
    )
)
_of_node = Prepared(
    sa.select(tasks.c.local, tasks.c.state, tasks.c.assignee, tasks.c.closed_by, tasks.c.acting_for)
    .where(
        tasks.c.case_id == bindparam("key"),
        tasks.c.element == bindparam("node"),
        tasks.c.parent.is_(None),
    )
    .order_by(tasks.c.token)
)
_represented = Prepared(sa.select(tasks.c.acting_for).where(tasks.c.id == bindparam("key")))
_say = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"))
    .values(outcome=bindparam("said"), opinion=bindparam("why"))
)
_clear = Prepared(
    sa.delete(task_exclusions).where(
        task_exclusions.c.task_id.in_(
            sa.select(tasks.c.id).where(
                tasks.c.case_id == bindparam("key"),
                tasks.c.token == bindparam("at"),
                tasks.c.state != "open",
            )
        )
    )
)


def write_votes(
    connection: Connection, case_id: str, step: Step, opened: Sequence[str], done: Mapping[int, str]
) -> None:
    """Write what a step means for those who sign, once its tasks are opened (`opened` are their ids) and
    closed (`done`, by their tokens). Costs nothing where nobody signs."""
    for voted in step.voted:
        for task in done.values():  # a vote is given by completing one task
            _say(connection, key=task, said=OUTCOMES[voted.vote], why=voted.opinion)
    barred = _barred(connection, case_id, step, opened, done.values())
    _bar.many(connection, [{"task": task, "account": account} for task, account in barred])
    for closed in step.closed:
        if closed.element.loop is not None and closed.element.loop.signing is not None:
            _clear(connection, key=case_id, at=closed.token)


def _barred(
    connection: Connection, case_id: str, step: Step, opened: Sequence[str], done: Iterable[str]
) -> Iterator[tuple[str, str]]:
    for one, task in zip(step.opened, opened, strict=True):
        yield from ((task, account) for account in one.barred)
        local = dict(one.local)
        if "signing" in local and one.element.loop is not None:  # for whom deputies have signed before
            heard = _heard(connection, case_id, one.element.id, local["signing"])
            yield from ((task, account) for account in sorted(heard - {one.assignee}))
    for voted in step.voted:
        people = {voted.who, *(who for key in done for (who,) in _represented(connection, key=key) if who)}
        for token in voted.beside:
            for (task,) in _at_token(connection, key=case_id, at=token):
                yield from ((task, account) for account in sorted(people))


def has_a_vote(connection: Connection, task: Mapping[str, Any], accounts: Iterable[str]) -> bool:
    """Whether the task is one vote of several, and one of these accounts has another in the same round:
    has given it, had it given by a deputy, holds it, or is asked by name."""
    local: dict[str, Any] = feel.load(*orjson.loads(task["local"]))
    if "signing" not in local:
        return False
    found = set()
    for own, state, holder, *done in _items(connection, task["case_id"], task["element"], local["signing"]):
        if own["loopCounter"] != local["loopCounter"]:
            found |= {own[SIGNER], *([holder] if state == "open" else done if state == "done" else ())}
    return not found.isdisjoint(accounts)


def _heard(connection: Connection, case_id: str, element: str, signing: Mapping[str, Any]) -> set[str]:
    """Who has signed in the round, or had a deputy sign; who took it back has not."""
    rows = _items(connection, case_id, element, signing)
    return {who for _, state, _holder, *done in rows if state == "done" for who in done if who}


def _items(
    connection: Connection, case_id: str, element: str, signing: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """(what is local, state, holder, closed by, for whom) of each item of the round that `signing`, which its
    items know, tells; one that was opened again as it is now."""
    found: dict[int, tuple[Any, ...]] = {}
    for stored, *rest in _of_node(connection, key=case_id, node=element):
        local: dict[str, Any] = feel.load(*orjson.loads(stored))
        if "signing" in local and int(local["signing"]["round"]) == int(signing["round"]):
            found[int(local["loopCounter"])] = (local, *rest)
    return list(found.values())
