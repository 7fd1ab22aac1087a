"""The blocks of one scope: which branch of which gateway a node stands in, and what a move may count on.

A block is a parallel or inclusive gateway with the join that ends all its branches, or with branches that
end by themselves. Where branches cross, or a boundary event's own way runs into the flow it left, nobody
can say what a move would leave behind: such nodes are tangled, and nothing is moved to them.
"""

from functools import cached_property

from engine.bpmn.stepping.moving.graph import OVER, Graph

Stack = tuple[tuple[str, int], ...]  # gateway and branch, or boundary event and 0; the outermost first
_SPLITS = {
    "parallelGateway": frozenset({"parallelGateway", "inclusiveGateway"}),
    "inclusiveGateway": frozenset({"inclusiveGateway"}),
}


class Blocks:
    """What is known of one scope; built once a definition and never changed."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.branches: dict[str, list[int]] = {}  # of each proper split, the nodes of each branch
        self.joins: dict[str, str] = {}  # where they meet; empty where each ends by itself
        self.sides: dict[str, int] = {}  # of each proper side way, its nodes
        self.tangles: dict[str, int] = {}  # by the node they begin at
        self._stacks: dict[str, Stack] = {}
        self._leading: dict[str, int] = {}
        for key, element in graph.elements.items():
            if element.kind in _SPLITS and len(graph.after[key]) > 1:
                self._split(key)
        for edge, host in graph.sides.items():
            self._side(edge, host)

    @cached_property
    def _passing(self) -> int:
        graph = self.graph
        return graph.set_of(key for key in graph.after if graph.passing(key))

    def _split(self, key: str) -> None:
        graph = self.graph
        lasting = sum(bool(graph.over & graph.bits[to]) for to in graph.after[key])
        join = graph.meeting(key) if lasting > 1 else OVER  # the others end all that is beside them
        stop = self._passing | graph.bits[join]
        branches = [0 if stop & graph.bits[to] else graph.reach(to, stop=stop) for to in graph.after[key]]
        inside = 0
        proper = True
        for nodes in branches:
            proper = proper and not nodes & inside
            inside |= nodes
        met = "" if self._passing & graph.bits[join] else join
        proper = proper and all(graph.dominators[n] & graph.bits[key] for n in graph.nodes(inside))
        if proper and (not met or self._meets(key, met, branches)):
            self.branches[key], self.joins[key] = branches, met
        else:
            self.tangles[key] = inside

    def _meets(self, key: str, join: str, branches: list[int]) -> bool:
        """Whether `join` waits for each branch by one way in, and for nothing else."""
        graph = self.graph
        if graph.elements[join].kind not in _SPLITS[graph.elements[key].kind]:
            return False
        came = []
        for source in graph.before[join]:
            if source == key:
                came.append(graph.after[key].index(join))
            else:
                came.extend(i for i, nodes in enumerate(branches) if nodes & graph.bits[source])
        return len(came) == len(graph.before[join]) == len(set(came))

    def _side(self, edge: str, host: str) -> None:
        graph = self.graph
        nodes = graph.reach(edge, stop=self._passing) | graph.bits[edge]
        if all(graph.dominators[n] & graph.bits[edge] for n in graph.nodes(nodes)):
            self.sides[edge] = nodes
        else:
            after = graph.reach(host, graph.ahead) & ~graph.bits[host] & ~self._passing
            self.tangles[host] = self.tangles.get(host, 0) | after | nodes

    def stack(self, key: str) -> Stack:
        """The branches around a node, the outermost first."""
        found = self._stacks.get(key)
        if found is None:
            found = self._stacks[key] = self._stack(key)
        return found

    def _stack(self, key: str) -> Stack:
        bit = self.graph.bits[key]
        own = [(s, i) for s, parts in self.branches.items() for i, nodes in enumerate(parts) if nodes & bit]
        own.sort(key=lambda one: -sum(nodes.bit_count() for nodes in self.branches[one[0]]))
        for edge, nodes in self.sides.items():
            if nodes & bit:
                return (*self.stack(self.graph.sides[edge]), (edge, 0), *own)
        return tuple(own)

    def tangled(self, key: str) -> bool:
        """Whether nobody can say what is under way beside this node."""
        return any(nodes & self.graph.bits[key] for nodes in self.tangles.values())

    def beside(self, key: str) -> bool:
        """Whether the node stands on the own way of a boundary event that does not interrupt."""
        return any(origin in self.sides for origin, _ in self.stack(key))

    def region(self, around: Stack, to: str) -> int:
        """The nodes of a branch that a move to `to` empties.

        What a boundary event began beside an activity before `to` stands: it does not follow from `to`.
        """
        graph, size = self.graph, len(around)
        found = graph.set_of(key for key in graph.after if self.stack(key)[:size] == around)
        after = graph.reach(to, graph.onward)
        for edge in self.sides:
            host, way = graph.sides[edge], self.stack(edge)
            before = host != to and graph.dominators.get(to, 0) & graph.bits[host]
            if before or not after & graph.bits[host]:
                kept = (key for key in graph.after if self.stack(key)[: len(way)] == way)
                found &= ~graph.set_of(kept) if way[:size] == around and len(way) > size else -1
        return found

    def between(self, to: str, at: str) -> Stack | None:
        """The branch that holds both nodes, if work can go back from `at` to `to`; None if it can't."""
        there, here = self.stack(to), self.stack(at)
        if to == at or self.tangled(to):
            return None
        size = 0
        while size < min(len(there), len(here)) and there[size] == here[size]:
            size += 1
        crossing = size < min(len(there), len(here)) and there[size][0] == here[size][0]
        if crossing or not all(self._leads(to, start) for start in self._starts(at, here[size:])):
            return None
        around = here[:size]
        if self._leads(to, at):
            return around
        within = self.region(around, to)
        round_ = self.graph.reach(to, self.graph.onward, within) & self.graph.bits[at]
        return around if round_ and there == around else None

    def beyond(self, to: str, at: str) -> Stack | None:
        """The branch that holds `to`, if work at `at` can be led ahead to it; None if it can't.

        Out of branches it may be led, whose open work then falls; into one only if `at` stands in it too.
        """
        there, here = self.stack(to), self.stack(at)
        apart = to == at or self.tangled(to) or self.tangled(at) or there != here[: len(there)]
        return None if apart or not self._leads(at, to) else there

    def looping(self, to: str, at: str) -> bool:
        """Whether the flow leads from `to` on to `at` only by going back."""
        return not self._leads(to, at)

    def _leads(self, to: str, at: str) -> bool:
        """Whether the flow leads from `to` on to `at`; what leads to a node is found once."""
        found = self._leading.get(at)
        if found is None:
            found = self._leading[at] = self.graph.reach(at, self.graph.behind)
        return bool(found & self.graph.bits[to])

    def _starts(self, at: str, rest: Stack) -> list[str]:
        """Where what runs side by side around `at` began, as far as order there matters."""
        found = [self.graph.sides[origin] for origin, _ in rest if origin in self.sides]
        return found + [start for start, nodes in self.tangles.items() if nodes & self.graph.bits[at]]

    def missing(self, key: str, around: Stack) -> list[tuple[str, str]]:
        """The ways, as (from, to), by which the other branches around `key` come to their joins."""
        graph, found = self.graph, []
        for split, branch in self.stack(key)[len(around) :]:
            join = self.joins.get(split, "")
            if not join or graph.elements[join].kind != "parallelGateway":
                continue  # an inclusive join waits only for what is still on its way
            own = self.branches[split][branch]
            found += [(source, join) for source in graph.before[join] if not own & graph.bits[source]]
        return found
