"""Soundness: can a case get stuck, pile up tokens or circle for ever, and is every element reached?

Explores the reachable markings of the control flow of the process, of each sub-process and of each called
process by itself; for what is around them only matters how they can end. What is found is certain for the
control flow alone (conditions are not looked at). Beyond the bound nothing is claimed: `proven` is false,
which is a warning and no refusal.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.bpmn import calls
from engine.bpmn import messages as _messages  # noqa: F401  teaches the sentences
from engine.bpmn.model import Diagram, Element
from engine.bpmn.soundness.listeners import Listening, listening
from engine.bpmn.soundness.net import ENDED, JOINING, Marking, Net, Outcome, reach
from engine.bpmn.soundness.search import Search
from engine.errors import Problem

__all__ = ["BOUND", "Soundness", "explore"]

BOUND = 20_000  # markings; a few seconds where a diagram is that wild


@dataclass(frozen=True)
class Soundness:
    """`problems` were found for certain; `proven` says that there are no others."""

    problems: tuple[Problem, ...]
    proven: bool
    markings: int

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What to tell the analyst where nothing could be proven."""
        return () if self.proven else (Problem("soundness.unproven", facts={"count": self.markings}),)


def explore(diagram: Diagram, bound: int = BOUND) -> Soundness:
    """Explore the process with its sub-processes and all that it calls, at most `bound` markings together.

    A scope without a start event is passed over (lint refuses it) and leaves the whole unproven. A problem
    of a called process stands under that process's key.
    """
    problems: list[Problem] = []
    outcomes: dict[str, Outcome] = {}  # of each called process
    used, proven = 0, True
    for key, inner in [*calls.innermost_first(diagram).items(), ("", diagram)]:
        found, outcomes[key] = _explore(inner, bound - used, outcomes)
        used, proven = used + found.markings, proven and found.proven
        problems += (replace(p, where=f"{key}: {p.where}") if key else p for p in found.problems)
    return Soundness(tuple(problems), proven, used)


def _explore(diagram: Diagram, bound: int, called: Mapping[str, Outcome]) -> tuple[Soundness, Outcome]:
    """One process with its sub-processes; a call ends as the process called can end."""
    problems: list[Problem] = []
    bound_calls = (e for e in diagram.elements.values() if calls.called(diagram, e) is not None)
    outcomes = {e.id: called[e.called_element] for e in bound_calls}
    used, proven = 0, True
    for scope in _innermost_first(diagram):
        if diagram.start(scope) is None:
            outcomes[scope], proven = Outcome(certain=False), False
            continue
        net = Net(diagram, scope, outcomes)
        search = Search(net, bound - used)
        search.run()
        used += len(search.after)
        heard = listening(diagram, scope, outcomes)
        found = list(_verdict(net, search, heard))
        if search.complete and not (search.stuck or search.growing):
            crowded, more, complete = _crowded(net, bound - used)
            found += crowded
            used, search.complete = used + more, complete
        # What is reported inside a sub-process must not be reported again for all that follows it.
        certain = search.complete and net.understood
        normal = bool(found) or not certain or ENDED in search.after
        outcomes[scope] = heard.outcome(Outcome(normal, frozenset(net.thrown), certain))
        proven = proven and certain
        problems += found
    order = {key: number for number, key in enumerate(diagram.elements)}
    in_order = tuple(sorted(problems, key=lambda p: order[p.where]))
    return Soundness(in_order, proven, used), outcomes[diagram.process]


def _innermost_first(diagram: Diagram) -> list[str]:
    def depth(scope: str) -> int:
        parent = diagram.scopes[scope].parent
        return depth(parent) + 1 if parent else 0

    return sorted(diagram.scopes, key=depth, reverse=True)


def _verdict(net: Net, search: Search, heard: Listening) -> Iterator[Problem]:
    """Each element that is at fault once, with the gravest that can be said of it."""
    joins = _stuck(net, search)
    for join, missing in joins.items():
        element = net.diagram.elements[join]
        yield _about("soundness.stuck", element, missing="、".join(missing))
    for element in {net.node(place).id: net.node(place) for place in search.growing.values()}.values():
        yield _about("soundness.unbounded", element)
    if not (search.complete and net.understood):
        return
    if (trapped := search.trapped()) and not heard.rescues():
        yield _about("soundness.trapped", _entered(net, search, trapped))
    for element in _dead(net, set(joins)):
        code = "soundness.dead-end" if element.kind == "endEvent" else "soundness.dead"
        yield _about(code, element)
    for key in heard.starts.keys() - heard.begun(frozenset(net.thrown)):
        yield _about("soundness.dead", heard.starts[key])


def _about(code: str, element: Element, **facts: object) -> Problem:
    return Problem(code, element.id, {"name": element.label, "line": element.line, **facts})


def _stuck(net: Net, search: Search) -> dict[str, list[str]]:
    """The joins that can wait for ever: their ids, and the names of the elements nothing comes from."""
    found: dict[str, list[str]] = {}
    for marking in search.stuck:
        tokens = dict(marking)
        held = {net.node(place).id: net.node(place) for place in tokens}
        joins = [e for e in held.values() if e.kind == "parallelGateway"]
        for join in joins or [e for e in held.values() if e.kind in JOINING]:
            missing = [net.diagram.flows[way].source for way in join.incoming if way not in tokens]
            found.setdefault(join.id, [net.diagram.elements[key].label for key in missing])
    return found


def _entered(net: Net, search: Search, trapped: set[Marking]) -> Element:
    """Where a case walks into a circle it can't leave: what it reaches with the first such marking."""
    first = next(marking for marking in search.before if marking in trapped)
    return net.node(min((place for place, _ in first), key=lambda place: (*net.rank(place), str(place))))


def _crowded(net: Net, bound: int) -> tuple[list[Problem], int, bool]:
    """The joins that two tokens reach by one way, neither of them come from the other.

    In the engine each way into a join counts once, so that the second token would be lost. Also how many
    markings were seen, and whether those were all.
    """
    found, used, complete = [], 0, True
    for join in net.diagram.within(net.scope):
        if join.kind in JOINING and len(join.incoming) > 1:
            search = Search(Net(net.diagram, net.scope, net.outcomes, blocked=join.id), bound - used)
            search.run()
            used += len(search.after)
            complete = complete and search.complete
            ways = set(join.incoming)
            if any(count > 1 and place in ways for marking in search.before for place, count in marking):
                found.append(_about("soundness.crowded", join))
    return found, used, complete


def _dead(net: Net, stuck: set[str]) -> list[Element]:
    """The elements never reached for which nothing before them is to blame."""
    unreached = {e.id: e for e in net.diagram.within(net.scope) if e.id not in net.fired and _counts(e)}
    blamed: set[str] = set()
    for key in stuck:
        blamed |= reach(key, net.after)
    found = []
    edge = [key for key, e in unreached.items() if _is_edge(net, e)]
    for key in [*edge, *unreached]:
        if key not in blamed:
            blamed |= reach(key, net.after)
            found.append(unreached[key])
    return found


def _counts(element: Element) -> bool:
    """What isn't reached by a flow by its nature doesn't count as dead."""
    compensates = element.event is not None and element.event.kind == "compensate"
    return not (element.by_event or element.attributes.get("isForCompensation") == "true" or compensates)


def _is_edge(net: Net, element: Element) -> bool:
    """Whether a token could have come straight from an element that was reached, or from nowhere at all."""
    sources = {net.diagram.flows[way].source for way in element.incoming} | {element.attached_to} - {""}
    return not sources or not sources.isdisjoint(net.fired)
