"""Whether what a scenario file says is of the kind its word takes; if not, with the line and the mend."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any, TypeVar

from engine.clock import as_utc
from engine.errors import Invalid, say
from engine.scenarios.reading import Place, Series, Table

T = TypeVar("T")

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?", re.ASCII)
_WANTED: Mapping[type[Any], tuple[str, str]] = {
    str: ("文字", "a text"),
    int: ("整数", "a whole number"),
    Table: ("「名称: 内容」的形式", "the form of name: content"),
    Series: ("列表，每项以“- ”开头", "a list, each item after a dash"),
}


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
