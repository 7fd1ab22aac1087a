"""The stock engine for comparison: stock classes and stock JSON, with the specs cached in memory.

Conditions are given answers by flow, which costs it nothing; what its tasks would have to do in
Python (operations, deadlines, notices) is left out, in its favour.
"""

from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn.read import read
from tests.bpmn.twins import normalise

# the way round: answered, called back, dissatisfied, dispatched again
ROUND = {"reached": "接通", "satisfaction": "不满意", "dissatisfactions": 1, "dissatisfied": {"hrss": 1},
         "answerer": "hrss", "dissatisfaction_reasons": ["结果"]}  # fmt: skip


class _Answers(PythonScriptEngine):
    def __init__(self, taken: set[str]) -> None:
        super().__init__()
        self.taken = taken

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        return expression in self.taken


class Never(TimerEventDefinition):
    """A stock timer that does not come due during the comparison."""

    def has_fired(self, my_task: Any) -> bool:
        return False

    def update_task(self, my_task: Any) -> None:
        pass


class Model:
    """The specs of one diagram, parsed once."""

    def __init__(self, path: Path) -> None:
        xml = path.read_bytes()
        diagram, root = read(xml), normalise(xml)
        parser = BpmnParser()
        parser.add_bpmn_xml(root)
        for key in {e.called_element for e in diagram.elements.values()} - {""}:
            called = (path.parent.parent / key / f"{key}.bpmn").read_bytes()
            parser.add_bpmn_xml(normalise(called))
        self.spec = parser.get_spec(diagram.process)
        self.subs = parser.get_subprocess_specs(diagram.process)
        conditions = {f.id: feel.expression_in(f.condition) for f in diagram.flows.values()}
        self.answers = _Answers(
            {flow for flow, text in conditions.items() if text and feel.parse(text).evaluate(ROUND) is True}
        )
        for scope in (self.spec, *self.subs.values()):
            for task in scope.task_specs.values():
                if isinstance(getattr(task, "event_definition", None), TimerEventDefinition):
                    task.event_definition.__class__ = Never
                if type(task).__name__ == "NoneTask":
                    task.manual = False  # plain tasks stand for operations: passed at once

    def start(self, values: dict[str, Any]) -> BpmnWorkflow:
        workflow = BpmnWorkflow(self.spec, self.subs, script_engine=self.answers)
        workflow.task_tree.set_data(**values)
        workflow.do_engine_steps()
        return workflow

    def serializer(self) -> BpmnWorkflowSerializer:
        """Stock's serializer, leaving the specs out and taking them from this model again."""
        model = self

        class Cached(BpmnWorkflowConverter):
            def to_dict(self, workflow: Any) -> dict[str, Any]:
                state = super(BpmnWorkflowConverter, self).to_dict(workflow)
                state["subprocesses"] = self.mapping_to_dict(workflow.subprocesses)
                state["bpmn_events"] = []
                return state

            def from_dict(self, dct: dict[str, Any]) -> Any:
                dct["spec"], dct["subprocess_specs"] = model.spec, {}
                restored = super().from_dict(dct)
                restored.script_engine = model.answers
                return restored

            def mapping_from_dict(self, mapping: Any, key_class: Any = None, **kwargs: Any) -> Any:
                if not mapping and key_class is None:
                    return model.subs
                return super().mapping_from_dict(mapping, key_class, **kwargs)

        config = {**DEFAULT_CONFIG, BpmnWorkflow: Cached}
        return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))


def finish(workflow: BpmnWorkflow, element: str, values: dict[str, Any]) -> None:
    """Complete the user task of that element with the values and run on."""
    ready = workflow.get_tasks(state=TaskState.READY, manual=True)
    task = next(t for t in ready if t.task_spec.bpmn_id == element)
    task.set_data(**values)
    task.run()
    workflow.do_engine_steps()
