"""The stops of a case's clocks, as its row keeps them: a JSON list of {since, until, kind, reason, by,
needs}. `needs` is what the enterprise is to supply, as somebody wrote it; the enterprise reads it.

At most the last one is open. Moments are UTC; `until` is null while the clock stands still.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from engine.clock import local
from engine.errors import Conflict
from engine.identity import Actor
from engine.worktime import Stop

KINDS = ("补正", "特别程序", "其他")  # to supply documents, a special procedure, another reason


def read(stored: str) -> tuple[Stop, ...]:
    """The stops that a row's `stops` holds, in order."""
    return tuple(
        Stop(datetime.fromisoformat(s["since"]), _moment(s["until"]), s["kind"]) for s in orjson.loads(stored)
    )


def open_stop(stored: str) -> Stop | None:
    """The stop that lasts, if the case's clocks stand still now."""
    if stored == "[]":
        return None
    last = read(stored)[-1]
    return last if last.until is None else None


def by_person(stored: str) -> bool:
    """Whether the last stop was begun by a person, not by the diagram."""
    return bool(orjson.loads(stored)[-1]["by"])


def guard_running(row: Mapping[str, Any], task: Mapping[str, Any], actor: Actor) -> None:
    """Refuse what would be done on time that is not counted: staff's tasks begun before an open stop.

    The enterprise goes on, since it is mostly for the enterprise that one waits; and what began during
    the stop counts by itself. Conflict: let the clock run again first.
    """
    stop = open_stop(row["stops"])
    if stop is not None and actor.kind != "enterprise" and task["opened_at"] <= stop.since:
        raise Conflict("runtime.clock_stopped", **stop_facts(stop, task["name"]))


def stop_facts(stop: Stop, task: str) -> dict[str, str]:
    """What the sentence says that refuses a task while its clock stands still."""
    return {"task": task, "kind": stop.kind, "since": f"{local(stop.since):%Y-%m-%d %H:%M}"}


def needs_of(stored: str) -> str:
    """What the enterprise is to supply, as it was written when the open stop began; "" if nothing was."""
    return "" if open_stop(stored) is None else str(orjson.loads(stored)[-1].get("needs", ""))


def begun(stored: str, since: datetime, kind: str, reason: str, by: str, needs: str = "") -> str:
    """What the row keeps with one stop more, which lasts until it is ended."""
    stop = {
        "since": since.isoformat(),
        "until": None,
        "kind": kind,
        "reason": reason,
        "by": by,
        "needs": needs,
    }
    return orjson.dumps([*orjson.loads(stored), stop]).decode()


def ended(stored: str, until: datetime) -> str:
    """What the row keeps when the open stop ends."""
    *past, last = orjson.loads(stored)
    return orjson.dumps([*past, {**last, "until": until.isoformat()}]).decode()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
