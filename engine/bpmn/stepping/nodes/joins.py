"""Parallel and inclusive gateways: what has arrived since the gateway last went on, and what may still come.

The stock gateways look at the whole past, so that inside a loop an arrival of the last round counts
again, and they drop what an earlier token led to when another one passes. They also rely on a
prediction of the future that we do not make.
"""

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.stepping.nodes.specs import Node
from engine.bpmn.stepping.tokens import FINISHED, LIVE, Token


class _Joining(Node):
    """Each way in counts once a round; a round ends when the gateway goes on."""

    def arrivals(self, my_task: Token) -> list[Token]:
        """The gateway's tokens whose way in has been walked since it last went on."""
        own = [t for t in my_task.workflow.tasks.values() if t.task_spec is self]
        ended = max((t.last_state_change for t in own if t._state == TaskState.COMPLETED), default=0)
        return [
            t
            for t in own
            if (t.last_state_change > ended or not t._state & FINISHED)
            and t.parent._state == TaskState.COMPLETED
        ]

    def _take_locals(self, my_task: Token) -> None:
        """What is local to the branches comes together; of two values for a name the later one holds."""
        for token in sorted(self.arrivals(my_task), key=lambda t: t.last_state_change):
            my_task.data = {**my_task.data, **token.parent.data}


class ParallelGateway(_Joining, defaults.ParallelGateway):  # type: ignore[misc]
    """Waits for each way in, and goes on by each way out."""

    def _check_threshold_unstructured(self, my_task: Token) -> bool:
        arrived = {t.parent.task_spec.name for t in self.arrivals(my_task)}
        return arrived.issuperset(self._inputs)

    def _run_hook(self, my_task: Token) -> bool:
        self._take_locals(my_task)
        return True


class InclusiveGateway(_Joining, defaults.InclusiveGateway):  # type: ignore[misc]
    """Waits for each way in that a token may still come by, and goes on by each way out that holds.

    A token that could come to an empty way in as well as to one that has arrived is not waited for
    (BPMN 2.0, 13.3.3).
    """

    def _predict_hook(self, my_task: Token) -> None:
        """Which ways it takes is known only when it runs."""

    def _check_threshold_unstructured(self, my_task: Token) -> bool:
        arrived = {t.parent.task_spec.name for t in self.arrivals(my_task)}
        empty = set(self._inputs) - arrived
        if not empty:
            return True
        live = {
            t.task_spec
            for t in my_task.workflow.tasks.values()
            if t._state & LIVE and t.task_spec is not self
        }
        ahead = [self._ahead(spec) for spec in live]
        return not any(empty & names and not arrived & names for names in ahead)

    def _ahead(self, spec: Node) -> set[str]:
        """Where a token at `spec` may come without passing this gateway."""
        found, stack = {spec.name}, [spec]
        while stack:
            for after in stack.pop().outputs:  # type: ignore[attr-defined]
                if after is not self and after.name not in found:
                    found.add(after.name)
                    stack.append(after)
        return found

    def _run_hook(self, my_task: Token) -> bool:
        self._take_locals(my_task)
        matches, defaults_ = self._get_matching_outputs(my_task)
        if not matches and not defaults_:
            raise WorkflowException(f"No conditions satisfied for {self.name}", task_spec=self)
        my_task._sync_children(matches or defaults_, TaskState.FUTURE)
        return True
