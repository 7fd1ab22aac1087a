"""What is found, by whom, in what order and in what numbers; the same on both databases."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import worktime
from engine.database import open_database
from engine.database.words import finds
from engine.errors import NotAllowed
from engine.migrations.schema import metadata
from engine.runtime import queries, search
from engine.runtime.desk.tables import copies
from engine.runtime.search import facets
from engine.runtime.tables import cases, tasks
from engine.runtime.words.keeping import write_text
from engine.runtime.words.spaced import phrases, words
from engine.runtime.words.tables import case_index, case_words
from tests.runtime.stage import Platform, open_platform

DISPATCH = {"outcome": "派发", "complexity": "一般"}


def find(platform: Platform, who: str = "platform", **asked: Any) -> list[str]:
    """The ids of what somebody finds."""
    given = search.Asked(**{"moment": platform.clock.now(), **asked})
    with platform.engine.reading() as connection:
        return [row.id for row in search.find(connection, platform.actors[who], given)]


def overview(platform: Platform, who: str = "platform", **asked: Any) -> search.Overview:
    given = search.Asked(**{"moment": platform.clock.now(), **asked})
    with platform.engine.reading() as connection:
        return search.overview(connection, platform.actors[who], given, platform.clock.now())


def listed(platform: Platform, who: str = "platform", **asked: Any) -> list[str]:
    """What somebody finds, as the overview counted it."""
    return list(overview(platform, who, **asked).ids)


def counted(platform: Platform, facet: str, **asked: Any) -> dict[str, int]:
    return {choice.value: choice.count for choice in overview(platform, **asked).facets[facet]}


def dispatched(platform: Platform, department: str, kind: str = "税费", **said: Any) -> str:
    case_id = platform.start(**said)
    platform.complete(case_id, type=kind, department=department, **DISPATCH)
    return case_id


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "'",
        "*",
        "a*",
        "NEAR(a b)",
        "a AND",
        "OR",
        "NOT x",
        "(",
        "a:b",
        "^a",
        "{x}",
        "-",
        "\\",
        "&|!<->",
        ":*",
    ],
)
def test_no_query_is_a_mistake(platform: Platform, query: str) -> None:
    platform.start()
    for text in (query, f"发票 {query}", f"{query}发票{query}"):
        overview(platform, text=text)
        assert find(platform, text=text) in ([], find(platform))


def test_every_part_of_a_query_must_be_found(platform: Platform) -> None:
    first = platform.start(title="发票额度", content="A4 纸")
    second = platform.start(title="发票丢失", content="社保")
    assert find(platform, text="发票") == [second, first], "the newest first"
    assert find(platform, text="票 社保") == [second] and find(platform, text="额度 社保") == []
    assert find(platform, text="SQ-202603 额度") == [first]
    assert find(platform, text="91441802ma4x1q2t0k 丢失") == [second]
    assert find(platform, text="91440106MA59D3F848") == [] and find(platform, text="，。") == []


def test_a_list_is_narrowed_by_what_the_row_says(platform: Platform) -> None:
    tax, market = dispatched(platform, "tax"), dispatched(platform, "market", "市场监管")
    waiting = platform.start(urgent=True, urgent_reason="急")
    assert find(platform, department="tax") == [tax] and find(platform, type="市场监管") == [market]
    assert find(platform, urgent=True) == [waiting] and find(platform, state="ended") == []
    assert find(platform, state="open") == find(platform) == [waiting, market, tax]
    status = platform.case(waiting).status
    assert find(platform, status=status) == [waiting]
    assert counted(platform, "department") == {"tax": 1, "market": 1}
    seen = overview(platform, department="tax", text="发票")
    assert (seen.total, seen.more) == (1, False)
    chosen = {choice.value: (choice.count, choice.chosen) for choice in seen.facets["department"]}
    assert chosen == {"tax": (1, True), "market": (1, False)}, "one can choose another"


def test_deadlines_are_judged_as_the_lists_say_them(platform: Platform) -> None:
    made = [platform.start() for _ in range(4)]
    moments = [timedelta(days=-1), timedelta(hours=3), timedelta(days=1), timedelta(days=30)]
    with platform.engine.writing() as connection:
        for case_id, after in zip(made, moments, strict=True):
            due = platform.clock.now() + after
            connection.execute(sa.update(tasks).where(tasks.c.case_id == case_id).values(due_at=due))
    late, today, soon, normal = made
    for state, case_id in (("late", late), ("today", today), ("soon", soon), ("normal", normal)):
        assert find(platform, due=state) == [case_id] == find(platform, due=state, sort="due"), state
    assert find(platform, sort="due") == made and find(platform, sort="due", text="发票") == made
    assert listed(platform, sort="due") == made and listed(platform, text="发票") == made[::-1]
    assert counted(platform, "due") == {"late": 1, "today": 1, "soon": 1, "normal": 1}
    with platform.engine.writing() as connection:
        connection.execute(sa.update(tasks).where(tasks.c.case_id == soon).values(due_at=None))
        stop = '[{"since":"2026-03-11T00:00:00+00:00","until":null,"kind":"补正","reason":"","by":"x"}]'
        connection.execute(sa.update(cases).where(cases.c.id == late).values(stops=stop))
    assert find(platform, due="none") == [soon] and find(platform, due="stopped") == [late]
    assert find(platform, due="late") == [] and find(platform, sort="due") == [late, today, normal]


@settings(max_examples=40)
@given(hours=st.integers(-100, 400), minutes=st.integers(0, 59))
def test_the_condition_of_a_deadline_agrees_with_its_words(hours: int, minutes: int) -> None:
    engine = open_database("sqlite://", poolclass=sa.pool.StaticPool)
    metadata.create_all(engine)
    platform = open_platform(engine)
    platform.start()
    now = platform.clock.now()
    due = now + timedelta(hours=hours, minutes=minutes)
    with platform.engine.writing() as connection:
        connection.execute(sa.update(tasks).values(due_at=due))
        said = worktime.in_words(due, now, worktime.load(connection)).state
    state = {"overdue": "late"}.get(said, said)
    assert [name for name in search.DUE if find(platform, due=name)] == [state]
    assert counted(platform, "due") == {state: 1}
    engine.dispose()


def test_nobody_finds_what_he_may_not_see(platform: Platform) -> None:
    """Whoever looks, by whatever way: found is exactly what may be opened."""
    dispatched(platform, "tax")
    dispatched(platform, "market", "市场监管", confidential=True)
    platform.start("lvneng", uscc=platform.actors["lvneng"].enterprise)
    case_id = platform.start(urgent=True, urgent_reason="急")
    with platform.engine.writing() as connection:
        copy = {"id": "c", "by": "system", "at": platform.clock.now(), "note": ""}
        account = platform.actors["housing-1"].id
        connection.execute(sa.insert(copies).values(case_id=case_id, account=account, **copy))
    ways: tuple[dict[str, Any], ...] = (
        {}, {"text": "发票"}, {"state": "open"}, {"sort": "due"}, {"text": "发票", "sort": "due"},
        {"text": "SQ-20260311"},
    )  # fmt: skip
    sizes = set()
    for who, actor in platform.actors.items():
        allowed = [row.id for row in platform.rows(cases) if _may_open(platform, who, row.id)]
        sizes.add(len(allowed))
        for asked in ways:
            assert sorted(find(platform, who, **asked)) == sorted(allowed), (who, asked)
            assert listed(platform, who, **asked) == find(platform, who, **asked), (who, asked)
        assert overview(platform, who).total == len(allowed), who
        assert set(_titles(platform, who)) == set(allowed), actor
    assert sizes >= {0, 1, 3, 4}


def _may_open(platform: Platform, who: str, case_id: str) -> bool:
    with platform.engine.reading() as connection:
        try:
            queries.guard_case(connection, platform.actors[who], queries.case(connection, case_id))
        except NotAllowed:
            return False
    return True


def _titles(platform: Platform, who: str) -> dict[str, str]:
    with platform.engine.reading() as connection:
        ids = [row.id for row in platform.rows(cases)]
        return queries.titles(connection, platform.actors[who], ids)


def test_an_enterprise_is_told_no_deadline_of_internal_tasks(platform: Platform) -> None:
    case_id = platform.start()
    with platform.engine.writing() as connection:
        connection.execute(sa.update(tasks).values(internal=True))
    for asked in ({"sort": "due"}, {"due": "today"}, {"due": "soon"}):
        assert find(platform, "jingmi", **asked) == []
    assert find(platform, "jingmi", due="none") == [case_id]


def test_numbers_are_exact_up_to_a_bound(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "MOST", 2)
    made = [platform.start() for _ in range(3)]
    seen = overview(platform)
    assert (seen.total, seen.more) == (2, True) and seen.least == {*search.FACETS}
    assert overview(platform, text="SQ-20260311-0002").total == 1
    with platform.engine.reading() as connection:
        asked = search.Asked(text="发票")
        actor = platform.actors["platform"]
        assert search.count(connection, actor, asked) == (2, True)
        pages = [search.find(connection, actor, asked, limit=1, offset=n)[0].id for n in range(3)]
    assert pages == made[::-1], "pages go on beyond the bound"


def test_what_is_shown_of_a_text_stands_around_what_was_sought(platform: Platform) -> None:
    case_id = platform.start(content="很长的开头" * 10 + "危废转移联单" + "很长的结尾" * 10)
    with platform.engine.reading() as connection:
        (pieces,) = search.excerpts(connection, {case_id: search.phrases("转移")}).values()
    before, (said, marked), after = pieces[0][0], pieces[1], pieces[2][0]
    assert (said, marked) == ("转移", True) and before.endswith("危废") and after.startswith("联单")
    assert before.startswith("…") and after.endswith("…") and len(before) < 30


TEXTS = st.lists(st.text(alphabet="社保补缴税费发票a1A2 -,。\n𠮷é", max_size=14), min_size=1, max_size=6)
QUERIES = st.lists(st.text(alphabet="社保补缴税a12- \"*'(𠮷é", max_size=5), min_size=1, max_size=6)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS, asked=QUERIES)
def test_both_databases_find_what_stands_there(
    crowd: tuple[Platform, list[str]], texts: list[str], asked: list[str]
) -> None:
    platform, ids = crowd
    with platform.engine.database.connect().execution_options(writing=True) as connection:
        transaction = connection.begin()
        for case_id, text in zip(ids, texts, strict=False):
            write_text(connection, case_id, text)
        for query in asked:
            sought = phrases(query)
            expected = {i for i, text in zip(ids, texts, strict=False) if _stands(text, sought)}
            assert _found(connection, sought) == expected, query
        transaction.rollback()


@pytest.fixture
def crowd(platform: Platform) -> tuple[Platform, list[str]]:
    """Six cases without words."""
    ids = [platform.start() for _ in range(6)]
    with platform.engine.writing() as connection:
        connection.execute(sa.delete(case_words))
    return platform, ids


def _stands(text: str, sought: list[str]) -> bool:
    lines = [words(line) for line in text.splitlines()]
    return bool(sought) and all(any(_holds(line, phrase) for line in lines) for phrase in sought)


def _holds(line: list[str], phrase: str) -> bool:
    *parts, last = phrase.rstrip("*").split()
    size = len(parts)
    return any(
        line[at : at + size] == parts
        and (line[at + size].startswith(last) if phrase.endswith("*") else line[at + size] == last)
        for at in range(len(line) - size)
    )


def _found(connection: sa.Connection, sought: list[str]) -> set[str]:
    if not sought:
        return set()
    joined = case_words.join(case_index, case_index.c.rowid == case_words.c.n)
    return set(
        connection.execute(
            sa.select(case_words.c.case_id).select_from(joined).where(finds(case_index, sought))
        ).scalars()
    )
