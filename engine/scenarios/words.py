"""The words of scenarios: which may stand where, and what each of them takes.

Whatever a step says wrongly is refused here, with its line and the nearest word that is known.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.bpmn import desk
from engine.errors import Invalid
from engine.scenarios.checking import check_words, hints, moment, typed, wrong_kind
from engine.scenarios.reading import Place, Series, Table, plain

SETTINGS = ("publish year", "edit day", "set rules")
LEDGER = ("object", "decide")
STOPS = ("stop clock", "resume clock")
SIGNING = ("sign before", "sign after", "remove signer")
DESK = ("save draft", "send back", "reject", "take back")
HANDING = ("transfer", "delegate", "answer", "recall", "urge", "copy")
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
    "of": (
        "claim",
        "release",
        "complete",
        "save draft",
        "send back",
        "reject",
        *HANDING,
        *SIGNING,
        *BACK,
        *LEDGER,
    ),
    "refused": ACTIONS,
    "steps": ("repeat",),
}
TASK_WORDS = ("name", "candidates", "assignee", "for", "due", "provisional", "urgent", "priority")
TIMER_WORDS = ("name", "due")
OFFER_WORDS = ("name", "of", "to", "actions")
DRAFT_WORDS = ("name", "of", "to", "values")
OFFERED: Mapping[str, str] = {  # every action that a task may offer, besides taking and completing it
    **desk.ACTIONS,
    "remove signer": "减签",
    "answer": "交回",
    "recall": "收回委派",
    "decide": "表态",
}
DEADLINE_WORDS = ("name", "due", "first due", "state", "provisional", "kind")
ASSESSMENT_WORDS = ("kind", "answerable", "state", "late_days", "told")
NOTICE_WORDS = ("to", "template")
REMINDER_WORDS = (*NOTICE_WORDS, "at")
HISTORY_WORDS = ("kind", "element", "data")
CASE_WORDS = ("title", "enterprise", "type", "department", "urgent", "confidential", "provisional")


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


def _whole(words: tuple[str, ...]) -> Callable[[Table, str], Any]:
    """A reader for a list of tables that say all of these words, but for `of`."""
    read = _entries(words, short=False)

    def read_whole(table: Table, word: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = read(table, word)
        series = typed(table, word, Series)
        for one, item, place in zip(found, series, series.places, strict=True):
            for name in words:
                if name not in one and name != "of":
                    raise Invalid("scenarios.missing", where=str(place), word=name)
            if "actions" in one:
                one["actions"] = _actions(item)
        return found

    return read_whole


def _actions(table: Table) -> list[str]:
    """The English names of the actions that are listed in either language."""
    found = [desk.canonical(str(said), OFFERED) for said in typed(table, "actions", Series)]
    for name in found:
        if name not in OFFERED:
            facts = hints(name, [*OFFERED, *OFFERED.values()])
            raise Invalid("scenarios.unknown_word", where=str(table.places["actions"]), word=name, **facts)
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
    "offers": _whole(OFFER_WORDS),
    "drafts": _whole(DRAFT_WORDS),
    "may see": _plain(Series),
    "may not see": _plain(Series),
    "stored bytes below": _plain(int),
}
