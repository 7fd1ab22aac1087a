"""The period of an absence: days or minutes as people write them, in Asia/Shanghai; moments in UTC."""

from datetime import UTC, date, datetime, time, timedelta

from engine.clock import SHANGHAI
from engine.errors import Invalid, Problem

LONGEST = timedelta(days=366)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2200, 1, 1)


def period(since: str, until: str) -> tuple[datetime, datetime]:
    """The moments (UTC) from which and before which the absence holds.

    A day (2026-03-12) means all of it, the last day too; a minute (2026-03-12 09:30, or with a T) is
    itself. Raises Invalid naming `since` or `until`.
    """
    texts = {"since": since, "until": until}
    found = {where: _moment(text, where == "until") for where, text in texts.items()}
    missing = [Problem("identity.absence.moment", where) for where, at in found.items() if at is None]
    begin, end = found["since"], found["until"]
    if missing or begin is None or end is None:
        raise Invalid("identity.absence", problems=missing)
    return begin, end


def _moment(text: str, last: bool) -> datetime | None:
    text = text.strip()
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            moment = datetime.combine(day + timedelta(days=1 if last else 0), time(), SHANGHAI)
        else:
            read = datetime.fromisoformat(text)
            moment = read if read.tzinfo else read.replace(tzinfo=SHANGHAI)
    except (ValueError, OverflowError):
        return None
    return moment.astimezone(UTC) if _EARLIEST <= moment.date() < _LATEST else None
