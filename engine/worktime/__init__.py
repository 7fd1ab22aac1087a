"""The working calendar: 调休, working days and hours, cut-offs, provisional years, deadlines in words."""

from engine.worktime import messages as messages
from engine.worktime.calendar import CLOSING, LONGEST, OPENING, Calendar, at, day_of
from engine.worktime.deadlines import Deadline, in_words
from engine.worktime.functions import functions
from engine.worktime.store import load, publish_year, read_hours, seed, set_hours

__all__ = [
    "CLOSING",
    "LONGEST",
    "OPENING",
    "Calendar",
    "Deadline",
    "at",
    "day_of",
    "functions",
    "in_words",
    "load",
    "publish_year",
    "read_hours",
    "seed",
    "set_hours",
]
