"""Regular expressions of XPath, as FEEL has them, run by RE2: time grows with the text, never explodes.

What RE2 has not (back-references, look-around) makes the function null.
"""

import re
from functools import lru_cache
from typing import Any

import re2

MAX_PATTERN = 1_000
MAX_MEMORY = 512 * 1024

_CLASSES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r" \t\n\r",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
    "i": r"\p{L}_:",
    "c": r"\p{L}\p{M}\p{Nd}._:·\-",
}
_LITERALS = frozenset(r"\|.?*+(){}-[]^$nrt")
_BLOCKS = {
    "BasicLatin": r"\x00-\x7f",
    "Latin-1Supplement": r"\x{80}-\x{ff}",
    "Greek": r"\x{370}-\x{3ff}",
    "Cyrillic": r"\x{400}-\x{4ff}",
    "CJKSymbolsandPunctuation": r"\x{3000}-\x{303f}",
    "Hiragana": r"\x{3040}-\x{309f}",
    "Katakana": r"\x{30a0}-\x{30ff}",
    "CJKUnifiedIdeographs": r"\x{4e00}-\x{9fff}",
    "HangulSyllables": r"\x{ac00}-\x{d7af}",
    "HalfwidthandFullwidthForms": r"\x{ff00}-\x{ffef}",
}
_CATEGORY = re.compile(r"\{([A-Za-z0-9\-]{1,40})\}")


class Unsupported(ValueError):
    """The pattern is wrong, or asks for what RE2 does not do."""


@lru_cache(maxsize=128)
def compiled(pattern: str, flags: str) -> Any:
    """The RE2 program of an XPath pattern. Raises Unsupported."""
    if len(pattern) > MAX_PATTERN or set(flags) - set("smixq"):
        raise Unsupported(flags)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    options.case_sensitive = "i" not in flags
    if "q" in flags:
        translated = re2.escape(pattern)
    else:
        translated = _Translation(pattern, flags).whole()
    try:
        return re2.compile(("(?m)" if "m" in flags and "q" not in flags else "") + translated, options)
    except re2.error:
        raise Unsupported(pattern) from None


class _Translation:
    """Goes through an XPath pattern once and writes it in RE2's dialect."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = _without_spaces(pattern) if "x" in flags else pattern
        self.dot = r"(?s:.)" if "s" in flags else r"[^\n\r]"
        self.at = 0

    def whole(self) -> str:
        pieces = []
        while self.at < len(self.pattern):
            sign = self.take()
            if sign == "\\":
                pieces.append(self.escape(False))
            elif sign == "[":
                pieces.append(self.bracket())
            elif sign == ".":
                pieces.append(self.dot)
            elif sign == "(" and self.pattern.startswith("?", self.at):
                pieces.append(self.group())
            else:
                pieces.append(sign)
        return "".join(pieces)

    def take(self) -> str:
        if self.at >= len(self.pattern):
            raise Unsupported(self.pattern)
        self.at += 1
        return self.pattern[self.at - 1]

    def group(self) -> str:
        if not self.pattern.startswith("?:", self.at):
            raise Unsupported(self.pattern)
        self.at += 2
        return "(?:"

    def escape(self, inside: bool) -> str:
        sign = self.take()
        if sign in _LITERALS:
            return "\\" + sign
        if sign in "pP":
            return self.category(sign, inside)
        content = _CLASSES.get(sign) or _CLASSES.get(sign.lower())
        if content is None:
            raise Unsupported(self.pattern)
        negated = sign.isupper() and sign not in _CLASSES
        if negated and inside:
            raise Unsupported(self.pattern)
        return content if inside else f"[{'^' if negated else ''}{content}]"

    def category(self, sign: str, inside: bool) -> str:
        found = _CATEGORY.match(self.pattern, self.at)
        if not found:
            raise Unsupported(self.pattern)
        self.at = found.end()
        name = found[1]
        if not name.startswith("Is"):
            return f"\\{sign}{{{name}}}"
        block = _BLOCKS.get(name[2:])
        if block is None or (inside and sign == "P"):
            raise Unsupported(self.pattern)
        return block if inside else f"[{'^' if sign == 'P' else ''}{block}]"

    def bracket(self) -> str:
        """A character class; `[a-z-[aeiou]]` is worked out, RE2 has no subtraction."""
        negated = self.pattern.startswith("^", self.at)
        self.at += negated
        pieces: list[str] = []
        start = self.at
        while not (self.pattern.startswith("]", self.at) and self.at > start):
            if self.pattern.startswith("-[", self.at) and pieces:
                return self.subtraction(start, negated)
            sign = self.take()
            if sign == "[":
                raise Unsupported(self.pattern)
            pieces.append(self.escape(True) if sign == "\\" else sign)
        self.at += 1
        return f"[{'^' if negated else ''}{_hyphens(pieces)}]"

    def subtraction(self, start: int, negated: bool) -> str:
        kept = _characters(self.pattern[start : self.at])
        end = self.pattern.find("]]", self.at)
        taken = self.pattern[self.at + 2 : end]
        if end < 0 or negated or taken.startswith("^"):
            raise Unsupported(self.pattern)
        left = sorted(kept - _characters(taken))
        self.at = end + 2
        if not left:
            raise Unsupported(self.pattern)
        return "[" + "".join(f"\\x{{{ord(one):x}}}" for one in left) + "]"


def _hyphens(pieces: list[str]) -> str:
    """A hyphen at the end of a class, or after a range, is itself."""
    if len(pieces) > 1 and pieces[-1] == "-":
        pieces[-1] = r"\-"
    return "".join(pieces)


def _characters(written: str) -> set[str]:
    """The characters of a simple class such as `A-Z0-9_`, at most a thousand."""
    found: set[str] = set()
    position = 0
    while position < len(written):
        first = written[position]
        if first in "\\[]":
            raise Unsupported(written)
        if position + 2 < len(written) and written[position + 1] == "-":
            last = written[position + 2]
            if not 0 <= ord(last) - ord(first) <= 1_000:
                raise Unsupported(written)
            found.update(map(chr, range(ord(first), ord(last) + 1)))
            position += 3
        else:
            found.add(first)
            position += 1
    return found


def _without_spaces(pattern: str) -> str:
    """Flag x: white space outside character classes does not count."""
    pieces, depth = [], 0
    for index, sign in enumerate(pattern):
        if pattern[index - 1 : index] != "\\":
            depth += (sign == "[") - (sign == "]" and depth > 0)
        if depth or not sign.isspace():
            pieces.append(sign)
    return "".join(pieces)
