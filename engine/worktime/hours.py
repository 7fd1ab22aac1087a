"""Office hours: the opening periods of a working day and when it closes, for the house or one department."""

from dataclasses import dataclass
from datetime import time

from engine import errors

Periods = tuple[tuple[time, time], ...]

OPENING: Periods = ((time(9), time(12)), (time(13, 30), time(17, 30)))
CLOSING = time(17, 30)


@dataclass(frozen=True)
class OfficeHours:
    """Opening periods in Asia/Shanghai, and the hour at which a last day ends (民法典 第二百零三条).

    Raises Invalid for periods that are empty, overlap or are out of order.
    """

    opening: Periods = OPENING
    closing: time = CLOSING

    def __post_init__(self) -> None:
        bounds = [bound for period in self.opening for bound in period]
        empty = any(end <= start for start, end in self.opening)
        if not bounds or empty or bounds != sorted(bounds):
            raise errors.Invalid("worktime.opening")


def read_hours(text: str) -> Periods:
    """Opening periods from `09:00-12:00 13:30-17:30`; commas do as well. Invalid for anything else."""
    try:
        periods = [period.split("-") for period in text.replace(",", " ").split()]
        return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in periods)
    except ValueError:
        raise errors.Invalid("worktime.opening") from None


def write_hours(opening: Periods) -> str:
    """What `read_hours` reads."""
    return " ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in opening)
