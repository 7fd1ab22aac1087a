"""The working calendar: 调休, working days and hours, cut-offs, provisional years, deadlines in words."""

from engine.worktime import messages as messages
from engine.worktime.calendar import CLOSING, LONGEST, OPENING, Calendar, at, day_of

__all__ = ["CLOSING", "LONGEST", "OPENING", "Calendar", "at", "day_of"]
