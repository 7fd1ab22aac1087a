"""Texts as words: every CJK character is a word of its own, so that two of them are found as a phrase.

Letters and digits stay together, each kind for itself (`A4纸` is a, 4, 纸). Upper and lower case, full and
half width are the same. What the databases' tokenizers would not know alike (rare characters, other
scripts) becomes a word of Latin letters, so that both databases see the same words.
"""

import hashlib
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby

BARRIER = "zqz"  # stands between two lines; no text and no query has it
MOST_WORDS = 10_000  # of a case; what comes after is not found
MOST_TIMES = 250  # that one word is found in a case: PostgreSQL keeps no more places of it
LONGEST = 40  # letters of one word
PHRASES = 12  # of one query
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_DIGITS = frozenset("0123456789")
_KNOWN = ((0x4E00, 0x9FCC), (0x3400, 0x4DB5))  # CJK characters that every tokenizer takes for letters
_OWN = ((0xE000, 0xF8FF), (0x20000, 0x3FFFF), (0xF0000, 0x10FFFF))  # rare ones, and those of private use
_HEX = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


class _Spaced(dict[int, str]):
    """What to write for each character; those of the basic plane are remembered."""

    def __missing__(self, code: int) -> str:
        found = "".join(map(_spaced, unicodedata.normalize("NFKC", chr(code)).casefold()))
        if code < 0x10000:
            self[code] = found
        return found


def _spaced(char: str) -> str:
    code = ord(char)
    if char in _LETTERS or char in _DIGITS:
        return char
    if any(first <= code <= last for first, last in _KNOWN):
        return f" {char} "
    if char.isalnum() or any(first <= code <= last for first, last in _OWN):
        return f" zq{f'{code:x}'.translate(_HEX)} "
    return " "


_SPACED = _Spaced()


def words(text: str) -> list[str]:
    """The words of a text, in order."""
    found: list[str] = []
    for run in unicodedata.normalize("NFC", text).translate(_SPACED).split():
        if len(run) == 1 or run.isalpha() or run.isdigit():
            found.append(run[:LONGEST])
        else:
            found.extend("".join(same)[:LONGEST] for _, same in groupby(run, str.isdigit))
    return [word for word in found if word != BARRIER]


def place(code: str) -> str:
    """The word by which what has been with a department is found; nobody writes it."""
    return "zqd" + hashlib.sha256(code.encode()).hexdigest()[:16].translate(_HEX)


def indexed(text: str, departments: Iterable[str] = ()) -> str:
    """The words of a text as the index takes them: where it has been, and a barrier behind each line."""
    found: list[str] = [place(code) for code in departments]
    for line in text.splitlines():
        found.extend(words(line))
        found.append(BARRIER)
        if len(found) > MOST_WORDS:
            break
    found = found[:MOST_WORDS]
    return " ".join(_counted(found) if len(found) > MOST_TIMES else found)


def _counted(found: list[str]) -> Iterator[str]:
    """The same, with a barrier for every word that has been found often enough."""
    times: Counter[str] = Counter()
    for word in found:
        times[word] += 1
        yield word if times[word] <= MOST_TIMES else BARRIER


def phrases(query: str) -> list[str]:
    """What a query looks for: each part between spaces is a phrase of words. Nothing where it has no word."""
    found = (_phrase(part) for part in query.split())
    return list(dict.fromkeys(filter(None, found)))[:PHRASES]


def _phrase(part: str) -> str:
    """One phrase. The last word of what looks like a number (SQ-202603) may go on: it ends with `*`."""
    found = words(part)
    numbered = part.isascii() and "-" in part[1:] and len(found) > 1 and found[-1].isdigit()
    return " ".join(found) + ("*" if numbered else "")


def _placed(text: str) -> list[tuple[str, int, int]]:
    """The words of a text with the places where they begin and end in it."""
    written = [(char, place) for place, given in enumerate(text) for char in _SPACED[ord(given)]]
    found = []
    for kind, same in groupby(written, lambda pair: _kind(pair[0])):
        run = list(same)
        if kind:
            found.append(("".join(char for char, _ in run)[:LONGEST], run[0][1], run[-1][1] + 1))
    return found


def _kind(char: str) -> int:
    return 0 if char == " " else 1 if char.isdigit() else 2


def together(text: str) -> str:
    """The words of a text as one, so that it does not matter how it is divided."""
    return "".join(words(text))


def marked(text: str, sought: Sequence[str], numbers: Iterable[str] = ()) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is one of the phrases `sought`.

    So are the words that `numbers` stand in, each given `together`, however they are divided there.
    """
    text = unicodedata.normalize("NFC", text)
    placed = _placed(text)
    said = [word for word, _, _ in placed]
    inside = [False] * len(text)
    for phrase in sought:
        *parts, last = phrase.rstrip("*").split()
        for first in range(len(said) - len(parts)):
            word = said[first + len(parts)]
            ends = word.startswith(last) if phrase.endswith("*") else word == last
            if ends and said[first : first + len(parts)] == parts:
                begin, end = placed[first][1], placed[first + len(parts)][2]
                inside[begin:end] = [True] * (end - begin)
    for first, after in _divided(said, numbers):
        begin, end = placed[first][1], placed[after - 1][2]
        inside[begin:end] = [True] * (end - begin)
    return [
        ("".join(char for char, _ in same), mark)
        for mark, same in groupby(zip(text, inside, strict=True), lambda pair: pair[1])
    ]


def _divided(said: Sequence[str], numbers: Iterable[str]) -> Iterator[tuple[int, int]]:
    """From which word to before which one each of the numbers stands."""
    joined, starts = "".join(said), list(accumulate(map(len, said), initial=0))
    for number in numbers:
        at = joined.find(number)
        while at >= 0:
            yield bisect_right(starts, at) - 1, bisect_left(starts, at + len(number))
            at = joined.find(number, at + 1)
