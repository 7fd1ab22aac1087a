"""What one step does to the world, as plain data, and what a step may ask of its host.

A step never writes: it says which tasks opened and closed, which timers were set and cleared,
which way was taken, and what was thrown. Whoever runs the step makes it durable.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from engine.bpmn.model import Element
from engine.feel import Function


class Host(Protocol):
    """What the diagram may reach while a step runs: the moment, functions, operations, decisions."""

    @property
    def now(self) -> datetime:
        """The step's moment, UTC; the same for everything in the step."""
        ...

    @property
    def functions(self) -> Mapping[str, Function]:
        """FEEL functions of the working calendar, bound to `now`."""
        ...

    def call(self, topic: str, parameters: Mapping[str, Any], element: Element) -> Mapping[str, Any]:
        """Carry out the operation `topic` and return its results by name."""
        ...

    def decide(self, decision: str, variables: Mapping[str, Any]) -> Any:
        """Evaluate the decision of that id."""
        ...

    def closing(self, day: date) -> datetime:
        """The moment at which `day` closes, UTC; what a deadline given as a bare date means."""
        ...

    def later(self, duration: timedelta) -> datetime:
        """The moment that much wall-clock time after `now`, UTC; stopped time does not count."""
        ...

    def signer(self, name: str) -> str | None:
        """What a declared signer is: `account`, `group`, or None for what nobody knows or is in."""
        ...

    def basis(self, due: Any) -> Mapping[str, Any] | None:
        """The rule that gave the date `due` in this step, if one did; plain JSON."""
        ...

    def at(self, moment: datetime) -> "Host":
        """A host like this one whose present is `moment` (UTC); it only computes."""
        ...


@dataclass(frozen=True)
class Opened:
    """A user task that began to wait. `due` is in UTC; None where the node says it has no deadline."""

    token: int
    element: Element
    assignee: str | None
    groups: tuple[str, ...]
    users: tuple[str, ...]
    due: datetime | None
    priority: int
    local: Mapping[str, Any]
    call: int = 0  # the token of the call activity whose variables it sees; 0: the case's
    barred: tuple[str, ...] = ()  # accounts that may not do it, since they sign for themselves at its node


@dataclass(frozen=True)
class Closed:
    """A user task that no longer waits: completed by this step's event, or cancelled by it."""

    token: int
    element: Element
    completed: bool


@dataclass(frozen=True)
class Voted:
    """What somebody said who signs with others: the task's outcome. Nobody says it twice at one node, so
    that the tokens `beside` are barred to this account."""

    who: str
    vote: str  # 同意 | 不同意 | 弃权
    opinion: str
    beside: tuple[int, ...]


@dataclass(frozen=True)
class TimerSet:
    token: int
    element: Element
    due: datetime


@dataclass(frozen=True)
class TimerCleared:
    token: int
    element: Element
    fired: bool


@dataclass(frozen=True)
class Awaited:
    """A message that the case began, or ceased, to wait for."""

    token: int
    element: Element


@dataclass(frozen=True)
class PhaseOpened:
    """An activity with a deadline of its own was entered. `due` is in UTC."""

    token: int
    element: Element
    due: datetime


@dataclass(frozen=True)
class PhaseClosed:
    token: int
    element: Element
    completed: bool


@dataclass(frozen=True)
class Moved:
    """A date that became another one: of a variable, a timer, a task's deadline or a phase's.

    `since` is when it was computed first, UTC. Variables have a `name` and no token.
    """

    kind: str  # variable | timer | task | phase
    token: int
    element: str
    since: datetime | None
    before: Any
    after: Any
    name: str = ""


@dataclass
class Step:
    """Everything one step did, in the order in which it happened where order matters."""

    opened: list[Opened] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)
    voted: list[Voted] = field(default_factory=list)
    timers_set: list[TimerSet] = field(default_factory=list)
    timers_cleared: list[TimerCleared] = field(default_factory=list)
    subscribed: list[Awaited] = field(default_factory=list)
    unsubscribed: list[Awaited] = field(default_factory=list)
    phases_opened: list[PhaseOpened] = field(default_factory=list)
    phases_closed: list[PhaseClosed] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    unsure: list[Moved] = field(default_factory=list)  # dates that a recount could not explain
    elements: list[str] = field(default_factory=list)  # ids of the elements passed
    flows: list[str] = field(default_factory=list)  # ids of the flows taken
    changed: dict[str, Any] = field(default_factory=dict)  # case variables written, last value
    # variables written within called processes, by the call activity's token and element
    called: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    statuses: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)  # names of messages thrown
    ended: bool = False

    @property
    def status(self) -> str | None:
        return self.statuses[-1] if self.statuses else None
