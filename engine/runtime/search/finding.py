"""Finding cases: which ones, the newest or most pressing first, and never one that the reader may not see.

Each search walks one index in the order of its list and stops when it has enough: that of the words, of the
open cases, of the ended ones, or of what the reader has to do with. Ids grow with time, so the newest case
has the greatest.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Mostly
from engine.database.words import at_once, finds
from engine.identity import Actor
from engine.runtime.queries import CaseRow
from engine.runtime.queries.cases import rows_of
from engine.runtime.queries.visibility import Way, of_department, sees_all, sees_none, visible, ways
from engine.runtime.search.asked import Asked, of_deadline, of_row
from engine.runtime.tables import IS_OPEN, cases, tasks
from engine.runtime.words.sought import said_in
from engine.runtime.words.spaced import marked, place
from engine.runtime.words.tables import case_index, case_words

AROUND = 24  # characters before and after what is shown of a text
_open = cases.c.state == sa.literal_column("'open'")  # said as literals: indexes hold only these rows
_by_index = case_index.join(case_words, case_words.c.n == case_index.c.rowid).join(
    cases, cases.c.id == case_words.c.case_id
)
_ended = cases.c.state == sa.literal_column("'ended'")


def find(
    connection: Connection, actor: Actor, asked: Asked, *, limit: int = 50, offset: int = 0
) -> list[CaseRow]:
    """The cases this person may see and asks for, newest first or by deadline."""
    query = ids(connection, actor, asked, limit + offset)
    if query is None:
        return []
    page = connection.execute(query.limit(limit).offset(offset)).scalars()
    return rows_of(connection, list(page))


def ids(connection: Connection, actor: Actor, asked: Asked, most: int) -> Any:
    """The statement of the ids of what is found, in order; None where nothing can be. `most`: of them."""
    asked = asked.read(connection)
    if sees_none(actor) or asked.means_nothing:
        return None
    if asked.sort == "due":
        return _by_deadline(connection, actor, asked)
    if asked.of_few:
        return _by_codes(connection, actor, asked)
    if asked.phrases:
        return _by_words(connection, actor, asked, most)
    if asked.of_open:
        conditions = [_open, *of_row(asked), *of_deadline(connection, actor, asked), visible(actor)]
        return sa.select(cases.c.id).where(*conditions).order_by(cases.c.id.desc())
    if sees_all(actor):
        return _of_all(asked, most)
    return _of_ways(actor, asked, most)


def _by_codes(connection: Connection, actor: Actor, asked: Asked) -> sa.Select[Any]:
    """Along the cases of one enterprise, or of few."""
    among = sa.select(cases.c.id).where(*(code.holds() for code in asked.codes))
    conditions = [*_state(asked), *of_row(asked), *of_deadline(connection, actor, asked)]
    query = sa.select(cases.c.id).where(*conditions, *said_in(asked.phrases, among), visible(actor))
    return query.order_by(cases.c.id.desc())


def _by_words(connection: Connection, actor: Actor, asked: Asked, most: int) -> Any:
    """Along the index of words. Who sees some looks among those of the department, and of his own."""
    conditions = [*_state(asked), *of_row(asked), *of_deadline(connection, actor, asked)]
    if sees_all(actor):
        return _said(_by_index, asked.words, conditions)
    branches = []
    for way in of_department(actor):
        besides = [] if way.of_case is None else [way.of_case]
        among = [*asked.words, place(actor.department or "")]
        branches.append(_said(_by_index, among, [*conditions, *besides, way.holds()]))
    reasons = [_reasons(way) for way in ways(actor) if not way.once]
    if actor.enterprise:
        reasons.append(sa.select(cases.c.id.label("case_id")).where(cases.c.enterprise == actor.enterprise))
    own = sa.union(*reasons).subquery()
    mine = sa.select(case_words.c.n).join(own, own.c.case_id == case_words.c.case_id)
    branches.append(_said(_by_index, asked.words, [at_once(case_index.c.rowid).in_(mine), *conditions]))
    return _merged(branches, most)


def _said(
    source: sa.FromClause, sought: Sequence[str], conditions: Sequence[sa.ColumnElement[bool]]
) -> sa.Select[Any]:
    query = sa.select(cases.c.id).select_from(source).where(finds(case_index, sought), *conditions)
    return query.order_by(case_index.c.rowid.desc())


def _reasons(way: Way) -> sa.Select[Any]:
    query = sa.select(way.key.label("case_id")).where(way.condition)
    if way.of_case is None:
        return query.select_from(way.source)
    return query.select_from(way.source.join(cases, cases.c.id == way.key)).where(way.of_case)


def _state(asked: Asked) -> list[sa.ColumnElement[bool]]:
    if asked.of_open:
        return [_open]
    return [_ended] if asked.state == "ended" else []


def _by_deadline(connection: Connection, actor: Actor, asked: Asked) -> sa.Select[Any]:
    """Along the open tasks by their deadlines; a case stands where its first one is."""
    first, source = tasks.alias("first"), cases.join(tasks, tasks.c.case_id == cases.c.id)
    known = [~tasks.c.internal] if actor.kind == "enterprise" else []
    earlier = sa.exists().where(
        first.c.case_id == tasks.c.case_id,
        first.c.state == sa.literal_column("'open'"),
        first.c.due_at.is_not(None),
        sa.tuple_(first.c.due_at, first.c.id) < sa.tuple_(tasks.c.due_at, tasks.c.id),
        *([~first.c.internal] if known else []),
    )
    conditions = [IS_OPEN, tasks.c.due_at.is_not(None), *known, ~earlier, *map(Mostly, of_row(asked))]
    conditions += [*of_deadline(connection, actor, asked), visible(actor)]
    if asked.phrases:
        said = sa.select(case_words.c.case_id).join(case_index, case_index.c.rowid == case_words.c.n)
        conditions.append(cases.c.id.in_(said.where(finds(case_index, asked.words))))
    order = (tasks.c.due_at, tasks.c.id)
    return sa.select(cases.c.id).select_from(source).where(*conditions).order_by(*order)


def _of_all(asked: Asked, most: int) -> Any:
    """For who sees all: open and ended cases have their own indexes where something is asked of them."""
    conditions = of_row(asked)
    if not conditions or asked.state == "ended":
        query = sa.select(cases.c.id).where(*_state(asked), *conditions)
        return query.order_by(cases.c.id.desc())
    return _merged([sa.select(cases.c.id).where(state, *conditions) for state in (_open, _ended)], most)


def _of_ways(actor: Actor, asked: Asked, most: int) -> Any:
    """For who sees some: each reason to see a case is a list of its own."""
    conditions = [*_state(asked), *of_row(asked)]
    branches = [_along(way, conditions) for way in ways(actor)]
    if actor.enterprise:
        own = cases.c.enterprise == actor.enterprise
        branches.append(sa.select(cases.c.id).where(own, *conditions))
    return _merged(branches, most)


def _along(way: Way, conditions: Sequence[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    besides = [*conditions] if way.of_case is None else [way.of_case, *conditions]
    source = way.source.join(cases, cases.c.id == way.key)
    query = sa.select(way.key.label("id")).select_from(source).where(way.condition, *map(Mostly, besides))
    return query if way.once else query.distinct()


def _merged(branches: Sequence[sa.Select[Any]], most: int) -> Any:
    """The first `most` of each branch as one list without doubles."""
    ordered = (q if q._order_by_clauses else q.order_by(q.selected_columns[0].desc()) for q in branches)
    first = [query.limit(most).subquery() for query in ordered]
    every = sa.union(*(sa.select(part.c[0].label("id")) for part in first)).subquery()
    return sa.select(every.c.id).order_by(every.c.id.desc())


def excerpts(
    connection: Connection, sought: Mapping[str, Sequence[str]]
) -> dict[str, list[tuple[str, bool]]]:
    """For each case by its id: what stands around the first place where one of its phrases was found."""
    query = sa.select(case_words.c.case_id, case_words.c.text).where(case_words.c.case_id.in_(list(sought)))
    rows = connection.execute(query) if sought else ()
    return {row.case_id: _around(marked(row.text, sought[row.case_id])) for row in rows}


def _around(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    at = next((index for index, (_, mark) in enumerate(pieces) if mark), None)
    if at is None:
        return []
    before = pieces[at - 1][0].rpartition("\n")[2] if at else ""
    after = pieces[at + 1][0].partition("\n")[0] if at + 1 < len(pieces) else ""
    start = ("…" if len(before) > AROUND else "") + before[-AROUND:]
    end = after[:AROUND] + ("…" if len(after) > AROUND else "")
    return [(start, False), pieces[at], (end, False)]
