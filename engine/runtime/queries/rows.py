"""The rows that pages and the API read, as plain data. Moments are in UTC."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


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
    candidates: tuple[str, ...] = ()


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
class NoticeRow:
    """A notice that was queued for a group; `text` in Chinese and English."""

    at: datetime
    recipient: str
    template: str
    text: str
    text_en: str
    state: str
