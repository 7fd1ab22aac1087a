"""One running case: the token game of SpiffWorkflow on flat scans, and the case's variables.

The stock workflow walks its tree for each question; a case has a few dozen tokens, so a scan of
them is faster and has no depth limit. Nothing here touches a clock or a database.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.stepping.effects import Host, Step
from engine.bpmn.stepping.tokens import FINISHED, OPEN, Token

if TYPE_CHECKING:
    from engine.bpmn.stepping.build import Program

MOST = 20_000  # changes of tokens in one step; a step of a large case takes some hundreds
_NO_SCRIPTS = object()  # stands where the stock workflow keeps its Python engine; nothing can run on it


class _Flat:
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


class SubRun(_Flat, BpmnSubWorkflow):  # type: ignore[misc]
    """An embedded sub-process (or one item of a multi-instance of them)."""

    def __init__(self, spec: Any, parent: Token, top: "Run") -> None:
        super().__init__(spec, parent.id, top, deserializing=True)

    def _calculate_depth(self) -> int:
        return int(self.parent_workflow.depth) + 1


class Run(_Flat, BpmnWorkflow):  # type: ignore[misc]
    """A case in memory: its tokens, its variables, and the record of the step in progress."""

    def __init__(self, program: "Program", context: Mapping[str, Any]) -> None:
        self.program = program
        self.issued = 0
        self.most = MOST  # how far `issued` may get in the step in progress
        self.variables: dict[str, Any] = {}
        self.pieces: dict[str, Any] = {}  # what the codec wrote for each variable
        self.context = dict(context)
        self.host: Host | None = None
        self.step = Step()
        super().__init__(program.spec, program.subspecs, script_engine=_NO_SCRIPTS, deserializing=True)

    # -- variables ---------------------------------------------------------------------------
    def scope(self, token: Token | None = None, **extra: Any) -> Mapping[str, Any]:
        """The names an expression sees at `token`: extras, locals, the case's variables, context."""
        maps: list[Any] = [extra] if extra else []
        if token is not None and token.data:
            maps.append(token.data)
        return ChainMap(*maps, self.variables, self.context)

    def assign(self, token: Token, values: Mapping[str, Any]) -> None:
        """Write variables: inside a multi-instance item they stay local to it, else they are the case's."""
        for name, value in values.items():
            if name in token.data or "loopCounter" in token.data:
                token.data = {**token.data, name: value}
            else:
                self.variables[name] = value
                self.step.changed[name] = value

    # -- what happened -----------------------------------------------------------------------
    def entered(self, token: Token) -> None:
        status = token.task_spec.status
        if status is not None and not isinstance(token.task_spec, CatchingEvent):
            self.step.statuses.append(status)

    def passed(self, token: Token) -> None:
        """Record the element and the flows that `token` leaves by."""
        spec = token.task_spec
        if spec.element is None or not spec.recorded:
            return
        self.step.elements.append(spec.element.id)
        if spec.status is not None and isinstance(spec, CatchingEvent):
            self.step.statuses.append(spec.status)
        flows = self.program.flows
        for child in token._children:
            flow = flows.get((spec.name, self._spec_name(token, child)))
            if flow is not None:
                self.step.flows.append(flow)

    @staticmethod
    def _spec_name(token: Token, child: int) -> str:
        below = token.workflow.tasks.get(child)
        return below.task_spec.name if below is not None else ""

    # -- moving ------------------------------------------------------------------------------
    def create_subprocess(self, my_task: Token, spec_name: str) -> SubRun:
        inner = SubRun(self.subprocess_specs[spec_name], my_task, self)
        self.subprocesses[my_task.id] = inner
        inner.plant()
        return inner

    def cancel(self, workflow: Any = None) -> list[Token]:
        """Cancel everything that is open; sub-processes fall with the token that holds them."""
        return _Flat.cancel(self if workflow is None else workflow)

    def refresh_timers(self) -> None:
        """Timers are rows that somebody else fires; there is nothing to poll."""

    def move(self) -> None:
        """Run what the engine can run until everything waits."""
        moved = True
        while moved:
            moved = self._move_once()

    def _move_once(self) -> bool:
        active = [s for s in self.subprocesses.values() if not s.completed]
        moved = False
        for inner in sorted(active, key=lambda s: -s.depth):
            while self._run_ready(inner):
                moved = True
            holder = self.token(inner.parent_task_id)
            if holder is not None and not holder._state & FINISHED:
                holder.task_spec._update(holder)
        moved = self._run_ready(self) or moved
        return moved or sum(not s.completed for s in self.subprocesses.values()) > len(active)

    @staticmethod
    def _run_ready(workflow: Any) -> bool:
        ready = workflow.ready()
        for token in ready:
            # one that an earlier token of the same batch cancelled must not run
            if token._state == TaskState.READY and token.id in workflow.tasks:
                token.run()
        return bool(ready)

    def token(self, token_id: int) -> Token | None:
        """The token of that id, wherever in the case it stands."""
        found = self.tasks.get(token_id)
        if found is not None:
            return found
        for inner in self.subprocesses.values():
            if token_id in inner.tasks:
                return inner.tasks[token_id]  # type: ignore[no-any-return]
        return None

    def get_task_from_id(self, task_id: int) -> Token | None:
        return self.token(task_id)

    def all_tokens(self) -> Iterator[Token]:
        yield from self.tasks.values()
        for inner in self.subprocesses.values():
            yield from inner.tasks.values()
