"""Opinions: where one must be given, and how it stands in the record."""

from typing import Any

from engine.bpmn import desk
from engine.bpmn.model import Element
from engine.errors import Invalid, Problem

OPINION = 2000  # characters


def guard_opinion(element: Element | None, action: str, opinion: str) -> str:
    """The opinion without blanks around it. Invalid if this action needs one here, or it is too long."""
    text = opinion.strip()
    if not text and desk.needs_opinion(element, action):
        raise Invalid("runtime.opinion_needed", problems=[Problem("runtime.say_opinion", "opinion")])
    if len(text) > OPINION:
        problem = Problem("runtime.opinion_long", "opinion", {"most": OPINION})
        raise Invalid("runtime.opinion_needed", problems=[problem])
    return text


def told(*, opinion: str, represented: str | None = None) -> dict[str, Any]:
    """What an event says beside its facts: the opinion, and on whose behalf; only what there is."""
    return {name: value for name, value in (("opinion", opinion), ("for", represented)) if value}
