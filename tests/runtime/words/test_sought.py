"""What a typed text asks for: phrases, and credit codes or their beginnings; both are read from indexes."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from engine.identity import Actor
from engine.runtime import queries, search
from engine.runtime.queries import Filters
from engine.runtime.words import sought
from tests.runtime.stage import Platform
from tests.runtime.test_looks import plan

JINGMI = "91441802MA4X1Q2T0K"


@pytest.mark.parametrize(
    "text, phrases, codes",
    [
        ("", (), ()),
        ("发票 914418", ("发 票",), ("914418",)),
        ("91441802ma4x", (), ("91441802MA4X",)),
        (JINGMI, (), (JINGMI,)),
        ("91440106MA59D3F848", (), ("91440106MA59D3F848",)),  # a whole one, of nobody who is here
        ("91441", ("91441",), ()),  # too short
        ("914419", ("914419",), ()),  # nobody's
        ("SQ-202603", ("sq 202603*",), ()),
        (JINGMI + "9", ("91441802 ma 4 x 1 q 2 t 0 k 9",), ()),
    ],
)
def test_what_begins_somebody_s_code_is_one(
    platform: Platform, text: str, phrases: tuple[str, ...], codes: tuple[str, ...]
) -> None:
    platform.start()
    with platform.engine.reading() as connection:
        read = sought.read(connection, text)
    assert read.phrases == phrases and tuple(code.begins for code in read.codes) == codes
    assert bool(read) == bool(phrases or codes)


def test_codes_of_few_and_of_many_find_the_same(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [platform.start(content=said) for said in ("发票", "社保", "发票社保")]
    platform.start("lvneng", uscc=platform.actors["lvneng"].enterprise, content="社保")
    officer = platform.actors["platform"]

    def found(text: str) -> list[str]:
        with platform.engine.reading() as connection:
            return [row.id for row in search.find(connection, officer, search.Asked(text=text))]

    for few, many in ((2000, 20_000), (-1, 20_000), (-1, 0)):
        monkeypatch.setattr(sought, "FEW", few)
        monkeypatch.setattr(sought, "MANY", many)
        assert found("91441802MA4") == made[::-1] and len(found("914418")) == 4, (few, many)
        assert found("91441802MA4 社保") == made[:0:-1] and found("91441802MA4 停电") == [], (few, many)


def test_codes_and_words_are_read_from_their_indexes(platform: Platform) -> None:
    platform.start()
    officer = platform.actors["platform"]
    enterprise = _plans(platform, lambda c: search.find(c, officer, search.Asked(text="914418")))
    assert enterprise.count("ix_cases_enterprise") >= 2, "counted, and found"
    words = _plans(platform, lambda c: _claimable(c, officer, "发票"))
    assert "VIRTUAL TABLE INDEX 0:M0>" in words or "ix_case_index" in words or "case_index_pkey" in words
    for table in ("tasks", "cases", "case_words", "case_index"):
        assert f"Seq Scan on {table}" not in enterprise + words
        assert f"SCAN {table} |" not in f"{enterprise} | {words} |"


def _claimable(connection: sa.Connection, officer: Actor, text: str) -> object:
    return queries.inbox(connection, officer, "claimable", filters=Filters(text=text))


def _plans(platform: Platform, look: Callable[[sa.Connection], object]) -> str:
    """The plans of what a look sends, where small tables are no excuse."""
    said: list[tuple[str, Any]] = []
    with platform.engine.database.connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        sa.event.listen(
            connection, "before_cursor_execute", lambda c, k, sql, given, *r: said.append((sql, given))
        )
        look(connection)
        return " | ".join(plan(connection, sql, given) for sql, given in list(said))
