"""The fixed sheet of an added signer: agreement or disagreement, and an opinion."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson

from engine import forms
from engine.errors import Invalid, Problem

AGREE, DISAGREE = "agree", "disagree"
OUTCOMES = (AGREE, DISAGREE)
LONGEST = 2000  # characters of an opinion


def checked(outcome: str, opinion: str) -> str:
    """The opinion without surrounding blanks.

    Invalid: another outcome, an opinion that is too long, a disagreement without one.
    """
    said = opinion.strip()
    problems = []
    if outcome not in OUTCOMES:
        problems.append(Problem("signers.outcome", "outcome"))
    if outcome == DISAGREE and not said:
        problems.append(Problem("signers.reasons", "opinion"))
    if len(said) > LONGEST:
        problems.append(Problem("signers.long_opinion", "opinion", {"most": LONGEST}))
    if problems:
        raise Invalid("signers.sheet", problems=problems)
    return said


_SHEET = {
    "type": "default",
    "id": "added_signer",
    "title": "加签意见",
    "title_en": "Signing",
    "components": [
        {
            "type": "radio",
            "id": "field_outcome",
            "key": "outcome",
            "label": "您的意见",
            "validate": {"required": True},
            "values": [
                {"label": "同意", "label_en": "Agree", "value": AGREE},
                {"label": "不同意", "label_en": "Disagree", "value": DISAGREE},
            ],
            "properties": {"label_en": "Your decision", "prefill": "false"},
        },
        {
            "type": "textarea",
            "id": "field_opinion",
            "key": "opinion",
            "label": "说明",
            "conditional": {"hide": f'= outcome = "{DISAGREE}"'},
            "validate": {"maxLength": LONGEST},
            "properties": {"label_en": "Opinion", "prefill": "false"},
        },
        {
            "type": "textarea",
            "id": "field_reason",
            "key": "reason",
            "label": "不同意的理由",
            "conditional": {"hide": f'= outcome != "{DISAGREE}"'},
            "validate": {"required": True, "maxLength": LONGEST},
            "properties": {"label_en": "Why you disagree", "prefill": "false"},
        },
    ],
}


@cache
def sheet() -> forms.Form:
    """The sheet as a form, for pages and the API to show: outcome, opinion, and reason for a disagreement."""
    return forms.read(orjson.dumps(_SHEET), "builtin/added-signer")


def carried(given: Mapping[str, Any]) -> dict[str, Any]:
    """The sheet as it is shown again when the decision has changed: the words that were typed stay."""
    own, other = ("reason", "opinion") if given.get("outcome") == DISAGREE else ("opinion", "reason")
    return {**given, own: given.get(own) or given.get(other)}


def spoken(values: Any) -> Mapping[str, str]:
    """What a filled-in sheet says, as `decide` takes it. Invalid: the sheet's problems."""
    given = sheet().validate(values, variables={})
    return {"outcome": given["outcome"], "opinion": given.get("opinion") or given.get("reason") or ""}
