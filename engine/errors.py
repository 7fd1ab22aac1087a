"""The one tree of errors, and the catalogue of what each says to a person.

An error carries a code and the facts of the case; the sentence is looked up in
the reader's language when it is shown, so the engine never formats text for a
language it does not know. Every sentence says what to do next.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

_catalogue: dict[str, tuple[str, str]] = {}


def teach(messages: Mapping[str, tuple[str, str]]) -> None:
    """Add sentences to the catalogue: code -> (Chinese, English), with `{fact}` places.

    Each package teaches its own at import. A code taught twice is a mistake of ours.
    """
    for code, pair in messages.items():
        if code in _catalogue and _catalogue[code] != pair:
            raise ValueError(f"the error code {code!r} has two meanings")
        _catalogue[code] = pair


def say(code: str, facts: Mapping[str, Any], language: str = "zh") -> str:
    """The sentence of `code` in Chinese (`zh`) or English (`en`), with the facts filled in."""
    chinese, english = _catalogue.get(code, (code, code))
    template = english if language.startswith("en") else chinese
    return template.format_map(_Facts(facts))


class _Facts(dict[str, Any]):
    """A missing fact shows its own name instead of hiding the whole sentence."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where (a field's key, an element's id, a line), and why."""

    code: str
    where: str = ""
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def say(self, language: str = "zh") -> str:
        return say(self.code, {"where": self.where, **self.facts}, language)


class ZhibanError(Exception):
    """The root of all our errors. `status` is the HTTP status it maps to, in one place."""

    status = 500

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def say(self, language: str = "zh") -> str:
        return say(self.code, self.facts, language)

    def __str__(self) -> str:
        return f"{self.code}: {self.say('zh')}"


class NotFound(ZhibanError):
    """What was asked for does not exist, or is not for this reader."""

    status = 404


class NotAllowed(ZhibanError):
    """This person may not do this."""

    status = 403


class Invalid(ZhibanError):
    """The input is wrong; `problems` says what and where."""

    status = 422

    def __init__(self, code: str, /, *, problems: Iterable[Problem] = (), **facts: Any) -> None:
        super().__init__(code, **facts)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        lines = [super().__str__(), *(f"  {p.where}: {p.say('zh')}" for p in self.problems)]
        return "\n".join(lines)


class Conflict(ZhibanError):
    """Somebody was faster; the facts say who did what and when."""

    status = 409


class Unavailable(ZhibanError):
    """The platform cannot do it at this moment; trying again later may help."""

    status = 503
