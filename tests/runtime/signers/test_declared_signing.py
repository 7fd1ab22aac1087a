"""Signing that a node declares, on rows: tasks, outcomes, who may sign for a group, what is shown of it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from engine import runtime
from engine.errors import ZhibanError
from engine.runtime import moves, queries
from engine.runtime.desk.tables import task_exclusions
from engine.runtime.tables import incidents, tasks
from tests.bpmn.drawing import properties, user
from tests.bpmn.game import catch, timer
from tests.runtime.agreement import agree, picture
from tests.runtime.signers.test_added_signers import refused
from tests.runtime.small import small
from tests.runtime.stage import Platform, open_platform
from tests.runtime.test_deputies import away
from tests.runtime.together import at_once


class Board:
    """A case at whose task `u1` the people named in `note` sign."""

    def __init__(self, platform: Platform, *who: str, ways: str = "s>u1>u2>e", **said: str) -> None:
        self.platform = platform
        given = {"signing": "会签", "signers": "= split(note, &quot;,&quot;)", "result": "outcome", **said}
        own = {
            "u1": user("u1", "camunda:dueDate='P3D'", "", properties(**given)),
            "c1": catch("c1", timer("PT1H")),
        }
        platform.deploy(small(ways, {key: text for key, text in own.items() if key in ways}))
        self.who = [platform.actors[w].id if w in platform.actors else w for w in who]

    def start(self) -> "Board":
        self.case_id = self.platform.start("platform", "small", note=",".join(self.who), go="1")
        return self

    def asked(self) -> list[queries.TaskRow]:
        return [task for task in self.platform.open(self.case_id) if task.element == "u1"]

    def task(self, by: str) -> queries.TaskRow:
        actor = self.platform.actors[by]
        (found,) = [
            t for t in self.asked()
            if t.assignee == actor.id or (t.assignee is None and actor.groups & set(t.candidates))
        ]  # fmt: skip
        return found

    def say(self, by: str, decision: str, task: str = "", **values: Any) -> None:
        self.act(by, task or self.task(by).id, decision, **values)()
        agree(self.platform.engine, self.case_id)

    def act(
        self, by: str, task: str, decision: str, engine: runtime.Engine | None = None, **values: Any
    ) -> Callable[[], None]:
        engine = engine or self.platform.engine

        def done() -> None:
            with engine.writing() as connection:
                given = {"decision": decision, **values}
                actor = self.platform.actors[by]
                runtime.complete(engine, connection, actor=actor, task_id=task, values=given)

        return done

    def id(self, who: str) -> str:
        return self.platform.actors[who].id

    def rounds(self) -> list[queries.Round]:
        with self.platform.engine.reading() as connection:
            case = queries.case(connection, self.case_id)
            diagram = runtime.definition(self.platform.engine, connection, case.definition_id).diagram
            return queries.rounds(connection, self.case_id, diagram)


@pytest.fixture
def platform(database: Any) -> Platform:
    return open_platform(database)


def test_each_signer_gets_a_task_and_the_page_can_say_who_is_awaited(platform: Platform) -> None:
    board = Board(platform, "leader", "handler@market").start()
    assert {task.assignee for task in board.asked()} == {platform.actors["leader"].id, None}
    assert {task.candidates for task in board.asked()} == {(), ("handler@market",)}
    (round_,) = board.rounds()
    assert (round_.kind, round_.asked, round_.needed, round_.agreed) == ("all", 2, 2, 0)
    assert sorted(round_.awaited) == ["市场监督管理局 承办人", "张建国"]
    board.say("market-1", "不同意", reason="材料不全")
    (round_,) = board.rounds()
    assert (round_.agreed, round_.disagreed, round_.awaited, round_.open) == (0, 1, ("张建国",), True)
    (said,) = round_.said
    assert (said.name, said.signer, said.outcome, said.opinion) == (
        "吴强",
        "handler@market",
        "disagree",
        "材料不全",
    )
    board.say("leader", "弃权")
    assert not board.rounds()[0].open
    assert platform.variables(board.case_id)["outcome"] == "不通过"
    assert [o["name"] for o in platform.variables(board.case_id)["outcome_opinions"]] == ["吴强", "张建国"]


def test_a_disagreement_without_reasons_is_refused_by_the_built_in_form(platform: Platform) -> None:
    board = Board(platform, "leader", "market-1").start()
    error = refused("forms.rejected", partial(board.say, "leader", "不同意"))
    assert [problem.code for problem in error.problems] == ["forms.required"]


def test_what_came_of_each_task_stands_in_its_row(platform: Platform) -> None:
    board = Board(platform, "leader", "market-1", "tax-1").start()
    for by, decision in (("leader", "同意"), ("market-1", "弃权")):
        board.say(by, decision, opinion="意见")
    rows = platform.rows(tasks, tasks.c.case_id == board.case_id, tasks.c.element == "u1")
    assert sorted(row.outcome for row in rows) == ["", "abstain", "agree"]
    assert {row.opinion for row in rows if row.state == "done"} == {"意见"}


def test_nobody_signs_for_himself_and_for_a_group(platform: Platform) -> None:
    board = Board(platform, "market-1", "handler@market").start()
    group = next(task for task in board.asked() if task.candidates)
    refused("runtime.one_vote", board.act("market-1", group.id, "同意"))
    board.say("market-2", "同意")
    board.say("market-1", "同意")
    assert platform.variables(board.case_id)["outcome"] == "通过"
    assert platform.count(task_exclusions) == 0, "who was barred is forgotten with the task"


def test_nobody_signs_for_two_groups(platform: Platform) -> None:
    both = platform.actors["market-1"]
    board = Board(platform, "handler@market", "leader").start()
    board.say("market-1", "同意")
    leader = board.task("leader")
    barred = platform.rows(task_exclusions, task_exclusions.c.task_id == leader.id)
    assert [row.account for row in barred] == [both.id]


def barred(platform: Platform, task: queries.TaskRow) -> set[str]:
    names = {actor.id: name for name, actor in platform.actors.items()}
    return {names[r.account] for r in platform.rows(task_exclusions, task_exclusions.c.task_id == task.id)}


def listed(platform: Platform, who: str, tab: str) -> list[str]:
    with platform.engine.reading() as connection:
        return [row.id for row in queries.inbox(connection, platform.actors[who], tab)]


def with_engine(platform: Platform, verb: Callable[..., Any], who: str, task: str, **facts: Any) -> Any:
    with platform.engine.writing() as connection:
        return verb(platform.engine, connection, actor=platform.actors[who], task_id=task, **facts)


def test_who_has_signed_gets_no_item_that_becomes_free_again(platform: Platform) -> None:
    board = Board(platform, "handler@market", "control-centre", "leader").start()
    first = board.task("market-1").id
    second = next(task.id for task in board.asked() if task.candidates == ("control-centre",))
    for who in ("market-1", "market-2"):  # people of both groups
        actor = platform.actors[who]
        platform.actors[who] = replace(actor, groups=actor.groups | {"control-centre"})
    with_engine(platform, runtime.claim, "control", second)
    board.say("market-1", "同意", first)
    with_engine(platform, runtime.release, "control", second)
    assert second not in listed(platform, "market-1", "claimable")
    assert second in listed(platform, "market-2", "claimable")
    error = refused("runtime.one_vote", lambda: with_engine(platform, runtime.claim, "market-1", second))
    assert "一人一票" in error.say()
    refused("runtime.one_vote", board.act("market-1", second, "同意"))
    with_engine(platform, moves.take_back, "market-1", first, opinion="看错了")
    (again,) = [task.id for task in board.asked() if task.assignee == board.id("market-1")]
    refused("runtime.one_vote", lambda: with_engine(platform, runtime.claim, "market-1", second))
    board.say("market-1", "同意", again)
    board.say("market-2", "同意", second)
    board.say("leader", "同意")
    assert platform.variables(board.case_id)["outcome"] == "通过"
    assert platform.count(task_exclusions) == 0


def test_for_whom_a_deputy_has_signed_has_signed(platform: Platform) -> None:
    board = Board(platform, "handler@market", "leader", "control-centre").start()
    mine = board.task("market-1").id
    with_engine(platform, runtime.claim, "market-1", mine)
    away(platform, "market-1", "market-2", how="share")
    board.say("market-2", "同意", mine)
    free = next(task for task in board.asked() if task.candidates == ("control-centre",))
    assert barred(platform, free) == {"leader", "market-1", "market-2"}
    board.say("control", "同意", free.id)
    with_engine(platform, moves.take_back, "control", free.id, opinion="再看")
    again = next(
        task for task in board.asked() if task.element == "u1" and task.assignee == board.id("control")
    )
    assert {"market-1", "market-2"} <= barred(platform, again), "opened again, it is kept from both"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ((), "bpmn.no_signers"),
        (("leader", "no-such-account"), "bpmn.unknown_signer"),
        (("leader", "handler@nowhere"), "bpmn.unknown_signer"),
        (("leader", "analyst"), "bpmn.unknown_signer"),
        (("leader", "jingmi"), "bpmn.unknown_signer"),
        (("leader", "leader"), "bpmn.signer_twice"),
    ],
)
def test_signers_that_nobody_knows_are_refused_and_nothing_is_left(
    platform: Platform, who: tuple[str, ...], code: str
) -> None:
    board = Board(platform, *who)
    before = picture(platform.engine)
    refused(code, board.start)
    assert picture(platform.engine) == before


def test_nobody_to_ask_stops_with_words_where_no_person_is_told(platform: Platform) -> None:
    """Behind a timer the refusal becomes an incident, and the case goes on once it can."""
    board = Board(platform, ways="s>c1>u1>u2>e", signers="= []").start()
    while not platform.count(incidents):
        platform.pass_all_due()
        runtime.fire_due(platform.engine)
    (incident,) = platform.rows(incidents)
    assert "没有会签人" in incident.message
    assert platform.case(board.case_id).state == "open"


def test_a_vote_that_is_decided_takes_the_other_tasks_away(platform: Platform) -> None:
    board = Board(platform, "leader", "market-1", "tax-1", signing="票签", **{"pass": "60%"}).start()
    late = board.task("tax-1").id
    board.say("leader", "同意")
    board.say("market-1", "同意")
    assert [task.element for task in platform.open(board.case_id)] == ["u2"]
    gone = refused("runtime.task_closed", board.act("tax-1", late, "不同意"))
    assert gone.facts["did"] == "撤销"
    (round_,) = board.rounds()
    assert (round_.agreed, round_.needed, round_.asked, len(round_.said)) == (2, 2, 3, 2)


def test_of_two_who_vote_at_once_both_count_and_it_is_decided_once(platform: Platform) -> None:
    engines = [platform.engine, platform.restarted(shared_definitions=True)]
    for _ in range(10):
        board = Board(platform, "leader", "market-1", "tax-1", signing="票签", **{"pass": "60%"}).start()
        pairs = zip(engines, ("leader", "market-1"), strict=True)
        results = at_once(*(board.act(by, board.task(by).id, "同意", engine) for engine, by in pairs))
        assert results == [None, None], results
        assert [task.element for task in platform.open(board.case_id)] == ["u2"]
        assert len(platform.variables(board.case_id)["outcome_opinions"]) == 2
        agree(platform.engine, board.case_id)


def test_who_decides_first_decides_and_the_other_hears_it_is_over(platform: Platform) -> None:
    engines = [platform.engine, platform.restarted(shared_definitions=True)]
    for _ in range(10):
        board = Board(platform, "leader", "market-1", signing="或签").start()
        acts = [("leader", "同意", {}), ("market-1", "不同意", {"reason": "不妥"})]
        results = at_once(
            *(
                board.act(by, board.task(by).id, vote, engine, **more)
                for engine, (by, vote, more) in zip(engines, acts, strict=True)
            )
        )
        (lost,) = [one for one in results if one is not None]
        assert isinstance(lost, ZhibanError) and lost.code == "runtime.task_closed", repr(lost)
        expected = "不通过" if results[0] is lost else "通过"
        assert platform.variables(board.case_id)["outcome"] == expected
        agree(platform.engine, board.case_id)


def test_in_turn_each_begins_when_the_one_before_has_spoken(platform: Platform) -> None:
    board = Board(platform, "leader", "market-1", "tax-1", signing="依次").start()
    for by in ("leader", "market-1", "tax-1"):
        assert [task.assignee for task in board.asked()] == [platform.actors[by].id]
        board.say(by, "同意")
    assert platform.variables(board.case_id)["outcome"] == "通过"


def test_a_signers_own_task_can_have_added_signers(platform: Platform) -> None:
    board = Board(platform, "leader", "market-1").start()
    task = board.task("leader").id
    engine = platform.engine
    with engine.writing() as connection:
        runtime.signers.add_signers(
            engine, connection, actor=platform.actors["leader"], task_id=task,
            people=[platform.actors["tax-1"].id], how="after", values={"decision": "同意", "opinion": "可"},
        )  # fmt: skip
    (round_,) = board.rounds()
    assert round_.agreed == 0 and len(round_.awaited) == 2
    (added,) = [t for t in platform.open(board.case_id) if t.parent]
    with engine.writing() as connection:
        actor = platform.actors["tax-1"]
        runtime.signers.decide(engine, connection, actor=actor, task_id=added.id, outcome="agree")
    agree(engine, board.case_id)
    assert board.rounds()[0].agreed == 1


def test_a_vote_that_is_taken_back_counts_no_more(platform: Platform) -> None:
    board = Board(platform, "leader", "market-1").start()
    task = board.task("leader").id
    board.say("leader", "不同意", reason="再看看")
    engine = platform.engine
    with engine.writing() as connection:
        moves.take_back(engine, connection, actor=platform.actors["leader"], task_id=task, opinion="看错了")
    agree(engine, board.case_id)
    (round_,) = board.rounds()
    assert round_.said == () and len(round_.awaited) == 2
    board.say("leader", "同意")
    board.say("market-1", "同意")
    assert platform.variables(board.case_id)["outcome"] == "通过"
    (round_,) = board.rounds()
    assert (round_.agreed, len(round_.said)) == (2, 2)
