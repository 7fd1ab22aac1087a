"""Carrying out a move: a branch is emptied, and begins again at another of its nodes.

What the branch led to is cancelled and forgotten, so that no join counts what no longer holds. The finished
work of the branches beside the new place is put where it would stand: at their joins, having arrived.
"""

from collections.abc import Callable
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.stepping.moving.places import Route, blocks_of, node_of
from engine.bpmn.stepping.nodes.joins import InclusiveGateway, ParallelGateway
from engine.bpmn.stepping.nodes.specs import EndJoin, Split
from engine.bpmn.stepping.run import Run
from engine.bpmn.stepping.tokens import FINISHED, OPEN, Token


def move(run: Run, route: Route) -> None:
    """Empty the branch and begin at the route's end. The step that follows runs on from there."""
    blocks = blocks_of(run.program, route.workflow.spec.name)
    graph, region = blocks.graph, route.region(run.program)
    _clear(route.workflow, {key for key in graph.bits if region & graph.bits[key]})
    spec = _entered(run, route.workflow, route.path)
    token = route.workflow.task_tree._add_child(spec, TaskState.FUTURE)
    token.triggered = True
    token.data = dict(route.locals)
    token.task_spec._update(token)
    _arrive(run, route.workflow, route.path[0], len(route.around), dict(route.locals))


def _entered(run: Run, workflow: Any, path: tuple[str, ...]) -> Any:
    """The spec that a flow into the first of `path` enters; a sub-process is told where to begin."""
    if len(path) > 1:
        run.entering[path[0]] = _leading(run, path[1:])
    specs = workflow.spec.task_specs
    return specs.get(f"{path[0]}.split") or specs[path[0]]


def _leading(run: Run, path: tuple[str, ...]) -> Callable[[Any], None]:
    """Lets a sub-process that begins go to `path` instead of its first node. Its listeners are kept."""

    def lead(inner: Any) -> None:
        root = inner.task_tree
        for child in root.children:
            if not child.task_spec.beside:
                root._children.remove(child.id)
                del inner.tasks[child.id]
        root._add_child(_entered(run, inner, path), TaskState.FUTURE)
        holder = run.token(inner.parent_task_id)
        assert holder is not None, "a sub-process begins at the token that holds it"
        _arrive(run, inner, path[0], 0, dict(holder.data))

    return lead


def _arrive(run: Run, workflow: Any, key: str, around: int, local: dict[str, Any]) -> None:
    """Let the other branches of the blocks around a node, below the first `around`, have arrived."""
    blocks, specs = blocks_of(run.program, workflow.spec.name), workflow.spec.task_specs
    for source, join in blocks.missing(key, blocks.stack(key)[:around]):
        came = workflow.task_tree._add_child(specs[source], TaskState.COMPLETED)
        came.triggered = True
        came.data = dict(local)
        waiting = came._add_child(specs[join], TaskState.FUTURE)
        waiting.task_spec._update(waiting)


def _clear(workflow: Any, region: set[str]) -> None:
    """Cancel what is open in the region and forget what has happened there."""
    tasks: dict[int, Token] = workflow.tasks
    for token in list(tasks.values()):
        if token.id in tasks and token._state & OPEN and _belongs(token, region):
            token.cancel()
    gone = {t.id for t in tasks.values() if t._state & FINISHED and _belongs(t, region)}
    kept = _kept(tasks, gone)
    for token_id in [i for i in gone if i not in kept]:
        del tasks[token_id]
    for token in tasks.values():
        if not all(child in tasks for child in token._children):
            token._children = [child for child in token._children if child in tasks]
    if workflow.last_task is not None and workflow.last_task.id not in tasks:
        workflow.last_task = None


def _belongs(token: Token, region: set[str]) -> bool:
    """Whether it stands in the region, or is the region's arrival at a join beyond it."""
    if node_of(token) in region:
        return True
    joins = isinstance(token.task_spec, ParallelGateway | InclusiveGateway | EndJoin)
    arrived = joins and token.parent is not None and node_of(token.parent) in region
    return arrived and token._state != TaskState.COMPLETED


def _kept(tasks: dict[int, Token], gone: set[int]) -> set[int]:
    """What must stay although it is over: what lies above what stays, and both sides of a kept split."""
    kept: set[int] = set()
    for token in tasks.values():
        if token.id in gone:
            continue
        above = token._parent
        while above is not None and above not in kept:
            kept.add(above)
            above = tasks[above]._parent
    for token_id in list(kept):
        if isinstance(tasks[token_id].task_spec, Split):
            kept.update(tasks[token_id]._children)
    return kept
