"""What is asked of whoever performs a task: that it be another person than before, and an opinion."""

from engine.runtime.performing import messages as messages
from engine.runtime.performing.exclusions import (
    bar,
    clear,
    excluded,
    guard_eyes,
    keep_out,
    let_in,
    performers,
    stepped,
)
from engine.runtime.performing.offering import guard_offered, of_enterprise
from engine.runtime.performing.opinions import OPINION, guard_opinion, told
from engine.runtime.performing.voices import beside, guard_voice, speaking, speaks

__all__ = [
    "OPINION",
    "bar",
    "beside",
    "clear",
    "excluded",
    "guard_eyes",
    "guard_offered",
    "guard_opinion",
    "guard_voice",
    "keep_out",
    "let_in",
    "of_enterprise",
    "performers",
    "speaking",
    "speaks",
    "stepped",
    "told",
]
