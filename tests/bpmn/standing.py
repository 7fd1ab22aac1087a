"""What a run has open and what it listens for, named by the way to it: a model is held against it."""

from typing import Any

from engine.bpmn import stepping
from engine.bpmn.stepping.steps.pictures import picture

Way = tuple[tuple[str, int], ...]


class Standing:
    """A run of the engine, and the numbers of the bodies that events have begun in it."""

    run: stepping.Run

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}  # of the bodies, by their tokens
        self.begun: dict[Any, int] = {}

    def way(self, workflow: Any) -> Way:
        """The way to a scope in the engine."""
        if workflow is self.run:
            return ()
        holder = self.run.token(workflow.parent_task_id)
        assert holder is not None
        around, element = self.way(holder.workflow), holder.task_spec.element
        number = instance(holder)
        if element.by_event:
            if holder.id not in self.numbers:
                key = (_key(holder.workflow), around, element.id)
                self.numbers[holder.id] = self.begun[key] = self.begun.get(key, -1) + 1
            number = self.numbers[holder.id]
        return (*around, (element.id, number))

    def open(self) -> dict[Way, int]:
        """The tokens of the open tasks."""
        found, waiting = {}, picture(self.run).tasks
        for token in sorted(self.run.all_tokens(), key=lambda t: t.id):
            if token.id in waiting:
                way = (*self.way(token.workflow), (token.task_spec.element.id, instance(token)))
                assert way not in found, "a task was doubled"
                found[way] = token.id
        return found

    def listening(self) -> dict[tuple[Way, str], tuple[int, str]]:
        """What the scopes listen for: the token, and the element that begins something."""
        found = {}
        for token in self.run.all_tokens():
            spec = token.task_spec
            if spec.listens and token.id in self.run.event_manager.tasks:
                event = getattr(spec.event_definition, "kind", "") and spec.event_definition.name
                found[self.way(token.workflow), event or "timer"] = token.id, spec.element.id
        return found


def instance(token: Any) -> int:
    """Which instance of its activity a token is; 0 where there is but one."""
    return int(token.data["loopCounter"]) if token.task_spec.name.endswith("[child]") else 0


def _key(workflow: Any) -> int:
    return int(getattr(workflow, "parent_task_id", None) or 0)
