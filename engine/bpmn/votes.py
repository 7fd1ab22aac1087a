"""Counting votes: whether what was said so far passes, fails, or is still open. Pure arithmetic.

An abstention (弃权) is a vote and no agreement: it counts among those who were asked, never for it.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from math import ceil
from typing import Any

AGREE, DISAGREE, ABSTAIN = "同意", "不同意", "弃权"
VOTES = (AGREE, DISAGREE, ABSTAIN)
PASSED, FAILED = "通过", "不通过"
_EXACT = Decimal("1e-12")
_LONGEST = 12  # characters of a ratio


def ratio_of(value: Any) -> Decimal | None:
    """A share of one: 0.6 from `60%`, `0.6` or the number; None for anything else."""
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str):
        return None
    text = value.strip()
    share = text.removesuffix("%").strip()
    if not share.isascii() or len(share) > _LONGEST or set(share) - set("0123456789."):
        return None
    try:
        return Decimal(share) / (100 if text.endswith("%") else 1)
    except InvalidOperation:
        return None


def needed_of(ratio: Decimal, asked: int) -> int:
    """How many of `asked` must agree for a share of at least `ratio` (above 0, at most 1).

    A computed ratio such as 2/3 has been rounded up somewhere beyond the twelfth digit: that is no vote more.
    """
    return ceil((ratio * asked).quantize(_EXACT))


def verdict(kind: str, votes: Sequence[str], asked: int, needed: int, veto: bool) -> bool | None:
    """Whether it passes; None while that is open and somebody has still to be asked.

    `all` and `turn` hear everybody, unless a rejection acts at once by `veto`; `any` goes by the first who
    does not abstain; `vote` ends as soon as nothing can change it.
    """
    agreed, left = votes.count(AGREE), asked - len(votes)
    if veto and DISAGREE in votes:
        return False
    if kind == "any":
        decided = [vote for vote in votes if vote != ABSTAIN]
        return decided[0] == AGREE if decided else (None if left else False)
    if kind == "vote":
        if agreed >= needed:
            return True
        return False if agreed + left < needed else None
    return None if left else agreed >= needed
