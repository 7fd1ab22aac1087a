"""Block-structured diagrams with event sub-processes, drawn at random."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from tests.bpmn.drawing import HEAD, boundary, sub, user
from tests.bpmn.event_drawing import begin
from tests.bpmn.game import PLAIN, many, timer

MESSAGES = ("m1", "m2")
ROOTS = "".join(f"<b:message id='{m}' name='{m}'/>" for m in MESSAGES)
CLOCK = timer("PT1H")


def message(name: str) -> str:
    return f'<b:messageEventDefinition messageRef="{name}"/>'


@dataclass
class Block:
    """kind: task, seq, par, or (an inclusive gateway), rep (a loop back) or sub.

    `first` and `last` are where flows enter and leave it once it is drawn."""

    kind: str
    key: str = ""
    inner: list["Block"] = field(default_factory=list)
    asides: list["Aside"] = field(default_factory=list)
    loop: tuple[str, int] | None = None  # parallel or sequential, and how many
    edge: str = ""  # the message of an interrupting boundary event, which leads to a task
    first: str = ""
    last: str = ""


@dataclass
class Aside:
    key: str
    event: str  # a message's name, or `timer`
    interrupting: bool
    body: Block


class Drawing:
    """Makes blocks and their XML; ids count up, so that no two are alike."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.count = chance, 0

    def key(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def process(self) -> Block:
        block = self.scope(3, False)
        block.key = "process"
        return block

    def scope(self, depth: int, within_loop: bool) -> Block:
        events = [*MESSAGES, *([] if within_loop else ["timer"])]
        chosen = self.chance.sample(events, self.chance.randrange(3)) if depth else []
        asides = [
            Aside(
                self.key("q"), event, self.chance.random() < 0.4, self.scope(max(depth - 2, 0), within_loop)
            )
            for event in chosen
        ]
        return Block("sub", "", [self.block(depth, within_loop)], asides)

    def block(self, depth: int, within_loop: bool) -> Block:
        draw = self.chance.random()
        if depth == 0 or draw < 0.25 or self.count > 40:
            return Block("task", self.key("u"), loop=self.loop())
        if draw < 0.5:
            return Block("seq", "", [self.block(depth - 1, within_loop) for _ in range(2)])
        if draw < 0.7:
            return Block("par", "", [self.block(depth - 1, within_loop) for _ in range(2)])
        loop = self.loop()
        block = self.scope(depth - 1, within_loop or loop is not None)
        block.key, block.loop = self.key("q"), loop
        block.edge = self.chance.choice(["", "", *MESSAGES])
        return block

    def loop(self) -> tuple[str, int] | None:
        kind = self.chance.choice([None, None, "parallel", "sequential"])
        return None if kind is None else (kind, 1 + self.chance.randrange(2))


def drawn(process: Block) -> bytes:
    """The diagram's file."""
    ways, own = _inside(process, "s0", "e0")
    own["s0"], own["e0"] = "<b:startEvent id='s0'/>", "<b:endEvent id='e0'/>"
    xml = sub("process", " ".join(ways), own)
    xml = xml.replace("<b:subProcess id='process' ", "<b:process id='process' isExecutable='true'")
    for flow, text in _conditions(process):
        before, found, after = xml.partition(f"id='{flow}'")
        xml = before + found + after.replace("= true", text, 1)
    return f"{HEAD}{ROOTS}{xml.removesuffix('</b:subProcess>')}</b:process></b:definitions>".encode()


def _conditions(block: Block) -> Iterator[tuple[str, str]]:
    """The flows taken by variables: `on_<way>` of inclusive gateways, `again_<key>` of loops back."""
    if block.kind == "or":
        for one in block.inner[:-1]:
            yield f"{block.first}-{one.first}", f"= on_{one.first}"
    if block.kind == "rep":
        yield f"x{block.key}b-x{block.key}a", f"= again_{block.key}"
    for one in (*block.inner, *(aside.body for aside in block.asides)):
        yield from _conditions(one)


def _inside(scope: Block, start: str, end: str) -> tuple[list[str], dict[str, str]]:
    ways, own = _flow(scope.inner[0])
    ways += [f"{start}>{scope.inner[0].first}", f"{scope.inner[0].last}>{end}"]
    for one in scope.asides:
        event = CLOCK if one.event == "timer" else message(one.event)
        inner, within = _inside(one.body, f"{one.key}_s", f"e{one.key}")
        within[f"e{one.key}"] = f"<b:endEvent id='e{one.key}'/>"
        within[f"{one.key}_s"] = begin(f"{one.key}_s", event, one.interrupting)
        own[one.key] = sub(one.key, " ".join(inner), within, "triggeredByEvent='true'")
    return ways, own


def _flow(block: Block) -> tuple[list[str], dict[str, str]]:
    """The flows and elements of a block; says where it begins and ends."""
    loop = many(block.loop[0], count=str(block.loop[1])) if block.loop else ""
    if block.kind == "task":
        block.first = block.last = block.key
        return [], {block.key: user(block.key, PLAIN, loop)}
    parts = [_flow(one) for one in block.inner] if block.kind != "sub" else []
    ways = [way for part, _ in parts for way in part]
    own = {key: xml for _, part in parts for key, xml in part.items()}
    if block.kind == "seq":
        block.first, block.last = block.inner[0].first, block.inner[-1].last
        return [*ways, *(f"{one.last}>{next_.first}" for one, next_ in pairwise(block.inner))], own
    if block.kind in ("par", "or"):
        name, gateway = block.inner[0].first, "parallelGateway" if block.kind == "par" else "inclusiveGateway"
        letter = "p" if block.kind == "par" else "i"
        block.first, block.last = f"{letter}{name}a", f"{letter}{name}b"
        default = f"default='{block.first}-{block.inner[-1].first}'" if block.kind == "or" else ""
        own |= {block.first: f"<b:{gateway} id='{block.first}' {default}/>"}
        own |= {block.last: f"<b:{gateway} id='{block.last}'/>"}
        for one in block.inner:
            ways += [f"{block.first}>{one.first}", f"{one.last}>{block.last}"]
        return ways, own
    if block.kind == "rep":
        (one,), key = block.inner, block.key
        block.first, block.last = f"x{key}a", f"x{key}b"
        own[block.first] = f"<b:exclusiveGateway id='{block.first}'/>"
        own[block.last] = f"<b:exclusiveGateway id='{block.last}' default='{block.last}-x{key}c'/>"
        own[f"x{key}c"] = f"<b:exclusiveGateway id='x{key}c'/>"
        ways += [
            f"{block.first}>{one.first}",
            f"{one.last}>{block.last}>{block.first}",
            f"{block.last}>x{key}c",
        ]
        block.last = f"x{key}c"
        return ways, own
    return _sub(block, loop)


def _sub(block: Block, loop: str) -> tuple[list[str], dict[str, str]]:
    key = block.key
    ways, within = _inside(block, f"s{key}", f"e{key}")
    within |= {f"s{key}": f"<b:startEvent id='s{key}'/>", f"e{key}": f"<b:endEvent id='e{key}'/>"}
    xml = sub(key, " ".join(ways), within).removesuffix("</b:subProcess>") + loop + "</b:subProcess>"
    block.first = block.last = key
    if not block.edge:
        return [], {key: xml}
    edge, task, join = f"b{key}", f"u{key}", f"x{key}"
    block.last = join
    own = {key: xml, edge: boundary(edge, key, message(block.edge)), task: user(task, PLAIN)}
    own[join] = f"<b:exclusiveGateway id='{join}'/>"
    return [f"{key}>{join}", f"{edge}>{task}>{join}"], own
