"""Multi-instance and loops: one token an item, what belongs to an item local to its token.

Collections and conditions are FEEL. Results are gathered in order into one variable of the case.
"""

from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Loop
from engine.bpmn.stepping.expressions import Expressions, Value
from engine.bpmn.stepping.nodes.specs import Node
from engine.bpmn.stepping.tokens import FINISHED, Token
from engine.errors import Invalid


class _Multi(Node):
    """What parallel and sequential instances share; the counting is Camunda's (nrOf…, loopCounter)."""

    loop: Loop
    task_spec: str

    def prepare(self, loop: Loop, expressions: Expressions) -> None:
        self.loop = loop
        self.cardinality_ = expressions.condition(loop.cardinality) if loop.cardinality else None
        self.collection_ = expressions.condition(loop.collection) if loop.collection else None
        self.condition_ = (
            expressions.condition(loop.completion_condition) if loop.completion_condition else None
        )
        self.output_ = expressions.condition(loop.output_element) if loop.output_element else None

    def begin(self, my_task: Token) -> list[Any]:
        """The items, one for each instance. Results are gathered anew: no round shows those of another."""
        items = self._items(my_task)
        if self.loop.output_collection:
            my_task.workflow.top_workflow.assign(my_task, {self.loop.output_collection: []})
        return items

    def _items(self, my_task: Token) -> list[Any]:
        run = my_task.workflow.top_workflow
        if self.collection_ is not None:
            found = self.collection_.at(run, my_task)
            if not isinstance(found, list):
                raise Invalid("bpmn.not_a_list", name=self.element.label if self.element else self.name)
            return found
        return list(range(self._whole(self.cardinality_, my_task)))

    def _whole(self, value: Value | None, my_task: Token) -> int:
        number = value.at(my_task.workflow.top_workflow, my_task) if value is not None else None
        if isinstance(number, bool | None) or not isinstance(number, int | Decimal):
            number = -1
        if not 0 <= number <= 10_000 or number != int(number):
            raise Invalid("bpmn.not_a_count", name=self.element.label if self.element else self.name)
        return int(number)

    def open_item(self, my_task: Token, index: int, item: Any) -> None:
        child = my_task._add_child(my_task.workflow.spec.task_specs[self.task_spec], TaskState.WAITING)
        child.triggered = True
        local = {self.loop.element_variable: item} if self.loop.element_variable else {}
        child.data = {**my_task.data, **local, "loopCounter": index}
        child.task_spec._update(child)

    def children_of(self, my_task: Token) -> list[Token]:
        return [c for c in my_task.children if c.task_spec.name == self.task_spec]

    def gather(self, my_task: Token, child: Token) -> None:
        """Take an item's result, and note that it is done."""
        done = my_task.internal_data.setdefault("done", [])
        done.append(child.data.get("loopCounter"))
        if self.loop.output_collection and self.output_ is not None:
            run = my_task.workflow.top_workflow
            value = self.output_.at(run, child)
            gathered = run.scope(my_task)[self.loop.output_collection]
            run.assign(my_task, {self.loop.output_collection: [*gathered, value]})

    def last_done(self, my_task: Token) -> int | None:
        """The number of the item whose result came last; None if none has come."""
        done = my_task.internal_data.get("done")
        return done[-1] if done else None

    def reopen(self, my_task: Token, child: Token) -> None:
        """Open a finished item again, with what was entered there: its result counts no more."""
        number = child.data["loopCounter"]
        self.forget(my_task, my_task.internal_data["done"].index(number))
        my_task._children.remove(child.id)
        del my_task.workflow.tasks[child.id]
        new = my_task._add_child(child.task_spec, TaskState.WAITING)
        new.triggered = True
        new.data = dict(child.data)
        new.task_spec._update(new)

    def forget(self, my_task: Token, place: int) -> None:
        """Take back the result that came at this place of the order."""
        kept = my_task.internal_data
        kept["done"] = [*kept["done"][:place], *kept["done"][place + 1 :]]
        if self.loop.output_collection and self.output_ is not None:
            run, name = my_task.workflow.top_workflow, self.loop.output_collection
            gathered = run.scope(my_task)[name]
            run.assign(my_task, {name: [*gathered[:place], *gathered[place + 1 :]]})

    def satisfied(self, my_task: Token, child: Token, total: int) -> bool:
        if self.condition_ is None:
            return False
        done = len(my_task.internal_data["done"])
        counts = {
            "nrOfInstances": total,
            "nrOfCompletedInstances": done,
            "nrOfActiveInstances": sum(not c._state & FINISHED for c in self.children_of(my_task)),
        }
        return self.condition_.at(my_task.workflow.top_workflow, child, counts) is True


class ParallelMulti(_Multi, defaults.ParallelMultiInstanceTask):  # type: ignore[misc]
    def _update_hook(self, my_task: Token) -> bool:
        my_task._inherit_data()
        items = self.begin(my_task)
        my_task.internal_data["total"] = len(items)
        if not items:
            return True
        my_task._set_state(TaskState.STARTED)
        for index, item in enumerate(items):
            self.open_item(my_task, index, item)
        return False

    def merge_child(self, workflow: Any, child: Token) -> None:
        my_task = child.parent
        total = my_task.internal_data["total"]
        self.gather(my_task, child)
        if self.satisfied(my_task, child, total):
            for other in self.children_of(my_task):
                if not other._state & FINISHED:
                    other.cancel()
            my_task._set_state(TaskState.READY)
        elif len(my_task.internal_data["done"]) == total:
            my_task._set_state(TaskState.READY)


class SequentialMulti(_Multi, defaults.SequentialMultiInstanceTask):  # type: ignore[misc]
    def _update_hook(self, my_task: Token) -> bool:
        my_task._inherit_data()
        items = self.begin(my_task)
        my_task.internal_data["items"] = items
        if not items:
            return True
        my_task._set_state(TaskState.STARTED)
        self.open_item(my_task, 0, items[0])
        return False

    def merge_child(self, workflow: Any, child: Token) -> None:
        my_task = child.parent
        items = my_task.internal_data["items"]
        self.gather(my_task, child)
        done = len(my_task.internal_data["done"])
        if self.satisfied(my_task, child, len(items)) or done == len(items):
            my_task._set_state(TaskState.READY)
        else:
            self.open_item(my_task, done, items[done])

    def reopen(self, my_task: Token, child: Token) -> None:
        """As for any; the next item, which has been opened since, waits its turn again."""
        for other in self.children_of(my_task):
            if not other._state & FINISHED:
                other.cancel()
        super().reopen(my_task, child)


class StandardLoop(Node, defaults.StandardLoopTask):  # type: ignore[misc]
    """Repeats while its condition holds, at most `maximum` times."""

    def prepare(self, loop: Loop, expressions: Expressions) -> None:
        self.condition_ = expressions.condition(loop.condition) if loop.condition else None
        self.maximum = loop.maximum
        self.test_before = loop.test_before

    def _update_hook(self, my_task: Token) -> bool:
        my_task._inherit_data()
        my_task.internal_data["rounds"] = 0
        if self.test_before and self._over(my_task):
            return True
        my_task._set_state(TaskState.STARTED)
        self._again(my_task)
        return False

    def _again(self, my_task: Token) -> None:
        child = my_task._add_child(my_task.workflow.spec.task_specs[self.task_spec], TaskState.WAITING)
        child.triggered = True
        child.data = dict(my_task.data)
        child.task_spec._update(child)

    def merge_child(self, workflow: Any, child: Token) -> None:
        my_task = child.parent
        my_task.internal_data["rounds"] += 1
        if self._over(my_task):
            my_task._set_state(TaskState.READY)
        else:
            self._again(my_task)

    def _over(self, my_task: Token) -> bool:
        if self.maximum is not None and my_task.internal_data["rounds"] >= self.maximum:
            return True
        return (
            self.condition_ is not None
            and self.condition_.at(my_task.workflow.top_workflow, my_task) is not True
        )
