"""What a text that somebody typed asks for, and the cases in which it stands.

Each part between spaces is a phrase, or the beginning of the credit code of an enterprise that has cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.database import Mostly
from engine.database.words import at_once, finds
from engine.runtime.tables import cases
from engine.runtime.words.spaced import phrases
from engine.runtime.words.tables import case_index, case_words

MOST_TEXT = 120  # characters of a query that are read
SHORTEST = 6  # characters of a credit code: up to its administrative division
LENGTH = 18  # of a whole one
FEW = 2000  # cases of codes that begin alike, which are then looked through one by one
MANY = 20_000  # the same: the list of all cases is then walked instead of theirs
_CODE = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_first, _last = (bindparam(name, type_=sa.String) for name in ("first", "last"))
_some = sa.select(sa.literal(1)).where(cases.c.enterprise.between(_first, _last)).limit(MANY).subquery()
_count = sa.select(sa.func.count()).select_from(_some)


@dataclass(frozen=True)
class Code:
    """The beginning of credit codes, in capitals. `cases`: that many have such a one; MANY: or more."""

    begins: str
    cases: int

    def holds(self) -> sa.ColumnElement[bool]:
        """Whether the enterprise of the row of `cases` has such a code."""
        whole = len(self.begins) == LENGTH
        column = cases.c.enterprise
        found = column == self.begins if whole else column.between(*_edges(self.begins))
        return found if self.cases < MANY else Mostly(found)


@dataclass(frozen=True)
class Sought:
    """What must all be found: phrases as the index knows them, and beginnings of credit codes."""

    phrases: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()

    @property
    def few(self) -> bool:
        """Whether the codes leave few cases to look at."""
        return any(code.cases <= FEW for code in self.codes)

    def __bool__(self) -> bool:
        return bool(self.phrases or self.codes)


def read(connection: Connection, text: str) -> Sought:
    """What a text asks for; nothing if there is no word in it."""
    parts = text[:MOST_TEXT].split()
    codes = {part: code for part in parts if (code := _code(connection, part.upper())) is not None}
    rest = " ".join(part for part in parts if part not in codes)
    return Sought(tuple(phrases(rest)), tuple(codes.values()))


def _code(connection: Connection, part: str) -> Code | None:
    """The part as a credit code: a whole one, or one that begins the code of somebody who has a case."""
    if not SHORTEST <= len(part) <= LENGTH or not _CODE.issuperset(part):
        return None
    first, last = _edges(part)
    found = connection.execute(_count, {"first": first, "last": last}).scalar_one()
    return Code(part, found) if found or len(part) == LENGTH else None


def _edges(begins: str) -> tuple[str, str]:
    """The first and the last code that begins so, in any collation: digits come before letters."""
    return begins.ljust(LENGTH, "0"), begins.ljust(LENGTH, "Z")


def standing(sought: Sought, among: sa.Select[tuple[str]]) -> list[sa.ColumnElement[bool]]:
    """What a row of `cases` must fulfil that stands on a list of few: `among` selects the ids of its cases.

    Nothing is found by a text without a word.
    """
    if not sought:
        return [sa.false()]
    return [*(code.holds() for code in sought.codes), *said_in(sought.phrases, among)]


def said_in(said: Sequence[str], among: sa.Select[tuple[str]]) -> list[sa.ColumnElement[bool]]:
    """The condition that these phrases stand in a row of `cases`; none without phrases. `among` as above.

    The index is walked once, from the oldest of these cases on.
    """
    if not said:
        return []
    these = among.subquery()
    places = sa.select(case_words.c.n).join(these, these.c[0] == case_words.c.case_id)
    oldest = sa.select(sa.func.min(places.subquery().c.n)).scalar_subquery()
    row = case_index.c.rowid
    found = sa.select(case_words.c.case_id).join(case_index, row == case_words.c.n)
    return [cases.c.id.in_(found.where(finds(case_index, said), at_once(row).in_(places), row >= oldest))]
