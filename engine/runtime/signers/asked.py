"""What an added signer is asked: by whom, before or after, with what words, and what is to be agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.engine import Connection

from engine import history as chain
from engine.identity import name_of
from engine.runtime.signers.family import family


@dataclass(frozen=True)
class Asking:
    """How one was asked to sign. `values` are what the owner of the task has approved, as plain values of the
    task's form; None where the owner has yet to decide. The moment is in UTC."""

    by: str
    by_name: str
    stead: str  # the name of whom `by` acted for; "" for nobody
    how: str  # before | after
    note: str
    at: datetime
    values: Mapping[str, Any] | None


def asking(connection: Connection, task: Mapping[str, Any]) -> Asking | None:
    """How the added signer whose row `task` is was asked; None for a task of the process itself."""
    if task["parent"] is None:
        return None
    root = family(connection, task).root["id"]
    events = [(row, orjson.loads(row.data)) for row in chain.of(connection, task["case_id"], "signer.added")]
    to = {task["assignee"], task["acting_for"]} - {None}
    own = [one for one in events if one[1]["task"] == task["parent"]]
    meant = [one for one in own if to & {one[1].get("to"), one[1].get("stead")}] or own
    row, said = next((one for one in meant if one[0].at >= task["opened_at"]), meant[-1])
    return Asking(
        row.actor,
        name_of(connection, row.actor),
        name_of(connection, said["for"]) if said.get("for") else "",
        said["how"],
        said.get("opinion", ""),
        row.at,
        _approved([data for at, data in events if data["task"] == root and at.seq <= row.seq]),
    )


def _approved(askings: list[dict[str, Any]]) -> Mapping[str, Any] | None:
    """What the owner of the process's task had approved by then: later askings are about that too."""
    if not askings or askings[-1]["how"] != "after":
        return None
    return next((data["values"] for data in reversed(askings) if "values" in data), None)
