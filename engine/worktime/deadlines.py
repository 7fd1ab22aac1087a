"""A deadline in words: how near it is, counted in working days, as the inbox and the case page say it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine import clock, errors
from engine.worktime.calendar import Calendar, day_of
from engine.worktime.counting import Stop

State = Literal["none", "normal", "soon", "today", "overdue", "stopped"]

# The kinds of stop as people choose them, and their names in the catalogue.
KINDS = {"补正": "correction", "特别程序": "special", "其他": "other"}


@dataclass(frozen=True)
class Deadline:
    """How a deadline stands at one moment.

    `days` are working days: left until the due day (normal, soon, today), or late (overdue).
    Overdue by 0 means that no further working day has begun yet; "soon" with 0 is due on a day off
    before the next working day. While the clock is "stopped", `days` and `late` tell how it stood when
    it was stopped, `kind` why, and the moment in `due` will move when it runs again. `due` is in
    Asia/Shanghai, None for state "none".
    """

    state: State
    days: int = 0
    due: datetime | None = None
    provisional: bool = False
    kind: str = ""
    late: bool = False

    @property
    def key(self) -> str:
        """The catalogue's key for the sentence, such as `worktime.deadline.soon`."""
        if self.state == "stopped":
            name = "stopped_late" if self.late else "stopped"
            return f"worktime.deadline.{name}" if self.days else f"worktime.deadline.{name}_less"
        kept = {("overdue", 0): "just_overdue", ("soon", 0): "sooner"}
        return "worktime.deadline." + kept.get((self.state, self.days), self.state)

    def words(self, language: str = "zh") -> str:
        """The sentence a person reads, in Chinese (`zh`) or English (`en`), with the 暂定 mark if due."""
        counted = f"{self.days} working day" + ("" if self.days == 1 else "s")
        hour = f"{self.due:%H:%M}" if self.due else ""
        facts = {"days": self.days, "counted": counted, "hour": hour, "kind": self._kind(language)}
        words = errors.say(self.key, facts, language)
        if self.provisional:
            words = errors.say("worktime.deadline.provisional", {"words": words}, language)
        return words

    def _kind(self, language: str) -> str:
        known = KINDS.get(self.kind)
        return errors.say(f"worktime.stop.{known}", {}, language) if known else self.kind


def in_words(due: datetime | None, now: datetime, calendar: Calendar, stop: Stop | None = None) -> Deadline:
    """How `due` stands at `now` (moments in UTC). It is overdue only after the due moment has passed.

    "soon" is a due day no later than the next working day; "today" is the due day itself. `stop` is the
    stop that holds this clock at `now`: one that has ended, or begins later, changes nothing.
    """
    if due is None:
        return Deadline("none")
    due, now = clock.as_utc(due), clock.as_utc(now)
    provisional = calendar.provisional(due)
    if stop is not None and stop.since <= now and (stop.until is None or now < stop.until):
        state, days = _standing(due, stop.since, calendar)
        return Deadline("stopped", days, clock.local(due), provisional, stop.kind, state == "overdue")
    state, days = _standing(due, now, calendar)
    return Deadline(state, days, clock.local(due), provisional)


def _standing(due: datetime, now: datetime, calendar: Calendar) -> tuple[State, int]:
    days = calendar.workdays_between(now, due)
    if now > due:
        return "overdue", -days
    if day_of(due) == day_of(now):
        return "today", 0
    return ("soon" if days <= 1 else "normal"), days
