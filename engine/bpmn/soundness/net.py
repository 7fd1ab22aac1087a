"""The token game of one scope: what a marking can become when one of its tokens moves.

Choices are free and every boundary event may fire; a multi-instance counts as one, and of a sub-process
only matters how it can end.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from engine.bpmn.model import Diagram, Element

WAYS = 8  # an inclusive gateway with more ways out is tried with one, two and all of them
CHOOSING = frozenset({"exclusiveGateway", "eventBasedGateway", "complexGateway"})
JOINING = frozenset({"parallelGateway", "inclusiveGateway"})
NOT_UNDERSTOOD = frozenset({"complexGateway", "adHocSubProcess", "transaction"})

# A flow with a token on it, or an activity at work with the boundary events it has fired already.
Place = str | tuple[str, frozenset[str]]
Marking = frozenset[tuple[Place, int]]
Thrown = tuple[str, str]  # error or escalation, and its code
ENDED: Marking = frozenset()
THROWN: Marking = frozenset({("", 1)})  # ended by an error that leaves the scope


@dataclass(frozen=True)
class Outcome:
    """How a sub-process can end, for the scope around it."""

    normal: bool = True
    thrown: frozenset[Thrown] = frozenset()
    certain: bool = True


def changed(marking: Marking, take: Iterable[Place], give: Iterable[Place]) -> Marking:
    """The marking with one token less at each place of `take` and one more at each of `give`."""
    tokens = dict(marking)
    for place in take:
        tokens[place] -= 1
    for place in give:
        tokens[place] = tokens.get(place, 0) + 1
    return frozenset((place, count) for place, count in tokens.items() if count)


def reach(start: str, after: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """Everything that can be reached from `start`, itself included."""
    seen, left = {start}, [start]
    while left:
        fresh = [key for key in after(left.pop()) if key not in seen]
        seen.update(fresh)
        left += fresh
    return frozenset(seen)


@dataclass
class Net:
    """A scope of a diagram. `outcomes` are those of the sub-processes and calls in it.

    `fired` gathers the elements that a token reached, `thrown` what leaves it. Nothing passes `blocked`,
    where one is named: so one sees how many tokens come to it by themselves.
    """

    diagram: Diagram
    scope: str
    outcomes: Mapping[str, Outcome]
    blocked: str = ""
    fired: set[str] = field(default_factory=set)
    thrown: set[Thrown] = field(default_factory=set)
    understood: bool = True

    def __post_init__(self) -> None:
        self.boundaries: dict[str, list[Element]] = {}
        for element in self.diagram.within(self.scope):
            if element.attached_to:
                self.boundaries.setdefault(element.attached_to, []).append(element)
            link = element.event is not None and element.event.kind == "link"
            certain = self.outcomes.get(element.id, Outcome()).certain
            self.understood &= certain and not (element.kind in NOT_UNDERSTOOD or link)
        self._ranks: dict[Place, tuple[int, int, int]] = {}
        self._coming: dict[tuple[str, str], frozenset[str]] = {}
        self._circles: dict[frozenset[str], int] = {}

    def initial(self) -> Marking:
        start = self.diagram.start(self.scope)
        assert start is not None, "a scope without a start is lint's business"
        self.fired.add(start.id)
        return changed(ENDED, (), start.outgoing)

    def node(self, place: Place) -> Element:
        """The element that the token at `place` enters, or is in."""
        return self.diagram.elements[self.diagram.flows[place].target if isinstance(place, str) else place[0]]

    def after(self, key: str) -> Iterator[str]:
        """The elements to which a token can go from an element, boundary events among them."""
        yield from (self.diagram.flows[way].target for way in self.diagram.elements[key].outgoing)
        yield from (boundary.id for boundary in self.boundaries.get(key, ()))

    def looks(self, place: Place) -> bool:
        """Whether the token at `place` stands before a join that looks where all the other tokens are."""
        node = self.node(place)
        return isinstance(place, str) and node.kind == "inclusiveGateway" and len(node.incoming) > 1

    def rank(self, place: Place) -> tuple[int, int, int]:
        """Which token moves first: the one with the least ahead, so that one branch is done before the next.

        Of several circles one is finished first. What ends the scope, or looks at other tokens, moves last.
        """
        if place not in self._ranks:
            node = self.node(place)
            ends = _ends_scope(node) or not self.outcomes.get(node.id, Outcome()).normal
            ahead = reach(node.id, self.after)
            circle = self._circles.setdefault(ahead, len(self._circles))
            self._ranks[place] = (2 if ends else 1 if self.looks(place) else 0, len(ahead), circle)
        return self._ranks[place]

    def moves(self, marking: Marking, place: Place) -> list[Marking]:
        """The markings to which the token at `place` can lead; none while it has to wait."""
        node = self.node(place)
        if not isinstance(place, str):
            return self._at_work(marking, place, node)
        if node.id == self.blocked:
            return []
        if node.kind in JOINING:
            found = self._join(marking, node)
        elif node.kind in CHOOSING and node.outgoing:
            found = [changed(marking, [place], [way]) for way in node.outgoing]
        elif node.id in self.outcomes or node.id in self.boundaries:
            found = [changed(marking, [place], [(node.id, frozenset())])]
        else:
            found = [self._passed(marking, place, node)]
        if found:
            self.fired.add(node.id)
        return found

    def _passed(self, marking: Marking, place: Place, node: Element) -> Marking:
        """An event or a task without boundary events: the token goes through, or ends something."""
        throws = node.event is not None and node.kind in ("endEvent", "intermediateThrowEvent")
        if throws and node.event and node.event.kind in ("error", "escalation"):
            self.thrown.add((node.event.kind, node.event.code))
        if _ends_scope(node):
            return ENDED if node.event and node.event.kind == "terminate" else THROWN
        return changed(marking, [place], node.outgoing)

    def _at_work(self, marking: Marking, place: tuple[str, frozenset[str]], node: Element) -> list[Marking]:
        """An activity completes, one of its boundary events fires, or an error leaves it for good."""
        outcome = self.outcomes.get(node.id, Outcome())
        found = [changed(marking, [place], node.outgoing)] if outcome.normal else []
        left = set(outcome.thrown)
        for boundary in self.boundaries.get(node.id, ()):
            caught = _caught(boundary, outcome.thrown)
            left -= caught
            if (caught or not self._needs_throw(boundary, node)) and boundary.id not in place[1]:
                self.fired.add(boundary.id)
                again = [] if boundary.interrupting else [(node.id, place[1] | {boundary.id})]
                found.append(changed(marking, [place], [*boundary.outgoing, *again]))
        self.thrown |= left
        return [*found, THROWN] if any(kind == "error" for kind, _ in left) else found

    def _needs_throw(self, boundary: Element, host: Element) -> bool:
        """Whether a boundary event can fire only if something within the activity throws; or never."""
        kind = boundary.event.kind if boundary.event else "none"
        return kind == "compensate" or (kind in ("error", "escalation") and host.id in self.outcomes)

    def _join(self, marking: Marking, node: Element) -> list[Marking]:
        """A parallel gateway takes from all ways in, an inclusive one from all by which a token can come."""
        tokens = dict(marking)
        full = [way for way in node.incoming if way in tokens]
        empty = [way for way in node.incoming if way not in tokens]
        if node.kind == "parallelGateway":
            return [] if empty else [changed(marking, full, node.outgoing)]
        if empty and any(self._may_come(place, node, full, empty) for place in tokens):
            return []
        return [changed(marking, full, ways) for ways in self._subsets(node.outgoing)]

    def _may_come(self, place: Place, join: Element, full: list[str], empty: list[str]) -> bool:
        """Whether the token at `place` can come by an empty way in, and by none that has a token already."""
        if place in full:
            return False
        comes = self._comes(self.node(place).id, join)
        return not comes.isdisjoint(empty) and comes.isdisjoint(full)

    def _comes(self, key: str, join: Element) -> frozenset[str]:
        """The ways by which a token that enters an element can come to a join, without passing it before."""
        if (key, join.id) not in self._coming:
            seen = reach(key, lambda one: () if one == join.id else self.after(one))
            sources = {way: self.diagram.flows[way].source for way in join.incoming}
            found = (way for way, source in sources.items() if source in seen and source != join.id)
            self._coming[key, join.id] = frozenset(found)
        return self._coming[key, join.id]

    def _subsets(self, ways: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """The ways that an inclusive gateway may choose together."""
        if not ways:
            yield ()
            return
        self.understood &= len(ways) <= WAYS
        for size in range(1, len(ways) + 1) if len(ways) <= WAYS else (1, 2, len(ways)):
            yield from combinations(ways, size)


def _ends_scope(node: Element) -> bool:
    event = node.event.kind if node.event else ""
    return node.kind == "endEvent" and event in ("terminate", "error", "cancel")


def _caught(boundary: Element, thrown: frozenset[Thrown]) -> set[Thrown]:
    event = boundary.event
    if event is None:
        return set()
    return {one for one in thrown if one[0] == event.kind and event.code in ("", one[1])}
