"""What moves should do in a block-structured diagram: a model of its tree that knows nothing of tokens.

Each place of the tree is not begun, under way, or done. Going back to a task makes everything before it done,
it itself open, and everything behind it not begun, up to the sequence that holds both places.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.bpmn.blocks import Aside, Block

Way = tuple[tuple[str, int], ...]
World = Mapping[str, bool]  # the variables that inclusive gateways and loops go by
Place = tuple[Any, ...]  # the places from the process down to a task


class Leaf:
    """A task, or its instances."""

    def __init__(self, block: Block, way: Way) -> None:
        self.block, self.way = block, way
        kind, count = block.loop or ("parallel", 1)
        self.left, self.sequential = list(range(count)), kind == "sequential"

    done = property(lambda self: not self.left)

    def inner(self) -> list[Any]:
        return []

    def open(self) -> Iterator[tuple[Way, int]]:
        for number in self.left[:1] if self.sequential else self.left:
            yield (*self.way, (self.block.key, number)), number


class Line:
    """Blocks one after another; `at` is the one under way, and `now` where it stands."""

    def __init__(self, block: Block, way: Way, world: World) -> None:
        self.block, self.way = block, way
        self.at, self.now = 0, begin(block.inner[0], way, world)

    @property
    def done(self) -> bool:
        return self.now.done and self.at == len(self.block.inner) - 1

    def settle(self, world: World) -> None:
        self.now.settle(world) if not isinstance(self.now, Leaf) else None
        while self.now.done and self.at < len(self.block.inner) - 1:
            self.at, self.now = self.at + 1, begin(self.block.inner[self.at + 1], self.way, world)
            settle(self.now, world)

    def inner(self) -> list[Any]:
        return [self.now]


class Sides:
    """Blocks side by side; None is one that is done, or was not begun."""

    def __init__(self, block: Block, way: Way, world: World) -> None:
        self.block, self.way = block, way
        taken = [block.kind == "par" or world.get(f"on_{one.first}", False) for one in block.inner]
        if block.kind == "or":
            taken[-1] = not any(taken[:-1])
        self.parts = [
            begin(one, way, world) if go else None for one, go in zip(block.inner, taken, strict=True)
        ]

    @property
    def done(self) -> bool:
        return all(part is None or part.done for part in self.parts)

    def settle(self, world: World) -> None:
        for part in self.inner():
            settle(part, world)

    def inner(self) -> list[Any]:
        return [part for part in self.parts if part is not None and not part.done]


class Round:
    """A block that may be gone through again."""

    def __init__(self, block: Block, way: Way, world: World) -> None:
        self.block, self.way, self.left = block, way, False
        self.now = begin(block.inner[0], way, world)

    @property
    def done(self) -> bool:
        return self.left

    def settle(self, world: World) -> None:
        settle(self.now, world)
        if self.now.done and not self.left:
            self.left = not world.get(f"again_{self.block.key}", False)
            if not self.left:
                self.now = begin(self.block.inner[0], self.way, world)
                settle(self.now, world)

    def inner(self) -> list[Any]:
        return [] if self.left else [self.now]


class Scope:
    """One instance of a sub-process, of an event sub-process's body, or the process."""

    def __init__(self, block: Block, way: Way, world: World, flow: Any = None) -> None:
        self.block, self.way = block, way
        self.flow = flow or begin(block.inner[0], way, world)
        self.listening = {one.event: one for one in block.asides}
        self.bodies: list[tuple[str, Scope]] = []
        self.begun: dict[str, int] = {}

    @property
    def done(self) -> bool:
        return (self.flow is None or self.flow.done) and all(body.done for _, body in self.bodies)

    def settle(self, world: World) -> None:
        for part in self.inner():
            settle(part, world)

    def inner(self) -> list[Any]:
        flow = [] if self.flow is None or self.flow.done else [self.flow]
        return [*flow, *(body for _, body in self.bodies if not body.done)]

    def start(self, one: Aside, world: World) -> None:
        number = self.begun.get(one.key, 0)
        self.begun[one.key] = number + 1
        if one.interrupting:
            self.flow, self.bodies, self.listening = None, [], {}
        elif one.event == "timer":
            del self.listening["timer"]
        self.bodies.append((one.key, Scope(one.body, (*self.way, (one.key, number)), world)))


class Sub:
    """A sub-process, its instances, and the task that a boundary event leads to instead."""

    def __init__(self, block: Block, way: Way, world: World) -> None:
        self.block, self.way = block, way
        kind, self.count = block.loop or ("parallel", 1)
        self.sequential, self.instead = kind == "sequential", None
        first = range(1 if self.sequential else self.count)
        self.alive: list[Any] = [Scope(block, (*way, (block.key, n)), world) for n in first]

    @property
    def done(self) -> bool:
        if self.instead is not None:
            return bool(self.instead.done)
        return len(self.alive) == self.count and all(one.done for one in self.alive)

    def settle(self, world: World) -> None:
        for one in self.inner():
            settle(one, world)
        while self.instead is None and self.alive[-1].done and len(self.alive) < self.count:
            way = (*self.way, (self.block.key, len(self.alive)))
            self.alive.append(Scope(self.block, way, world))
            settle(self.alive[-1], world)

    def inner(self) -> list[Any]:
        return [self.instead] if self.instead else [one for one in self.alive if not one.done]

    def interrupt(self) -> None:
        self.instead = Leaf(Block("task", f"u{self.block.key}"), self.way)


KINDS: dict[str, Any] = {"seq": Line, "par": Sides, "or": Sides, "rep": Round, "sub": Sub}


def begin(block: Block, way: Way, world: World) -> Any:
    return Leaf(block, way) if block.kind == "task" else KINDS[block.kind](block, way, world)


def settle(place: Any, world: World) -> None:
    """Go on from what is done; the world's variables say where."""
    if not isinstance(place, Leaf):
        place.settle(world)


def places(place: Any, above: Place = ()) -> Iterator[tuple[Way, Place, int]]:
    """Every open task: its way, the places down to it, and its number among its instances."""
    here = (*above, place)
    if isinstance(place, Leaf):
        yield from ((way, here, number) for way, number in place.open())
    for one in place.inner():
        yield from places(one, here)


def scopes(place: Any) -> Iterator[Scope]:
    """Every scope under way."""
    if isinstance(place, Scope) and not place.done:
        yield place
    for one in place.inner():
        yield from scopes(one)


def tell(place: Any, event: str, world: World) -> None:
    """Give a message to everything that waits for it; what interrupts comes first."""
    if isinstance(place, Scope):
        one = place.listening.get(event)
        if one is not None and one.interrupting:
            place.start(one, world)
            return
        for inner in place.inner():
            tell(inner, event, world)
        if one is not None:
            place.start(one, world)
    elif isinstance(place, Sub) and place.block.edge == event and place.instead is None:
        place.interrupt()
    else:
        for inner in place.inner():
            tell(inner, event, world)
