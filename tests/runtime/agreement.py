"""Whether a case's stored run and its rows say the same, and whether it can still go on."""

from typing import Any

import orjson
import sqlalchemy as sa
from SpiffWorkflow.util.task import TaskState
from sqlalchemy.engine import Connection

from engine import runtime
from engine.bpmn import stepping
from engine.bpmn.stepping.tokens import LIVE
from engine.history import events
from engine.migrations.schema import metadata
from engine.runtime.desk.tables import task_exclusions
from engine.runtime.subscriptions.tables import subscriptions
from engine.runtime.tables import (
    case_states,
    cases,
    deadlines,
    incidents,
    task_candidates,
    tasks,
    timers,
)


def stored_run(engine: runtime.Engine, connection: Connection, case_id: str) -> stepping.Run:
    row = connection.execute(sa.select(cases).where(cases.c.id == case_id)).one()
    state = connection.execute(sa.select(case_states).where(case_states.c.case_id == case_id)).one()
    definition = engine.definitions.get(connection, row.definition_id)
    return stepping.load(definition.program, {}, bytes(state.tokens), bytes(state.variables))


def waiting_tasks(run: stepping.Run) -> dict[int, str]:
    return {
        t.id: t.task_spec.element.id
        for t in run.all_tokens()
        if t._state == TaskState.READY and t.task_spec.manual
    }


def waiting_timers(run: stepping.Run) -> dict[tuple[int, str], Any]:
    """Token and element of everything that waits for a moment, read from the tokens themselves."""
    found = {}
    for token in run.all_tokens():
        if token._state == TaskState.WAITING:
            if "due" in token.internal_data:
                found[token.id, token.task_spec.element.id] = token.internal_data["due"]
            for branch, due in token.internal_data.get("branches", {}).items():
                found[token.id, branch] = due
    return found


def waiting_messages(run: stepping.Run) -> dict[tuple[int, str], str]:
    """Token and element of everything that waits for a message, read from the tokens themselves."""
    found = {}
    for token in run.all_tokens():
        awaited = getattr(token.task_spec, "event_definition", None)
        if token._state != TaskState.WAITING or awaited is None:
            continue
        branches = getattr(awaited, "event_definitions", None)
        if branches is None:
            if getattr(awaited, "kind", "") == "message":
                found[token.id, token.task_spec.element.id] = awaited.name
            continue
        for key, one in zip(token.task_spec._outputs, branches, strict=True):
            if getattr(one, "kind", "") == "message":
                found[token.id, key] = one.name
    return found


def open_deadlines(run: stepping.Run) -> dict[tuple[int, str], Any]:
    """Token and kind of every task and phase under way that has a deadline, read from the tokens."""
    found = {}
    for token in run.all_tokens():
        if token._state & LIVE and token.internal_data:
            if "due" in token.internal_data and token.task_spec.manual:
                found[token.id, "task"] = token.internal_data["due"]
            if "phase" in token.internal_data:
                found[token.id, "phase"] = token.internal_data["phase"]
    return found


def agree(engine: runtime.Engine, case_id: str) -> None:
    """Raise AssertionError unless rows and run agree, and the case has something that moves it (I4)."""
    with engine.reading() as connection:
        run = stored_run(engine, connection, case_id)
        case = connection.execute(sa.select(cases).where(cases.c.id == case_id)).one()
        own = connection.execute(sa.select(tasks).where(tasks.c.case_id == case_id)).all()
        clocks = connection.execute(sa.select(timers).where(timers.c.case_id == case_id)).all()
        limits = connection.execute(sa.select(deadlines).where(deadlines.c.case_id == case_id)).all()
        offered = connection.execute(
            sa.select(task_candidates.c.name, tasks.c.id, tasks.c.state)
            .join(tasks, tasks.c.id == task_candidates.c.task_id)
            .where(tasks.c.case_id == case_id)
        ).all()
        of_case = sa.select(tasks.c.id).where(tasks.c.case_id == case_id)
        kept = connection.execute(
            sa.select(task_exclusions).where(task_exclusions.c.task_id.in_(of_case))
        ).all()
        told = connection.execute(sa.select(subscriptions).where(subscriptions.c.case_id == case_id)).all()
        held = connection.execute(
            sa.select(incidents.c.id).where(incidents.c.case_id == case_id, incidents.c.resolved_at.is_(None))
        ).all()
        openings = connection.execute(
            sa.select(events.c.data).where(events.c.chain == case_id, events.c.kind == "task.opened")
        ).scalars()
        promised = {d["task"]: d for d in map(orjson.loads, openings)}
    waiting = [row for row in own if row.state == "open" and row.parent is None]
    _signers_agree(own)
    _eyes_agree(own, kept)
    assert {row.token: row.element for row in waiting} == waiting_tasks(run)
    assert {(row.token, row.element): row.due_at for row in clocks} == waiting_timers(run)
    assert {(row.token, row.element): row.message for row in told} == waiting_messages(run)
    running = [row for row in limits if row.closed_at is None]
    assert {(row.token, row.kind): row.due_at for row in running} == open_deadlines(run)
    assert {row.task_id: row.due_at for row in running if row.kind == "task"} == {
        row.id: row.due_at for row in waiting if row.due_at is not None
    }
    assert all(
        row.next_at is None and row.state in ("met", "late", "cancelled") for row in limits if row.closed_at
    )
    assert all(row.state in ("running", "stopped") for row in running)
    assert all(row.state == "open" for row in offered), "a finished task keeps no candidates"
    for row in waiting:
        names = sorted(name for name, task, _ in offered if task == row.id)
        meant = sorted(set(promised[row.id]["candidates"]))
        assert names == meant or not meant, "only what was meant for a person comes to wait for keepers"
        assert names or row.assignee, f"nobody can do {row.element}"
    assert (case.state == "ended") == run.is_completed()
    assert (case.ended_at is not None) == (case.state == "ended")
    assert case.state == "ended" or waiting or clocks or held or told, "nothing moves this case"


def _signers_agree(own: list[Any]) -> None:
    """What waits for added signers has some, of one kind, nobody twice; and nothing hangs in the air."""
    rows = {row.id: row for row in own}
    added = [row for row in own if row.parent is not None]
    for row in added:
        above = rows[row.parent]
        assert (row.token, row.element) == (above.token, above.element)
        if row.state == "open":
            assert above.state == "open" and above.held == row.signing, "it serves a task that waits"
            assert row.due_at == above.due_at
        assert (row.outcome != "") == (row.state == "done")
    for row in own:
        assert not row.held or row.state == "open"
        assert bool(row.held) == any(a.parent == row.id and a.state == "open" for a in added)
        assert (row.answer is not None) == (row.held == "after")
    for token in {row.token for row in own}:
        rows = [row for row in own if row.token == token and row.state != "cancelled"]
        here = [who for row in rows for who in _speaks(row)]
        assert len(here) == len(set(here)), "somebody is twice at one node"


def _speaks(row: Any) -> set[str]:
    """Who has a say through this task: has it, delegated it, approved or closed it, or is stood in for."""
    assert row.delegated_by is None or row.assignee not in (None, row.delegated_by)
    answer = orjson.loads(row.answer) if row.answer else {}
    people = (row.assignee, row.delegated_by, row.closed_by, row.acting_for)
    return {who for who in (*people, answer.get("by"), answer.get("for")) if who}


def _eyes_agree(own: list[Any], kept: list[Any]) -> None:
    """Only open tasks keep somebody out, and who is kept from a task is kept from its signers'."""
    open_ = {row.id: row for row in own if row.state == "open"}
    assert {row.task_id for row in kept} <= open_.keys()
    out = {key: {row.account for row in kept if row.task_id == key} for key in open_}
    for row in open_.values():
        assert row.parent is None or out[row.parent] <= out[row.id]


def intact(engine: runtime.Engine) -> None:
    """Every chain of the history holds."""
    with engine.reading() as connection:
        assert runtime.verify_history(connection) == []


LEASE = ("lease", "lease_until")
SETTLED = ("calendar_editions", "definitions")  # large, and written by no step


def picture(engine: runtime.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is stored, except who is about to fire a timer: that is no effect."""
    found = {}
    with engine.reading() as connection:
        for table in metadata.sorted_tables:
            if table.name in SETTLED:
                continue
            columns = [c for c in table.c if c.name not in LEASE]
            rows = connection.execute(sa.select(*columns)).all()
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def sizes(engine: runtime.Engine) -> dict[str, int]:
    """How many rows each table has."""
    with engine.reading() as connection:
        return {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
