"""Whatever is changed in the record, or taken from it, is named: the chain and the first wrong event."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from engine import history, runtime
from engine.database import writing
from engine.history import Event, Head, events, heads
from engine.runtime.tables import cases
from tests.runtime.answers import finish
from tests.runtime.stage import Platform
from tests.runtime.together import at_once

AT = datetime(2026, 3, 11, 1, tzinfo=UTC)
LENGTH = 7
OTHER: dict[str, Any] = {
    "at": AT + timedelta(microseconds=1),
    "actor": "somebody else",
    "kind": "task.done",
    "element": "elsewhere",
    "data": '{"n":99}',
    "hash": "0" * 64,
}


def write_chains(connection: Connection, chains: tuple[str, ...] = ("a", "b", "c")) -> dict[str, Head]:
    known = {}
    for chain in chains:
        happened = [Event("kind", f"e{n}", {"n": n, "text": "文"}) for n in range(1, LENGTH + 1)]
        known[chain] = history.append(connection, chain, Head(), happened, at=AT, actor="me")
    return known


def row(chain: str, seq: int) -> Any:
    return sa.and_(events.c.chain == chain, events.c.seq == seq)


def breaks(connection: Connection, known: dict[str, Head]) -> set[tuple[str, int]]:
    return {(found.chain, found.seq) for found in history.verify(connection, known.items())}


def test_an_untouched_record_holds(database: Engine) -> None:
    with writing(database) as connection:
        assert breaks(connection, write_chains(connection)) == set()


@pytest.mark.parametrize("column", OTHER)
def test_a_change_of_any_column_of_any_event_is_named(database: Engine, column: str) -> None:
    with writing(database) as connection:
        known = write_chains(connection)
        for seq in range(1, LENGTH + 1):
            with connection.begin_nested() as point:
                connection.execute(sa.update(events).where(row("b", seq)).values({column: OTHER[column]}))
                assert breaks(connection, known) == {("b", seq)}
                point.rollback()
        assert breaks(connection, known) == set()


def test_an_event_that_was_taken_out_is_named(database: Engine) -> None:
    with writing(database) as connection:
        known = write_chains(connection)
        for seq in range(1, LENGTH + 1):
            with connection.begin_nested() as point:
                connection.execute(sa.delete(events).where(row("b", seq)))
                assert breaks(connection, known) == {("b", seq)}
                point.rollback()


def test_a_tail_that_was_cut_off_and_a_chain_that_is_gone_are_named(database: Engine) -> None:
    with writing(database) as connection:
        known = write_chains(connection)
        for first in range(1, LENGTH + 1):
            with connection.begin_nested() as point:
                connection.execute(sa.delete(events).where(events.c.chain == "b", events.c.seq >= first))
                (found,) = history.verify(connection, known.items())
                assert (found.chain, found.seq, found.reason) == ("b", first, "cut")
                point.rollback()


def test_an_event_that_was_moved_is_named_where_it_came_from_and_where_it_is(database: Engine) -> None:
    with writing(database) as connection:
        known = write_chains(connection)
        connection.execute(sa.update(events).where(row("b", 3)).values(chain="d", seq=1))
        assert breaks(connection, known) == {("b", 3), ("d", 1)}


def test_two_events_that_were_exchanged_are_named(database: Engine) -> None:
    with writing(database) as connection:
        known = write_chains(connection)
        for seq, to in ((3, 99), (4, 3), (99, 4)):
            connection.execute(sa.update(events).where(row("b", seq)).values(seq=to))
        assert breaks(connection, known) == {("b", 3)}


def test_an_event_that_was_added_behind_the_head_is_named(database: Engine) -> None:
    """Even one whose hash is right: the head, which its owner keeps, does not know it."""
    with writing(database) as connection:
        known = write_chains(connection)
        history.append(connection, "b", known["b"], [Event("forged")], at=AT, actor="me")
        assert breaks(connection, known) == {("b", LENGTH + 1)}


def test_a_chain_that_nobody_keeps_is_named(database: Engine) -> None:
    with writing(database) as connection:
        known = write_chains(connection)
        history.append(connection, "forged", Head(), [Event("forged")], at=AT, actor="me")
        assert breaks(connection, known) == {("forged", 1)}


def test_a_chain_that_was_written_anew_from_some_event_on_is_named(database: Engine) -> None:
    """Who can compute hashes still has to change the head as well."""
    with writing(database) as connection:
        known = write_chains(connection)
        fourth = connection.execute(sa.select(events.c.hash).where(row("b", 4))).scalar_one()
        connection.execute(sa.delete(events).where(events.c.chain == "b", events.c.seq > 4))
        forged = [Event("kind", f"e{n}", {"n": -n}) for n in range(5, LENGTH + 1)]
        history.append(connection, "b", Head(4, fourth), forged, at=AT, actor="me")
        assert breaks(connection, known) == {("b", LENGTH)}


def test_a_changed_head_is_named(database: Engine) -> None:
    with writing(database) as connection:
        known = write_chains(connection)
        assert breaks(connection, {**known, "b": Head(LENGTH, "0" * 64)}) == {("b", LENGTH)}
        assert breaks(connection, {**known, "b": Head(LENGTH + 2, "0" * 64)}) == {("b", LENGTH + 1)}


def test_any_random_tampering_is_named_at_its_first_event(database: Engine) -> None:
    with writing(database) as connection:
        known = write_chains(connection)
        for seed in range(150):
            chance = Random(seed)
            with connection.begin_nested() as point:
                hurt: dict[str, int] = {}
                for _ in range(chance.randrange(1, 5)):
                    chain, seq = chance.choice("abc"), chance.randrange(1, LENGTH + 1)
                    column = chance.choice([*OTHER, "delete"])
                    if column == "delete":
                        connection.execute(sa.delete(events).where(row(chain, seq)))
                    else:
                        change = sa.update(events).where(row(chain, seq)).values({column: OTHER[column]})
                        if connection.execute(change).rowcount == 0:
                            continue
                    hurt[chain] = min(seq, hurt.get(chain, seq))
                found = breaks(connection, known)
                firsts = {chain: min(s for c, s in found if c == chain) for chain, _ in found}
                assert firsts == hurt, f"seed {seed}"
                point.rollback()


def test_a_note_keeps_its_own_head(database: Engine) -> None:
    with writing(database) as connection:
        for n in range(3):
            history.note(
                connection, "definitions", Event("definition.deployed", "x", {"n": n}), at=AT, actor="me"
            )
        assert breaks(connection, {}) == set()
        connection.execute(sa.delete(events).where(row("definitions", 3)))
        assert breaks(connection, {}) == {("definitions", 3)}
        connection.execute(sa.delete(heads))
        assert breaks(connection, {}) != set()


def test_two_first_notes_at_once_are_both_written(database: Engine) -> None:
    def note(n: int) -> None:
        with writing(database) as connection:
            history.note(connection, "fresh", Event("kind", data={"n": n}), at=AT, actor="me")

    results = at_once(*(lambda n=n: note(n) for n in range(4)))
    assert results == [None] * 4
    with writing(database) as connection:
        assert breaks(connection, {}) == set() and len(history.of(connection, "fresh")) == 4


def test_what_happened_to_a_case_is_verified_with_the_head_that_the_case_keeps(platform: Platform) -> None:
    case_id, other = platform.start(), platform.start()
    finish(platform, case_id)
    told = platform.history(case_id)
    assert [h.seq for h in told] == list(range(1, len(told) + 1))
    for change in (
        sa.delete(events).where(row(case_id, len(told))),
        sa.update(cases).where(cases.c.id == case_id).values(history_hash="0" * 64),
        sa.update(events).where(row(case_id, len(told))).values(data="{}"),
    ):
        with platform.engine.writing() as connection:
            assert connection.execute(change).rowcount == 1
            (found, *more) = runtime.verify_history(connection)
            assert (found.chain, found.seq) == (case_id, len(told)) and found.chain != other
            assert {(b.chain, b.seq) for b in more} <= {(case_id, len(told))}
            connection.rollback()
    with platform.engine.reading() as connection:
        assert runtime.verify_history(connection) == []


def test_a_moment_reads_the_same_whatever_zone_it_was_written_in(database: Engine) -> None:
    with writing(database) as connection:
        at = datetime.fromisoformat("2026-03-11T09:00:00.123456+08:00")
        head = history.append(
            connection, "z", Head(), [Event("kind", data={"a": "\x00\ud7ff𠮷"})], at=at, actor="me"
        )
        assert breaks(connection, {"z": head}) == set()
        (found,) = history.of(connection, "z")
        assert found.at == at and found.at.utcoffset() == timedelta(0)
