"""A kill between any two statements of a move: the case has gone back wholly or not at all, and only once."""

from collections.abc import Callable

import pytest

from engine.errors import Conflict
from engine.runtime.tables import tasks
from tests.bpmn.drawing import boundary
from tests.faults.test_kill import Request, Victims, difference, victims  # noqa: F401 - the fixture
from tests.faults.victim import MOVES
from tests.runtime.agreement import agree, intact, picture, sizes
from tests.runtime.small import small
from tests.runtime.stage import Platform

PROCESS = small("s>u1>p1>u2>u5>p2>u4>e p1>u3>p2 b>e2", {"b": boundary("b", "u5", interrupting=False)})


def sending(platform: Platform, case_id: str) -> Request:
    """From one branch to before both: the other's open task and a timer fall."""
    return back(platform, platform.one(case_id, "u5").id, "u1")


def into_a_branch(platform: Platform, case_id: str) -> Request:
    platform.complete(case_id, "u3", note="x")
    platform.complete(case_id, "u5", note="x")
    return back(platform, platform.one(case_id, "u4").id, "u2")


def taking(platform: Platform, case_id: str) -> Request:
    (row,) = platform.rows(tasks, tasks.c.case_id == case_id, tasks.c.element == "u2")
    return {"act": "take back", "task": row.id, "how": {}, "actor": platform.actors["platform"].id}


def back(platform: Platform, task: str, to: str) -> Request:
    how = {"to": to, "opinion": "材料不全"}
    return {"act": "send back", "task": task, "how": how, "actor": platform.actors["platform"].id}


def end(platform: Platform, case_id: str) -> None:
    """The case goes on to its end."""
    while platform.open(case_id):
        platform.complete(case_id, platform.open(case_id)[0].element, note="x")
    assert platform.case(case_id).state == "ended"
    agree(platform.engine, case_id)


def prepared(platform: Platform) -> str:
    case_id = platform.start("platform", "small", note="x")
    for element in ("u1", "u2"):
        platform.complete(case_id, element, note="x")
    return case_id


@pytest.mark.parametrize("deed", [sending, into_a_branch, taking])
def test_a_move_that_is_killed_anywhere_has_happened_wholly_or_not_at_all(
    platform: Platform,
    victims: Victims,  # noqa: F811
    deed: Callable[[Platform, str], Request],
) -> None:
    platform.deploy(PROCESS)
    undisturbed = prepared(platform)
    request, before = deed(platform, undisturbed), sizes(platform.engine)
    assert victims.take(request, at=0)
    wanted = difference(before, sizes(platform.engine))
    opened = sorted(task.element for task in platform.open(undisturbed))
    kinds = platform.kinds(undisturbed)
    end(platform, undisturbed)

    at, deaths, lived = 0, 0, False
    while not lived:
        case_id = prepared(platform)
        request = deed(platform, case_id)
        seen, before = picture(platform.engine), sizes(platform.engine)
        while (now := picture(platform.engine)) == seen:
            assert not lived, "who lives through a step has taken it"
            at += 1
            lived = victims.take(request, at)
            deaths += not lived
        assert difference(before, sizes(platform.engine)) == wanted
        assert platform.kinds(case_id) == kinds
        assert sorted(task.element for task in platform.open(case_id)) == opened
        agree(platform.engine, case_id)
        once_more(platform, request)
        assert picture(platform.engine) == now
        end(platform, case_id)
    assert deaths > 8
    intact(platform.engine)


def once_more(platform: Platform, request: Request) -> None:
    """Who asks for the same again is told that it has happened."""
    deed = MOVES[request["act"]]
    with pytest.raises(Conflict), platform.engine.writing() as connection:
        actor = platform.actors["platform"]
        deed(platform.engine, connection, actor=actor, task_id=request["task"], **request["how"])
