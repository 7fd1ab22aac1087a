"""The ways of one scope as a graph: what comes before what, and what no way avoids.

Sets of nodes are whole numbers, one bit a node, so that a scope of hundreds of nodes costs a millisecond.
A boundary event that interrupts is a way out of its activity; one that doesn't begins a way of its own.
"""

from collections.abc import Iterable, Iterator, Mapping

from engine.bpmn.model import ACTIVITIES, Diagram, Element

BEGIN, OVER = "> begin", "> over"  # no id has a space or this sign
_NO_RETURN = frozenset({"terminate", "error"})  # such an end cancels what is beside it: no join waits for it
_PASSED = frozenset({"endEvent", "exclusiveGateway", "intermediateThrowEvent"})


class Graph:
    """The flows of one scope. `sides` gives the activity of each boundary event that does not interrupt."""

    def __init__(self, diagram: Diagram, scope: str) -> None:
        self.elements: dict[str, Element] = {e.id: e for e in diagram.within(scope) if not e.by_event}
        self.sides: dict[str, str] = {}
        self.after: dict[str, list[str]] = {BEGIN: [], **{key: [] for key in self.elements}, OVER: []}
        for element in self.elements.values():
            self._draw(diagram, element)
        self.bits = {key: 1 << index for index, key in enumerate(self.after)}
        self.names = list(self.after)
        self.before: dict[str, list[str]] = {key: [] for key in self.after}
        for key, targets in self.after.items():
            for target in targets:
                self.before[target].append(key)
        self.order = self._order()
        self.over = self.reach(OVER, self.before)  # from where the end is reached
        self.dominators = self._certain(self.order, self.before, BEGIN, self.reach(BEGIN))
        backwards = [key for key in reversed(self.order) if self.over & self.bits[key]]
        self.later = self._certain(backwards, self.after, OVER, self.over)
        self.forward = self._forward()
        self.onward = {key: [*after, *self._edges(key)] for key, after in self.after.items()}
        self.ahead = {key: [*self.forward[key], *self._edges(key)] for key in self.after}
        self.behind: dict[str, list[str]] = {key: [] for key in self.after}
        for key, targets in self.ahead.items():
            for target in targets:
                self.behind[target].append(key)

    def _draw(self, diagram: Diagram, element: Element) -> None:
        targets = [diagram.flows[flow].target for flow in element.outgoing]
        ends = element.kind == "endEvent" and element.event is not None and element.event.kind in _NO_RETURN
        self.after[element.id].extend(targets or ([] if ends else [OVER]))
        if element.kind == "startEvent":
            self.after[BEGIN].append(element.id)
        if element.kind == "boundaryEvent":
            if element.interrupting:
                self.after[element.attached_to].append(element.id)
            else:
                self.sides[element.id] = element.attached_to
                self.after[BEGIN].append(element.id)

    def _edges(self, key: str) -> list[str]:
        return [edge for edge, host in self.sides.items() if host == key]

    def _order(self) -> list[str]:
        """Every node that is reached, each before those that only it leads to; branches as they are drawn."""
        found: list[str] = []
        seen, stack = {BEGIN}, [(BEGIN, reversed(self.after[BEGIN]))]
        while stack:
            key, rest = stack[-1]
            following = next((n for n in rest if n not in seen), None)
            if following is None:
                found.append(key)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, reversed(self.after[following])))
        return found[::-1]

    def _certain(
        self, order: list[str], before: Mapping[str, list[str]], root: str, known: int
    ) -> dict[str, int]:
        """For each node the nodes on every way to it from `root`, itself included."""
        found = dict.fromkeys(order, known)
        found[root] = self.bits[root]
        changed = True
        while changed:
            changed = False
            for key in order:
                if key == root:
                    continue
                common = known
                for other in before[key]:
                    if other in found and known & self.bits[other]:
                        common &= found[other]
                common |= self.bits[key]
                if common != found[key]:
                    found[key], changed = common, True
        return found

    def _forward(self) -> dict[str, list[str]]:
        """The flows without those that lead back to a node which every way passes before."""
        return {
            key: [to for to in targets if not self.dominators.get(key, 0) & self.bits[to]]
            for key, targets in self.after.items()
        }

    def reach(
        self, key: str, ways: Mapping[str, list[str]] | None = None, within: int = -1, stop: int = 0
    ) -> int:
        """What is reached from `key` (itself included) without leaving `within` or entering `stop`."""
        after = self.after if ways is None else ways
        found, stack = self.bits[key], [key]
        while stack:
            for to in after[stack.pop()]:
                bit = self.bits[to]
                if not found & bit and within & bit and not stop & bit:
                    found |= bit
                    stack.append(to)
        return found

    def set_of(self, keys: Iterable[str]) -> int:
        """The set of these nodes."""
        found = 0
        for key in keys:
            found |= self.bits[key]
        return found

    def nodes(self, some: int) -> Iterator[str]:
        """The nodes of a set, in the order of the flow."""
        return (key for key in self.order if some & self.bits[key])

    def meeting(self, key: str) -> str:
        """The first node that no way from `key` to the end avoids; OVER if it is the end itself."""
        certain = self.later.get(key, 0) & ~self.bits[key]
        if not certain:
            return OVER
        return max(self.nodes(certain), key=lambda n: self.later[n].bit_count(), default=OVER)

    def passing(self, key: str) -> bool:
        """Whether nothing is done any more from this node on: ends, and gateways that lead to them."""
        kinds = [self.elements[n].kind for n in self.nodes(self.reach(key)) if n in self.elements]
        return all(kind in _PASSED for kind in kinds)

    def work(self) -> Iterator[Element]:
        """The activities of the scope, in the order of the flow."""
        return (
            self.elements[k] for k in self.order if k in self.elements and self.elements[k].kind in ACTIVITIES
        )
