"""The nodes a run walks through: SpiffWorkflow's specs, predicting one step ahead and no further.

The stock specs predict the whole future, which doubles at each parallel join. A join only asks
what has arrived and what is under way, so a token needs its next tokens and nothing beyond.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import (
    BoundaryEventJoin,
    BoundaryEventSplit,
    BpmnStartTask,
    SimpleBpmnTask,
    _EndJoin,
)
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.operators import Operator
from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Element
from engine.bpmn.stepping.expressions import Expressions, Value
from engine.bpmn.stepping.tokens import FINISHED, OPEN, Token

_NOTHING: tuple[tuple[str, Value], ...] = ()


class Node:
    """What all our specs share. `element` is the node of the diagram; None for internal specs."""

    element: Element | None = None
    recorded = True  # the body of a loop is not: its loop stands for the element
    listens = False  # for the start of an event sub-process; such a token keeps no scope open
    beside = False  # not part of the scope's own flow: no join asks about it
    status: str | None = None  # the case's status while this node is reached
    inputs_: tuple[tuple[str, Value], ...] = _NOTHING
    outputs_: tuple[tuple[str, Value], ...] = _NOTHING
    name: str

    def describe(self, element: Element, expressions: Expressions) -> None:
        """Take from the diagram what stepping needs, with the expressions parsed once."""
        self.element = element
        self.status = element.properties.get("status") or None
        self.inputs_ = expressions.assignments(element.inputs)
        self.outputs_ = expressions.assignments(element.outputs)

    def _predict(self, my_task: Token, *_: Any, **__: Any) -> None:
        """No look-ahead: `_update` prepares the next tokens on arrival."""

    def _update(self, my_task: Token) -> None:
        if not my_task._children:
            self._predict_hook(my_task)  # type: ignore[attr-defined]
        if self._update_hook(my_task):  # type: ignore[attr-defined]
            my_task._ready()

    def _on_ready(self, my_task: Token) -> None:
        self._on_ready_hook(my_task)

    def _on_ready_hook(self, my_task: Token) -> None:
        super()._on_ready_hook(my_task)  # type: ignore[misc]
        self._take_inputs(my_task)

    def _take_inputs(self, my_task: Token) -> None:
        """Evaluate the input parameters, which are local to this node."""
        if self.inputs_:
            run = my_task.workflow.top_workflow
            local = {name: value.at(run, my_task) for name, value in self.inputs_}
            my_task.data = {**my_task.data, **local}

    def _run(self, my_task: Token) -> Any:
        result = self._run_hook(my_task)  # type: ignore[attr-defined]
        self._leave(my_task, {})
        return result

    def _leave(self, my_task: Token, results: Mapping[str, Any]) -> None:
        """Evaluate the output parameters in order, then drop what was local to this node."""
        run = my_task.workflow.top_workflow
        for index, (name, value) in enumerate(self.outputs_):
            found = value.at(run, my_task, results)
            run.assign(my_task, {name: found})
            if isinstance(found, date):
                run.note_date(my_task, self.element.id, index, name, value, results)  # type: ignore[union-attr]
        if self.inputs_:
            own = {name for name, _ in self.inputs_}
            my_task.data = {k: v for k, v in my_task.data.items() if k not in own}

    def _on_complete(self, my_task: Token) -> None:
        workflow = my_task.workflow
        workflow.top_workflow.passed(my_task)
        self._on_complete_hook(my_task)  # type: ignore[attr-defined]
        for child in my_task.children:
            if not child._state & FINISHED:
                child.task_spec._update(child)
        workflow._task_completed_notify(my_task)


class Condition(Operator):  # type: ignore[misc]
    """A flow's condition: holds only if it evaluates to true. Null and anything else do not hold."""

    def __init__(self, value: Value) -> None:
        super().__init__(value)
        self.value = value

    def _matches(self, task: Token) -> bool:
        return self.value.at(task.workflow.top_workflow, task) is True


class StartTask(Node, BpmnStartTask):  # type: ignore[misc]
    pass


class End(Node, SimpleBpmnTask):  # type: ignore[misc]
    def _on_complete(self, my_task: Token) -> None:
        """The scope is over, and with it what it listened for."""
        for token in [t for t in my_task.workflow.tasks.values() if t.task_spec.listens]:
            token.cancel()
        super()._on_complete(my_task)


class EndJoin(Node, _EndJoin):  # type: ignore[misc]
    def _check_threshold_unstructured(self, my_task: Token) -> bool:
        """The end waits until nothing else in the process is open."""
        return not any(
            t._state & OPEN
            and t is not my_task
            and t.task_spec is not self
            and t.task_spec.name != "End"
            and not t.task_spec.listens
            for t in my_task.workflow.tasks.values()
        )


class Process(BpmnProcessSpec):  # type: ignore[misc]
    """A process or embedded sub-process whose own start and end are our nodes."""

    def __init__(self, name: str) -> None:
        WorkflowSpec.__init__(self, name=name)
        self.data_objects: dict[str, Any] = {}
        self.data_stores: dict[str, Any] = {}
        self.correlation_keys: dict[str, Any] = {}
        self.bpmn_start_events: list[Any] = []
        self.io_specification = None
        self.start = StartTask(self, "Start")
        self.end = EndJoin(self, f"{name}.EndJoin")
        self.end.connect(End(self, "End"))


class UserTask(Node, defaults.UserTask):  # type: ignore[misc]
    pass


class PassTask(Node, BpmnSpecMixin):  # type: ignore[misc]
    """A task without a body (task, manualTask): it is passed at once, as in Camunda."""


class ServiceTask(Node, BpmnSpecMixin):  # type: ignore[misc]
    """Calls the operation that its topic names, within the step."""

    def _run(self, my_task: Token) -> Any:
        run = my_task.workflow.top_workflow
        parameters = {name: my_task.data.get(name) for name, _ in self.inputs_}
        results = run.host.call(self.element.attributes.get("topic", ""), parameters, self.element)  # type: ignore[union-attr]
        self._leave(my_task, results)
        return True


class DecisionTask(Node, BpmnSpecMixin):  # type: ignore[misc]
    """Evaluates a decision and keeps its result as `camunda:mapDecisionResult` says."""

    def _run(self, my_task: Token) -> Any:
        run = my_task.workflow.top_workflow
        attributes = self.element.attributes  # type: ignore[union-attr]
        result = run.host.decide(attributes["decisionRef"], run.scope(my_task))
        name = attributes.get("resultVariable")
        if name:
            run.assign(my_task, {name: _mapped(result, attributes.get("mapDecisionResult", ""))})
        self._leave(my_task, {"decisionResult": result})
        return True


def _mapped(result: Any, how: str) -> Any:
    """Camunda's four mappings of a decision's result. A table's result is a value, a context or a list."""
    rows = result if isinstance(result, list) else [] if result is None else [result]
    if how == "singleEntry":
        first = rows[0] if rows else None
        return next(iter(first.values()), None) if isinstance(first, dict) else first
    if how == "singleResult":
        return rows[0] if rows else None
    if how == "collectEntries":
        return [next(iter(r.values()), None) if isinstance(r, dict) else r for r in rows]
    if how == "resultList":
        return rows
    return result


class ExclusiveGateway(Node, defaults.ExclusiveGateway):  # type: ignore[misc]
    def _predict_hook(self, my_task: Token) -> None:
        """Which way it goes is known only when it runs."""


class Split(Node, BoundaryEventSplit):  # type: ignore[misc]
    pass


class Join(Node, BoundaryEventJoin):  # type: ignore[misc]
    def _find_tasks(self, my_task: Token) -> list[Token]:
        """The joins of the same split: all others stop waiting once one goes on."""
        split = my_task.find_ancestor(self.split_task)
        return [
            t
            for t in my_task.workflow.tasks.values()
            if t.task_spec is self and t.find_ancestor(self.split_task) is split
        ]


class SubProcess(Node, defaults.SubWorkflowTask):  # type: ignore[misc]
    """An embedded sub-process; it sees the case's variables and what is local to its token."""

    calls = False  # whether its variables are its own

    def _update_hook(self, my_task: Token) -> Any:
        run = my_task.workflow.top_workflow
        inner = run.subprocesses.get(my_task.id)
        if inner is not None:
            if inner.completed and inner.last_task is not None and not self.calls:
                my_task.data = {**my_task.data, **inner.last_task.data}  # an item's results are read here
            return inner.completed and not self._interrupted(my_task)
        my_task._inherit_data()
        self._take_inputs(my_task)
        my_task._set_state(TaskState.STARTED)
        self.begin(my_task).task_tree.run()
        return False

    def _interrupted(self, my_task: Token) -> bool:
        """Whether a boundary event has fired that is about to cancel this: thrown by its last event, say."""
        activity = my_task if self.recorded else my_task.parent
        return isinstance(activity.parent.task_spec, Split) and any(
            isinstance(t.task_spec, defaults.BoundaryEvent)
            and t.task_spec.cancel_activity
            and t._state & (TaskState.READY | TaskState.COMPLETED)
            for t in activity.parent.children
        )

    def begin(self, my_task: Token) -> Any:
        """The sub-process as it begins: what is local to its token is seen inside."""
        inner = my_task.workflow.top_workflow.create_subprocess(my_task, self.spec)
        inner.task_tree.data = my_task.data
        return inner

    def _on_ready_hook(self, my_task: Token) -> None:
        """Ready means done here: the input parameters were taken when it began."""
        super(Node, self)._on_ready_hook(my_task)
