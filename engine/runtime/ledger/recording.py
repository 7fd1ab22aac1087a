"""The operation `record assessment`: one row for one fault, written with the step that finds it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from engine.bpmn.model import Element
from engine.clock import as_utc
from engine.database import Moment, Prepared
from engine.errors import Invalid
from engine.history import Event
from engine.outbox import Notice
from engine.runtime.ledger.reading import speaker
from engine.runtime.ledger.tables import ANSWERABLE, KIND, assessments
from engine.runtime.tables import deadlines, tasks

if TYPE_CHECKING:
    from engine.runtime.operations import StepHost

# name -> whether it has to be given
PARAMETERS = {"kind": True, "answerable": True, "due": False, "round": False, "person": False}
TOLD = "assessment:"  # begins the dedupe keys of what the answerable are told of their faults
_COLUMNS = (
    "id", "case_id", "number", "round", "kind", "answerable", "person", "element", "task_id",
    "due_at", "at", "state",
)  # fmt: skip
_insert = Prepared(  # by hand: Core says ON CONFLICT in each database's own dialect only
    sa.text(
        f"INSERT INTO assessments ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{n}' for n in _COLUMNS)}) "
        "ON CONFLICT (id) DO NOTHING"
    ).bindparams(*(bindparam(name, type_=assessments.c[name].type) for name in _COLUMNS))
)
_now = bindparam("now", type_=Moment)
_late = (
    sa.select(deadlines.c.task_id, deadlines.c.due_at, tasks.c.assignee)
    .select_from(deadlines.outerjoin(tasks, tasks.c.id == deadlines.c.task_id))
    .where(deadlines.c.case_id == bindparam("key"))
    .order_by(deadlines.c.due_at.desc(), deadlines.c.since_at.desc())
    .limit(1)
)
_last_due = Prepared(_late.where(deadlines.c.due_at <= _now))
_due_at = Prepared(_late.where(deadlines.c.due_at == _now))


def record_assessment(host: "StepHost", parameters: Mapping[str, Any], element: Element) -> Mapping[str, Any]:
    """Write down a fault of 荣成办法 第十九条: its kind, and who answers for it.

    `kind` and `answerable` (`platform`, or a department's code) must be given; `due` is the moment that
    was missed, `round` the case's round, `person` an account. A kind that begins with `late` and names no
    `due` takes the case's last deadline that has passed. The same fault is written once: the same kind,
    round and answerable for the same due moment, or, without one, in the same step. Who is answerable is
    told of it, and may object.
    """
    kind, answerable = (
        _text(parameters, name, most) for name, most in (("kind", KIND), ("answerable", ANSWERABLE))
    )
    due, round_ = _moment(parameters), _round(parameters)
    task = _late_task(host, kind, due)
    if task is not None and due is None:
        due = task[1]
    person = _text(parameters, "person", 32) if parameters.get("person") else task[2] if task else None
    once = due.isoformat() if due else "" if round_ is not None else str(host.step)
    same = "\0".join((host.case["id"], kind, answerable, str(round_ if round_ is not None else ""), once))
    row = {
        "id": hashlib.sha256(same.encode()).hexdigest()[:32],
        "case_id": host.case["id"],
        "number": host.case["number"],
        "round": round_,
        "kind": kind,
        "answerable": answerable,
        "person": person,
        "element": element.id,
        "task_id": task[0] if task else None,
        "due_at": due,
        "at": host.now,
        "state": "standing",
    }
    if _insert.count(host.connection, **row) == 1:
        host.events.append(Event("assessment.recorded", element.id, _data(row)))
        told = Notice(speaker(answerable), "assessed", f"{TOLD}{row['id']}", {"fault": kind})
        host.notices.append(told)
    return {}


def _data(row: Mapping[str, Any]) -> dict[str, Any]:
    told = {"assessment": row["id"], "kind": row["kind"], "answerable": row["answerable"]}
    more = {"round": row["round"], "person": row["person"]}
    if row["due_at"] is not None:
        more["due"] = row["due_at"].isoformat()
    return {**told, **{name: value for name, value in more.items() if value is not None}}


def _late_task(
    host: "StepHost", kind: str, due: datetime | None
) -> tuple[str | None, datetime, str | None] | None:
    """The task or phase that is late: the one of that due moment, or else whose deadline passed last."""
    if not kind.startswith("late"):
        return None
    look = _last_due if due is None else _due_at
    found = look(host.connection, key=host.case["id"], now=due or host.now)
    return (found[0][0], found[0][1], found[0][2]) if found else None


def _text(parameters: Mapping[str, Any], name: str, most: int) -> str:
    text = parameters[name]
    if not isinstance(text, str) or not 0 < len(text) <= most:
        raise _wrong(name)
    return text


def _moment(parameters: Mapping[str, Any]) -> datetime | None:
    due = parameters.get("due")
    if due is not None and not isinstance(due, datetime):
        raise _wrong("due")
    return as_utc(due) if due is not None else None


def _round(parameters: Mapping[str, Any]) -> int | None:
    given = parameters.get("round")
    if given is None:
        return None
    if not isinstance(given, Decimal) or given != int(given) or not 0 <= given < 10_000:
        raise _wrong("round")
    return int(given)


def _wrong(name: str) -> Invalid:
    return Invalid("runtime.bad_parameter", operation="record assessment", parameter=name)
