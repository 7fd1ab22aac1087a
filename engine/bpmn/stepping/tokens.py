"""Tokens: SpiffWorkflow's tasks with small integer ids, no logging and no copies of the data.

A token's `data` holds only what is local to it (multi-instance items, input parameters);
the case's variables live once, on the run.
"""

from typing import Any

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import Invalid

LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED
OPEN = TaskState.NOT_FINISHED_MASK
FINISHED = TaskState.FINISHED_MASK


class Token(Task):  # type: ignore[misc]
    """One place of control in a run. Its id is unique within the case, sub-processes included."""

    def __init__(
        self, workflow: Any, task_spec: TaskSpec, parent: "Token | None" = None, state: int = TaskState.MAYBE
    ) -> None:
        top = workflow.top_workflow
        top.issued += 1
        if top.issued > top.most:
            raise Invalid("bpmn.restless")
        self.id = top.issued
        self.workflow = workflow
        self.task_spec = task_spec
        self.triggered = False
        self.thread_id = 0
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.last_state_change = top.issued
        self._children: list[int] = []
        self._parent = parent.id if parent is not None else None
        self._state = state
        workflow.tasks[self.id] = self
        if parent is not None:
            parent._children.append(self.id)

    def _add_child(self, task_spec: TaskSpec, state: int = TaskState.MAYBE) -> "Token":
        child = Token(self.workflow, task_spec, self, state)
        if state == TaskState.READY:
            child._ready()
        return child

    def _set_state(self, value: int) -> None:
        """Set the state, and tell the run when a node is entered. Ticks order changes as a clock would."""
        if value == self._state:
            return
        top = self.workflow.top_workflow
        top.issued += 1
        self.last_state_change = top.issued
        self._state = value
        if value & LIVE and self.task_spec.status is not None:
            top.entered(self)

    def cancel(self) -> None:
        """Cancel what is open here and below, each with what it holds.

        The stock task drops its open children unseen, so that what waits within them would linger.
        """
        if not self._state & FINISHED:
            self._set_state(TaskState.CANCELLED)
            for child in self.children:
                if child._state & (LIVE | FINISHED):
                    child.cancel()
            self._drop_children()
            self.task_spec._on_cancel(self)
        else:
            for child in self.children:
                child.cancel()

    def _inherit_data(self) -> None:
        """Take over what is local to the parent; what this token has already wins."""
        inherited = self.workflow.tasks[self._parent].data if self._parent is not None else None
        if inherited:
            self.data = {**inherited, **self.data}

    def is_descendant_of(self, task: Task) -> bool:
        above = self.parent
        while above is not None:
            if above is task:
                return True
            above = above.parent
        return False

    def find_ancestor(self, spec_name: str) -> Task | None:
        above = self.parent
        while above is not None and above.task_spec.name != spec_name:
            above = above.parent
        return above
