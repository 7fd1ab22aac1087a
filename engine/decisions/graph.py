"""The requirements graph: input data, decisions, business knowledge, services, and how they hang together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.decisions.boxed import compile_content, function_parts, has_content
from engine.decisions.reader import Reader, fitted, nothing, variable_name
from engine.decisions.xml import child, children
from engine.feel.calls import user_function
from engine.feel.compiler import Closure
from engine.feel.run import Run, Scope
from engine.feel.values.kinds import Callee
from engine.feel.values.types import Type


@dataclass
class Element:
    """What all nodes of the graph share. `key` is `namespace#id`, `name` what expressions call it."""

    key: str
    id: str
    name: str
    title: str
    type: Type | None


@dataclass
class InputData(Element):
    """A value that comes from outside."""


@dataclass
class Decision(Element):
    """Its logic, and what it requires: (key, prefix of the import or "")."""

    logic: Closure = nothing
    written: bool = False
    requires: list[tuple[str, str]] = field(default_factory=list)
    knows: list[tuple[str, str]] = field(default_factory=list)
    free: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()


@dataclass
class Knowledge(Element):
    """A business knowledge model: a function with the knowledge it requires in its scope."""

    callee: Callee | None = None
    scope: Scope | None = None
    knows: list[tuple[str, str]] = field(default_factory=list)
    free: frozenset[str] = frozenset()


@dataclass
class Service(Element):
    """A decision service: some decisions of the graph behind a list of parameters."""

    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)


NO_SCOPE = Run({}, None)


class GraphReader:
    """Reads the nodes of one model; `imports` are other models by namespace with the prefix of each."""

    def __init__(self, root: etree._Element, prefixes: Mapping[str, str]) -> None:
        self.root = root
        self.namespace = root.get("namespace") or ""
        self.reader = Reader(root)
        self.prefixes = prefixes
        self.elements: dict[str, Element] = {}

    def read(self) -> None:
        """Read all nodes; the types of imported models must be known by now."""
        self.reader.types.read()
        makers: dict[str, Callable[[etree._Element], Element]] = {
            "inputData": self._input_data,
            "decision": self._decision,
            "businessKnowledgeModel": self._knowledge,
            "decisionService": self._service,
        }
        for element in children(self.root, *makers):
            made = makers[etree.QName(element).localname](element)
            if made.key in self.elements:
                self.reader.problem("decisions.duplicate", element)
            self.elements[made.key] = made

    def _base(self, element: etree._Element) -> tuple[str, str, str, str, Type | None]:
        own = element.get("id") or element.get("name") or ""
        title = " ".join((element.get("name") or own).split())
        declared = self.reader.declared(child(element, "variable"))
        return f"{self.namespace}#{own}", own, variable_name(element) or own, title, declared

    def _input_data(self, element: etree._Element) -> InputData:
        return InputData(*self._base(element))

    def _decision(self, element: etree._Element) -> Decision:
        made = Decision(*self._base(element))
        self.reader.free = set()
        made.written = has_content(element)
        if made.written:
            made.logic = fitted(compile_content(element, self.reader, made.title), made.type)
        made.free = frozenset(self.reader.free)
        made.requires = self._references(
            element, "informationRequirement", "requiredDecision", "requiredInput"
        )
        made.knows = self._references(element, "knowledgeRequirement", "requiredKnowledge")
        return made

    def _knowledge(self, element: etree._Element) -> Knowledge:
        made = Knowledge(*self._base(element))
        logic = child(element, "encapsulatedLogic")
        self.reader.free = set()
        made.scope = Scope({}, None, NO_SCOPE)
        if logic is None:
            self.reader.problem("decisions.empty", element)
        else:
            names, types, body, size = function_parts(logic, self.reader)
            result = self.reader.declared(logic) or self._result_type(element)
            made.callee = user_function(names, types, body, made.scope, size, made.name, result)
        made.free = frozenset(self.reader.free)
        made.knows = self._references(element, "knowledgeRequirement", "requiredKnowledge")
        return made

    def _result_type(self, element: etree._Element) -> Type | None:
        """Before DMN 1.5 its variable has the type of the result, since then that of the function."""
        declared = self.reader.declared(child(element, "variable"))
        return declared.result if declared is not None and declared.name == "function" else declared

    def _service(self, element: etree._Element) -> Service:
        made = Service(*self._base(element))
        made.inputs = [
            self._key(one) for part in ("inputData", "inputDecision") for one in children(element, part)
        ]
        made.outputs = [self._key(one) for one in children(element, "outputDecision")]
        return made

    def _references(self, element: etree._Element, around: str, *parts: str) -> list[tuple[str, str]]:
        found = []
        for requirement in children(element, around):
            for reference in children(requirement, *parts):
                key = self._key(reference)
                found.append((key, self.prefixes.get(key.partition("#")[0], "")))
        return found

    def _key(self, reference: etree._Element) -> str:
        namespace, _, own = (reference.get("href") or "").rpartition("#")
        return f"{namespace or self.namespace}#{own}"


def missing_references(elements: Mapping[str, Element]) -> Iterable[tuple[Element, str]]:
    """References to nodes that are not there."""
    for element in elements.values():
        wanted: list[str] = []
        if isinstance(element, Decision):
            wanted = [key for key, _ in (*element.requires, *element.knows)]
        elif isinstance(element, Knowledge):
            wanted = [key for key, _ in element.knows]
        elif isinstance(element, Service):
            wanted = [*element.inputs, *element.outputs]
        yield from ((element, key) for key in wanted if key not in elements)


def in_order(decision: Decision, elements: Mapping[str, Element]) -> tuple[str, ...] | None:
    """The decisions and inputs that `decision` needs, each after what it needs; null for a circle."""
    ordered: list[str] = []
    state: dict[str, int] = {}
    waiting = [(decision.key, False)]
    while waiting:
        key, done = waiting.pop()
        if done:
            state[key] = 2
            ordered.append(key)
        elif state.get(key) == 1:
            return None
        elif key not in state:
            state[key] = 1
            waiting.append((key, True))
            element = elements.get(key)
            if isinstance(element, Decision):
                waiting += [(one, False) for one, _ in element.requires if state.get(one) != 2]
    return tuple(ordered)
