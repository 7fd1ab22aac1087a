"""What notices say: places filled, parts left out, moments as people in Shanghai read them."""

from datetime import UTC, datetime
from string import Formatter

import orjson
import pytest

from engine.outbox import TEMPLATES, render
from engine.outbox.absences import OF_NO_CASE

DUE = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
EVERYTHING = {
    "number": "SQ-20260311-0001",
    "title": "张三 13800000000",
    "due": DUE,
    "was": DUE,
    "days": 3,
    "step": "处置答复",
    "kind": "补正",
    "fault": "late_handling",
    "decision": "revoked",
    "person": "李明",
    "deputy": "王芳",
    "until": DUE,
}


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sentence_stands_with_the_number_alone_and_with_everything(
    template: str, language: str
) -> None:
    for data in ({"number": "SQ-1"}, EVERYTHING, orjson.loads(orjson.dumps(EVERYTHING))):
        sentence = render(template, data, language)
        assert (data["number"] in sentence) is (template not in OF_NO_CASE)
        assert not set("{}[]") & set(sentence), sentence
        assert "张三" not in sentence, "a sentence may leave the platform"


@pytest.mark.parametrize("template", TEMPLATES)
def test_both_languages_tell_the_same(template: str) -> None:
    chinese, english = ({name for _, name, _, _ in Formatter().parse(t) if name} for t in TEMPLATES[template])
    assert chinese == english


def test_a_moment_is_shown_as_it_is_in_shanghai() -> None:
    data = {"number": "SQ-1", "due": DUE}
    assert render("late", data) == "办件 SQ-1 已逾期，期限 2026年3月11日（周三）17:30"
    assert render("late", data, "en") == "Case SQ-1 is overdue; it was due Wed 11 Mar 2026 17:30"


def test_days_are_working_days_in_words() -> None:
    assert "已逾期 3 个工作日" in render("still-late", EVERYTHING)
    assert "1 working day late" in render("still-late", {"number": "SQ-1", "days": 1}, "en")
    assert "3 working days late" in render("still-late", EVERYTHING, "en")


def test_our_own_words_are_said_in_the_readers_language() -> None:
    assert "（补正）" in render("clock-stopped", EVERYTHING)
    assert "(documents to be completed)" in render("clock-stopped", EVERYTHING, "en")


def test_what_stands_in_the_data_fills_no_second_place() -> None:
    assert "{number}" in render("soon", {"number": "SQ-1", "step": "{number}"})


def test_an_unknown_template_shows_its_key() -> None:
    assert render("carrier-pigeon", {"number": "SQ-1"}) == "carrier-pigeon"
