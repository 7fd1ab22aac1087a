"""What is said to people about absence and deputies; written as engine.outbox.templates says.

Those in `OF_NO_CASE` name no case: they tell of the absence itself, and lead to its page.
"""

from collections.abc import Mapping

OF_NO_CASE = frozenset({"absence-begun", "deputy-begun", "deputy-shared", "deputy-nobody", "deputy-ended"})

ABSENCES: Mapping[str, tuple[str, str]] = {
    "absence-begun": (
        "您的代理已生效[，由{deputy}代理][，至 {until}]",
        "Your absence has begun[; {deputy} deputises][ until {until}]",
    ),
    "deputy-begun": (
        "您开始代理同事[{person}]的事项[，至 {until}]",
        "You deputise for a colleague[, {person},] from now on[, until {until}]",
    ),
    "deputy-shared": (
        "您可以与同事[{person}]共同办理事项[，至 {until}]",
        "You share the tasks of a colleague[, {person},] from now on[, until {until}]",
    ),
    "deputy-nobody": (
        "有人[（{person}）]不在岗，但没有可用的代理人[，至 {until}]，请安排",
        "Somebody[, {person},] is away[ until {until}] and no deputy is left; please see to it",
    ),
    "deputy-ended": (
        "您对同事[{person}]的代理已结束，已转给您的任务仍由您办理，也可交还",
        "You no longer deputise[ for {person}]; what came to you stays with you, or may be given back",
    ),
    "moved-here": (
        "办件 {number} [「{step}」]由您[代{person}]办理",
        "Case {number}[, {step},] is yours to do[ on behalf of {person}]",
    ),
    "moved-away": (
        "您不在岗期间，办件 {number} [「{step}」]已转给代理人[{deputy}]",
        "While you are away, case {number}[, {step},] went to your deputy[, {deputy}]",
    ),
    "shared-here": (
        "办件 {number} [「{step}」]已到同事[{person}]处，您可代为办理",
        "Case {number}[, {step},] has come to a colleague[, {person}]; you may do it too",
    ),
    "deserted": (
        "办件 {number} [「{step}」]无人可办[：{person}不在岗且没有可用的代理人]，请安排",
        "Nobody is there for case {number}[, {step}][: {person} is away without a deputy]; please see to it",
    ),
    "handed-here": (
        "办件 {number} [「{step}」]已移交给您办理[，原由{person}办理]",
        "Case {number}[, {step},] was handed over to you[ from {person}]",
    ),
}
