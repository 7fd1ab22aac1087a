"""The texts that an expression yields as they are written."""

import pytest

from engine import feel
from engine.errors import Invalid

YIELDED = {
    '"handler"': ["handler"],
    '["a", "b", c]': ["a", "b"],
    'if x = "no" then "a" else ["b", "c@" + d]': ["a", "b", "c@…"],
    'if a then "b" else if c then "d" else null': ["b", "d"],
    '"a@" + d + "z"': ["a@…"],
    'd + "@a"': [],
    'concatenate(["q"], x, ["q", "r"])': ["q", "r"],
    'distinct values(append(["e"], "f"))': ["e", "f"],
    'upper case("e")': [],
    'for i in ["x"] return "w"': ["w"],
    '["a", "b"][item != "c"]': ["a", "b"],
    'x in ("a", "b")': [],
    '{"a": "b"}': [],
    "5": [],
    "null": [],
}


@pytest.mark.parametrize("text", YIELDED)
def test_the_texts_of_an_expression(text: str) -> None:
    found = [one.text + ("" if one.whole else "…") for one in feel.texts(text)]
    assert found == YIELDED[text]


def test_names_with_spaces_and_wrong_expressions() -> None:
    with pytest.raises(Invalid):
        feel.texts('"a')
    assert [one.text for one in feel.texts('if next workday(d) = d then "a" else "b"', ["next workday"])] == [
        "a",
        "b",
    ]
