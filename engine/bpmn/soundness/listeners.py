"""What the event sub-processes of a scope add to how it can end: some end it, some catch what it throws."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpmn.model import Diagram, Element
from engine.bpmn.soundness.net import Outcome, Thrown

CODED = frozenset({"error", "escalation"})


@dataclass(frozen=True)
class Listening:
    """The event sub-processes of a scope: their starts by id, and how each can end."""

    starts: Mapping[str, Element]
    outcomes: Mapping[str, Outcome]

    def rescues(self) -> bool:
        """Whether one may come at any time and bring the scope to its end."""
        return any(
            start.interrupting and not _coded(start) and self._outcome(key).normal
            for key, start in self.starts.items()
        )

    def begun(self, thrown: frozenset[Thrown]) -> frozenset[str]:
        """Those that can begin in a scope whose own flow throws `thrown`."""
        found: set[str] = set()
        while True:
            more = {
                key
                for key, start in self.starts.items()
                if not _coded(start) or any(_fits(start, one) for one in self._heard(key, thrown, found))
            }
            if more == found:
                return frozenset(found)
            found = more

    def _heard(self, key: str, thrown: frozenset[Thrown], begun: set[str]) -> set[Thrown]:
        """What comes by the listener of `key`: from the flow, and from bodies that stand beside it."""
        beside = (k for k in begun if k != key and not self.starts[k].interrupting)
        return set(thrown).union(*(self._outcome(k).thrown for k in beside))

    def outcome(self, own: Outcome) -> Outcome:
        """How the scope can end, its own flow and its listeners together."""
        begun = self.begun(own.thrown)
        left = {one for one in own.thrown if not self._caught(one, "")}
        for key in begun:
            passed = not self.starts[key].interrupting
            left |= {one for one in self._outcome(key).thrown if not (passed and self._caught(one, key))}
        ends = any(self.starts[key].interrupting and self._outcome(key).normal for key in begun)
        return Outcome(own.normal or ends, frozenset(left), own.certain)

    def _caught(self, thrown: Thrown, but: str) -> bool:
        return any(_fits(start, thrown) for key, start in self.starts.items() if key != but)

    def _outcome(self, key: str) -> Outcome:
        return self.outcomes.get(key, Outcome())


def listening(diagram: Diagram, scope: str, outcomes: Mapping[str, Outcome]) -> Listening:
    """The event sub-processes that stand directly in `scope`."""
    found = {e.id: diagram.start(e.id) for e in diagram.event_sub_processes(scope)}
    return Listening({key: start for key, start in found.items() if start is not None}, outcomes)


def _coded(start: Element) -> bool:
    return start.event is not None and start.event.kind in CODED


def _fits(start: Element, thrown: Thrown) -> bool:
    event = start.event
    return event is not None and event.kind == thrown[0] and event.code in ("", thrown[1])
