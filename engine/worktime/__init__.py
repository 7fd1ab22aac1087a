"""Working time: the calendar (调休, hours, cut-offs, provisional years), stops, rules, deadlines in words."""

from engine.worktime import messages as messages
from engine.worktime import rules
from engine.worktime.arrangements import (
    LIBRARY,
    Content,
    DayChange,
    Edition,
    content_of,
    drop_hours,
    edit_day,
    editions,
    library_days,
    library_years,
    load,
    load_revision,
    publish_year,
    read_csv,
    seed,
    set_hours,
)
from engine.worktime.calendar import LONGEST, Calendar, at, day_of
from engine.worktime.counting import Counting, Stop
from engine.worktime.deadlines import KINDS, Deadline, in_words
from engine.worktime.functions import NAMES, Basis, functions
from engine.worktime.hours import CLOSING, OPENING, OfficeHours, read_hours, write_hours
from engine.worktime.rules.reminders import next_reminder, reminders_between

__all__ = [
    "CLOSING",
    "KINDS",
    "LIBRARY",
    "LONGEST",
    "NAMES",
    "OPENING",
    "Basis",
    "Calendar",
    "Content",
    "Counting",
    "DayChange",
    "Deadline",
    "Edition",
    "OfficeHours",
    "Stop",
    "at",
    "content_of",
    "day_of",
    "drop_hours",
    "edit_day",
    "editions",
    "functions",
    "in_words",
    "library_days",
    "library_years",
    "load",
    "load_revision",
    "next_reminder",
    "publish_year",
    "read_csv",
    "read_hours",
    "reminders_between",
    "rules",
    "seed",
    "set_hours",
    "write_hours",
]
