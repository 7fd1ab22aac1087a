"""The words of scenarios: which may stand where, and what each of them takes.

Whatever a step says wrongly is refused here, with its line and the nearest word that is known.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any, TypeVar

from engine.clock import as_utc
from engine.errors import Invalid, say
from engine.scenarios.reading import Place, Series, Table, plain

T = TypeVar("T")

SETTINGS = ("publish year", "edit day", "set rules")
LEDGER = ("object", "decide")
STOPS = ("stop clock", "resume clock")
SIGNING = ("sign before", "sign after", "remove signer")
DESK = ("send back", "reject", "take back")
HANDING = ("transfer", "delegate", "answer", "urge", "copy")
AWAY = ("absence", "end absence", "stand-in", "hand over")
BACK = ("give back", "take home")
ACTIONS = (
    *("start", "claim", "release", "complete", "message", "withdraw", "terminate", "follow"),
    *(*DESK, *HANDING, *SIGNING, *AWAY, *BACK, *STOPS, *LEDGER, *SETTINGS),
)
UNFOLDED = ("repeat", "play")
CLOCKS = ("at", "advance to", "outage until")
STEP_WORDS = (*CLOCKS, "as", *ACTIONS, "with", "of", "refused", "expect", *UNFOLDED, "steps")
COMPANY = {  # word -> the words of which one must stand in the same step
    "with": (
        "start",
        "complete",
        "message",
        "stop clock",
        *DESK,
        *HANDING,
        *SIGNING,
        *AWAY,
        *LEDGER,
        *SETTINGS,
        "play",
    ),
    "of": ("claim", "release", "complete", "send back", "reject", *HANDING, *SIGNING, *BACK, *LEDGER),
    "refused": ACTIONS,
    "steps": ("repeat",),
}
TASK_WORDS = ("name", "candidates", "assignee", "for", "due", "provisional", "urgent", "priority")
TIMER_WORDS = ("name", "due")
DEADLINE_WORDS = ("name", "due", "first due", "state", "provisional", "kind")
ASSESSMENT_WORDS = ("kind", "answerable", "state", "late_days", "told")
NOTICE_WORDS = ("to", "template")
REMINDER_WORDS = (*NOTICE_WORDS, "at")
HISTORY_WORDS = ("kind", "element", "data")
CASE_WORDS = ("title", "enterprise", "type", "department", "urgent", "confidential", "provisional")

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?", re.ASCII)
_WANTED: Mapping[type[Any], tuple[str, str]] = {
    str: ("文字", "a text"),
    int: ("整数", "a whole number"),
    Table: ("「名称: 内容」的形式", "the form of name: content"),
    Series: ("列表，每项以“- ”开头", "a list, each item after a dash"),
}


@dataclass(frozen=True)
class Wanted:
    """One thing an `expect` says, checked and with its moments read."""

    word: str
    value: Any
    place: Place


@dataclass(frozen=True)
class Step:
    """What happens, in this order: the clock moves, somebody acts, then what is expected is looked at."""

    place: Place
    at: datetime | None = None  # UTC
    outage: bool = False  # the platform stands still until then
    actor: str | None = None  # username, or `system`
    action: str = ""  # one of ACTIONS
    target: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    of: str = ""
    refused: str | None = None
    expect: tuple[Wanted, ...] | None = None
    trail: tuple[Place, ...] = ()  # the `play` and `repeat` steps it was unfolded from


def check_words(table: Table, known: tuple[str, ...]) -> None:
    """Invalid for the first word that is not known here, with the nearest one that is."""
    for word in table:
        if word not in known:
            where = str(table.places[word])
            raise Invalid("scenarios.unknown_word", where=where, word=word, **hints(word, known))


def hints(word: str, known: Iterable[str]) -> dict[str, Any]:
    """The nearest known word, or all of them, as facts in both languages."""
    words = list(known)
    near = get_close_matches(word, words, 1)
    code = "scenarios.did_you_mean" if near else "scenarios.choose"
    facts = {"nearest": near[0] if near else "", "words": ", ".join(words) or "—"}
    return {"hint": say(code, facts), "hint_en": say(code, facts, "en")}


def wrong_kind(word: str, kind: type[Any], place: Place) -> Invalid:
    """The error of a word that takes something else than was given."""
    chinese, english = _WANTED[kind]
    return Invalid("scenarios.wrong_kind", where=str(place), word=word, wanted=chinese, wanted_en=english)


def typed(table: Table, word: str, kind: type[T]) -> T:
    """What `word` says, if it is of the kind. Invalid otherwise."""
    value = table[word]
    if kind is str and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise wrong_kind(word, kind, table.places[word])
    return value


def check_step(table: Table) -> None:
    """The step's words are known, and those that stand together may."""
    check_words(table, STEP_WORDS)
    actions = [word for word in (*ACTIONS, *UNFOLDED) if word in table]
    if len(actions) > 1:
        raise Invalid("scenarios.two_actions", where=str(table.place), words=", ".join(actions))
    for word, company in COMPANY.items():
        if word in table and not set(company) & set(table):
            where = str(table.places[word])
            raise Invalid("scenarios.needs_action", where=where, word=word, words=", ".join(company))
    if actions and actions[0] in UNFOLDED:
        check_words(table, (actions[0], "with" if actions[0] == "play" else "steps"))
    clocks = [word for word in CLOCKS if word in table]
    if len(clocks) > 1:
        raise Invalid("scenarios.twice", where=str(table.places[clocks[1]]), word=clocks[0])


def read_step(table: Table, trail: tuple[Place, ...]) -> Step:
    """The step that `table` says. Invalid names the line of what it says wrongly."""
    action = next((word for word in ACTIONS if word in table), "")
    clock = next((word for word in CLOCKS if word in table), "")
    if action == "set rules":
        moment(table[action], table.places[action])
    elif action == "publish year":
        typed(table, action, int)
    return Step(
        place=table.place,
        at=moment(table[clock], table.places[clock]) if clock else None,
        outage=clock == "outage until",
        actor=typed(table, "as", str) if "as" in table else None,
        action=action,
        target=typed(table, action, str) if action else "",
        values=plain(typed(table, "with", Table)) if "with" in table else {},
        of=typed(table, "of", str) if "of" in table else "",
        refused=typed(table, "refused", str) if "refused" in table else None,
        expect=_expectations(typed(table, "expect", Table)) if "expect" in table else None,
        trail=trail,
    )


def moment(value: Any, place: Place) -> datetime:
    """A moment as scenarios write it, in UTC. Invalid for anything else."""
    found = moment_in(value)
    if found is None:
        raise Invalid("scenarios.moment", where=str(place), given=value)
    return found


def moment_in(value: Any) -> datetime | None:
    """The moment (UTC) that a text such as 2026-03-11 16:59 says in Asia/Shanghai; None for others."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return None
    try:
        return as_utc(datetime.fromisoformat(value))
    except (ValueError, OverflowError):
        return None


def _expectations(table: Table) -> tuple[Wanted, ...]:
    check_words(table, tuple(_EXPECT))
    return tuple(Wanted(word, _EXPECT[word](table, word), table.places[word]) for word in table)


def _entries(words: tuple[str, ...], short: bool) -> Callable[[Table, str], Any]:
    """A reader for a list of tables with these words; if `short`, a text alone stands for the first."""

    def read(table: Table, word: str) -> list[dict[str, Any]]:
        series = typed(table, word, Series)
        return [_entry(item, place, words, short) for item, place in zip(series, series.places, strict=True)]

    return read


def _entry(item: Any, place: Place, words: tuple[str, ...], short: bool) -> dict[str, Any]:
    if isinstance(item, str) and short:
        return {words[0]: item}
    if not isinstance(item, Table):
        raise wrong_kind(str(item), Table, place)
    check_words(item, words)
    if words[0] not in item:
        raise Invalid("scenarios.missing", where=str(place), word=words[0])
    found: dict[str, Any] = plain(item)
    for word in ("due", "first due", "at"):
        if found.get(word, "none") != "none":
            found[word] = moment(item[word], item.places[word])
    if "candidates" in item:
        typed(item, "candidates", Series)
    return found


def _case(table: Table, word: str) -> Any:
    check_words(typed(table, word, Table), CASE_WORDS)
    return plain(table[word])


def _sendable(table: Table, word: str) -> Any:
    accounts = typed(table, word, Table)
    for username in accounts:
        typed(accounts, username, Series)
    return plain(accounts)


def _plain(kind: type[Any]) -> Callable[[Table, str], Any]:
    return lambda table, word: plain(typed(table, word, kind))


_EXPECT: Mapping[str, Callable[[Table, str], Any]] = {
    "number": _plain(str),
    "status": _plain(str),
    "state": _plain(str),
    "case": _case,
    "tasks": _entries(TASK_WORDS, short=True),
    "timers": _entries(TIMER_WORDS, short=False),
    "notices": _entries(NOTICE_WORDS, short=False),
    "reminders": _entries(REMINDER_WORDS, short=False),
    "history": _entries(HISTORY_WORDS, short=True),
    "not history": _entries(HISTORY_WORDS, short=True),
    "variables": _plain(Table),
    "assessments": _entries(ASSESSMENT_WORDS, short=True),
    "deadlines": _entries(DEADLINE_WORDS, short=True),
    "clock": _plain(str),
    "sendable": _sendable,
    "may see": _plain(Series),
    "may not see": _plain(Series),
    "stored bytes below": _plain(int),
}
