"""What a case waits to be told: who may send it, when, with which form, and what comes of it."""

from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from engine import runtime
from engine.errors import Conflict, Invalid, NotAllowed
from engine.identity import SYSTEM, Actor
from engine.runtime.subscriptions.tables import subscription_candidates, subscriptions
from engine.runtime.waiting import Sendable
from tests.bpmn.drawing import MESSAGE, boundary, extended, parameters, properties, sub
from tests.bpmn.event_drawing import aside
from tests.bpmn.game import inside, many, timer
from tests.runtime.agreement import agree, intact
from tests.runtime.small import form, small, task
from tests.runtime.stage import USCC, Platform
from tests.runtime.together import at_once

OWN = '= "enterprise@" + uscc'
FORMS = {"small/check": form("note", "go", "uscc"), "small/why": form("why")}


def told(outputs: dict[str, str] | None = None, **said: str) -> str:
    return extended(properties(**said) + (parameters(outputs=outputs) if outputs else ""))


def withdrawal(key: str = "q9", body: str = "e9", interrupting: bool = True, **said: str) -> str:
    """An event sub-process that a message with a form begins."""
    outputs = {"by": "= actor.name"}
    own = {"u9": task("u9")} if "u9" in body else {}
    drawn = aside(key, body, own, MESSAGE, interrupting, told(outputs, senders=OWN, **said))
    return drawn.replace(f"id='{key}_s'", f"id='{key}_s' camunda:formKey='small/why'")


def deploy(platform: Platform, ways: str = "s>u1>e", **own: str) -> str:
    platform.deploy(small(ways, own, forms=FORMS, said={"enterprise": "= uscc"}))
    return platform.start("platform", "small", note="x", uscc=USCC)


def offered(platform: Platform, case_id: str, username: str) -> list[Sendable]:
    with platform.engine.reading() as connection:
        return runtime.sendable(platform.engine, connection, platform.actors[username], case_id)


def send(platform: Platform, case_id: str, actor: str | Actor, message: str = "撤回", **values: Any) -> None:
    who = platform.actors[actor] if isinstance(actor, str) else actor
    with platform.engine.writing() as connection:
        runtime.send(platform.engine, connection, actor=who, case_id=case_id, message=message, values=values)
    agree(platform.engine, case_id)


def test_the_enterprise_withdraws_with_a_form_and_the_record_says_who_and_why(platform: Platform) -> None:
    case_id = deploy(platform, q9=withdrawal(label="撤回诉求"))
    agree(platform.engine, case_id)
    assert offered(platform, case_id, "jingmi") == [Sendable("撤回", "撤回诉求", "small/why", True)]
    assert offered(platform, case_id, "platform") == offered(platform, case_id, "lvneng") == []
    send(platform, case_id, "jingmi", why="已解决")
    case = platform.case(case_id)
    assert case.state == "ended" and platform.variables(case_id)["by"] == "罗婷"
    (event,) = [row for row in platform.history(case_id) if row.kind == "message.received"]
    assert (event.actor, event.element) == (platform.actors["jingmi"].id, "q9_s")
    assert event.data == {"message": "撤回", "values": {"why": "已解决"}}
    assert platform.kinds(case_id).count("task.cancelled") == 1
    assert platform.count(subscriptions) == platform.count(subscription_candidates) == 0
    with pytest.raises(Conflict) as caught:
        send(platform, case_id, "jingmi", why="y")
    assert caught.value.code == "runtime.case_ended"
    intact(platform.engine)


def test_who_is_no_sender_is_refused_and_nothing_happens(platform: Platform) -> None:
    case_id = deploy(platform, q9=withdrawal())
    before = platform.history(case_id)
    for username in ("platform", "lvneng", "market-1", "control"):
        with pytest.raises(NotAllowed) as caught:
            send(platform, case_id, username, why="x")
        assert caught.value.code == "runtime.not_sender"
    with pytest.raises(Conflict) as missing:
        send(platform, case_id, "jingmi", "催办")
    assert missing.value.code == "bpmn.not_expected"
    assert platform.history(case_id) == before


def test_without_senders_nobody_but_the_platform_itself_may_send(platform: Platform) -> None:
    case_id = deploy(platform, q9=aside("q9", "e9", {}, MESSAGE, True, told(variables="why")))
    for username in platform.actors:
        assert offered(platform, case_id, username) == []
    with pytest.raises(NotAllowed):
        send(platform, case_id, "control", why="x")
    with pytest.raises(Invalid) as caught:
        send(platform, case_id, SYSTEM, why="x", other=1)
    assert [problem.where for problem in caught.value.problems] == ["other"]
    send(platform, case_id, SYSTEM, why="x")
    assert platform.case(case_id).state == "ended"


def test_a_condition_is_asked_at_the_moment_of_sending(platform: Platform) -> None:
    said = {"when": '= go = "yes" and actor.enterprise = uscc', "otherwise": "已回访，不能撤回"}
    case_id = deploy(
        platform, "s>u1>u2>e", q9=withdrawal(interrupting=False, body="u9>e9", **said, label="撤")
    )
    assert offered(platform, case_id, "jingmi") == [
        Sendable("撤回", "撤", "small/why", False, "已回访，不能撤回")
    ]
    with pytest.raises(Conflict) as caught:
        send(platform, case_id, "jingmi", why="x")
    assert caught.value.code == "runtime.not_now" and "已回访，不能撤回" in caught.value.say("zh")
    platform.complete(case_id, "u1", note="x", go="yes", uscc=USCC)
    assert [one.allowed for one in offered(platform, case_id, "jingmi")] == [True]
    send(platform, case_id, "jingmi", why="x")
    send(platform, case_id, "jingmi", why="y")
    assert sorted(t.element for t in platform.open(case_id)) == ["u2", "u9", "u9"]


def test_the_form_is_judged_as_a_tasks_is(platform: Platform) -> None:
    case_id = deploy(platform, q9=withdrawal())
    with pytest.raises(Invalid) as caught:
        send(platform, case_id, "jingmi", why="x", other="y")
    assert caught.value.code == "forms.rejected" and caught.value.problems[0].where == "other"
    with platform.engine.reading() as connection:
        seen = runtime.form_variables(platform.engine, connection, platform.actors["jingmi"], case_id, "撤回")
    assert seen["note"] == "x"


def test_senders_follow_the_variables_they_depend_on(platform: Platform) -> None:
    senders = '= ["admin@" + go, "enterprise@" + case.enterprise]'
    drawn = aside("q9", "e9", {}, MESSAGE, False, told(senders=senders, variables="why"))
    case_id = deploy(platform, "s>u1>u2>e", q9=drawn)
    names = platform.rows(subscription_candidates)
    assert [row.name for row in names] == [f"enterprise@{USCC}"], "what can't be computed is left out"
    platform.complete(case_id, "u1", note="x", go="market", uscc=USCC)
    agree(platform.engine, case_id)
    assert {row.name for row in platform.rows(subscription_candidates)} == {
        "admin@market",
        f"enterprise@{USCC}",
    }
    assert len(offered(platform, case_id, "market-admin")) == 1
    send(platform, case_id, "market-admin", why="x")


def test_only_where_this_person_may_send_it_is_the_message_taken(platform: Platform) -> None:
    inner = {
        "is": "<b:startEvent id='is'/>",
        "ie": "<b:endEvent id='ie'/>",
        "iu1": task("iu1"),
        "iu9": task("iu9"),
        "q9": aside("q9", "iu9>e9", {"iu9": task("iu9")}, MESSAGE, True, told(senders='= "admin@" + one')),
    }
    del inner["iu9"]
    loop = many(collection='= ["market", "tax"]', element="one")
    drawn = sub("q1", "is>iu1>ie", inner).removesuffix("</b:subProcess>") + loop + "</b:subProcess>"
    case_id = deploy(platform, "s>q1>e", q1=drawn)
    agree(platform.engine, case_id)
    assert [row.element for row in platform.open(case_id)] == ["iu1", "iu1"]
    send(platform, case_id, "market-admin")
    assert sorted(row.element for row in platform.open(case_id)) == ["iu1", "iu9"]
    with pytest.raises(NotAllowed):
        send(platform, case_id, "market-admin")


@pytest.mark.parametrize("where", ["boundary", "catch", "gateway", "sub-process", "receive"])
def test_every_place_that_waits_for_a_message_has_its_row(platform: Platform, where: str) -> None:
    said = told(senders="platform", label="催")
    catch = f"<b:intermediateCatchEvent id='m1'>{said}{MESSAGE}</b:intermediateCatchEvent>"
    edge = boundary("m1", "u1", said + MESSAGE)
    body = inside("is>u1>ie", {"u1": task("u1"), "ie": "<b:endEvent id='ie'/>"})
    drawn: dict[str, tuple[str, dict[str, str]]] = {
        "boundary": ("s>u1>e m1>u3>e3", {"m1": edge}),
        "catch": ("s>m1>u3>e", {"m1": catch}),
        "gateway": (
            "s>v1>m1>u3>e v1>c1>u3",
            {
                "m1": catch,
                "c1": f"<b:intermediateCatchEvent id='c1'>{timer('PT1H')}</b:intermediateCatchEvent>",
            },
        ),
        "sub-process": (
            "s>q1>e m1>u3>e3",
            {"q1": body, "m1": boundary("m1", "q1", said + MESSAGE)},
        ),
        "receive": (
            "s>m1>u3>e",
            {"m1": f"<b:receiveTask id='m1' messageRef='msg'>{said}</b:receiveTask>"},
        ),
    }
    ways, own = drawn[where]
    case_id = deploy(platform, ways, **own)
    agree(platform.engine, case_id)
    assert [(one.message, one.label) for one in offered(platform, case_id, "platform")] == [("撤回", "催")]
    send(platform, case_id, "platform")
    assert [row.element for row in platform.open(case_id)] == ["u3"]
    assert platform.count(subscriptions) == 0


def test_of_two_withdrawals_at_once_one_is_made_and_the_other_told(platform: Platform) -> None:
    platform.deploy(small("s>u1>e", {"q9": withdrawal()}, forms=FORMS, said={"enterprise": "= uscc"}))
    engines = [platform.engine, platform.restarted(shared_definitions=True)]
    for _ in range(20):
        case_id = platform.start("platform", "small", note="x", uscc=USCC)

        def sending(engine: runtime.Engine, case_id: str = case_id) -> runtime.Done:
            with engine.writing() as connection:
                return runtime.send(
                    engine,
                    connection,
                    actor=platform.actors["jingmi"],
                    case_id=case_id,
                    message="撤回",
                    values={"why": "x"},
                )

        found = at_once(*(partial(sending, engine) for engine in engines))
        (refused,) = [one for one in found if isinstance(one, Exception)]
        assert isinstance(refused, Conflict) and refused.code == "runtime.case_ended"
        assert platform.kinds(case_id).count("message.received") == 1
        agree(platform.engine, case_id)


def test_what_is_refused_leaves_the_case_as_it_was(platform: Platform) -> None:
    """The run in memory was taken out of the warm store; the next step reads it again."""
    case_id = deploy(platform, q9=withdrawal())
    with pytest.raises(NotAllowed):
        send(platform, case_id, "platform", why="x")
    platform.complete(case_id, "u1", note="x", uscc=USCC)
    agree(platform.engine, case_id)
    assert platform.case(case_id).state == "ended"
    with platform.engine.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(subscriptions)).scalar() == 0
