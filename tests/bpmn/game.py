"""One drawn diagram being played: by element ids, warm, or stored and read again after every step."""

from collections.abc import Callable, Mapping
from copy import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine import decisions
from engine.bpmn import calls, stepping
from engine.bpmn.model import Diagram, Element
from tests.bpmn.drawing import draw, sub, user

NOW = datetime(2026, 3, 11, 1, tzinfo=UTC)


class Host:
    """Carries out nothing, and remembers what it was asked."""

    functions: Mapping[str, Any] = {}

    def __init__(self, tables: Mapping[str, bytes] | None = None) -> None:
        self.now = NOW
        self.called: list[tuple[str, dict[str, Any]]] = []
        self.results: dict[str, Any] = {}
        self.tables = {name: decisions.read(xml, name) for name, xml in (tables or {}).items()}

    def call(self, topic: str, parameters: Mapping[str, Any], element: Element) -> Mapping[str, Any]:
        self.called.append((topic, dict(parameters)))
        return self.results

    def decide(self, decision: str, variables: Mapping[str, Any]) -> Any:
        return self.tables[decision].evaluate(decision, variables, {}, self.now)

    def closing(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)

    def later(self, duration: timedelta) -> datetime:
        return self.now + duration

    def basis(self, due: Any) -> Mapping[str, Any] | None:
        return None

    def at(self, moment: datetime) -> "Host":
        again = copy(self)
        again.now = moment
        return again


class Game:
    def __init__(
        self,
        ways: str | Diagram,
        *drawn: Any,
        stored: bool = True,
        host: Host | None = None,
        **begin: Any,
    ) -> None:
        self.host = host or Host()
        self.program = stepping.build(
            calls.expand(draw(ways, *drawn) if isinstance(ways, str) else ways), stepping.Expressions()
        )
        self.stored = stored
        self.run, self.step = stepping.start(self.program, {"case": {"id": "c1"}}, begin, self.host)
        self.keep()

    def keep(self) -> None:
        if self.stored:
            tokens = stepping.store_tokens(self.run)
            variables = stepping.store_variables(self.run.variables, calls=self.run.calls())
            self.run = stepping.load(self.program, {"case": {"id": "c1"}}, tokens, variables)
            assert stepping.store_tokens(self.run) == tokens
            assert stepping.store_variables(self.run.variables, calls=self.run.calls()) == variables

    @property
    def variables(self) -> dict[str, Any]:
        return self.run.variables

    def waiting(self) -> list[Any]:
        ready = [t for t in self.run.all_tokens() if t._state == TaskState.READY and t.task_spec.manual]
        return sorted(ready, key=lambda t: t.id)

    def open(self) -> list[str]:
        return sorted(t.task_spec.element.id for t in self.waiting())

    def timers(self) -> dict[str, datetime]:
        found = {}
        for token in self.run.all_tokens():
            if token._state == TaskState.WAITING:
                if "due" in token.internal_data:
                    found[token.task_spec.element.id] = token.internal_data["due"]
                found.update(token.internal_data.get("branches", {}))
        return found

    @property
    def ended(self) -> bool:
        return bool(self.run.is_completed())

    def complete(self, element: str, index: int = 0, **values: Any) -> stepping.Step:
        """Complete the task at `element`; the one of that number, where several wait."""
        token = [t for t in self.waiting() if t.task_spec.element.id == element][index]
        return self._took(stepping.complete(self.run, token.id, values, self.host))

    def fire(self, element: str) -> stepping.Step:
        for token in self.run.all_tokens():
            own = token.task_spec.element is not None and token.task_spec.element.id == element
            if token._state == TaskState.WAITING and (
                own or element in token.internal_data.get("branches", {})
            ):
                return self._took(stepping.fire(self.run, token.id, element, self.host))
        raise AssertionError(f"{element} does not wait")

    def deliver(self, name: str, kind: str = "message", **values: Any) -> stepping.Step:
        return self._took(stepping.deliver(self.run, kind, name, values, self.host))

    def _took(self, step: stepping.Step) -> stepping.Step:
        self.step = step
        self.keep()
        return step

    def tokens(self) -> int:
        return sum(1 for _ in self.run.all_tokens())

    def size(self) -> int:
        return len(stepping.store_tokens(self.run))


def later(**duration: float) -> datetime:
    return NOW + timedelta(**duration)


PLAIN = "camunda:candidateGroups='platform'"
MESSAGE = '<b:messageEventDefinition messageRef="msg"/>'
ESCALATION = '<b:escalationEventDefinition escalationRef="esc"/>'


def plain(*keys: str, **inner: str) -> dict[str, str]:
    return {key: user(key, PLAIN, inner.get(key, "")) for key in keys}


def many(
    kind: str = "parallel",
    collection: str = "",
    count: str = "",
    element: str = "",
    until: str = "",
    into: str = "",
    value: str = "",
) -> str:
    attributes = f"isSequential='{str(kind == 'sequential').lower()}'"
    attributes += f" camunda:collection='{collection}'" if collection else ""
    attributes += f" camunda:elementVariable='{element}'" if element else ""
    inner = f"<b:loopCardinality>{count}</b:loopCardinality>" if count else ""
    inner += f"<b:loopDataOutputRef>{into}</b:loopDataOutputRef>" if into else ""
    inner += f"<b:outputDataItem name='{value}'/>" if value else ""
    inner += f"<b:completionCondition>{until}</b:completionCondition>" if until else ""
    return f"<b:multiInstanceLoopCharacteristics {attributes}>{inner}</b:multiInstanceLoopCharacteristics>"


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<b:timerEventDefinition><b:{kind}>{text}</b:{kind}></b:timerEventDefinition>"


def catch(key: str, inner: str) -> str:
    return f"<b:intermediateCatchEvent id='{key}'>{inner}</b:intermediateCatchEvent>"


def inside(ways: str, own: dict[str, str], key: str = "q1") -> str:
    return sub(key, ways, {"is": "<b:startEvent id='is'/>", **own})


Play = Callable[..., Game]
