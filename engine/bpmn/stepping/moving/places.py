"""Where work can go back to: the levels around a task, and the activities before it on each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn.model import CONTAINERS, Diagram, Element
from engine.bpmn.stepping.build import Program
from engine.bpmn.stepping.moving.blocks import Blocks, Stack
from engine.bpmn.stepping.moving.graph import Graph
from engine.bpmn.stepping.nodes.scopes import Body
from engine.bpmn.stepping.nodes.specs import Join, Split, SubProcess
from engine.bpmn.stepping.run import Run
from engine.bpmn.stepping.tokens import LIVE, Token


@dataclass(frozen=True)
class Plans:
    """A diagram with the blocks of its scopes, each worked out when it is first asked for."""

    diagram: Diagram
    known: dict[str, Blocks]

    def of(self, scope: str) -> Blocks:
        found = self.known.get(scope)
        if found is None:
            found = self.known[scope] = Blocks(Graph(self.diagram, scope))
        return found


@dataclass(frozen=True)
class Destination:
    """Where a task may move: `level` scopes further out, which branch there is emptied, and the way in.

    `path` are the sub-processes to enter, the outermost first, and the activity at last.
    """

    level: int
    around: Stack
    path: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """A move in a run: as a Destination says it, in the scope `workflow`; `locals` are the flow's there."""

    workflow: Any
    around: Stack
    path: tuple[str, ...]
    locals: Mapping[str, Any]

    def region(self, program: Program) -> int:
        return blocks_of(program, self.workflow.spec.name).region(self.around, self.path[0])


def plans_of(program: Program) -> Plans:
    """The plans of a program, which keeps what they find."""
    return Plans(program.diagram, program.plans)


def blocks_of(program: Program, scope: str) -> Blocks:
    """The blocks of one of a program's scopes."""
    return plans_of(program).of(scope)


def node_of(token: Token) -> str:
    """The node of the graph that a token stands at; empty for what belongs to the scope itself."""
    spec = token.task_spec
    if isinstance(spec, Split | Join):
        return str(spec.name.rpartition(".")[0])
    if spec.element is None or spec.listens or isinstance(spec, Body):
        return ""
    return str(spec.element.id)


def routes(run: Run, token: Token, onward: bool = False) -> dict[str, Route]:
    """Every move from the task at `token`, by the element it leads to, in the order of the flow."""
    levels = [token]
    while (above := run.token(levels[-1].workflow.parent_task_id)) is not None:
        levels.append(above)
    found = destinations(plans_of(run.program), token.task_spec.element, onward)
    return {
        key: Route(levels[to.level].workflow, to.around, to.path, locals_of(levels[to.level]))
        for key, to in found.items()
    }


def destinations(plans: Plans, task: Element, onward: bool = False) -> dict[str, Destination]:
    """Where work at a task can go back to, by the element; `onward`: where it can be led ahead instead.

    Not out of a call or an event sub-process: what they know and where they began is theirs.
    """
    found: dict[str, Destination] = {}
    level, at = 0, task
    while True:
        blocks, here = plans.of(at.scope), {}
        for element in blocks.graph.work():
            around = blocks.beyond(element.id, at.id) if onward else blocks.between(element.id, at.id)
            if around is not None:
                unsure = onward or blocks.looping(element.id, at.id)
                paths = entrances(plans, element, unsure)
                here.update({path[-1]: Destination(level, around, path) for path in paths})
        found = {**{key: way for key, way in here.items() if key not in found}, **found}
        holder = plans.diagram.elements.get(at.scope)
        if holder is None or holder.by_event or holder.kind == "callActivity":
            return found
        level, at = level + 1, holder


def entrances(plans: Plans, element: Element, unsure: bool) -> Iterator[tuple[str, ...]]:
    """The ways to the user tasks at and in an activity; to it as a whole where its inside can't be entered.

    `unsure`: a way that would take other branches' work for done is left out, since it may not be.
    """
    if element.kind == "userTask":
        yield (element.id,)
    elif enterable(element):
        blocks = plans.of(element.id)
        for inner in blocks.graph.work():
            parted = unsure and blocks.stack(inner.id)
            if not parted and not blocks.tangled(inner.id) and not blocks.beside(inner.id):
                yield from ((element.id, *path) for path in entrances(plans, inner, unsure))
    elif _asks(plans.diagram, element):
        yield (element.id,)


def enterable(element: Element) -> bool:
    """Whether one node in it can be begun without the others: no instances, no variables of its own."""
    return element.kind in CONTAINERS and element.loop is None and not element.by_event


def _asks(diagram: Diagram, element: Element) -> bool:
    """Whether a person does something in it."""
    inside = diagram.within(element.id) if element.id in diagram.scopes else ()
    return any(inner.kind == "userTask" or _asks(diagram, inner) for inner in inside)


def locals_of(token: Token) -> dict[str, Any]:
    """What is local to the flow at an activity: without its own inputs, and without its items'."""
    above = token.parent
    if (
        above is not None
        and above.task_spec.element is token.task_spec.element
        and not token.task_spec.recorded
    ):
        token = above  # the loop around it
    own = {name for name, _ in token.task_spec.inputs_}
    return {name: value for name, value in token.data.items() if name not in own}


def holders(workflow: Any, element: str) -> list[Token]:
    """The tokens that hold a sub-process of that id under way; each instance has its own."""
    return [
        t
        for t in workflow.tasks.values()
        if t._state & LIVE and isinstance(t.task_spec, SubProcess) and _is_at(t, element)
    ]


def _is_at(token: Token, element: str) -> bool:
    return token.task_spec.element is not None and bool(token.task_spec.element.id == element)
