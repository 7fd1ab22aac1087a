"""What one step does to the world, as plain data, and what a step may ask of its host.

A step never writes: it says which tasks opened and closed, which timers were set and cleared,
which way was taken, and what was thrown. Whoever runs the step makes it durable.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
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


@dataclass(frozen=True)
class Closed:
    """A user task that no longer waits: completed by this step's event, or cancelled by it."""

    token: int
    element: Element
    completed: bool


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


@dataclass
class Step:
    """Everything one step did, in the order in which it happened where order matters."""

    opened: list[Opened] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)
    timers_set: list[TimerSet] = field(default_factory=list)
    timers_cleared: list[TimerCleared] = field(default_factory=list)
    elements: list[str] = field(default_factory=list)  # ids of the elements passed
    flows: list[str] = field(default_factory=list)  # ids of the flows taken
    changed: dict[str, Any] = field(default_factory=dict)  # case variables written, last value
    statuses: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)  # names of messages thrown
    ended: bool = False

    @property
    def status(self) -> str | None:
        return self.statuses[-1] if self.statuses else None
