"""One running case: the token game of SpiffWorkflow on flat scans, and the case's variables.

The stock workflow walks its tree for each question; a case has a few dozen tokens, so a scan of
them is faster and has no depth limit. Nothing here touches a clock or a database.
"""

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.stepping.effects import Host, Step
from engine.bpmn.stepping.frames import Dated, Flat, SubRun
from engine.bpmn.stepping.nodes.scopes import Catchers
from engine.bpmn.stepping.tokens import FINISHED, Token

if TYPE_CHECKING:
    from engine.bpmn.stepping.build import Program
    from engine.bpmn.stepping.expressions import Value

MOST = 20_000  # changes of tokens in one step; a step of a large case takes some hundreds
_NO_SCRIPTS = object()  # stands where the stock workflow keeps its Python engine; nothing can run on it


class Run(Flat, BpmnWorkflow):  # type: ignore[misc]
    """A case in memory: its tokens, its variables, and the record of the step in progress."""

    call = 0  # no call activity around it

    def __init__(self, program: "Program", context: Mapping[str, Any]) -> None:
        self.program = program
        self.issued = 0
        self.most = MOST  # how far `issued` may get in the step in progress
        self.variables: dict[str, Any] = {}
        self.pieces: dict[str, Any] = {}  # what the codec wrote for each variable
        self.dated: dict[str, Dated] = {}  # in the order in which they were set
        self.context = dict(context)
        self.host: Host | None = None
        self.step = Step()
        self.entering: dict[str, Callable[[SubRun], None]] = {}  # where a move lets a sub-process begin
        super().__init__(program.spec, program.subspecs, script_engine=_NO_SCRIPTS, deserializing=True)
        self.event_manager = Catchers(self)

    # -- variables ---------------------------------------------------------------------------
    def scope(self, token: Token | None = None, **extra: Any) -> Mapping[str, Any]:
        """The names an expression sees at `token`: extras, locals, variables, context.

        The variables are the case's; within a called process they are that call's alone.
        """
        maps: list[Any] = [extra] if extra else []
        if token is None:
            return ChainMap(*maps, self.variables, self.context)
        if token.data:
            maps.append(token.data)
        return ChainMap(*maps, token.workflow.variables, self.context)

    def assign(self, token: Token, values: Mapping[str, Any]) -> None:
        """Write variables: inside a multi-instance item they stay local to it, inside a called process
        to its call, else they are the case's."""
        around = token.workflow
        for name, value in values.items():
            if name in token.data or "loopCounter" in token.data:
                token.data = {**token.data, name: value}
            else:
                around.variables[name] = value
                self.changed(around.call)[name] = value
                around.dated.pop(name, None)

    def note_date(
        self, token: Token, element: str, index: int, name: str, source: "Value", results: Mapping[str, Any]
    ) -> None:
        """Remember where the date came from that an output parameter has just set."""
        around, host = token.workflow, self.host
        value = around.variables.get(name)
        written = isinstance(value, date) and self.changed(around.call).get(name) is value
        if not written or source.expression is None:
            return
        assert host is not None
        local = {**self.context, **token.data, **results}
        names = getattr(source.expression, "names", ())
        seen = {key: local[key] for key in names if key in local and key != "case"}
        around.dated[name] = Dated(element, index, host.now, seen, host.basis(value))

    def changed(self, call: int) -> dict[str, Any]:
        """Where the step in progress notes the variables written in a call; 0 is the case itself."""
        if not call:
            return self.step.changed
        holder = self.token(call)
        assert holder is not None, "a call's token stays as long as the call runs"
        return self.step.called.setdefault((call, holder.task_spec.element.id), {})

    def variables_at(self, token_id: int) -> dict[str, Any]:
        """The variables that are seen at a token: the case's, or those of the call it stands in."""
        token = self.token(token_id)
        found: dict[str, Any] = self.variables if token is None else token.workflow.variables
        return found

    def calls(self) -> dict[int, dict[str, Any]]:
        """The variables of each call that runs, by the call activity's token."""
        return {key: s.own for key, s in self.subprocesses.items() if s.own is not None}

    def frames(self) -> list["Run | SubRun"]:
        """Whatever has variables of its own: the case, and each call that runs."""
        return [self, *(s for s in self.subprocesses.values() if s.own is not None)]

    def take(self, variables: dict[str, Any]) -> None:
        """Have other variables from now on."""
        self.variables = variables

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
    def create_subprocess(
        self, my_task: Token, spec_name: str, variables: dict[str, Any] | None = None
    ) -> SubRun:
        inner = SubRun(self.subprocess_specs[spec_name], my_task, self, variables)
        self.subprocesses[my_task.id] = inner
        inner.plant()
        lead = self.entering.pop(spec_name, None)
        if lead is not None:
            lead(inner)
        return inner

    def cancel(self, workflow: Any = None) -> list[Token]:
        """Cancel everything that is open; sub-processes fall with the token that holds them."""
        return Flat.cancel(self if workflow is None else workflow)

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
