"""The words of a case are kept in the step that changes them, and not one of what must stay hidden."""

import pytest
import sqlalchemy as sa

from engine import runtime
from engine.database.words import finds
from engine.errors import Invalid
from engine.repository import Bundle
from engine.runtime.search.backfill import keep_again, keep_all
from engine.runtime.words.spaced import phrases, words
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


@pytest.mark.parametrize(
    "written",
    [
        "138 0000 0001", "138-0000-0001", "(138)00000001", "＋86 138 0000 0001", "8613800000001",
        "138—00000001",
        "1 3 8 0 0 0 0 0 0 0 1", "１３８－００００－０００１", "13800000001号", "138\n00000001",
    ],
)  # fmt: skip
def test_a_number_is_cut_however_it_is_divided(platform: Platform, written: str) -> None:
    case_id = platform.start(content=f"厂房漏水，请打{written}，谢谢。合同 2026-138 号。", confidential=True)
    (text,) = (row.text for row in platform.rows(case_words))
    rest = "".join(words(text))
    assert "0000001" not in rest and "00001" not in rest.replace(platform.case(case_id).number[-4:], ""), text
    assert found(platform, "厂房漏水") == {case_id} == found(platform, "谢谢") == found(platform, "2026-138")
    for query in ("13800000001", "0000", "8613800000001", "138-0000-0001", "138 0000", "00000001"):
        assert found(platform, query) == set(), query


def test_a_divided_contact_is_cut_where_it_is_written_together(platform: Platform) -> None:
    said = {"uscc": platform.actors["jingmi"].enterprise, "contact": "0763-336 6123"}
    case_id = platform.start(content="座机07633366123", confidential=True, **said)
    assert found(platform, "座机") == {case_id} and found(platform, "07633366123") == set()


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


def test_cases_get_the_words_that_their_process_names(platform: Platform) -> None:
    """As a step would write them, and as the case's variables have them now."""
    platform.deploy(worded(words="= [note, string(case.started.year)]"))
    case_id = platform.start("platform", "small", note="甲事", go="乙地", secret="丙人")
    platform.complete(case_id, note="丁事", go="", secret="")
    before = platform.rows(case_words)[0].text
    assert "2026" in before and found(platform, "丁事") == {case_id}
    with platform.engine.writing() as connection:
        connection.execute(sa.delete(case_words))
    with platform.engine.writing() as connection:
        assert keep_all(connection) == 1
    assert platform.rows(case_words)[0].text == before
    assert found(platform, "丙人") == found(platform, "乙地") == set()


def test_what_was_written_by_other_rules_is_written_again(platform: Platform) -> None:
    platform.deploy(worded(words="= note"))
    own = platform.start("platform", "small", note="甲事", go="乙地", secret="")
    kept, hidden = platform.start(), platform.start(confidential=True)
    with platform.engine.writing() as connection:
        connection.execute(sa.update(case_words).values(text="旧"))
        assert keep_again(connection) == 2
    said = {row.case_id: row.text for row in platform.rows(case_words)}
    assert said[kept] == "旧" and "旧" not in said[own] + said[hidden]


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
