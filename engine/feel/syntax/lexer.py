"""Tokens of FEEL, read on demand, and the names in it.

Names may be Chinese, and may hold spaces and signs. Two words side by side mean nothing else in
FEEL, so they are one name; a name with a sign or a keyword in it must be known beforehand.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from engine.errors import Invalid

MAX_TEXT = 10_000

_START = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3005-\u3007\u3021-\u302F\u3031-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE"
    r"\uFF21-\uFF3A\uFF41-\uFF5A\uFF66-\uFFDC\U00010000-\U000EFFFF"
)
_PART = _START + r"0-9\u00B7\u0300-\u036F\u203F\u2040\uFF10-\uFF19'’"
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    r'|(?P<at>@\s*"(?:[^"\\]|\\.)*")'
    rf"|(?P<word>\?|[{_START}][{_PART}]*)"
    r"|(?P<sign>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{},:.])",
    re.DOTALL,
)
_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(f"[{_START}][{_PART}]*")
_IS_PART = re.compile(f"[{_PART}]")
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)",
    re.DOTALL,
)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_FULL_WIDTH = dict(
    zip("（）［］｛｝，：＝＜＞＋－＊／．“”＂【】、；", '()[]{},:=<>+-*/."""[],,', strict=True)
)

KEYWORDS = frozenset(
    ("for", "return", "if", "then", "else", "some", "every", "satisfies", "in", "and", "or", "between")
    + ("instance", "function", "external", "true", "false", "null")
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, string, at, word, sign or end; `start` and `end` are places in the text."""

    kind: str
    text: str
    start: int
    end: int


def token_at(text: str, position: int) -> Token:
    """The token that begins at or after `position`; spaces and comments are skipped."""
    space = _SPACE.match(text, position)
    start = space.end() if space else position
    if start >= len(text):
        return Token("end", "", start, start)
    found = _TOKEN.match(text, start)
    if found is None:
        _refuse_character(text, start)
    return Token(found.lastgroup or "", found.group(), start, found.end())


def _refuse_character(text: str, position: int) -> NoReturn:
    sign = text[position]
    if sign in _FULL_WIDTH:
        raise Invalid(
            "feel.fullwidth", text=shown(text), position=position + 1, found=sign, expected=_FULL_WIDTH[sign]
        )
    refuse(text, position, '"' if text.find('"', position + 1) < 0 and sign in '"@' else "…", sign)


def refuse(text: str, position: int, expected: str, found: str) -> NoReturn:
    """Say where the text cannot be read, and what was expected there."""
    raise Invalid(
        "feel.syntax",
        text=shown(text),
        position=position + 1,
        expected=expected,
        found=found or "〈末尾 end〉",
    )


def shown(text: str) -> str:
    """A text short enough for a message."""
    return text if len(text) <= 120 else text[:117] + "…"


def string_value(token: Token, text: str) -> str:
    """What a string token means, its escapes resolved."""
    body = token.text[token.text.index('"') + 1 : -1]
    if "\\" not in body:
        return body
    return _ESCAPE.sub(lambda found: _unescape(found.group(), token, text), body)


def _unescape(escape: str, token: Token, text: str) -> str:
    if len(escape) == 12:
        high, low = int(escape[2:6], 16), int(escape[8:], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    if len(escape) > 2:
        code = int(escape[2:], 16)
        if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            refuse(text, token.start, "\\uXXXX", escape)
        return chr(code)
    return _SIMPLE.get(escape[1], escape)


class KnownNames:
    """Names that are known to exist and that words alone would not spell: with signs or keywords inside."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_start: dict[str, list[tuple[str, ...]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        pieces = tuple(name.split())
        if not all(_WORD.fullmatch(piece) and piece not in KEYWORDS for piece in pieces):
            group = self._by_start.setdefault(pieces[0][0], [])
            if pieces not in group:
                group.append(pieces)
                group.sort(key=lambda known: -sum(map(len, known)))

    def longest_at(self, text: str, position: int) -> tuple[str, int] | None:
        """The longest known name at `position`, and where it ends."""
        if position >= len(text):
            return None
        for pieces in self._by_start.get(text[position], ()):
            end = _match_pieces(text, position, pieces)
            if end is not None:
                return " ".join(pieces), end
        return None


def _match_pieces(text: str, position: int, pieces: tuple[str, ...]) -> int | None:
    for index, piece in enumerate(pieces):
        if index:
            after = position
            while after < len(text) and text[after].isspace():
                after += 1
            if after == position:
                return None
            position = after
        if not text.startswith(piece, position):
            return None
        position += len(piece)
    inside = position < len(text) and _IS_PART.match(text[position]) and _IS_PART.match(text[position - 1])
    return None if inside else position


def word_sequence(text: str, first: Token) -> tuple[str, int]:
    """Words side by side are one name: `next workday` is one, `a and b` is not. -> (name, end)"""
    words, end = [first.text], first.end
    if first.text == "?":
        return "?", end
    while True:
        token = token_at(text, end) if end < len(text) and text[end].isspace() else None
        if token is None or token.kind != "word" or token.text in KEYWORDS or token.text == "?":
            return " ".join(words), end
        words.append(token.text)
        end = token.end
