"""Credit codes: the standard's own example, fictional codes that pass, and every single mistyping."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import uscc

VALID = [
    "91441802MA4X1Q2T0K",
    "91441802MA5A0B1CXQ",
    "91371082MA3T7H9K4N",
    "91371082MA94K6P28T",
    "91440106MA59D3F848",
    "91130983MA0F5G7R7P",
    "91110000802100433B",
]


@pytest.mark.parametrize("code", VALID)
def test_a_code_with_both_check_characters_right_passes(code):
    assert uscc.problem(code) is None


@pytest.mark.parametrize("code", ["91441802MA4X1Q2T0L", "91441802MA5A0B1CXR"])
def test_a_code_with_a_wrong_check_character_is_refused(code):
    assert uscc.problem(code).code == "uscc.check"


def test_the_examples_of_the_standards_come_out():
    assert uscc.check_character("91350100M000100Y4") == "3"
    assert uscc.organisation_check("M000100Y") == "4"


def test_a_wrong_organisation_code_is_named_even_when_the_last_character_agrees():
    first = "91441802MA4X1Q2T1"
    assert uscc.problem(first + uscc.check_character(first)).code == "uscc.organisation"


def test_a_remainder_of_nought_gives_the_character_nought():
    assert uscc.check_character("0" * 17) == "0"


def test_loose_writing_is_read_as_the_same_code():
    assert uscc.normalise(" ９1441802-ma4x 1q2t0k ") == "91441802MA4X1Q2T0K"
    assert uscc.is_valid(" ９1441802-ma4x 1q2t0k ")


@pytest.mark.parametrize(("text", "code"), [("", "uscc.length"), ("9144180?MA4X1Q2T0K", "uscc.characters")])
def test_the_sentence_says_what_to_mend(text, code):
    problem = uscc.problem(text)
    assert problem.code == code
    assert "营业执照" in problem.say("zh")
    assert "licence" in problem.say("en")


@given(st.sampled_from(VALID), st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_any_single_mistyped_character_is_noticed(code, place, character):
    mistyped = code[:place] + character + code[place + 1 :]
    assert uscc.is_valid(mistyped) == (mistyped == code)


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text):
    assert uscc.is_valid(text) in (True, False)
