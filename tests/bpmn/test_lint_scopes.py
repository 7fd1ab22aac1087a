"""What is wrong with an event sub-process is said, and its mended twin passes."""

import pytest

from .drawing import (
    CONTEXT,
    ERROR,
    MESSAGE,
    TERMINATE,
    TIMER,
    boundary,
    codes,
    draw,
    end,
    extended,
    properties,
    sub,
    user,
)
from .event_drawing import SIGNAL, aside

ESCALATION = '<b:escalationEventDefinition escalationRef="esc"/>'
RING = f"<b:intermediateThrowEvent id='t9'>{SIGNAL}</b:intermediateThrowEvent>"
TELL = RING.replace("t9", "t8").replace(SIGNAL, MESSAGE)
LOOP = "<b:multiInstanceLoopCharacteristics camunda:collection='= [1]' camunda:elementVariable='one'/>"
STATUS = {"u9": user("u9", extension=properties(status="办理中"))}


def beside(ways: str = "s>u1>e", **own: str) -> dict:
    """A line with event sub-processes beside it."""
    return {"ways": ways, "own": own}


def once(event: str = MESSAGE, interrupting: bool = True, body: str = "u9>e9", **own: str) -> dict:
    return beside(q9=aside("q9", body, own, event, interrupting))


def failing(*caught: str, **own: str) -> dict:
    """A sub-process that ends in an error, with these event sub-processes in it."""
    inner = {"s2": "<b:startEvent id='s2'/>", "e2": end("e2", ERROR)}
    inner |= {f"q{n}": one for n, one in enumerate(caught, 8)}
    return {"ways": "s>q1>u1>e", "own": {"q1": sub("q1", "s2>u2>e2", inner), **own}}


def told(attributes: str = "", **said: str) -> dict:
    """An event sub-process whose message people may send."""
    drawn = aside("q9", "u9>e9", {}, inner=extended(properties(**said)))
    return beside(q9=drawn.replace("id='q9_s'", f"id='q9_s' {attributes}"))


FORM = "camunda:formKey='回访'"
ASKED = {"when": "= amount = 1", "otherwise": "不行"}
QUIET = aside("q9", "u9>e9", {}, ERROR)
CASES = [
    ("lint.event-sub-start", once(""), once()),
    ("lint.event-sub-flow", beside("s>x1>u1>e x1>q9", q9=aside("q9", "u9>e9", {})), once()),
    (
        "lint.event-sub-loop",
        beside(q9=aside("q9", "u9>e9", {}).removesuffix("</b:subProcess>") + LOOP + "</b:subProcess>"),
        once(interrupting=False),
    ),
    (
        "lint.event-sub-boundary",
        beside("s>u1>e b9>e8", q9=aside("q9", "u9>e9", {}), b9=boundary("b9", "q9")),
        once(body="u9>e9 b9>e8", b9=boundary("b9", "u9")),
    ),
    (
        "lint.event-sub-twice",
        beside(q8=aside("q8", "u8>e8", {}), q9=aside("q9", "u9>e9", {})),
        beside(q8=aside("q8", "u8>e8", {}), q9=aside("q9", "u9>e9", {}, SIGNAL)),
    ),
    (
        "lint.event-sub-twice",
        failing(aside("q8", "u8>e8", {}, ERROR), aside("q9", "u9>e9", {}, ERROR)),
        failing(aside("q8", "u8>e8", {}, ERROR), aside("q9", "u9>e9", {}, TIMER)),
    ),
    ("lint.event-sub-status", once(interrupting=False, **STATUS), once(**STATUS)),
    (
        "lint.event-sub-itself",
        once(SIGNAL, False, "t9>e9", t9=RING),
        once(SIGNAL, True, "t9>e9", t9=RING),
    ),
    (
        "lint.event-sub-itself",
        beside(
            q8=aside("q8", "t9>u8>e8", {"t9": RING}, MESSAGE, False),
            q9=aside("q9", "t8>u9>e9", {"t8": TELL}, SIGNAL, False),
        ),
        beside(
            q8=aside("q8", "t9>u8>e8", {"t9": RING}, MESSAGE, False),
            q9=aside("q9", "u9>e9", {}, SIGNAL, False),
        ),
    ),
    ("lint.error-interrupts", failing(aside("q9", "u9>e9", {}, ERROR, False)), failing(QUIET)),
    ("lint.error-uncaught", failing(), failing(QUIET)),
    ("lint.error-uncaught", failing(), failing(q9=QUIET)),
    (
        "lint.error-uncaught",
        failing(aside("q9", "u9>e9", {"e9": end("e9", ERROR)}, ERROR)),
        failing(aside("q9", "u9>e9", {"e9": end("e9", ERROR)}, ERROR), q7=aside("q7", "u7>e7", {}, ERROR)),
    ),
    (
        "lint.thrown-to-nobody",
        beside("s>u1>t9>e", t9=RING),
        beside("s>u1>t9>e", t9=RING, q9=aside("q9", "u9>e9", {}, SIGNAL)),
    ),
    ("lint.no-name", once("<b:messageEventDefinition/>"), once()),
    ("lint.timer-empty", once("<b:timerEventDefinition/>"), once(TIMER)),
    ("lint.conditional", once("<b:conditionalEventDefinition/>"), once(SIGNAL)),
    ("lint.no-senders", told(FORM), told(FORM, senders="platform, handler@fgj")),
    ("lint.no-senders", told(label="撤回"), told(label="撤回", senders='= "enterprise@" + department')),
    ("lint.no-otherwise", told(senders="platform", when="= amount = 1"), told(senders="platform", **ASKED)),
    ("lint.no-otherwise", told(senders="platform", otherwise="不行"), told(senders="platform", **ASKED)),
    ("lint.group-unknown", told(senders="nobody"), told(senders="platform")),
    ("lint.group-place", told(senders="enterprise"), told(senders="platform")),
    ("lint.form-unknown", told("camunda:formKey='none'", senders="platform"), told(FORM, senders="platform")),
    (
        "lint.unknown-name",
        told(senders="platform", when="= amuont = 1", otherwise="不行"),
        told(senders="platform", when="actor.department = department", otherwise="不行"),
    ),
    ("feel.syntax", told(senders="= ("), told(senders="platform")),
    (
        "lint.property-place",
        beside(u1=user("u1", extension=properties(senders="platform"))),
        told(senders="platform"),
    ),
    ("lint.no-end", once(body="u9>u8>u9"), once()),
]


@pytest.mark.parametrize(("code", "broken", "mended"), CASES, ids=[case[0] for case in CASES])
def test_a_broken_event_sub_process_is_refused_and_its_mended_twin_passes(code, broken, mended):
    assert set(codes(draw(**broken), CONTEXT)) == {code}
    assert codes(draw(**mended), CONTEXT) == []


def test_two_timers_in_one_scope_and_any_error_without_a_code_pass():
    timers = beside(q8=aside("q8", "u8>e8", {}, TIMER), q9=aside("q9", "u9>e9", {}, TIMER))
    assert codes(draw(**timers)) == []
    assert codes(draw(**failing(aside("q9", "u9>e9", {}, "<b:errorEventDefinition/>")))) == []


def test_a_loop_over_an_error_that_is_dealt_with_at_once_never_waits():
    inner = {"s2": "<b:startEvent id='s2'/>", "e2": end("e2", ERROR)}
    at_once = {**inner, "q9": aside("q9", "t9>e9", {}, ERROR)}
    waiting = {**inner, "q9": aside("q9", "u9>e9", {}, ERROR)}
    ways = "s>x2>q1>x1>x2 x1>e"
    assert "lint.restless-loop" in codes(draw(ways, {"q1": sub("q1", "s2>e2", at_once)}))
    assert codes(draw(ways, {"q1": sub("q1", "s2>e2", waiting)})) == []


def test_a_terminate_end_in_a_body_passes():
    assert codes(draw(**once(interrupting=False, e9=end("e9", TERMINATE)))) == []
