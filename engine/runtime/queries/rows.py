"""The rows that pages and the API read, as plain data. Moments are in UTC."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.runtime.casework.stops import needs_of, open_stop
from engine.worktime import Stop


@dataclass(frozen=True)
class TaskRow:
    """A task with what a list needs to know of its case. `status` is the case's."""

    id: str
    case_id: str
    number: str
    title: str
    enterprise: str
    enterprise_name: str
    process: str
    definition_id: str
    department: str
    confidential: bool
    status: str
    case_state: str
    element: str
    name: str
    form_key: str
    internal: bool
    assignee: str | None
    assignee_name: str | None
    state: str
    opened_at: datetime
    due_at: datetime | None
    provisional: bool
    urgent: bool
    priority: int
    version: int
    claimed_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    closed_by_name: str | None
    stops: str = "[]"
    candidates: tuple[str, ...] = ()
    owner: str | None = None
    delegated_by: str | None = None
    delegated_by_name: str | None = None
    acting_for: str | None = None
    acting_for_name: str | None = None
    parent: str | None = None  # the task that an added signer serves
    signing: str = ""  # an added signer's: before | after
    held: str = ""  # it waits for added signers: before | after
    outcome: str = ""  # an added signer's: agree | disagree
    opinion: str = ""
    urged_at: datetime | None = None
    urged: int = 0
    draft_at: datetime | None = None  # when the reader's own draft was saved; read for lists
    brought: str = ""  # the move that led back to it: sent_back | rejected | taken_back

    @property
    def returned(self) -> bool:
        """Whether a move that led back opened it."""
        return self.brought != ""

    @property
    def stop(self) -> Stop | None:
        """The stop that holds this task's clock, if it stands still: only one that was begun before."""
        found = open_stop(self.stops) if self.state == "open" else None
        return found if found is not None and self.opened_at <= found.since else None


@dataclass(frozen=True)
class CaseRow:
    """A case. `due_at` is the nearest deadline among its open tasks."""

    id: str
    number: str
    title: str
    process: str
    process_name: str
    definition_id: str
    definition_version: int
    enterprise: str
    enterprise_name: str
    type: str
    department: str
    urgent: bool
    confidential: bool
    status: str
    state: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    version: int
    due_at: datetime | None
    provisional: bool
    rules_id: str
    calendar: int
    stops: str

    @property
    def stop(self) -> Stop | None:
        """The stop that lasts, if the case's clocks stand still."""
        return open_stop(self.stops) if self.state == "open" else None

    @property
    def needs(self) -> str:
        """What the enterprise is to supply while the clocks stand still, as it was written."""
        return needs_of(self.stops) if self.state == "open" else ""


@dataclass(frozen=True)
class DeadlineRow:
    """A deadline of a case's task or phase. `stop` holds its clock, if its state is `stopped`."""

    id: str
    element: str
    name: str
    task_id: str | None
    kind: str  # task | phase
    since_at: datetime
    due_at: datetime
    first_due_at: datetime
    provisional: bool
    unit: str  # workdays, working hours, hours, minutes; '' where the diagram gives a date
    basis: dict[str, Any] | None  # the call of `rule due` behind it
    policy: str
    next_at: datetime | None
    next_step: str | None
    department: str
    round: int
    state: str  # running | stopped | met | late | cancelled
    closed_at: datetime | None
    internal: bool
    stop: Stop | None = None

    @property
    def moved(self) -> bool:
        return self.due_at != self.first_due_at


@dataclass(frozen=True)
class HistoryRow:
    seq: int
    at: datetime
    actor: str
    actor_name: str
    kind: str
    element: str
    element_name: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Sending:
    """One notice on one channel. `state` is queued, delivered or failed."""

    id: str
    channel: str
    state: str
    attempts: int
    delivered_at: datetime | None
    problem: str


@dataclass(frozen=True)
class NoticeRow:
    """A notice that was queued for a group; `text` in Chinese and English; its way on each channel."""

    at: datetime
    recipient: str
    template: str
    text: str
    text_en: str
    sendings: tuple[Sending, ...]
