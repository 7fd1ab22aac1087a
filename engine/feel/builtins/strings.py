"""Built-in functions on text. Positions are counted in characters from 1; negative ones from the end."""

import re
from decimal import Decimal
from typing import Any

from engine.feel.builtins.patterns import compiled
from engine.feel.builtins.registry import builtin
from engine.feel.run import MAX_STRING, Exhausted, Run
from engine.feel.values.text import string_of

_GROUP = re.compile(r"\\(.)|\$([0-9]+)|([\\$])", re.DOTALL)
_PATTERN_COST = 1_000
"""Characters that one step may search."""


@builtin("string(from: Any)")
def _string(value: Any) -> str | None:
    return string_of(value)


@builtin("string length(string: string)")
def _string_length(text: str) -> Decimal:
    return Decimal(len(text))


@builtin("upper case(string: string)")
def _upper_case(text: str) -> str:
    return text.upper()


@builtin("lower case(string: string)")
def _lower_case(text: str) -> str:
    return text.lower()


@builtin("substring(string: string, start position: number, length?: number|null)")
def _substring(text: str, start: Decimal, length: Decimal | None) -> str | None:
    first = place(start, len(text))
    if first is None or (length is not None and length < 1):
        return None
    size = len(text) if length is None else int(min(length, Decimal(len(text))))
    return text[first : first + size]


def place(position: Decimal, length: int) -> int | None:
    """The index of a FEEL position in something of that length; null when it is 0 or outside."""
    if not 1 <= abs(position) <= length:
        return None
    whole = int(position)
    return whole - 1 if whole > 0 else length + whole


@builtin("substring before(string: string, match: string)")
def _substring_before(text: str, match: str) -> str:
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def _substring_after(text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


@builtin("contains(string: string, match: string)")
def _contains(text: str, match: str) -> bool:
    return match in text


@builtin("starts with(string: string, match: string)")
def _starts_with(text: str, match: str) -> bool:
    return text.startswith(match)


@builtin("ends with(string: string, match: string)")
def _ends_with(text: str, match: str) -> bool:
    return text.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string|null)", run=True)
def _matches(run: Run, text: str, pattern: str, flags: str | None) -> bool:
    _pay(run, text, pattern)
    return compiled(pattern, flags or "").search(text) is not None


def _pay(run: Run, text: str, pattern: str) -> None:
    """RE2 needs at most text times pattern."""
    run.spend(len(text) * (len(pattern) + 1) // _PATTERN_COST)


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string|null)", run=True)
def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> str | None:
    program = compiled(pattern, flags or "")
    _pay(run, text, pattern)
    parts = _parts(replacement, program.groups) if "q" not in (flags or "") else [replacement]
    pieces: list[str] = []
    length = end = 0
    for found in program.finditer(text):
        added = [text[end : found.start()], *(_filled(part, found) for part in parts)]
        length += sum(map(len, added))
        run.spend(len(added) + 8)
        if length > MAX_STRING:
            raise Exhausted
        pieces += added
        end = found.end()
    return "".join(pieces) + text[end:]


def _filled(part: str | int, found: Any) -> str:
    return part if isinstance(part, str) else found.group(part) or ""


def _parts(replacement: str, groups: int) -> list[str | int]:
    """The replacement's text and group numbers. Raises ValueError for a lone `$` or `\\`."""
    parts: list[str | int] = []
    end = 0
    for found in _GROUP.finditer(replacement):
        parts.append(replacement[end : found.start()])
        end = found.end()
        if found[1] in ("\\", "$"):
            parts.append(found[1])
        elif found[2]:
            parts += _group(found[2], groups)
        else:
            raise ValueError(replacement)
    parts.append(replacement[end:])
    return parts


def _group(digits: str, groups: int) -> list[str | int]:
    """`$12` is group 12, or group 1 and a 2 when there are fewer groups; a group that is missing is empty."""
    length = min(len(digits), 3)
    while length > 1 and int(digits[:length]) > groups:
        length -= 1
    number = int(digits[:length])
    return [number if number <= groups else "", digits[length:]]


@builtin("split(string: string, delimiter: string)", run=True)
def _split(run: Run, text: str, delimiter: str) -> list[str]:
    _pay(run, text, delimiter)
    pieces, end = [], 0
    for found in compiled(delimiter, "").finditer(text):
        if found.end() > found.start():
            run.spend(8)
            pieces.append(text[end : found.start()])
            end = found.end()
    return [*pieces, text[end:]]


@builtin("string join(list: list, delimiter?: string|null)")
def _string_join(items: list[Any], delimiter: str | None) -> str | None:
    texts = [item for item in items if item is not None]
    if any(type(text) is not str for text in texts):
        return None
    if sum(map(len, texts)) + len(texts) * len(delimiter or "") > MAX_STRING:
        raise Exhausted
    return (delimiter or "").join(texts)
