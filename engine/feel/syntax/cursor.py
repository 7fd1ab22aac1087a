"""The place in the text where the parser stands, the names it knows there, and its limits."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from engine.errors import Invalid
from engine.feel.syntax.lexer import (
    KEYWORDS,
    KnownNames,
    Token,
    refuse,
    shown,
    token_at,
    word_sequence,
)
from engine.feel.syntax.tree import Node

MAX_NESTING = 60
MAX_SECOND_TRIES = 20

_NAME_SIGNS = frozenset("+-*/.'")


class Cursor:
    """Reads tokens one by one. `expression` is the parser's entry, set by the parser itself."""

    def __init__(self, text: str, names: Iterable[str], members: Iterable[str]) -> None:
        self.text = text
        self.token = token_at(text, 0)
        self.known = KnownNames(names)
        self.members = KnownNames(members)
        self.in_filter = 0
        self.filters_allowed = True
        self.expression: Callable[[int], Node]
        self._nesting = 0
        self._second_tries = 0

    @property
    def position(self) -> int:
        return self.token.start

    def move_to(self, position: int) -> None:
        self.token = token_at(self.text, position)

    def advance(self) -> Token:
        token = self.token
        self.token = token_at(self.text, token.end)
        return token

    def at(self, *texts: str) -> bool:
        """Whether the token is one of these signs or words (a string never is)."""
        return self.token.text in texts and self.token.kind in ("sign", "word")

    def accept(self, text: str) -> bool:
        if self.at(text):
            self.advance()
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            self.refuse(text)

    def refuse(self, expected: str) -> NoReturn:
        refuse(self.text, self.position, expected, self.token.text)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """One level deeper; bounded, so that a hostile text cannot exhaust the stack."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise Invalid("feel.too_deep", text=shown(self.text), limit=MAX_NESTING)
        try:
            yield
        finally:
            self._nesting -= 1

    def second_try(self) -> None:
        """Count a return to an earlier place; bounded, so that reading stays linear."""
        self._second_tries += 1
        if self._second_tries > MAX_SECOND_TRIES:
            raise Invalid("feel.too_deep", text=shown(self.text), limit=MAX_SECOND_TRIES)

    def known_name(self) -> tuple[str, int] | None:
        """The longest known name here that words alone would not spell."""
        found = self.known.longest_at(self.text, self.position)
        if self.in_filter:
            member = self.members.longest_at(self.text, self.position)
            if member and (found is None or member[1] > found[1]):
                return member
        return found

    def name(self) -> str:
        """A name at this place, known or of words side by side."""
        if self.token.kind != "word":
            self.refuse("〈名称 name〉")
        known = self.known_name()
        words = None if self.token.text in KEYWORDS else word_sequence(self.text, self.token)
        best = max((found for found in (known, words) if found), key=lambda found: found[1], default=None)
        if best is None:
            self.refuse("〈名称 name〉")
        self.move_to(best[1])
        return best[0]

    def member(self) -> str:
        """The name after a point: a word may be a keyword there, and signs are known from the types."""
        found = self.members.longest_at(self.text, self.position)
        if self.token.kind != "word" and not found:
            self.refuse("〈名称 name〉")
        words = word_sequence(self.text, self.token) if self.token.kind == "word" else ("", 0)
        best = found if found and found[1] > words[1] else words
        self.move_to(best[1])
        return best[0]

    def new_name(self, *closers: str) -> str:
        """A name that is being defined: everything up to one of `closers`; it is known from here on."""
        start, end = self.position, self.position
        while not self.at(*closers):
            if self.token.kind not in ("word", "number") and self.token.text not in _NAME_SIGNS:
                self.refuse(" ".join(closers))
            end = self.advance().end
        if end == start:
            self.refuse("〈名称 name〉")
        name = " ".join(self.text[start:end].split())
        self.known.add(name)
        return name
