"""What people who sign together leave in the rows: each one's outcome, and that nobody signs twice."""

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.bpmn.stepping import Step
from engine.bpmn.votes import ABSTAIN, AGREE, DISAGREE
from engine.database import Prepared
from engine.runtime.desk.tables import task_exclusions
from engine.runtime.tables import IS_OPEN, tasks

OUTCOMES: Mapping[str, str] = {AGREE: "agree", DISAGREE: "disagree", ABSTAIN: "abstain"}
_bar = Prepared(
    sa.text("INSERT INTO task_exclusions (task_id, account) VALUES (:task, :account) ON CONFLICT DO NOTHING")
)
_at_token = Prepared(
    sa.select(tasks.c.id).where(
        tasks.c.case_id == bindparam("key"),
        tasks.c.token == bindparam("at"),
        IS_OPEN,
        tasks.c.parent.is_(None),
    )
)
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
    _bar.many(connection, [{"task": t, "account": a} for t, a in _barred(connection, case_id, step, opened)])
    for closed in step.closed:
        if closed.element.loop is not None and closed.element.loop.signing is not None:
            _clear(connection, key=case_id, at=closed.token)


def _barred(
    connection: Connection, case_id: str, step: Step, opened: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for one, task in zip(step.opened, opened, strict=True):
        yield from ((task, account) for account in one.barred)
    for voted in step.voted:
        for token in voted.beside:
            for (task,) in _at_token(connection, key=case_id, at=token):
                yield task, voted.who
