"""Reads a BPMN 2.0 file into a Diagram, or says what is wrong with the file.

Guarantees: any bytes give a Diagram or errors.Invalid, nothing else; no entity is expanded, nothing is
fetched; every reference in a Diagram leads somewhere. Whether the diagram may run is lint's question.
"""

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.bpmn import messages as messages  # teaches the sentences of the errors below
from engine.bpmn.model import ACTIVITIES, CONTAINERS, EVENTS, GATEWAYS, Diagram, Element, Flow, Lane, Scope
from engine.bpmn.read_events import (
    BPMN,
    Node,
    Roots,
    attribute,
    attributes,
    bare,
    child_text,
    children,
    event,
    heights,
    loop,
    mappings,
    one_line,
    parameters,
    properties,
    text,
)
from engine.bpmn.read_signing import FORM, signing_loop
from engine.errors import Invalid, Problem

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 100  # levels of XML; twenty nested sub-processes need about forty-five
_NODES = ACTIVITIES | GATEWAYS | EVENTS
_ID = re.compile(r"[\w.\-]{1,200}")


def read(xml: bytes, where: str = "") -> Diagram:
    """The one executable process of a BPMN file.

    `where` is the file's name, for the error's facts. Raises Invalid: `bpmn.unreadable` (not XML, a DOCTYPE,
    too large, too deep, not BPMN) or `bpmn.broken` (no or several processes, ids, references), with problems.
    """
    if len(xml) > MAX_BYTES:
        raise _unreadable(where, Problem("bpmn.too-large", facts={"size": len(xml), "limit": MAX_BYTES}))
    root = _parse(xml, where)
    if bare(root) != "definitions":
        raise _unreadable(
            where, Problem("bpmn.not-bpmn", facts={"root": str(root.tag), "line": root.sourceline})
        )
    reading = _Reading(root)
    process = reading.executable()
    if process is not None:
        reading.scope(process, "")
        reading.check_references()
    if process is None or reading.problems:
        raise Invalid("bpmn.broken", problems=reading.problems, file=where, count=len(reading.problems))
    return reading.diagram(process)


def _unreadable(where: str, problem: Problem) -> Invalid:
    return Invalid("bpmn.unreadable", problems=[problem], file=where, reason=problem.say("zh"))


class _Refused(Exception):
    """Raised inside the parser, where an error of our tree can't carry the line yet."""


class _Guard:
    """Looks at the file before a tree is built: no DOCTYPE (so no entities), bounded depth."""

    def __init__(self) -> None:
        self.depth = 0

    def start(self, tag: str, attributes: object) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Refused("bpmn.too-deep")

    def end(self, tag: str) -> None:
        self.depth -= 1

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise _Refused("bpmn.doctype")

    def close(self) -> None:
        return None


def _parse(xml: bytes, where: str) -> Node:
    """The root element. Read twice on purpose: the guard refuses before anything of a DTD is looked at."""
    try:
        for target in (_Guard(), None):
            parser = etree.XMLParser(
                target=target,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
            root = etree.fromstring(xml, parser)
    except _Refused as refused:
        raise _unreadable(where, Problem(str(refused), facts={"limit": MAX_DEPTH})) from None
    except etree.LxmlError as error:
        line = getattr(error, "lineno", None) or 1
        facts = {"line": line, "reason": str(getattr(error, "msg", None) or error)}
        raise _unreadable(where, Problem("bpmn.not-xml", where=str(line), facts=facts)) from None
    return root


@dataclass
class _Reading:
    """What has been read so far, and what was wrong with it."""

    root: Node
    problems: list[Problem] = field(default_factory=list)
    scopes: dict[str, Scope] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    flow_scopes: dict[str, str] = field(default_factory=dict)
    lanes: list[Lane] = field(default_factory=list)

    def __post_init__(self) -> None:
        nodes = {attribute(node, "id"): node for node in self.root if attribute(node, "id")}
        self.roots = Roots(nodes)
        self.heights = heights(self.root)
        self._check_ids()

    def _problem(self, code: str, node: Node, **facts: object) -> None:
        key = attribute(node, "id")
        name = one_line(attribute(node, "name")) or key or bare(node)
        self.problems.append(Problem(code, key, {"name": name, "line": node.sourceline or 0, **facts}))

    def _check_ids(self) -> None:
        seen: dict[str, Node] = {}
        for node in self.root.iter("{" + BPMN + "}*"):
            key, kind = attribute(node, "id"), bare(node)
            if not key:
                if kind in _NODES or kind == "process":
                    self._problem("bpmn.id-missing", node, kind=kind)
            elif not _ID.fullmatch(key):
                self._problem("bpmn.id-form", node)
            elif key in seen:
                self._problem("bpmn.id-twice", node, first=seen[key].sourceline or 0)
            seen.setdefault(key, node)

    def executable(self) -> Node | None:
        """The process that runs: the one marked executable, or the only one that isn't marked at all."""
        processes = children(self.root, "process")
        marked = [p for p in processes if attribute(p, "isExecutable") == "true"]
        open_ones = [p for p in processes if not attribute(p, "isExecutable")]
        chosen = marked or (open_ones if len(processes) == 1 else [])
        if len(chosen) == 1:
            return chosen[0]
        if chosen:
            names = "、".join(attribute(p, "name") or attribute(p, "id") for p in chosen)
            self._problem("bpmn.many-processes", chosen[1], count=len(chosen), names=names)
        else:
            self._problem("bpmn.no-process", processes[0] if processes else self.root, count=len(processes))
        return None

    def scope(self, node: Node, parent: str) -> None:
        """Read what stands in a process or sub-process, and what stands in its sub-processes."""
        key, inside = attribute(node, "id"), []
        for child in node:
            kind = bare(child)
            if kind in _NODES:
                element = self._element(child, kind, key)
                self.elements.setdefault(element.id, element)
                inside.append(element.id)
            elif kind == "sequenceFlow":
                self._flow(child, key)
            elif kind == "laneSet":
                self._lanes(child)
        self.scopes.setdefault(key, Scope(key, one_line(attribute(node, "name")), tuple(inside), parent))
        for child in children(node, *CONTAINERS):
            self.scope(child, key)

    def _element(self, node: Node, kind: str, scope: str) -> Element:
        key = attribute(node, "id")
        inputs, outputs = parameters(node)
        interrupting = attribute(node, "cancelActivity" if kind == "boundaryEvent" else "isInterrupting")
        has_event = kind in EVENTS or kind in ("sendTask", "receiveTask")
        found = event(node, self.roots) if has_event else None
        own, said = attributes(node), properties(node)
        signed = signing_loop(key, said) if kind == "userTask" else None
        if signed is not None and not own.get("formKey"):
            own["formKey"] = FORM
        if found and found.reference and not found.name:
            self._problem("bpmn.dangling-event", node, kind=found.kind, reference=found.reference)
        return Element(
            id=key,
            kind=kind,
            name=one_line(attribute(node, "name")),
            scope=scope,
            default=attribute(node, "default"),
            attached_to=attribute(node, "attachedToRef"),
            interrupting=interrupting != "false",
            event=found,
            loop=loop(node) or signed,
            attributes=own,
            properties=said,
            inputs=inputs,
            outputs=outputs,
            called_element=attribute(node, "calledElement"),
            passed=mappings(node, "in"),
            returned=mappings(node, "out"),
            by_event=attribute(node, "triggeredByEvent") == "true",
            documentation=child_text(node, "documentation"),
            line=node.sourceline or 0,
            y=self.heights.get(key, 0.0),
        )

    def _flow(self, node: Node, scope: str) -> None:
        # Older modellers leave a flow's id out; a made one can't meet a written one (no colons).
        key = attribute(node, "id") or f"flow:{len(self.flows) + 1}"
        flow = Flow(
            id=key,
            source=attribute(node, "sourceRef"),
            target=attribute(node, "targetRef"),
            name=one_line(attribute(node, "name")),
            condition=child_text(node, "conditionExpression"),
            line=node.sourceline or 0,
        )
        self.flows.setdefault(key, flow)
        self.flow_scopes.setdefault(key, scope)

    def _lanes(self, lane_set: Node) -> None:
        for node in children(lane_set, "lane"):
            inside = tuple(text(reference) for reference in children(node, "flowNodeRef"))
            self.lanes.append(Lane(attribute(node, "id"), one_line(attribute(node, "name")), inside))
            for nested in children(node, "childLaneSet"):
                self._lanes(nested)

    def check_references(self) -> None:
        """Every flow, default and attachment leads to an element of its own scope."""
        for flow in self.flows.values():
            for side, key in (("source", flow.source), ("target", flow.target)):
                self._check_end(flow, side, key)
        for element in self.elements.values():
            facts = {"name": element.label, "line": element.line}
            default = self.flows.get(element.default)
            if element.default and (default is None or default.source != element.id):
                facts |= {"reference": element.default}
                self.problems.append(Problem("bpmn.dangling-default", element.id, facts))
            host = self.elements.get(element.attached_to)
            fits = host is not None and host.kind in ACTIVITIES and host.scope == element.scope
            if element.kind == "boundaryEvent" and not fits:
                facts |= {"reference": element.attached_to}
                self.problems.append(Problem("bpmn.dangling-boundary", element.id, facts))

    def _check_end(self, flow: Flow, side: str, key: str) -> None:
        facts = {"name": flow.name or flow.id, "line": flow.line, "reference": key}
        element = self.elements.get(key)
        if element is None:
            self.problems.append(Problem(f"bpmn.dangling-{side}", flow.id, facts))
        elif element.scope != self.flow_scopes[flow.id]:
            self.problems.append(Problem("bpmn.flow-crosses", flow.id, {**facts, "reference": element.label}))

    def diagram(self, process: Node) -> Diagram:
        """Everything put together; only called when there are no problems."""
        incoming: dict[str, list[str]] = {key: [] for key in self.elements}
        outgoing: dict[str, list[str]] = {key: [] for key in self.elements}
        for flow in self.flows.values():
            outgoing[flow.source].append(flow.id)
            incoming[flow.target].append(flow.id)
        lanes = {key: lane.name for lane in self.lanes for key in lane.elements}  # inner lanes come later
        elements: dict[str, Element] = {}
        for key, element in self.elements.items():
            around = elements.get(element.scope)  # a sub-process is read before what stands in it
            lane = lanes.get(key) or (around.lane if around else "")
            elements[key] = replace(
                element, lane=lane, incoming=tuple(incoming[key]), outgoing=tuple(outgoing[key])
            )
        return Diagram(
            process=attribute(process, "id"),
            name=one_line(attribute(process, "name")),
            scopes=self.scopes,
            elements=elements,
            flows=self.flows,
            lanes=tuple(
                replace(lane, elements=tuple(key for key in lane.elements if key in elements))
                for lane in self.lanes
            ),
            properties=properties(process),
            attributes=attributes(process),
            messages=tuple(
                one_line(attribute(m, "name")) or attribute(m, "id") for m in children(self.root, "message")
            ),
            documentation=child_text(process, "documentation"),
        )
