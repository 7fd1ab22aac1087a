"""One diagram, two engines: ours and stock SpiffWorkflow, driven by the same choices.

The diagram is first brought to what both can read: tasks without a person become plain tasks,
collections become a number, each condition becomes its flow's id, which a table decides for both.
"""

import copy
import hashlib
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import calls, stepping
from engine.bpmn.read import read
from engine.bpmn.stepping.nodes.events import Named, Timer

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_AUTOMATIC = ("serviceTask", "scriptTask", "sendTask", "businessRuleTask", "manualTask")
_DROPPED = ("extensionElements", "ioSpecification", "dataObject", "property", "completionCondition")
_MOMENT = datetime(2026, 3, 11, 1, tzinfo=UTC)


class Endless(Exception):
    """The diagram loops without waiting; neither engine can come to rest."""


class Choices:
    """Decides conditions by flow id: one way out of an exclusive gateway, some of an inclusive one."""

    def __init__(self, root: etree._Element, seed: int) -> None:
        self.seed = seed
        self.asked = 0
        self._true: set[str] = set()
        for gateway in root.iter(f"{{{BPMN}}}exclusiveGateway", f"{{{BPMN}}}inclusiveGateway"):
            flows = [
                f.get("id")
                for f in root.iter(f"{{{BPMN}}}sequenceFlow")
                if f.get("sourceRef") == gateway.get("id")
            ]
            ways = sorted(f for f in flows if f and f != gateway.get("default"))
            if gateway.tag.endswith("exclusiveGateway"):
                if ways:
                    self._true.add(ways[self._number(gateway.get("id") or "") % len(ways)])
            else:
                self._true.update(w for w in ways if self._number(w) % 2)
                if ways and not gateway.get("default") and not self._true & set(ways):
                    self._true.add(ways[0])

    def _number(self, text: str) -> int:
        return int.from_bytes(hashlib.sha256(f"{self.seed}/{text}".encode()).digest()[:4])

    def holds(self, text: str) -> Any:
        self.asked += 1
        if self.asked > 400:
            raise Endless
        return int(text) if text.isdigit() else text in self._true


def normalise(xml: bytes) -> etree._Element:
    """The diagram as both engines read it. Raises ValueError for what cannot be compared."""
    root = etree.fromstring(xml)
    for node in list(root.iter()):
        if not isinstance(node.tag, str):
            continue
        name = etree.QName(node).localname
        if name in _AUTOMATIC:
            node.tag = f"{{{BPMN}}}task"
        elif name in _DROPPED or node.get("triggeredByEvent") == "true":
            # stock takes an event sub-process for a part of the flow; tests.bpmn.test_blocks has ours
            node.getparent().remove(node)
        elif name == "multiInstanceLoopCharacteristics":
            for child in list(node):
                node.remove(child)
            etree.SubElement(node, f"{{{BPMN}}}loopCardinality").text = "3"
        for attribute in list(node.attrib):
            if attribute.startswith("{") and not attribute.startswith("{http://www.w3.org"):
                del node.attrib[attribute]
    for number, node in enumerate(root.iter()):  # stock does not see a node without an id
        if isinstance(node.tag, str) and node.get("id") is None:
            node.set("id", f"_{number}")
    _conditions(root)
    return root


def _conditions(root: etree._Element) -> None:
    gateways = {
        g.get("id"): g for g in root.iter(f"{{{BPMN}}}exclusiveGateway", f"{{{BPMN}}}inclusiveGateway")
    }
    fans: dict[str, list[etree._Element]] = {}
    for flow in root.iter(f"{{{BPMN}}}sequenceFlow"):
        for condition in flow.findall(f"{{{BPMN}}}conditionExpression"):
            flow.remove(condition)
        fans.setdefault(flow.get("sourceRef"), []).append(flow)
    for source, flows in fans.items():
        if source in gateways and len(flows) > 1:
            for flow in flows:
                if flow.get("id") != gateways[source].get("default"):
                    etree.SubElement(flow, f"{{{BPMN}}}conditionExpression").text = flow.get("id")


class _Table(PythonScriptEngine):
    """Stock's script engine, answering from the table; timers never come due by themselves."""

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self.choices = choices

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        return self.choices.holds(expression)


class Stock:
    """The stock engine with stock classes."""

    def __init__(
        self, root: etree._Element, process: str, choices: Choices, called: Iterable[etree._Element] = ()
    ) -> None:
        parser = BpmnParser()
        for one in (root, *called):
            parser.add_bpmn_xml(one)
        spec = parser.get_spec(process)
        subs = parser.get_subprocess_specs(process)
        for one in (spec, *subs.values()):
            for task in one.task_specs.values():
                definition = getattr(task, "event_definition", None)
                for one_of in (definition, *getattr(definition, "event_definitions", ())):
                    if isinstance(one_of, TimerEventDefinition):
                        one_of.__class__ = _Never
        self.workflow = BpmnWorkflow(spec, subs, script_engine=_Table(choices))
        self.settle()

    def settle(self) -> None:
        """Run on; plain tasks, which stock hands to a person, are passed at once as Camunda does."""
        while True:
            self.workflow.do_engine_steps()
            plain = [t for t in self._ready() if type(t.task_spec).__name__ in ("NoneTask", "ManualTask")]
            if not plain:
                return
            plain[0].run()

    def _ready(self) -> list[Any]:
        return [t for t in self.workflow.get_tasks(state=TaskState.READY) if t.task_spec.manual]

    def _catching(self) -> list[Any]:
        waiting = self.workflow.get_tasks(state=TaskState.WAITING)
        return [t for t in waiting if isinstance(t.task_spec, CatchingEvent)]

    def picture(self) -> tuple[list[str], list[str], bool]:
        """Open user tasks, waiting events, and whether it has ended."""
        open_ = sorted(
            t.task_spec.bpmn_id or t.task_spec.name.removesuffix(" [child]") for t in self._ready()
        )
        events = sorted({t.task_spec.bpmn_id for t in self._catching() if t.task_spec.bpmn_id})
        return open_, events, self.workflow.is_completed()

    def do(self, action: tuple[str, str]) -> None:
        kind, name = action
        if kind == "complete":
            next(
                t
                for t in self._ready()
                if (t.task_spec.bpmn_id or "") == name or t.task_spec.name == f"{name} [child]"
            ).run()
        elif kind == "timer":
            task = next(t for t in self._catching() if t.task_spec.bpmn_id == name)
            task.task_spec.event_definition.catch(task)
            task.task_spec._update(task)
        else:
            made = MessageEventDefinition(name) if kind == "message" else SignalEventDefinition(name)
            self.workflow.catch(BpmnEvent(made))
        self.settle()


class _Never(TimerEventDefinition):
    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task._get_internal_data("event_fired", False))

    def update_task(self, my_task: Any) -> None:
        pass


class _Decided:
    def __init__(self, choices: Choices, text: str) -> None:
        self.choices, self.text = choices, text

    def evaluate(self, variables: Any, functions: Any = None, now: Any = None) -> Any:
        return self.choices.holds(self.text)


class _Host:
    now = _MOMENT
    functions: dict[str, Any] = {}

    def call(self, topic: str, parameters: Any, element: Any) -> dict[str, Any]:
        return {}

    def decide(self, decision: str, variables: Any) -> Any:
        return None

    def closing(self, day: Any) -> datetime:
        return _MOMENT

    def later(self, duration: timedelta) -> datetime:
        return self.now + duration

    def basis(self, due: Any) -> Any:
        return None

    def at(self, moment: datetime) -> Any:
        return self


class Ours:
    """Our stepping. With `stored`, the run goes through the codec after each action."""

    def __init__(
        self,
        root: etree._Element,
        choices: Choices,
        stored: bool = True,
        called: Iterable[etree._Element] = (),
    ) -> None:
        known = {found.process: found for found in (read(etree.tostring(one)) for one in called)}
        diagram = calls.expand(calls.bind(read(etree.tostring(root)), known))
        expressions = stepping.Expressions(parse=lambda text, names: _Decided(choices, text))
        self.program = stepping.build(diagram, expressions)
        for scope in (self.program.spec, *self.program.subspecs.values()):
            for spec in scope.task_specs.values():
                if isinstance(getattr(spec, "event_definition", None), Timer):
                    spec.event_definition.due = lambda token: _MOMENT
        self.stored = stored
        self.run, self.step = stepping.start(self.program, {}, {}, _Host())
        self.keep()

    def keep(self) -> None:
        if self.stored:
            tokens = stepping.store_tokens(self.run)
            variables = stepping.store_variables(self.run.variables, calls=self.run.calls())
            self.run = stepping.load(self.program, {}, tokens, variables)

    def _ready(self) -> list[Any]:
        return [t for t in self.run.all_tokens() if t._state == TaskState.READY and t.task_spec.manual]

    def _catching(self) -> list[Any]:
        waiting = (t for t in self.run.all_tokens() if t._state == TaskState.WAITING)
        return [t for t in waiting if isinstance(t.task_spec, CatchingEvent)]

    def picture(self) -> tuple[list[str], list[str], bool]:
        open_ = sorted(map(drawn, self._ready()))
        events = sorted({drawn(t) for t in self._catching()})
        return open_, events, self.run.is_completed()

    def actions(self) -> Iterable[tuple[str, str]]:
        """Everything that can be done now."""
        yield from {("complete", drawn(t)) for t in self._ready()}
        for token in self._catching():
            definition = token.task_spec.event_definition
            if isinstance(definition, Timer):
                yield ("timer", drawn(token))
            for one_of in (definition, *getattr(definition, "event_definitions", ())):
                if isinstance(one_of, Named):
                    yield (one_of.kind, one_of.name)

    def do(self, action: tuple[str, str]) -> None:
        kind, name = action
        if kind == "complete":
            token = min(t.id for t in self._ready() if drawn(t) == name)
            self.step = stepping.complete(self.run, token, {}, _Host())
        elif kind == "timer":
            token = next(t for t in self._catching() if drawn(t) == name)
            self.step = stepping.fire(self.run, token.id, token.task_spec.element.id, _Host())
        else:
            self.step = stepping.deliver(self.run, kind, name, {}, _Host())
        self.keep()


def drawn(token: Any) -> str:
    """The id in the file: within a called process it stands behind those of the calls."""
    return str(token.task_spec.element.id).rpartition(calls.SLASH)[2]


def cut(root: etree._Element) -> list[etree._Element]:
    """Make a process of its own of every embedded sub-process, and call it instead; the processes' files."""
    found = []
    inside_out = list(root.iter(f"{{{BPMN}}}subProcess"))[::-1]
    for node in (n for n in inside_out if n.get("triggeredByEvent") != "true"):
        file = etree.Element(root.tag, root.attrib, nsmap=root.nsmap)
        file.extend(copy.deepcopy(n) for n in root if not str(n.tag).endswith(("process", "collaboration")))
        key = f"{node.get('id')}.cut"
        process = etree.SubElement(file, f"{{{BPMN}}}process", id=key, isExecutable="true")
        node.tag = f"{{{BPMN}}}callActivity"
        node.set("calledElement", key)
        for child in list(node):
            if not str(child.tag).endswith(("incoming", "outgoing", "LoopCharacteristics")):
                process.append(child)
        found.append(file)
    return found


def play(
    xml: bytes, seed: int, moves: int = 25, called: str = "", beside: Sequence[bytes] = ()
) -> str | None:
    """Drive both engines by the same random actions; the first difference in words, None if there is none.

    `called`: each sub-process is called instead of embedded, by `both` engines or by `ours` alone.
    `beside`: the files of processes that the diagram calls by itself.
    """
    root = normalise(xml)
    as_drawn, others = copy.deepcopy(root), cut(root) if called else [normalise(one) for one in beside]
    theirs = (root, others) if called == "both" or beside else (as_drawn, [])
    try:
        ours = Ours(root, Choices(as_drawn, seed), called=others)
        stock = Stock(theirs[0], ours.program.diagram.process, Choices(as_drawn, seed), theirs[1])
    except (Endless, RecursionError):
        return None
    chance = random.Random(seed)
    for move in range(moves):
        if ours.picture() != stock.picture():
            return f"after {move} actions (seed {seed}): ours {ours.picture()}, stock {stock.picture()}"
        actions = sorted(set(ours.actions()))
        if not actions:
            return None
        action = chance.choice(actions)
        try:
            ours.do(action)
            stock.do(action)
        except (Endless, RecursionError):
            return None
    return None
