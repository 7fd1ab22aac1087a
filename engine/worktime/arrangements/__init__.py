"""The calendar's editions: what is stored of it, how it changes, and where a year comes from."""

from engine.worktime.arrangements.content import Content, DayChange
from engine.worktime.arrangements.importing import read_csv
from engine.worktime.arrangements.library import LIBRARY, library_days, library_years
from engine.worktime.arrangements.store import (
    Edition,
    content_of,
    drop_hours,
    edit_day,
    editions,
    load,
    load_revision,
    publish_year,
    seed,
    set_hours,
)

__all__ = [
    "LIBRARY",
    "Content",
    "DayChange",
    "Edition",
    "content_of",
    "drop_hours",
    "edit_day",
    "editions",
    "library_days",
    "library_years",
    "load",
    "load_revision",
    "publish_year",
    "read_csv",
    "seed",
    "set_hours",
]
