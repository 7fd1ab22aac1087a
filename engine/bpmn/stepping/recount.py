"""What waits for a moment, and counting those moments anew from the dates they began at.

A moment is never shifted by an amount: its expression is evaluated again as if at its own
beginning, so that days off, stops of the clock and cut-off hours fall where they would have fallen.
It moves only where evaluating as before gives what is stored; anything else is left and told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.stepping.effects import Host, Moved, Step
from engine.bpmn.stepping.expressions import Value
from engine.bpmn.stepping.frames import Dated, SubRun
from engine.bpmn.stepping.nodes import events
from engine.bpmn.stepping.run import Run
from engine.bpmn.stepping.tokens import LIVE, Token

_NO_NAMES: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Waiting:
    """A moment that somebody waits for: of a timer, a task's deadline, or a phase's.

    `since` is when it was computed first (UTC); None in runs stored before that was kept.
    """

    kind: str  # timer | task | phase
    token: Token
    element: str
    value: Value
    since: datetime | None
    due: datetime

    def keep(self, due: datetime) -> None:
        """Let the token hold another moment."""
        own = self.token.internal_data
        if self.kind == "phase":
            own["phase"] = due
        elif "branches" in own:
            own["branches"] = {**own["branches"], self.element: due}
        else:
            own["due"] = due

    def moved(self, due: datetime) -> Moved:
        return Moved(self.kind, self.token.id, self.element, self.since, self.due, due)


def waiting(run: Run) -> Iterator[Waiting]:
    """Everything that waits for a moment, in the order in which its tokens came to be."""
    for token in list(run.all_tokens()):
        own = token.internal_data
        if own and token._state & LIVE:
            yield from _of_token(run, token, own)


def _of_token(run: Run, token: Token, own: dict[str, Any]) -> Iterator[Waiting]:
    spec, since = token.task_spec, own.get("since")
    if "phase" in own:
        key = spec.element.id
        yield Waiting("phase", token, key, run.program.phases[key], since, own["phase"])
    if "due" in own and spec.manual:
        due = run.program.texts[spec.element.id].due
        if due is not None:
            yield Waiting("task", token, spec.element.id, due, since, own["due"])
    elif "due" in own and token._state == TaskState.WAITING:
        yield Waiting("timer", token, spec.element.id, spec.event_definition.value, since, own["due"])
    elif "branches" in own and token._state == TaskState.WAITING:
        for branch, definition in spec.timers():
            if branch in own["branches"]:
                yield Waiting("timer", token, branch, definition.value, since, own["branches"][branch])


def follow(run: Run, host: Host) -> list[Moved]:
    """Move the moments whose expressions name a variable that this step has changed.

    What cannot be computed any more, since a variable was cleared, stays where it is.
    """
    found: list[Moved] = []
    changed = {call: set(values) for (call, _), values in run.step.called.items()}
    changed[0] = set(run.step.changed)
    if all(run.program.followed.isdisjoint(names) for names in changed.values()):
        return found
    for clock in waiting(run):
        names = getattr(clock.value.expression, "names", _NO_NAMES)
        if names.isdisjoint(changed.get(clock.token.workflow.call, _NO_NAMES)):
            continue
        due = _moment(run, clock, host)
        if due is not None and due != clock.due:
            clock.keep(due)
            found.append(clock.moved(due))
    return found


def recount(run: Run, before: Host, after: Host) -> Step:
    """Count every date of the run anew: as `before` counted, and as `after` does.

    First the variables, in the order in which they were set, then what waits. The step says what
    moved and, as `unsure`, what neither way of counting explains; that is left as it is. Counting
    twice is the same as counting once.
    """
    run.step = step = Step()
    frames = run.frames()
    old = [dict(frame.variables) for frame in frames]
    new = [_recounted(run, frame, before, after) for frame in frames]
    for clock in waiting(run):
        _take(frames, old)
        was = _moment(run, clock, before)
        _take(frames, new)
        due = _moment(run, clock, after)
        if was == clock.due and due is not None and due != clock.due:
            clock.keep(due)
            step.moved.append(clock.moved(due))
        elif clock.due not in (was, due):
            step.unsure.append(clock.moved(due or clock.due))
    _take(frames, new)
    run.host = None
    return step


def _take(frames: list[Run | SubRun], variables: list[dict[str, Any]]) -> None:
    for frame, own in zip(frames, variables, strict=True):
        frame.take(own)


def _recounted(run: Run, frame: Run | SubRun, before: Host, after: Host) -> dict[str, Any]:
    """The variables of the case, or of a call in it, with their dates counted anew."""
    step, old, new = run.step, dict(frame.variables), dict(frame.variables)
    for name, dated in list(frame.dated.items()):
        stored = old[name]
        was, will = (_assigned(run, dated, host, values) for host, values in ((before, old), (after, new)))
        moved = Moved("variable", frame.call, dated.element, dated.since, stored, will, name)
        if was == stored and isinstance(will, date) and will != stored:
            new[name] = will
            step.moved.append(moved)
            run.changed(frame.call)[name] = will
        elif stored not in (was, will):
            step.unsure.append(moved)
    return new


def _assigned(run: Run, dated: Dated, host: Host, variables: Mapping[str, Any]) -> Any:
    """What the assignment gives when it is made at its own moment with these variables."""
    given = run.program.assigned.get(dated.element, ())
    if dated.index >= len(given):
        return None
    kept, run.variables = run.variables, dict(variables)
    run.host = host.at(dated.since)
    try:
        return given[dated.index][1].at(run, None, dated.seen)
    finally:
        run.variables, run.host = kept, None


def _moment(run: Run, clock: Waiting, host: Host) -> datetime | None:
    """The moment as it is computed at its own beginning."""
    if clock.since is None and getattr(clock.value.expression, "calls", True):
        return None  # nobody knows what it was counted from
    since = clock.since or host.now
    kept, run.host = run.host, host if since == host.now else host.at(since)
    try:
        return events.moment_of(clock.value.at(run, clock.token), run.host)
    finally:
        run.host = kept
