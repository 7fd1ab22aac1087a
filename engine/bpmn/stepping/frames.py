"""What a case and the sub-processes in it share: the scans over their tokens, and whose variables are seen.

A frame is whatever has variables of its own: the case, and each called process in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.stepping.tokens import OPEN, Token

if TYPE_CHECKING:
    from engine.bpmn.stepping.run import Run


@dataclass(frozen=True)
class Dated:
    """Where a variable's date came from: which output parameter of which element, and when (UTC).

    `seen` is what only that assignment could see, such as the task that was completed; `basis` the
    rule that gave the date, if one did.
    """

    element: str
    index: int
    since: datetime
    seen: Mapping[str, Any]
    basis: Any = None


class Flat:
    """The scans that a run and its sub-processes share. `tasks` keeps the order of creation."""

    tasks: dict[int, Token]
    completed: bool

    def get_tasks_iterator(self, first_task: Token | None = None, **wanted: Any) -> Iterator[Token]:
        state = wanted.get("state", TaskState.ANY_MASK)
        name = wanted.get("spec_name")
        for token in list(self.tasks.values()):
            wanted_here = token._state & state and (name is None or token.task_spec.name == name)
            below = first_task is None or token is first_task or token.is_descendant_of(first_task)
            if wanted_here and below:
                yield token

    def update_waiting_tasks(self) -> None:
        """Let joins look again. Events are told when they happen, so they need no polling."""
        waiting = [t for t in self.tasks.values() if t._state == TaskState.WAITING]
        for token in [t for t in waiting if not isinstance(t.task_spec, CatchingEvent)]:
            if token._state == TaskState.WAITING and token.id in self.tasks:
                token.task_spec._update(token)

    def ready(self) -> list[Token]:
        """The tokens the engine itself can move, depth first as the stock engine orders them."""
        found = [t for t in self.tasks.values() if t._state == TaskState.READY and not t.task_spec.manual]
        if len(found) > 1:
            found.sort(key=self._position)
        return found

    def _position(self, token: Token) -> list[int]:
        position: list[int] = []
        while token._parent is not None:
            parent = self.tasks[token._parent]
            position.append(parent._children.index(token.id))
            token = parent
        return position[::-1]

    def is_completed(self) -> bool:
        if not self.completed:
            self.completed = not any(t._state & OPEN for t in self.tasks.values())
        return self.completed

    def cancel(self, success: bool = False) -> list[Token]:
        self.success = success
        self.completed = True
        cancelled = [t for t in self.tasks.values() if t._state & OPEN]
        for token in cancelled:
            token.cancel()
        return cancelled

    def plant(self) -> None:
        """Put the root token and let it be ready, as the stock constructor would."""
        root = Token(self, self.spec.start, None, TaskState.FUTURE)  # type: ignore[attr-defined]
        self.task_tree = root
        root.task_spec._predict_hook(root)
        root._ready()


class SubRun(Flat, BpmnSubWorkflow):  # type: ignore[misc]
    """An embedded sub-process (or one item of a multi-instance of them), or a called process.

    A called process has variables of its own, given here; any other sub-process shares those around it.
    `call` is the token of the nearest call activity around, 0 where there is none.
    """

    def __init__(self, spec: Any, parent: Token, top: "Run", variables: dict[str, Any] | None = None) -> None:
        super().__init__(spec, parent.id, top, deserializing=True)
        self.around = parent.workflow
        self.own = variables
        self.own_dated: dict[str, Dated] = {}
        self.call: int = self.around.call if variables is None else parent.id

    @property
    def variables(self) -> dict[str, Any]:
        """The variables that are seen here: the called process's own, else those around."""
        return self.around.variables if self.own is None else self.own

    def take(self, variables: dict[str, Any]) -> None:
        """Have other variables from now on; only for one that has its own."""
        self.own = variables

    @property
    def dated(self) -> dict[str, Dated]:
        """Where the dates among these variables came from."""
        return self.around.dated if self.own is None else self.own_dated

    def _calculate_depth(self) -> int:
        return int(self.parent_workflow.depth) + 1
