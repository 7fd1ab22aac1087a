"""Making a step durable: the case's row and stored run, tasks, timers, history and notices.

Everything here happens on the step's own connection and is committed, or lost, with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import feel, history, outbox
from engine.bpmn.stepping import Opened, Run, Step, store_tokens, store_variables
from engine.database import Moment, Prepared, new_id
from engine.errors import Invalid
from engine.history import Event
from engine.runtime.operations import StepHost
from engine.runtime.tables import IS_OPEN, case_states, cases, task_candidates, tasks, timers


def _all(table: sa.Table) -> dict[str, Any]:
    return {c.name: bindparam(c.name, type_=c.type) for c in table.c}


_COLUMNS = (
    "title",
    "type",
    "department",
    "urgent",
    "confidential",
    "status",
    "version",
    "history_seq",
    "history_hash",
)
_RARELY = ("enterprise", "state", "ended_at")  # columns with an index: named in an update, it is written
_update_case = Prepared(
    sa.update(cases)
    .where(cases.c.id == bindparam("key"), cases.c.version == bindparam("before"))
    .values({name: bindparam(name, type_=cases.c[name].type) for name in _COLUMNS})
)
_update_rarely = Prepared(
    sa.update(cases)
    .where(cases.c.id == bindparam("key"))
    .values({name: bindparam(name, type_=cases.c[name].type) for name in _RARELY})
)
_insert_case = Prepared(sa.insert(cases).values(_all(cases)))
_insert_state = Prepared(sa.insert(case_states).values(_all(case_states)))
_update_state = Prepared(
    sa.update(case_states)
    .where(case_states.c.case_id == bindparam("key"))
    .values(tokens=bindparam("tokens"), variables=bindparam("variables"))
)
_insert_department = Prepared(
    sa.text(
        "INSERT INTO case_departments (case_id, department) VALUES (:key, :department) ON CONFLICT DO NOTHING"
    )
)
_insert_tasks = Prepared(sa.insert(tasks).values(_all(tasks)))
_insert_candidates = Prepared(sa.insert(task_candidates).values(_all(task_candidates)))
_task_of_token = Prepared(
    sa.select(tasks.c.id).where(
        tasks.c.case_id == bindparam("key"), tasks.c.token == bindparam("at"), IS_OPEN
    )
)
_cancel_task = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"))
    .values(
        state="cancelled",
        version=tasks.c.version + 1,
        closed_at=bindparam("at", type_=Moment),
        closed_by=bindparam("by"),
    )
)
_drop_candidates = Prepared(sa.delete(task_candidates).where(task_candidates.c.task_id == bindparam("key")))
_insert_timers = Prepared(sa.insert(timers).values(_all(timers)))
_drop_timer = Prepared(
    sa.delete(timers).where(
        timers.c.case_id == bindparam("key"),
        timers.c.token == bindparam("at"),
        timers.c.element == bindparam("node"),
    )
)


@dataclass
class Loaded:
    """A case within a step: its row as it was read and locked, and its run."""

    row: dict[str, Any]
    run: Run
    new: bool = False

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def head(self) -> history.Head:
        return history.Head(self.row["history_seq"], self.row["history_hash"])


def persist(
    connection: Connection,
    case: Loaded,
    step: Step,
    host: StepHost,
    trigger: Event,
    actor: str,
    done: Mapping[int, str],
) -> list[str]:
    """Write everything the step changed. `done` maps tokens to the tasks that the caller has closed.

    Returns the ids of the tasks that opened. Fills the row with the new columns and head.
    """
    row, before = case.row, case.row["version"]
    status, department = row["status"], row["department"]
    rare = [row[name] for name in _RARELY]
    _refresh_columns(case, step, host)
    if case.new:
        _insert_case(connection, **row)
    opened = _open_tasks(connection, case, step, host)
    closing = _close_tasks(connection, case, step, host, done, actor)
    _write_timers(connection, case, step, host)
    happened = [trigger, *host.events, *_moves(step, trigger), *closing, *opened[1], *_timer_events(step)]
    if row["status"] != status:
        happened.append(Event("status.changed", data={"from": status, "to": row["status"]}))
    if step.ended:
        happened.append(Event("case.ended", data={"status": row["status"]}))
    head = history.append(connection, case.id, case.head, happened, at=host.now, actor=actor)
    row.update(history_seq=head.seq, history_hash=head.hash)
    _store(connection, case, before)
    if not case.new and rare != [row[name] for name in _RARELY]:
        _update_rarely(connection, key=case.id, **{name: row[name] for name in _RARELY})
    if row["department"] not in ("", department):
        _insert_department(connection, key=case.id, department=row["department"])
    said = {"number": row["number"], "title": row["title"]}
    outbox.queue(connection, case.id, host.notices, said, host.now)
    return opened[0]


def _refresh_columns(case: Loaded, step: Step, host: StepHost) -> None:
    """The case's searchable columns are what the process says of its variables."""
    row, run = case.row, case.run
    if case.new or not run.program.watched.isdisjoint({*step.changed, "case"}):
        run.host = host
        said = {name: value.at(run, None) for name, value in run.program.properties.items()}
        run.host = None
        for name in ("title", "enterprise", "type", "department"):
            row[name] = str(said.get(name) or "")[: cases.c[name].type.length]  # type: ignore[attr-defined]
        for name in ("urgent", "confidential"):
            row[name] = said.get(name) is True
    row["status"] = _fitting(step.status or row["status"], cases.c.status, case.row["number"])
    row["version"] += 1
    if step.ended:
        row.update(state="ended", ended_at=host.now)


def _fitting(text: str, column: sa.Column[str], place: str) -> str:
    """The text, which an expression of the diagram gave, if the column holds it: SQLite would not mind."""
    limit = column.type.length  # type: ignore[attr-defined]
    if len(text) > limit:
        raise Invalid("runtime.too_long", name=place, value=text[:20], limit=limit)
    return text


def _store(connection: Connection, case: Loaded, before: int) -> None:
    row, tokens = case.row, store_tokens(case.run)
    variables = store_variables(case.run.variables, case.run.pieces)
    if case.new:
        _insert_state(connection, case_id=case.id, tokens=tokens, variables=variables)
        _update_case(connection, key=case.id, before=row["version"], **{n: row[n] for n in _COLUMNS})
    else:
        changed = _update_case.count(connection, key=case.id, before=before, **{n: row[n] for n in _COLUMNS})
        assert changed == 1, "the case's row was locked when it was read"
        _update_state(connection, key=case.id, tokens=tokens, variables=variables)


def _moves(step: Step, trigger: Event) -> list[Event]:
    found = [Event("message.thrown", data={"message": name}) for name in step.messages]
    found.append(Event("path", data={"elements": step.elements, "flows": step.flows}))
    given = trigger.data.get("values", {})
    rest = {name: value for name, value in step.changed.items() if name not in given}
    if rest:
        found.append(Event("variables.set", data={"values": feel.dump(rest)[0]}))
    return found


def _open_tasks(
    connection: Connection, case: Loaded, step: Step, host: StepHost
) -> tuple[list[str], list[Event]]:
    rows = [_task_row(case, opened, host) for opened in step.opened]
    _insert_tasks.many(connection, rows)
    candidates = [
        {"name": name, "task_id": row["id"]}
        for row, opened in zip(rows, step.opened, strict=True)
        for name in dict.fromkeys(
            _fitting(given, task_candidates.c.name, row["name"]) for given in (*opened.groups, *opened.users)
        )
    ]
    _insert_candidates.many(connection, candidates)
    events = [
        Event(
            "task.opened",
            opened.element.id,
            {
                "task": row["id"],
                "name": row["name"],
                "assignee": opened.assignee,
                "candidates": [*opened.groups, *opened.users],
                "due": opened.due.isoformat() if opened.due else None,
                "provisional": row["provisional"],
            },
        )
        for row, opened in zip(rows, step.opened, strict=True)
    ]
    return [row["id"] for row in rows], events


def _task_row(case: Loaded, opened: Opened, host: StepHost) -> dict[str, Any]:
    element = opened.element
    return {
        "id": new_id(),
        "case_id": case.id,
        "token": opened.token,
        "element": element.id,
        "name": element.label[:200],
        "form_key": element.attributes.get("formKey", ""),
        "local": orjson.dumps(feel.dump(dict(opened.local))).decode(),
        "internal": element.properties.get("internal") == "true",
        "assignee": _fitting(opened.assignee, tasks.c.assignee, element.label) if opened.assignee else None,
        "state": "open",
        "opened_at": host.now,
        "due_at": opened.due,
        "provisional": opened.due is not None and host.calendar.provisional(opened.due),
        "urgent": case.row["urgent"],
        "priority": opened.priority,
        "version": 1,
        "claimed_at": None,
        "closed_at": None,
        "closed_by": None,
    }


def _close_tasks(
    connection: Connection, case: Loaded, step: Step, host: StepHost, done: Mapping[int, str], actor: str
) -> list[Event]:
    events = []
    for closed in step.closed:
        task = done.get(closed.token)
        if task is None:
            task = _task_of_token(connection, key=case.id, at=closed.token)[0][0]
            _cancel_task(connection, key=task, at=host.now, by=actor)
            events.append(
                Event("task.cancelled", closed.element.id, {"task": task, "name": closed.element.label})
            )
        _drop_candidates(connection, key=task)
    return events


def _write_timers(connection: Connection, case: Loaded, step: Step, host: StepHost) -> None:
    for cleared in step.timers_cleared:
        _drop_timer(connection, key=case.id, at=cleared.token, node=cleared.element.id)
    _insert_timers.many(
        connection,
        [
            {
                "id": new_id(),
                "case_id": case.id,
                "token": timer.token,
                "element": timer.element.id,
                "due_at": timer.due,
                "retry_at": timer.due,
                "attempts": 0,
                "state": "waiting",
                "lease": None,
                "lease_until": None,
            }
            for timer in step.timers_set
        ],
    )


def _timer_events(step: Step) -> Iterable[Event]:
    for cleared in step.timers_cleared:
        if not cleared.fired:
            yield Event("timer.cleared", cleared.element.id)
    for timer in step.timers_set:
        yield Event("timer.set", timer.element.id, {"due": timer.due.isoformat()})
