"""Passwords: which are refused, how they are kept (argon2id), how one is checked.

A check against an account that does not exist costs the same as against one that does.
"""

import unicodedata
from itertools import pairwise

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import Problem

SHORTEST, LONGEST = 10, 200
_FEWEST_DIFFERENT = 5
_OBVIOUS = (
    "password", "passw0rd", "p@ssw0rd", "mima", "woaini", "iloveyou", "qwerty", "qwertyuiop", "asdfghjkl",
    "zxcvbnm", "1qaz2wsx", "1q2w3e4r", "q1w2e3r4", "abc123", "a123456", "admin", "administrator", "root",
    "welcome", "letmein", "zhiban", "zwfw", "12345", "123456", "888888", "666666", "5201314", "111111",
    "000000",
)  # fmt: skip

# 19 MiB, two passes, one lane: a county's small server can still check a few at a time.
_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _hasher.hash("nobody has this password")


def weakness(password: str, *names: str) -> Problem | None:
    """Why `password` is refused, or None. `names` are the user's own (username, name)."""
    text = _plain(password)
    if not SHORTEST <= len(text) <= LONGEST:
        return Problem("identity.password_length", "password", {"shortest": SHORTEST, "longest": LONGEST})
    lower = text.lower()
    own = [_plain(name).lower() for name in names]
    if len(set(lower)) < _FEWEST_DIFFERENT or _is_run(lower) or _is_obvious(lower):
        return Problem("identity.password_obvious", "password")
    if any(name and name in lower and len(lower) - len(name) < 6 for name in own):
        return Problem("identity.password_obvious", "password")
    return None


def hashed(password: str) -> str:
    """The argon2id hash to keep for `password`."""
    return _hasher.hash(_plain(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether `password` is the one kept as a hash. With nothing kept it works as long, and says no."""
    try:
        return _hasher.verify(kept or _NOBODY, _plain(password)) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether a hash was made with other settings than today's, so it should be made anew."""
    return _hasher.check_needs_rehash(kept)


def _plain(password: str) -> str:
    """One writing for what looks the same (a full-width digit is the digit), of a bounded length."""
    writable = password[: 4 * LONGEST].encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", writable)


def _is_run(text: str) -> bool:
    """Whether the characters only count up or down, as in 1234567890 or abcdefghij."""
    steps = {_step(one, other) for one, other in pairwise(text)}
    return steps in ({1}, {-1})


def _step(one: str, other: str) -> int:
    """How far one character is from the next; 0 follows 9, as on a keyboard."""
    step = ord(other) - ord(one)
    return {-9: 1, 9: -1}.get(step, step) if {one, other} == {"0", "9"} else step


def _is_obvious(text: str) -> bool:
    """Whether nothing of weight is left once well-known words, years and signs at the ends are gone."""
    for word in sorted(_OBVIOUS, key=len, reverse=True):
        text = text.replace(word, "")
    return len(text.strip("0123456789!@#$%.*_- ")) < 3
