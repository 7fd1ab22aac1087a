"""Making a step durable: the case's row and stored run, tasks, timers, history and notices.

Everything here happens on the step's own connection and is committed, or lost, with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import feel, history, outbox
from engine.bpmn.stepping import Opened, Run, Step, store_tokens, store_variables
from engine.database import Prepared, new_id
from engine.history import Event
from engine.runtime.casework.closing import close_tasks
from engine.runtime.casework.columns import refresh_columns
from engine.runtime.casework.standstill import outlived
from engine.runtime.casework.voting import write_votes
from engine.runtime.deadlines.rows import close_deadlines, move_deadlines, open_deadlines
from engine.runtime.deadlines.telling import clock_notices
from engine.runtime.deadlines.waiting import moved_events, settle, timer_events, write_timers
from engine.runtime.deputies.arriving import arrive
from engine.runtime.desk.following import followers_told
from engine.runtime.operations import StepHost, run_again
from engine.runtime.performing import stepped
from engine.runtime.subscriptions.rows import write_subscriptions
from engine.runtime.tables import UNTOUCHED, case_states, cases, fitting, task_candidates, tasks
from engine.runtime.words.keeping import keep_words, searched


def _all(table: sa.Table) -> dict[str, Any]:
    return {c.name: bindparam(c.name, type_=c.type) for c in table.c}


LED_BACK = {  # moves that open work which was done before, or elsewhere than the flow leads
    "task.sent_back": "sent_back",
    "task.rejected": "rejected",
    "task.taken_back": "taken_back",
}
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
_RARELY = (
    "enterprise",
    "state",
    "ended_at",
    "calendar",
    "stops",
)  # columns with an index: named in an update, it is written
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


@dataclass
class Loaded:
    """A case within a step: its row as it was read and locked, and its run."""

    row: dict[str, Any]
    run: Run
    new: bool = False

    def __post_init__(self) -> None:
        self.note()

    def note(self) -> None:
        """Remember the row as the database has it, whatever is made of it meanwhile."""
        self.stored, self.searched = self.rare(), searched(self.row)

    def rare(self) -> list[Any]:
        """What the row says in the columns that are rarely written."""
        return [self.row[name] for name in _RARELY]

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
    why: str = "variables",
) -> list[str]:
    """Write everything the step changed. `done` maps tokens to the tasks that the caller has closed.

    `why` is the reason told for dates that moved. Returns the ids of the tasks that opened. Fills the
    row with the new columns and head.
    """
    row, before, status, department = _as_it_was(case)
    _settle(case, step, host)
    refresh_columns(row, case.run, step, host, new=case.new)
    if case.new:
        _insert_case(connection, **row)
    opened = _open_tasks(connection, case, step, host, trigger)
    closing = _close_tasks(connection, case, step, host, done, actor, trigger, opened[0])
    opened[1].extend(arrive(connection, opened[0], step.opened, host))
    closing += write_timers(connection, case.id, step, host.now, actor)
    close_deadlines(connection, case.id, case.run, step, host.now, done)
    open_deadlines(connection, row, case.run, step, host, opened[0])
    move_deadlines(connection, case.id, step.moved, host, anew=case.rare()[3] != case.stored[3])
    write_subscriptions(connection, row, case.run, step, host)
    happened = [trigger, *host.events, *_moves(step, trigger), *closing, *opened[1], *timer_events(step)]
    happened.extend(moved_events(case.run, connection, case.id, step, why))
    if row["status"] != status:
        happened.append(Event("status.changed", data={"from": status, "to": row["status"]}))
    if step.ended:
        happened.append(Event("case.ended", data={"status": row["status"]}))
    head = history.append(connection, case.id, case.head, happened, at=host.now, actor=actor)
    row.update(history_seq=head.seq, history_hash=head.hash)
    _store(connection, case, before)
    if row["department"] not in ("", department):
        _insert_department(connection, key=case.id, department=row["department"])
    keep_words(connection, row, case.run, step, host, None if case.new else case.searched)
    if not case.new and case.stored != case.rare():
        _update_rarely(connection, key=case.id, **{name: row[name] for name in _RARELY})
    case.note()
    _queue_notices(connection, row, host, status)
    return opened[0]


def _settle(case: Loaded, step: Step, host: StepHost) -> None:
    """End a stop that holds nothing after this step; count anew what is counted otherwise from here on."""
    if outlived(host.connection, case.row, step):
        run_again(host, over=True)
    settle(case.run, step, host)


def _close_tasks(
    connection: Connection,
    case: Loaded,
    step: Step,
    host: StepHost,
    done: Mapping[int, str],
    actor: str,
    trigger: Event,
    opened: Sequence[str],
) -> list[Event]:
    events = close_tasks(connection, case.id, step, host.now, done, actor)
    stepped(connection, case.id, host.definition.diagram, step, trigger, actor)
    write_votes(connection, case.id, step, opened, done)
    return events


def _as_it_was(case: Loaded) -> tuple[dict[str, Any], int, str, str]:
    """The row that the step will change, and what it says before: its version, status and department."""
    return case.row, case.row["version"], case.row["status"], case.row["department"]


def _queue_notices(connection: Connection, row: Mapping[str, Any], host: StepHost, before: str) -> None:
    said = {"number": row["number"], "title": row["title"]}
    notices = [*host.notices, *clock_notices(connection, host)]
    if row["status"] != before:
        notices += followers_told(connection, row)
    outbox.queue(connection, row["id"], notices, said, host.now, channels=host.channels)


def _store(connection: Connection, case: Loaded, before: int) -> None:
    row, tokens = case.row, store_tokens(case.run)
    variables = store_variables(case.run.variables, case.run.pieces, case.run.calls())
    if case.new:
        _insert_state(connection, case_id=case.id, tokens=tokens, variables=variables)
        _update_case(connection, key=case.id, before=row["version"], **{n: row[n] for n in _COLUMNS})
    else:
        changed = _update_case.count(connection, key=case.id, before=before, **{n: row[n] for n in _COLUMNS})
        assert changed == 1, "the case's row was locked when it was read"
        _update_state(connection, key=case.id, tokens=tokens, variables=variables)


def _moves(step: Step, trigger: Event) -> list[Event]:
    found = [Event("message.thrown", data={"message": name}) for name in step.messages]
    if step.elements or step.flows:
        found.append(Event("path", data={"elements": step.elements, "flows": step.flows}))
    given = trigger.data.get("values", {})
    rest = {name: value for name, value in step.changed.items() if name not in given}
    if rest:
        found.append(Event("variables.set", data={"values": feel.dump(rest)[0]}))
    for (call, element), values in step.called.items():
        own = {name: value for name, value in values.items() if name not in given}
        if own:
            found.append(Event("variables.set", element, {"values": feel.dump(own)[0], "call": call}))
    return found


def _open_tasks(
    connection: Connection, case: Loaded, step: Step, host: StepHost, trigger: Event
) -> tuple[list[str], list[Event]]:
    brought = LED_BACK.get(trigger.kind, "")
    rows = [_task_row(case, opened, host) | {"brought": brought} for opened in step.opened]
    _insert_tasks.many(connection, rows)
    candidates = [
        {"name": name, "task_id": row["id"]}
        for row, opened in zip(rows, step.opened, strict=True)
        for name in dict.fromkeys(
            fitting(given, task_candidates.c.name, row["name"]) for given in (*opened.groups, *opened.users)
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
        "scope": opened.call,
        "local": orjson.dumps(feel.dump(dict(opened.local))).decode(),
        "internal": element.properties.get("internal") == "true",
        "assignee": fitting(opened.assignee, tasks.c.assignee, element.label) if opened.assignee else None,
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
        **UNTOUCHED,
    }
