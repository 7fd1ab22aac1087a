"""Call activities: another process runs below the token, on variables of its own.

It begins with what `camunda:in` passes and nothing else; what `camunda:out` returns is read when it has
ended. What it writes meanwhile stays with this one call, so that calls side by side don't meet.
"""

from typing import Any

from engine import feel
from engine.bpmn.model import Assignment, Element
from engine.bpmn.stepping.expressions import Expressions, Value
from engine.bpmn.stepping.nodes.specs import SubProcess
from engine.bpmn.stepping.tokens import Token

_Mapping = tuple[tuple[str, Value | None], ...]  # no value: everything


class Call(SubProcess):
    """A call activity. Its process was bound when the definition was deployed."""

    calls = True
    passed_: _Mapping = ()
    returned_: _Mapping = ()

    def describe(self, element: Element, expressions: Expressions) -> None:
        """Take the mappings, beside what every node has."""
        super().describe(element, expressions)
        self.passed_ = _mapping(element.passed, expressions)
        self.returned_ = _mapping(element.returned, expressions)

    def begin(self, my_task: Token) -> Any:
        """The called process, with what is passed to it. Values are its own: nothing is shared."""
        run = my_task.workflow.top_workflow
        given: dict[str, Any] = {}
        for name, value in self.passed_:
            given.update(_seen(my_task) if value is None else {name: value.at(run, my_task)})
        given = feel.normalise(given)
        inner = run.create_subprocess(my_task, self.spec, given)
        run.changed(my_task.id).update(given)
        return inner

    def _run(self, my_task: Token) -> Any:
        run = my_task.workflow.top_workflow
        inner = run.subprocesses[my_task.id]
        for name, value in self.returned_:
            found = dict(inner.variables) if value is None else {name: value.at(run, inner.task_tree)}
            run.assign(my_task, found)
        return super()._run(my_task)


def _mapping(given: tuple[Assignment, ...], expressions: Expressions) -> _Mapping:
    return tuple((a.name, None if a.name == "*" else expressions.value(a.expression)) for a in given)


def _seen(my_task: Token) -> dict[str, Any]:
    """Every variable that is seen at the call, those of its own item included."""
    seen = {**my_task.workflow.variables, **my_task.data}
    seen.pop("loopCounter", None)
    return seen
