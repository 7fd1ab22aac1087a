"""Where a finished activity stands: the branch that went on from it, found from what waits now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Element
from engine.bpmn.stepping.build import Program
from engine.bpmn.stepping.moving.blocks import Blocks, Stack
from engine.bpmn.stepping.moving.places import Route, blocks_of, enterable, holders, locals_of, node_of
from engine.bpmn.stepping.nodes.multi import SequentialMulti, _Multi
from engine.bpmn.stepping.nodes.scopes import Body
from engine.bpmn.stepping.run import Run
from engine.bpmn.stepping.tokens import LIVE, Token
from engine.errors import Conflict


@dataclass(frozen=True)
class Finished:
    """An activity that was done: its element, the token it was done at, and what was local to it there.

    The token tells its round from later ones, `local` its instance from others side by side.
    """

    element: str
    token: int
    local: Mapping[str, Any]


def item_of(run: Run, done: Finished) -> Token | None:
    """The finished item, if it was one of a multi-instance that is still under way; else None.

    Of items in turn only the last can be opened again: Conflict for the others.
    """
    item = run.token(done.token)
    around = item.parent if item is not None and item._state == TaskState.COMPLETED else None
    if item is None or around is None or not around._state & LIVE or not isinstance(around.task_spec, _Multi):
        return None
    last = around.task_spec.last_done(around)
    if isinstance(around.task_spec, SequentialMulti) and item.data.get("loopCounter") != last:
        raise Conflict("bpmn.reopen_last_only", name=run.program.diagram.elements[done.element].label)
    return item


def route_to(run: Run, done: Finished) -> Route:
    """The move that opens a finished activity again. Conflict if there is none, it is open, or an item."""
    element = run.program.diagram.elements[done.element]
    if element.loop is not None:  # what came of all its items together stands already
        raise Conflict("bpmn.cannot_reopen_item", name=element.label)
    found = _route(run, element, done)
    if found is None:
        raise Conflict("bpmn.cannot_reopen", name=element.label)
    return found


def _route(run: Run, element: Element, done: Finished) -> Route | None:
    scope: Any = run
    path = _path(run.program, element)
    while len(path) > 1:
        own = run.program.diagram.elements[path[0]]
        found = holders(scope, own.id)
        if own.loop is not None:
            found = _instances(run, found, path[1:], done)
        if not found:
            break
        inner = run.subprocesses[found[0].id]
        unsure = found[0].task_spec.beside and done.token not in inner.tasks
        if len(found) > 1 or unsure or found[0].id > done.token:
            return None  # nobody knows which instance it was, or this one began later
        scope, path = inner, path[1:]
    way = [run.program.diagram.elements[key] for key in path]
    if not all(enterable(one) for one in way[:-1]) or _lost(run.program, way):
        return None
    return _in_scope(run, scope, path, done.token)


def _instances(run: Run, found: list[Token], within: tuple[str, ...], done: Finished) -> list[Token]:
    """Those of a multi-instance's sub-processes in which the activity may have been done.

    What was local to it counts the innermost instances only. Those around them are told by its token, as
    long as that is kept: better refused than another instance's work undone.
    """
    if any(run.program.diagram.elements[key].loop is not None for key in within):
        return [t for t in found if _holds(run, t, done.token)]
    return [t for t in found if t.data.get("loopCounter") == done.local.get("loopCounter")]


def _holds(run: Run, holder: Token, token: int) -> bool:
    inner = run.subprocesses.get(holder.id)
    return inner is not None and (
        token in inner.tasks or any(_holds(run, t, token) for t in inner.tasks.values())
    )


def _path(program: Program, element: Element) -> tuple[str, ...]:
    """The sub-processes around an activity, the outermost first, and itself."""
    path = [element.id]
    while element.scope in program.diagram.elements:
        element = program.diagram.elements[element.scope]
        path.append(element.id)
    return tuple(path[::-1])


def _lost(program: Program, inner: list[Element]) -> bool:
    """Whether a node on the way in has branches beside it that nobody can count on."""
    plans = [(blocks_of(program, one.scope), one.id) for one in inner]
    return plans[0][0].tangled(plans[0][1]) or any(b.tangled(k) or b.beside(k) for b, k in plans[1:])


def _in_scope(run: Run, scope: Any, path: tuple[str, ...], since: int) -> Route | None:
    """The move within the scope that still runs, from the innermost branch that does."""
    blocks, live = blocks_of(run.program, scope.spec.name), _live(scope)
    if any(isinstance(t.task_spec, Body) and not t.task_spec.beside for t in live):
        return None  # the flow it stood in was broken off
    stack, places = blocks.stack(path[0]), {node_of(t) for t in live} - {""}
    if path[0] in places:
        return None
    for size in range(len(stack), -1, -1):
        around = stack[:size]
        region = blocks.region(around, path[0])
        inside = {key for key in places if region & blocks.graph.bits[key]}
        if size and (
            _anew(scope, around, since) or not inside and not _running(blocks, scope, around, places)
        ):
            continue  # the block is over: the branch that went on is one further out
        if not all(_follows(blocks, path[0], key, region) for key in inside):
            return None
        return Route(scope, around, path, _locals(run, scope, [t for t in live if node_of(t) in inside]))
    return None


def _live(scope: Any) -> list[Token]:
    return [t for t in scope.tasks.values() if t._state & LIVE and not t.task_spec.listens]


def _anew(scope: Any, around: Stack, since: int) -> bool:
    """Whether one of the blocks has begun another round since."""
    origins = {origin for origin, _ in around}
    return any(t.id > since and node_of(t) in origins for t in scope.tasks.values())


def _running(blocks: Blocks, scope: Any, around: Stack, places: set[str]) -> bool:
    """Whether the branch has come to its end while others of its block are under way.

    Where a join waits for them, the branch's arrival shows it: others alone might be of another round.
    """
    origin, branch = around[-1]
    if origin in blocks.sides:
        return True  # a boundary event's own way ends by itself
    graph, join = blocks.graph, blocks.joins[origin]
    if not join:
        return any(nodes & graph.set_of(places) for nodes in blocks.branches[origin])
    came = [t for t in scope.tasks.values() if t.task_spec.name == join]
    arrived = came[0].task_spec.arrivals(came[0]) if came else []
    own = blocks.branches[origin][branch]
    return any(own & graph.bits[node] for t in arrived if (node := node_of(t.parent)))


def _follows(blocks: Blocks, key: str, place: str, region: int) -> bool:
    graph = blocks.graph
    return bool(graph.reach(key, graph.onward, region) & graph.bits[place])


def _locals(run: Run, scope: Any, inside: list[Token]) -> Mapping[str, Any]:
    if inside:
        return locals_of(inside[0])
    holder = run.token(scope.parent_task_id)
    return {} if holder is None or holder.task_spec.calls else dict(holder.data)


def region_of(program: Program, route: Route) -> frozenset[str]:
    """The ids of the elements in the region that a move empties, but for branches whose work stands."""
    blocks = blocks_of(program, route.workflow.spec.name)
    region, stack = route.region(program), blocks.stack(route.path[0])
    for split, branch in stack[len(route.around) :]:
        for other, nodes in enumerate(blocks.branches.get(split, ())):
            region &= ~nodes if other != branch else -1
    keys = [key for key in blocks.graph.nodes(region) if key != route.path[0]]
    found = [inner for key in keys for inner in _all(program, key)]
    return frozenset(found) | (_inner(program, route.path) if len(route.path) > 1 else frozenset())


def _inner(program: Program, path: tuple[str, ...]) -> frozenset[str]:
    """What comes with and after the activity in the sub-processes that are entered again."""
    found: set[str] = set()
    for scope, key in zip(path, path[1:], strict=False):
        blocks = blocks_of(program, scope)
        region = blocks.region((), key)
        for split, branch in blocks.stack(key):
            for other, nodes in enumerate(blocks.branches.get(split, ())):
                region &= ~nodes if other != branch else -1
        inside = (one for one in blocks.graph.nodes(region) if one != key)
        found.update(inner for one in inside for inner in _all(program, one))
    return frozenset(found)


def _all(program: Program, key: str) -> Iterator[str]:
    yield key
    if key in program.diagram.scopes:
        for element in program.diagram.within(key):
            yield from _all(program, element.id)
