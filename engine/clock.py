"""Where the present moment comes from. Nothing else in the engine asks the system for the time.

Moments are timezone-aware and in UTC; what people read is Asia/Shanghai.
"""

from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock, which never steps back within one process."""

    def __init__(self) -> None:
        self._latest = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        self._latest = max(self._latest, datetime.now(UTC))
        return self._latest


class ControlledClock:
    """A clock that stands still until it is moved; for scenarios and tests."""

    def __init__(self, moment: datetime) -> None:
        self._moment = as_utc(moment)

    def now(self) -> datetime:
        return self._moment

    def move_to(self, moment: datetime) -> None:
        """Move forward (or stay). A clock that goes back is a mistake in the scenario."""
        moment = as_utc(moment)
        if moment < self._moment:
            raise ValueError(f"the clock stands at {self._moment} and cannot go back to {moment}")
        self._moment = moment


def as_utc(moment: datetime) -> datetime:
    """`moment` in UTC; one without a zone is read as Asia/Shanghai."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def local(moment: datetime) -> datetime:
    """`moment` as a person in Asia/Shanghai reads it."""
    return moment.astimezone(SHANGHAI)
