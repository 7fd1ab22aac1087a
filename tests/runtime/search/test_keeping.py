"""The words of a case are kept in the step that changes them, and not one of what must stay hidden."""

import pytest
import sqlalchemy as sa

from engine import runtime
from engine.database.words import finds
from engine.errors import Invalid
from engine.repository import Bundle
from engine.runtime.search.backfill import keep_all
from engine.runtime.words.spaced import phrases
from engine.runtime.words.tables import case_index, case_words
from tests.runtime.small import form, small
from tests.runtime.stage import Platform, submission


def found(platform: Platform, query: str) -> set[str]:
    """The cases in which the words stand, whoever may see them."""
    joined = case_words.join(case_index, case_index.c.rowid == case_words.c.n)
    sought = sa.select(case_words.c.case_id).select_from(joined).where(finds(case_index, phrases(query)))
    with platform.engine.reading() as connection:
        return set(connection.execute(sought).scalars())


def test_a_case_is_found_by_number_enterprise_title_type_and_words(platform: Platform) -> None:
    case_id = platform.start(title="发票额度不够用", content="每月 A4 纸质发票额度不够。")
    number = platform.case(case_id).number
    for query in ("发票", "额度不够", "票", number, "晶密", "税费", "a4 纸质", "a4纸质", "每月"):
        assert found(platform, query) == {case_id}, query
    for query in ("票发", "社保", "用每", f"{number}9", "13800000001"):
        assert found(platform, query) == set(), query


def test_a_change_is_found_at_once_and_the_old_words_no_more(platform: Platform) -> None:
    case_id = platform.start(type="税费")
    platform.complete(case_id, outcome="派发", type="用工社保", complexity="一般", department="tax")
    assert found(platform, "用工社保") == {case_id} and found(platform, "税费") == set()
    assert platform.count(case_words) == 1


class Broken(Exception):
    """What a test raises to have its transaction rolled back."""


def test_a_step_that_is_rolled_back_leaves_no_words(platform: Platform) -> None:
    actor, values = platform.actors["jingmi"], {**submission(), "title": "冷链标签"}
    with pytest.raises(Broken), platform.engine.writing() as connection:
        runtime.start_case(platform.engine, connection, actor=actor, process="appeal", values=values)
        raise Broken
    assert found(platform, "冷链") == set() and platform.count(case_words) == 0


def test_the_contact_of_a_confidential_case_is_in_no_index(platform: Platform) -> None:
    said = {"content": "联系罗婷，电话 13800000001 或１３８００００００１。厂房漏水。"}
    open_, closed = platform.start(**said), platform.start(**said, confidential=True)
    assert found(platform, "罗婷") == {open_} == found(platform, "13800000001")
    assert found(platform, "厂房漏水") == {open_, closed}
    (text,) = (row.text for row in platform.rows(case_words) if row.case_id == closed)
    assert "罗" not in text and "138" not in text


def test_an_empty_title_long_text_and_rare_characters_do_no_harm(platform: Platform) -> None:
    content = "甲" * 1000 + "、堃𠮷\U00031350" + "乙丙" * 400
    case_id = platform.start(title="\"a' OR (b*", content=content)
    for query in ("堃𠮷", "𠮷", "\U00031350", "甲甲", "a or b", "乙丙乙丙"):
        assert found(platform, query) == {case_id}, query


def worded(**said: str) -> Bundle:
    return small("s>ua>e", said=said, forms={"small/check": form("note", "go", "secret")})


def test_a_process_may_name_its_own_words(platform: Platform) -> None:
    platform.deploy(worded(words="= [note, go]"))
    case_id = platform.start("platform", "small", note="甲事", go="乙地", secret="丙人")
    assert found(platform, "甲事") == {case_id} == found(platform, "乙地")
    assert found(platform, "丙人") == set()
    platform.complete(case_id, note="甲事", go="丁地", secret="")
    assert found(platform, "丁地") == {case_id} and found(platform, "乙地") == set()


def test_words_that_name_what_is_not_there_are_refused(platform: Platform) -> None:
    with pytest.raises(Invalid, match="words.*nowhere"):
        platform.deploy(worded(words="= nowhere"))


def test_cases_without_words_get_them(platform: Platform) -> None:
    case_id = platform.start(confidential=True)
    before = platform.rows(case_words)[0].text
    with platform.engine.writing() as connection:
        connection.execute(sa.delete(case_words))
    assert found(platform, "发票") == set(), "a row that goes takes its words with it"
    with platform.engine.writing() as connection:
        assert keep_all(connection) == 1 and keep_all(connection) == 0
    assert found(platform, "发票") == {case_id} and platform.rows(case_words)[0].text == before
