"""Walks through the reachable markings of one scope, moving one token at a time.

Only the token with the least still ahead of it moves, in all the ways it can: tokens that share no place
don't disturb each other, so every dead end and every element is found as if all orders had been tried.
Where a token circles without a way out, the others move too, lest it hide them.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.bpmn.soundness.net import ENDED, THROWN, Marking, Net, Place


@dataclass
class Search:
    """What was found: the markings `after` each marking, those that are `stuck`, places that `grow`."""

    net: Net
    bound: int
    after: dict[Marking, list[Marking]] = field(default_factory=dict)
    before: dict[Marking, Marking | None] = field(default_factory=dict)
    stuck: list[Marking] = field(default_factory=list)
    growing: dict[Marking, Place] = field(default_factory=dict)
    complete: bool = True

    def run(self) -> None:
        """Explore until nothing is new, or `bound` markings have been seen."""
        first = self.net.initial()
        self.before[first] = None
        self._explore(deque([first]))
        full: set[Marking] = set()
        while self.complete and (fresh := self.trapped() - full):
            full |= fresh
            self._explore(deque(self._widen(fresh)))

    def trapped(self) -> set[Marking]:
        """The markings from which nothing leads to an end, to a dead end or to growth."""
        before: dict[Marking, list[Marking]] = {}
        for marking, following in self.after.items():
            for one in following:
                before.setdefault(one, []).append(marking)
        left = [m for m in self.after if m in (ENDED, THROWN) or m in self.growing]
        left += self.stuck
        seen = set(left)
        while left:
            for one in before.get(left.pop(), ()):
                if one not in seen:
                    seen.add(one)
                    left.append(one)
        return self.after.keys() - seen

    def _explore(self, left: deque[Marking]) -> None:
        while left:
            if len(self.after) >= self.bound:
                self.complete = False
                return
            marking = left.popleft()
            if marking in self.after:
                continue
            self.after[marking] = self._moves(marking)
            left.extend(self._fresh(marking, self.after[marking]))

    def _moves(self, marking: Marking) -> list[Marking]:
        """What the first token that can move leads to, and each inclusive join: when that fires, matters."""
        if marking in (ENDED, THROWN) or marking in self.growing:
            return []
        found: list[Marking] = []
        for place in self._places(marking):
            if not found or self.net.looks(place):
                found += self.net.moves(marking, place)
        if not found:
            self.stuck.append(marking)
        return found

    def _widen(self, markings: set[Marking]) -> Iterator[Marking]:
        """Let every token move in these markings; what is new is explored further."""
        for marking in markings:
            found = [one for place in self._places(marking) for one in self.net.moves(marking, place)]
            self.after[marking] = found
            yield from self._fresh(marking, found)

    def _places(self, marking: Marking) -> list[Place]:
        return sorted((place for place, _ in marking), key=lambda p: (*self.net.rank(p), str(p)))

    def _fresh(self, marking: Marking, found: list[Marking]) -> Iterator[Marking]:
        for one in found:
            if one not in self.before:
                self.before[one] = marking
                grown = self._grown(one)
                if grown is not None:
                    self.growing[one] = grown
                yield one

    def _grown(self, marking: Marking) -> Place | None:
        """A place that has more tokens than in a marking on the way here that was otherwise no larger."""
        tokens = dict(marking)
        if marking == THROWN or max(tokens.values(), default=0) < 2:
            return None
        earlier = self.before[marking]
        while earlier is not None:
            if all(tokens.get(place, 0) >= count for place, count in earlier):
                was = dict(earlier)
                return next(place for place, count in tokens.items() if count > was.get(place, 0))
            earlier = self.before[earlier]
        return None
