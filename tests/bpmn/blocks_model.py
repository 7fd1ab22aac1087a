"""What should happen in a block-structured diagram: a model that knows nothing of tokens.

A scope is its flow, what it listens for and what that has started. Where a task waits is told by the way
to it from the process: pairs of an element and an instance's number.
"""

from collections.abc import Iterator
from typing import Any

from tests.bpmn.blocks import Aside, Block

Way = tuple[tuple[str, int], ...]


class Tasks:
    """A task, or its instances."""

    def __init__(self, block: Block, way: Way) -> None:
        self.block, self.way = block, way
        kind, count = block.loop or ("parallel", 1)
        self.left = list(range(count))
        self.sequential = kind == "sequential"

    def open(self) -> Iterator[tuple[Way, Any]]:
        for number in self.left[:1] if self.sequential else self.left:
            yield (*self.way, (self.block.key, number)), lambda n=number: self.left.remove(n)

    def scopes(self) -> Iterator["Scope"]:
        return iter(())

    def tell(self, event: str) -> None:
        """Nothing here listens."""

    @property
    def done(self) -> bool:
        return not self.left


class Several:
    """Blocks one after another, or side by side."""

    def __init__(self, block: Block, way: Way) -> None:
        self.block, self.way = block, way
        self.sequential = block.kind == "seq"
        self.waiting = [make(one, way) for one in (block.inner[:1] if self.sequential else block.inner)]

    def settle(self) -> list[Any]:
        while self.sequential and self.waiting[-1].done and len(self.waiting) < len(self.block.inner):
            self.waiting.append(make(self.block.inner[len(self.waiting)], self.way))
        return self.waiting

    def open(self) -> Iterator[tuple[Way, Any]]:
        for one in self.settle():
            yield from one.open()

    def scopes(self) -> Iterator["Scope"]:
        for one in self.settle():
            yield from one.scopes()

    def tell(self, event: str) -> None:
        for one in self.settle():
            if not one.done:
                one.tell(event)

    @property
    def done(self) -> bool:
        return all(one.done for one in self.settle()) and len(self.waiting) == len(self.block.inner)


class Scope:
    """One instance of a sub-process, of an event sub-process's body, or the process."""

    def __init__(self, block: Block, way: Way) -> None:
        self.block, self.way = block, way
        self.flow: Any = make(block.inner[0], way)
        self.listening = {one.event: one for one in block.asides}
        self.bodies: list[tuple[str, Scope]] = []
        self.begun: dict[str, int] = {}

    def open(self) -> Iterator[tuple[Way, Any]]:
        yield from self.flow.open() if self.flow else ()
        for _, body in self.bodies:
            yield from body.open()

    def scopes(self) -> Iterator["Scope"]:
        if not self.done:
            yield self
            yield from self.flow.scopes() if self.flow else ()
            for _, body in self.bodies:
                yield from body.scopes()

    def begin(self, one: Aside) -> None:
        number = self.begun.get(one.key, 0)
        self.begun[one.key] = number + 1
        if one.interrupting:
            self.flow, self.bodies, self.listening = None, [], {}
        elif one.event == "timer":
            del self.listening["timer"]
        self.bodies.append((one.key, Scope(one.body, (*self.way, (one.key, number)))))

    def tell(self, event: str) -> None:
        one = self.listening.get(event)
        if one is not None and one.interrupting:
            self.begin(one)
            return
        if self.flow is not None and not self.flow.done:
            self.flow.tell(event)
        for _, body in self.bodies:
            if not body.done:
                body.tell(event)
        if one is not None:
            self.begin(one)

    @property
    def done(self) -> bool:
        return (self.flow is None or self.flow.done) and all(body.done for _, body in self.bodies)


class Subs:
    """A sub-process, its instances and the boundary event around them."""

    def __init__(self, block: Block, way: Way) -> None:
        self.block, self.way = block, way
        kind, count = block.loop or ("parallel", 1)
        self.left = list(range(count))
        self.sequential = kind == "sequential"
        self.alive = [self.instance(n) for n in (self.left[:1] if self.sequential else self.left)]
        self.instead: Tasks | None = None

    def instance(self, number: int) -> Scope:
        return Scope(self.block, (*self.way, (self.block.key, number)))

    def settle(self) -> list[Any]:
        while self.sequential and self.alive[-1].done and len(self.alive) < len(self.left):
            self.alive.append(self.instance(len(self.alive)))
        return self.alive if self.instead is None else [self.instead]

    def open(self) -> Iterator[tuple[Way, Any]]:
        for one in self.settle():
            yield from one.open()

    def scopes(self) -> Iterator[Scope]:
        for one in self.settle():
            yield from one.scopes()

    def tell(self, event: str) -> None:
        if self.block.edge == event and self.instead is None:
            self.instead = Tasks(Block("task", f"u{self.block.key}"), self.way)
            return
        for one in self.settle():
            if not one.done:
                one.tell(event)

    @property
    def done(self) -> bool:
        found = self.settle()
        whole = self.instead is not None or len(self.alive) == len(self.left)
        return whole and all(one.done for one in found)


def make(block: Block, way: Way) -> Any:
    return {"task": Tasks, "seq": Several, "par": Several, "sub": Subs}[block.kind](block, way)
