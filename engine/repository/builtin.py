"""The forms that the house provides itself, for tasks that name none of their own."""

from collections.abc import Iterable
from functools import cache

import orjson

from engine import forms
from engine.bpmn.model import Diagram
from engine.bpmn.read_signing import FORM
from engine.bpmn.votes import ABSTAIN, AGREE, DISAGREE
from engine.forms import Form

_VOTES = ((AGREE, "Agree"), (DISAGREE, "Disagree"), (ABSTAIN, "Abstain"))
_SIGNING = {
    "type": "default",
    "id": "signing",
    "title": "会签意见",
    "title_en": "Signing",
    "components": [
        {
            "type": "radio",
            "id": "field_decision",
            "key": "decision",
            "label": "表决",
            "validate": {"required": True},
            "values": [{"label": word, "label_en": said, "value": word} for word, said in _VOTES],
            "properties": {"label_en": "Vote", "prefill": "false"},
        },
        {
            "type": "textarea",
            "id": "field_opinion",
            "key": "opinion",
            "label": "意见",
            "conditional": {"hide": f'= decision = "{DISAGREE}"'},
            "validate": {"maxLength": 2000},
            "properties": {"label_en": "Opinion", "prefill": "false"},
        },
        {
            "type": "textarea",
            "id": "field_reason",
            "key": "reason",
            "label": "不同意的理由",
            "conditional": {"hide": f'= decision != "{DISAGREE}"'},
            "validate": {"required": True, "maxLength": 2000},
            "properties": {"label_en": "Why you disagree", "prefill": "false"},
        },
    ],
}


def builtin_forms(diagrams: Iterable[Diagram | None]) -> dict[str, Form]:
    """Those that any of the diagrams asks for, by their keys."""
    named = (e.attributes.get("formKey") for d in diagrams if d is not None for e in d.elements.values())
    return {FORM: _signing()} if FORM in named else {}


@cache
def _signing() -> Form:
    return forms.read(orjson.dumps(_SIGNING), FORM)
