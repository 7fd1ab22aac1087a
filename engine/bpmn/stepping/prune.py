"""Forget finished tokens that nothing can ask about again, so that a loop costs the same each round.

A scope is pruned above the lowest common ancestor of its open tokens, and only while one thread of
control is alive in it (one live token, or one with its boundary events): an unstructured join asks
who came before it, and with several live tokens the answer may lie anywhere above. What stands beside
the flow, an event sub-process's listener and its bodies, counts as no thread of it.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit

from engine.bpmn.stepping.nodes.specs import EndJoin
from engine.bpmn.stepping.run import Run
from engine.bpmn.stepping.tokens import FINISHED, LIVE, OPEN, Token


def prune(run: Run) -> None:
    """Prune the run and its sub-processes; drop sub-processes whose holder is done or forgotten."""
    for inner in run.subprocesses.values():
        if not inner.completed:
            _prune_scope(inner)
    _prune_scope(run)
    while True:
        done = [k for k in run.subprocesses if (h := run.token(k)) is None or h._state & FINISHED]
        if not done:
            return
        for key in done:
            del run.subprocesses[key]


def _prune_scope(workflow: Any) -> None:
    tasks: dict[int, Token] = workflow.tasks
    aside = _aside(workflow)
    at_end = [t for t in tasks.values() if t._state & LIVE and isinstance(t.task_spec, EndJoin)]
    beyond = {i for t in at_end for i in _below(t, tasks)}
    open_ = [t for t in tasks.values() if t._state & OPEN and t.id not in beyond and t.id not in aside]
    nothing = len(open_) + len(beyond) + len(aside) + 2 >= len(tasks) or not (open_ or aside)
    if nothing or not _one_thread(open_):
        return
    root = workflow.task_tree
    keep = [_common_ancestor(open_, tasks)] if open_ else []
    if root in keep:
        return
    kept = {root.id} | beyond | aside | {i for t in keep for i in _below(t, tasks)}
    gone = [i for i in tasks if i not in kept]
    if not gone:
        return
    for token_id in gone:
        del tasks[token_id]
    for token in at_end:  # a finished branch waits at the end for the others; where it came from is nothing
        if token._parent in tasks:
            tasks[token._parent]._children.remove(token.id)
    for token in (*keep, *at_end):
        token._parent = root.id
    root._children = [*(t.id for t in keep), *(t.id for t in at_end), *sorted(aside)]
    root.data = {}
    if workflow.last_task is not None and workflow.last_task.id not in tasks:
        workflow.last_task = None


def _aside(workflow: Any) -> set[int]:
    """What stands beside the scope's flow, below its root: listeners and what they have started.

    No join asks about these, so that they neither hold the flow's past nor are held by it; what is
    finished of them is forgotten here.
    """
    root, tasks, open_ = workflow.task_tree, workflow.tasks, set()
    for key in [i for i in root._children if tasks[i].task_spec.beside]:
        if not tasks[key]._state & FINISHED:
            open_.add(key)
        else:
            root._children.remove(key)
            del tasks[key]
    if workflow.last_task is not None and workflow.last_task.id not in tasks:
        workflow.last_task = None
    return open_


def _one_thread(open_: list[Token]) -> bool:
    """At most one live token, or the children of one split: an activity with its boundary events."""
    live = [t for t in open_ if t._state & LIVE and not isinstance(t.task_spec, BoundaryEventJoin)]
    if len(live) <= 1:
        return True
    parents = {t._parent for t in live}
    return (
        len(parents) == 1
        and live[0].parent is not None
        and isinstance(live[0].parent.task_spec, BoundaryEventSplit)
    )


def _common_ancestor(open_: list[Token], tasks: dict[int, Token]) -> Token:
    common = _line(open_[0], tasks)
    for token in open_[1:]:
        line = set(_line(token, tasks))
        while common[-1] not in line:
            common.pop()
    return tasks[common[-1]]


def _line(token: Token, tasks: dict[int, Token]) -> list[int]:
    """The ids from the root down to `token`."""
    line = [token.id]
    while token._parent is not None:
        line.append(token._parent)
        token = tasks[token._parent]
    return line[::-1]


def _below(token: Token, tasks: dict[int, Token]) -> set[int]:
    found, stack = set(), [token.id]
    while stack:
        current = stack.pop()
        found.add(current)
        stack.extend(tasks[current]._children)
    return found
