"""What stands inside one element of the XML: event definitions, loops, extension attributes, parameters.

It only reads. References that lead nowhere come back as an event definition without a name;
engine.bpmn.read turns them into problems.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from engine.bpmn.model import Assignment, EventDefinition, Loop

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
EXTENSIONS = (
    "http://camunda.org/schema/1.0/bpmn",
    "http://flowable.org/bpmn",
    "http://activiti.org/bpmn",
)
_BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
_SHAPE = "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNShape"
Node: TypeAlias = etree._Element

# Extension elements that become fields of their own; every other one is only named, for lint to judge.
_READ = frozenset({"properties", "inputOutput", "field"})
_MAPPINGS = frozenset({"in", "out"})  # of call activities only
# Plain BPMN attributes that change what runs and have no field in the model.
_KEPT = ("isForCompensation", "instantiate", "parallelMultiple", "cancelRemainingInstances")
_REFERENCES = {
    "message": "messageRef",
    "signal": "signalRef",
    "error": "errorRef",
    "escalation": "escalationRef",
}
_CODES = {"error": "errorCode", "escalation": "escalationCode"}
_SUFFIX = "EventDefinition"


@dataclass(frozen=True)
class Roots:
    """What a file declares beside its processes, by id: messages, signals, errors, event definitions."""

    nodes: Mapping[str, Node]

    def find(self, reference: str, kind: str) -> Node | None:
        """The declaration of `kind` that `reference` (perhaps written `prefix:id`) means."""
        for key in (reference, reference.rpartition(":")[2]):
            node = self.nodes.get(key)
            if node is not None and bare(node) == kind:
                return node
        return None


def bare(node: Node) -> str:
    """The name of a BPMN element without its namespace; empty for elements of other namespaces."""
    tag = str(node.tag)
    return tag[len(BPMN) + 2 :] if tag.startswith("{" + BPMN + "}") else ""


def children(node: Node, *names: str) -> list[Node]:
    """The BPMN children of `node` with one of these names, in the order of the file."""
    return [child for child in node if bare(child) in names]


def text(node: Node | None) -> str:
    """All text in `node`, trimmed."""
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()


def child_text(node: Node, name: str) -> str:
    """The text of the first BPMN child of that name; empty where there is none."""
    return next((text(child) for child in children(node, name)), "")


def attribute(node: Node, name: str) -> str:
    """A plain attribute, trimmed; empty where there is none."""
    return str(node.get(name, "")).strip() if name else ""


def one_line(value: str) -> str:
    """A name as a person reads it: modellers put line breaks into names."""
    return " ".join(value.split())


def _foreign(node: Node) -> Iterator[tuple[str, Node]]:
    """The extension elements of `node`: bare name and node. Those of unknown makers are left out."""
    for holder in children(node, "extensionElements"):
        for child in holder:
            uri, _, name = str(child.tag)[1:].partition("}")
            if uri in EXTENSIONS:
                yield name, child


def attributes(node: Node) -> dict[str, str]:
    """Extension attributes with bare names, plus the plain ones of `_KEPT`.

    `extensions` names the extension elements that aren't properties or parameters, so that lint
    can refuse listeners, connectors and scripts without reading XML.
    """
    found = {name: attribute(node, name) for name in _KEPT if attribute(node, name)}
    for definition in event_nodes(node):
        found.update(_extension_attributes(definition))
    found.update(_extension_attributes(node))
    own = _READ | _MAPPINGS if bare(node) == "callActivity" else _READ
    others = [name for name, _ in _foreign(node) if name not in own]
    others += [kind for kind in _nested_kinds(node) if kind not in others]
    others += [f"{name}.local" for name, holder in _foreign(node) if name in own and holder.get("local")]
    found.pop("extensions", None)
    if others:
        found["extensions"] = " ".join(dict.fromkeys(others))
    return found


def _extension_attributes(node: Node) -> dict[str, str]:
    found = {}
    for key, value in node.attrib.items():
        uri, _, name = str(key)[1:].partition("}")
        if uri in EXTENSIONS and name:
            found[name] = str(value).strip()
    return found


def _nested_kinds(node: Node) -> list[str]:
    """`script`, `list` or `map` inside parameters: values that aren't text."""
    return [
        str(value.tag).rpartition("}")[2]
        for name, holder in _foreign(node)
        if name == "inputOutput"
        for parameter in holder
        for value in parameter
    ]


def properties(node: Node) -> dict[str, str]:
    """The `camunda:properties` of an element; the last of equal names wins."""
    return {
        attribute(entry, "name"): attribute(entry, "value")
        for name, holder in _foreign(node)
        if name == "properties"
        for entry in holder
        if attribute(entry, "name")
    }


def parameters(node: Node) -> tuple[tuple[Assignment, ...], tuple[Assignment, ...]]:
    """Inputs and outputs: `inputParameter` and `outputParameter`."""
    found: dict[str, list[Assignment]] = {"input": [], "output": []}
    for name, holder in _foreign(node):
        if name == "inputOutput":
            for parameter in holder:
                side = str(parameter.tag).rpartition("}")[2].removesuffix("Parameter")
                if side in found:
                    found[side].append(Assignment(attribute(parameter, "name"), text(parameter)))
    return tuple(found["input"]), tuple(found["output"])


def mappings(node: Node, name: str) -> tuple[Assignment, ...]:
    """The `in` or `out` (`name`) of a call activity. A `businessKey` says nothing: a case has one number."""
    found = (holder for kind, holder in _foreign(node) if kind == name)
    return tuple(_mapping(holder) for holder in found if not holder.get("businessKey"))


def _mapping(node: Node) -> Assignment:
    """`source` is a variable, `sourceExpression` an expression, `variables="all"` everything: a `*`."""
    if attribute(node, "variables") == "all":
        return Assignment("*", "*")
    source = attribute(node, "source")
    return Assignment(
        attribute(node, "target"), f"= {source}" if source else attribute(node, "sourceExpression")
    )


def event_nodes(node: Node) -> list[Node]:
    """The event definitions that stand in `node` (not those it refers to)."""
    return [child for child in node if bare(child).endswith(_SUFFIX)]


def event(node: Node, roots: Roots) -> EventDefinition:
    """What an event, or a send or receive task, waits for or throws."""
    found = event_nodes(node)
    for reference in children(node, "eventDefinitionRef"):
        target = roots.nodes.get(text(reference).rpartition(":")[2])
        if target is not None and bare(target).endswith(_SUFFIX):
            found.append(target)
    if len(found) > 1:
        return EventDefinition("multiple")
    if found:
        return _definition(found[0], bare(found[0]).removesuffix(_SUFFIX), roots)
    if attribute(node, "messageRef"):
        return _definition(node, "message", roots)
    return EventDefinition("none")


def _definition(node: Node, kind: str, roots: Roots) -> EventDefinition:
    if kind == "timer":
        return _timer(node)
    if kind == "conditional":
        return EventDefinition(kind, expression=child_text(node, "condition"))
    reference = attribute(node, _REFERENCES.get(kind, ""))
    target = roots.find(reference, kind) if reference else None
    if target is None:
        return EventDefinition(kind, reference, name=one_line(attribute(node, "name")))
    name = one_line(attribute(target, "name")) or attribute(target, "id")
    return EventDefinition(kind, reference, name, code=attribute(target, _CODES.get(kind, "")))


def _timer(node: Node) -> EventDefinition:
    for name in ("timeDate", "timeDuration", "timeCycle"):
        found = children(node, name)
        if found:
            return EventDefinition("timer", timer_kind=name[4:].lower(), expression=text(found[0]))
    return EventDefinition("timer")


def loop(node: Node) -> Loop | None:
    """Standard loop or multi-instance, BPMN's own words and Camunda's attributes alike."""
    for child in children(node, "multiInstanceLoopCharacteristics"):
        extra = _extension_attributes(child)
        return Loop(
            kind="sequential" if attribute(child, "isSequential") == "true" else "parallel",
            cardinality=child_text(child, "loopCardinality"),
            collection=extra.get("collection") or child_text(child, "loopDataInputRef"),
            element_variable=extra.get("elementVariable") or _item(child, "inputDataItem"),
            output_collection=child_text(child, "loopDataOutputRef"),
            output_element=_item(child, "outputDataItem"),
            completion_condition=child_text(child, "completionCondition"),
        )
    for child in children(node, "standardLoopCharacteristics"):
        maximum = attribute(child, "loopMaximum")
        return Loop(
            kind="standard",
            maximum=int(maximum) if maximum.isascii() and maximum.isdigit() and len(maximum) < 10 else None,
            condition=child_text(child, "loopCondition"),
            test_before=attribute(child, "testBefore") == "true",
        )
    return None


def _item(node: Node, name: str) -> str:
    return next((attribute(i, "name") or attribute(i, "id") for i in children(node, name)), "")


def heights(root: Node) -> dict[str, float]:
    """The top edge of every drawn shape, by the id of the element it draws."""
    found: dict[str, float] = {}
    for shape in root.iter(_SHAPE):
        for bounds in shape.findall(_BOUNDS):
            try:
                y = float(attribute(bounds, "y") or 0)
            except ValueError:
                continue
            if math.isfinite(y):
                found[attribute(shape, "bpmnElement").rpartition(":")[2]] = y
    return found
