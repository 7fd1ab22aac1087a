"""Operations: the named verbs that service tasks call, and the host that a step runs in.

An operation acts within the step's transaction: what it writes is kept or lost with the step.
Domain packages register theirs when the application is composed; the runtime never knows them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import feel, worktime
from engine.bpmn.model import Element
from engine.clock import as_utc, local
from engine.database import Moment, Prepared
from engine.errors import Invalid
from engine.history import Event
from engine.identity import signer
from engine.outbox import GROUP, TEMPLATES, Notice
from engine.repository import Definition
from engine.runtime.casework import stops
from engine.runtime.casework.standstill import MOMENT, hold, let_go
from engine.runtime.ledger.recording import PARAMETERS, record_assessment
from engine.runtime.tables import cases


@dataclass
class StepHost:
    """What one step may reach, and what it has caused besides moving tokens."""

    connection: Connection
    definition: Definition
    now: datetime
    counting: worktime.Counting
    operations: "Operations"
    case: Mapping[str, Any]
    row: dict[str, Any]  # the case's row, which the step will write
    step: int  # the case's version before the step; part of dedupe keys
    channels: tuple[str, ...] = ()  # where notices go besides the platform itself
    events: list[Event] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    clock: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # stops: template and places
    seen: list[worktime.Basis] = field(default_factory=list)  # the rules that gave dates in this step
    before: worktime.Counting | None = None  # how was counted until this step let the clock run again

    def __post_init__(self) -> None:
        self.functions: Mapping[str, feel.Function] = worktime.functions(self.counting, self.now, self.seen)

    @property
    def calendar(self) -> worktime.Calendar:
        return self.counting.calendar

    def count_by(self, counting: worktime.Counting) -> None:
        """Count in another way from here on; the dates of before are counted anew as the step is written."""
        self.before = self.before or self.counting
        self.counting = counting
        self.functions = worktime.functions(counting, self.now, self.seen)

    def call(self, topic: str, parameters: Mapping[str, Any], element: Element) -> Mapping[str, Any]:
        operation = self.operations.get(topic)
        if operation is None:
            raise Invalid("runtime.unknown_operation", operation=topic)
        for name, required in operation.parameters.items():
            if required and parameters.get(name) in (None, "", []):
                raise Invalid("runtime.bad_parameter", operation=topic, parameter=name)
        results = operation.run(self, parameters, element)
        if operation.recorded:
            data = {"operation": topic, "parameters": feel.dump(dict(parameters))[0]}
            self.events.append(Event("operation.called", element.id, data))
        return results

    def decide(self, decision: str, variables: Mapping[str, Any]) -> Any:
        model = self.definition.decisions[decision]
        result = model.evaluate(decision, variables, self.functions, self.now)
        self.events.append(Event("decision.evaluated", decision, {"result": feel.dump(result)[0]}))
        return result

    def closing(self, day: date) -> datetime:
        return as_utc(self.calendar.closes(day))

    def later(self, duration: timedelta) -> datetime:
        return as_utc(self.counting.wall(self.now, duration))

    def signer(self, name: str) -> str | None:
        return signer(self.connection, name)

    def basis(self, due: Any) -> Mapping[str, Any] | None:
        """The call of `rule due` behind a date of this step, as plain JSON."""
        found = next((b for b in reversed(self.seen) if b.due == due), None)
        if found is None:
            return None
        return {
            "name": found.name,
            "criteria": feel.dump(dict(found.criteria))[0],
            "from": found.since.isoformat(),
            "unit": found.limit.unit,
            "count": found.limit.count,
        }

    def at(self, moment: datetime) -> "StepHost":
        return replace(self, now=moment, events=[], notices=[])


Call = Callable[[StepHost, Mapping[str, Any], Element], Mapping[str, Any]]


@dataclass(frozen=True)
class Operation:
    """A verb: its parameters (name -> whether it must be given), the names of its results, its function."""

    name: str
    parameters: Mapping[str, bool]
    results: tuple[str, ...]
    run: Call
    recorded: bool = True  # as operation.called; one that writes an event of its own need not be
    alone: bool = False  # it acts by itself: it needs neither parameters nor outputs to be of use


class Operations(Mapping[str, Operation]):
    """A registry by name that refuses duplicates."""

    def __init__(self) -> None:
        self._known: dict[str, Operation] = {}

    def register(self, operation: Operation) -> None:
        if operation.name in self._known:
            raise ValueError(f"the operation {operation.name!r} is registered twice")
        self._known[operation.name] = operation

    def __getitem__(self, name: str) -> Operation:
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def standard_operations() -> Operations:
    """The operations that every process may use."""
    operations = Operations()
    operations.register(Operation("set variables", {}, (), _set_variables, recorded=False))
    told = {"to": True, "template": True, "due": False, "days": False, "step": False}
    operations.register(Operation("notify", told, (), _notify, recorded=False))
    operations.register(Operation("record assessment", PARAMETERS, (), record_assessment, recorded=False))
    operations.register(Operation("issue number", {"pattern": True}, ("number",), _issue_number))
    operations.register(
        Operation(
            "stop clock", {"kind": True, "reason": True, "needs": False}, (), _stop_clock, recorded=False
        )
    )
    operations.register(Operation("resume clock", {}, (), _resume_clock, recorded=False, alone=True))
    operations.register(
        Operation(
            "find similar", {"enterprise": True, "type": True, "days": False}, ("numbers",), _find_similar
        )
    )
    return operations


def _set_variables(host: StepHost, parameters: Mapping[str, Any], element: Element) -> Mapping[str, Any]:
    """Nothing but the node's own output parameters."""
    return {}


def _notify(host: StepHost, parameters: Mapping[str, Any], element: Element) -> Mapping[str, Any]:
    """Queue a notice for each group in `to`, once a step and node; `due`, `days`, `step` fill its places."""
    template = str(parameters["template"])
    if template not in TEMPLATES:
        raise Invalid("runtime.unknown_template", template=template)
    to, data = parameters["to"], _told(parameters)
    for group in dict.fromkeys(str(g) for g in (to if isinstance(to, list) else [to]) if g):
        if len(group) > GROUP:
            raise Invalid("runtime.bad_parameter", operation="notify", parameter="to")
        dedupe = f"{host.case['id']}:{host.step}:{element.id}:{len(host.notices)}:{template}:{group}"
        host.notices.append(Notice(group, template, dedupe, data))
        host.events.append(Event("notice.queued", element.id, {"to": group, "template": template}))
    return {}


def _told(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What a notice says besides the case's number."""
    data: dict[str, Any] = {}
    for name, kind in (("due", datetime), ("days", Decimal), ("step", str)):
        value = parameters.get(name)
        if value is None:
            continue
        if not isinstance(value, kind):
            raise Invalid("runtime.bad_parameter", operation="notify", parameter=name)
        data[name] = int(value) if isinstance(value, Decimal) else value
    return data


def _stop_clock(host: StepHost, parameters: Mapping[str, Any], element: Element) -> Mapping[str, Any]:
    """Let the case's clocks stand still; no change if they do. What this step opens runs by itself."""
    kind, reason = str(parameters["kind"]), str(parameters["reason"])[:500]
    if kind not in stops.KINDS:
        raise Invalid("runtime.bad_parameter", operation="stop clock", parameter="kind")
    if stops.open_stop(host.row["stops"]) is None:
        needs = str(parameters.get("needs") or "").strip()[:2000]
        told = {"needs": needs} if needs else {}
        hold(host.connection, host.row, host.now - MOMENT, kind, reason, "", needs)
        host.clock.append(("clock-stopped", {"kind": kind, **told}))
        host.events.append(Event("clock.stopped", element.id, {"kind": kind, "reason": reason, **told}))
    return {}


def _resume_clock(host: StepHost, parameters: Mapping[str, Any], element: Element) -> Mapping[str, Any]:
    """Let the case's clocks run again, and count its dates anew with this step; no change if they run."""
    if stops.open_stop(host.row["stops"]) is not None:
        run_again(host, element.id)
    return {}


def run_again(host: StepHost, element: str = "", **why: Any) -> None:
    """Let the stopped clocks run again within this step. `why` goes into the record."""
    held = stops.open_stop(host.row["stops"])
    assert held is not None, "the caller has looked"
    let_go(host.connection, host.row, host.now)
    host.count_by(replace(host.counting, stops=stops.read(host.row["stops"])))
    host.clock.append(("clock-resumed", {}))
    data = {"kind": held.kind, "since": held.since.isoformat(), **why}
    host.events.append(Event("clock.resumed", element, data))


def _issue_number(host: StepHost, parameters: Mapping[str, Any], element: Element) -> Mapping[str, Any]:
    return {"number": next_number(host.connection, str(parameters["pattern"]), host.now)}


_SIMILAR = Prepared(
    sa.select(cases.c.number)
    .where(
        cases.c.enterprise == sa.bindparam("who"),
        cases.c.started_at >= sa.bindparam("since", type_=Moment),
        cases.c.type == sa.bindparam("kind"),
        cases.c.id != sa.bindparam("self"),
    )
    .order_by(cases.c.started_at.desc())
    .limit(5)
)


def _find_similar(host: StepHost, parameters: Mapping[str, Any], element: Element) -> Mapping[str, Any]:
    """Numbers of the enterprise's last cases of the same type, newest first: a hint of a repeat.

    `days` is how far to look back, in calendar days; 30 unless given (domain rule P01.1).
    """
    try:
        since = host.now - timedelta(days=int(parameters.get("days") or 30))
    except (ValueError, TypeError, OverflowError) as error:
        raise Invalid("runtime.bad_parameter", operation="find similar", parameter="days") from error
    who, kind = str(parameters["enterprise"]), str(parameters["type"])
    found = _SIMILAR(host.connection, who=who, since=since, kind=kind, self=host.case["id"])
    return {"numbers": [number for (number,) in found]}


_NUMBER = 40  # characters of a case's number
_COUNT = Prepared(
    sa.text(
        "INSERT INTO counters (name, value) VALUES (:name, 1) "
        "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
    ).columns(sa.column("value", sa.Integer))
)


def next_number(connection: Connection, pattern: str, now: datetime) -> str:
    """The next number of `pattern`, such as `SQ-{date}-{seq:04}` or `DB-{year}-{seq:03}`.

    Each text before `{seq}` counts by itself from 1; the date is Asia/Shanghai's.
    Invalid if the pattern cannot be read, or makes a number of more than 40 characters.
    """
    today = local(now)
    dated = pattern.replace("{date}", f"{today:%Y%m%d}").replace("{year}", f"{today:%Y}")
    before, _, rest = dated.partition("{seq")
    width, _, after = rest.partition("}")
    digits = width.removeprefix(":") or "1"
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 2 and len(before) <= _NUMBER):
        raise Invalid("runtime.bad_number", pattern=pattern[:_NUMBER])
    value = int(_COUNT(connection, name=before)[0][0])
    number = f"{before}{value:0{int(digits)}d}{after}"
    if len(number) > _NUMBER:
        raise Invalid("runtime.bad_number", pattern=pattern[:_NUMBER])
    return number
