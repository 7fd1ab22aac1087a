"""Whether two lists hold the same things in any order, as far as the scenario says something of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.scenarios.alike import same, text
from engine.scenarios.expect.look import Unlike
from engine.scenarios.words import ASSESSMENT_WORDS, NOTICE_WORDS, REMINDER_WORDS, TIMER_WORDS

_KEYS = {  # the word that names an entry, and the words that are usually shown
    "notices": ("to", NOTICE_WORDS),
    "reminders": ("to", REMINDER_WORDS),
    "assessments": ("kind", ASSESSMENT_WORDS),
}


def alike(what: str, expected: list[dict[str, Any]], actual: list[dict[str, Any]]) -> Unlike | None:
    """Whether both lists hold the same things in any order, as far as `expected` says something.

    Of several with one name, each expected one takes the first that fits it.
    """
    key, usual = _KEYS.get(what, ("name", TIMER_WORDS))
    words = list(dict.fromkeys(word for one in expected for word in one)) or usual
    left = list(actual)
    missing = []
    for one in expected:
        fit = next((other for other in left if fits(one, other)), None)
        if fit is None:
            missing.append(one)
        else:
            left.remove(fit)
    if not missing and not left:
        return None
    if missing and (near := next((o for o in left if _named(missing[0], o, key)), None)) is not None:
        word = next(w for w in missing[0] if not fits({w: missing[0][w]}, near))
        whose = f"{what}「{missing[0][key]}」{word}"
        return Unlike(whose, text(missing[0][word]), text(near[word]))
    return Unlike(what, _listed(expected, words), _listed(actual, words))


def _named(one: Mapping[str, Any], other: Mapping[str, Any], key: str) -> bool:
    return one[key] in (other[key], other.get("element"))


def fits(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether one entry of a list is what the scenario says of it."""
    for word, value in one.items():
        if word == "name":
            if not _named(one, other, word):
                return False
        elif word == "candidates":
            if set(value) != set(other[word]):
                return False
        elif not same(value, other[word]):
            return False
    return True


def _listed(entries: list[dict[str, Any]], words: Sequence[str]) -> str:
    shown_ = [" ".join(text(one[word]) for word in words if word in one) for one in entries]
    return "；".join(shown_) or "—"
