"""Texts as words: what both databases see alike, and the places that are marked for the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.words.spaced import BARRIER, MOST_TIMES, MOST_WORDS, indexed, marked, phrases, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("社保补缴", "社 保 补 缴"),
        ("A4纸", "a 4 纸"),
        ("ＡＢ１２", "ab 12"),
        ("SQ-20260311-0007", "sq 20260311 0007"),
        ("ISO9001认证", "iso 9001 认 证"),
        ("“发票”，额度：不够！", "发 票 额 度 不 够"),
        ("\"a\" OR (b*) NOT 'c' NEAR/2 d:e ^f {g}", "a or b not c near 2 d e f g"),
        ("…—！？", ""),
        (BARRIER, ""),
    ],
)
def test_a_text_has_these_words(text: str, expected: str) -> None:
    assert " ".join(words(text)) == expected


def test_rare_characters_are_words_of_their_own() -> None:
    found = words("𠮷野家\U00031350")
    assert len(found) == 4 and found[1:3] == ["野", "家"] and all(word.isascii() for word in found[::3])
    assert len(set(words("éèПр\ue000"))) == 5


@given(st.text(max_size=80))
def test_whatever_is_written_becomes_words_that_no_tokenizer_cuts(text: str) -> None:
    for word in words(text):
        ascii_ = word.isascii() and (word.isalpha() or word.isdigit()) and word == word.lower()
        assert ascii_ or (len(word) == 1 and "\u3400" <= word <= "\u9fcc")


@given(st.text(max_size=60), st.text(alphabet="社保 a4,票", max_size=12))
def test_the_pieces_that_are_marked_make_the_text_again(text: str, query: str) -> None:
    pieces = marked(text + query, phrases(query))
    assert words("".join(piece for piece, _ in pieces)) == words(text + query)
    if phrases(query):
        assert any(mark for _, mark in pieces) or words(text + query) != words(text) + words(query)


def test_the_phrases_of_a_query_are_its_parts_between_spaces() -> None:
    assert phrases("社保  补缴 社保 ?!") == ["社 保", "补 缴"]
    assert phrases(" ,。") == []


def test_what_is_found_is_marked_as_it_was_written() -> None:
    assert marked("新购Ａ4纸，发票", phrases("a4纸 票")) == [
        ("新购", False),
        ("Ａ4纸", True),
        ("，发", False),
        ("票", True),
    ]


def test_lines_are_kept_apart_and_no_text_is_too_long() -> None:
    assert indexed("社\n保") == f"社 {BARRIER} 保 {BARRIER}"
    assert len(indexed("甲" * 20_000).split()) == MOST_WORDS
    assert indexed("甲" * 1000).split().count("甲") == MOST_TIMES
