"""The analyst's guide: its example is a form that works, and its table names every type."""

import re
from pathlib import Path

from engine import forms
from engine.forms.model import TYPES
from tests.forms.form_builders import USCC, check

GUIDE = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")


def test_the_guides_example_works():
    example = forms.read(GUIDE.partition("```json")[2].partition("```")[0], "appeal/submit")
    sent = {"uscc": USCC, "phone": "13800138000", "title": "路灯不亮", "papers": ["f1"]}
    assert check(example, sent)["urgent"] is False


def test_the_guide_names_every_type():
    table = GUIDE.partition("## 组件类型")[2].partition("##")[0]
    named = {
        name
        for line in table.splitlines()
        for name in re.findall(r"`([a-z-]+)`", line.split("|")[1] if "|" in line else "")
    }
    assert named == set(TYPES)
