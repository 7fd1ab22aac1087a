"""Random deeds of many people at one case: handing on, signing, standing in, voting, taking back.

Whatever they do, nobody has two says at a node, nobody performs what four eyes keep that person from, no task
is left that nobody can bring on, and rows and run agree.
"""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from engine import runtime
from engine.errors import ZhibanError
from engine.identity import SYSTEM
from engine.runtime import actions, deputies, handover, moves, signers
from engine.runtime.desk.tables import task_exclusions
from engine.runtime.handover.handing import BACK
from engine.runtime.tables import tasks
from tests.runtime.actions.desk import node
from tests.runtime.agreement import agree, intact
from tests.runtime.small import small
from tests.runtime.stage import Platform
from tests.runtime.test_moves_rows import Deeds

MARKET = ("market-1", "market-2", "market-admin")
PLACES = (("platform", "platform-2"), MARKET)
PEOPLE = ("platform", "platform-2", *MARKET)
STAFF = (*PEOPLE, "tax-1")
KEPT = {"u2": {"u1"}, "u4": {"u2", "u3"}}  # the nodes that each node's performers must not have performed
WAYS = "s>u1 u1>g g>u2 g>u3 u2>j u3>j j>u4 u4>e"
VOTES = ("同意", "不同意", "弃权")


class Folk(Deeds):
    """A case with parallel branches, four eyes and people who sign together."""

    def __init__(self, platform: Platform, seed: int) -> None:
        self.platform, self.chance = platform, Random(seed)
        self.counts: dict[str, int] = {}
        self.done: set[str] = set()
        self.names, self.rejecting = [], set()
        groups = "platform,handler@market"
        own = {
            "u1": node("u1", groups),
            "u2": node("u2", groups, not_performed_by="u1"),
            "u3": node(
                "u3", groups, signing="会签", signers="= split(note, &quot;,&quot;)", result="outcome"
            ),
            "u4": node("u4", groups, not_performed_by="u2,u3"),
            **{key: f"<b:parallelGateway id='{key}'/>" for key in ("g", "j")},
        }
        own["u3"] = own["u3"].replace("camunda:formKey='small/check' ", "")
        own["u3"] = own["u3"].replace(f" camunda:candidateGroups='{groups}'", "")
        platform.deploy(small(WAYS, own, said={"take back": "= true"}))
        self.case_id = platform.start("platform", "small", **self.values())
        self.check()

    def id(self, who: str) -> str:
        return self.platform.actors[who].id

    def values(self, last: bool = False) -> dict[str, str]:
        return {"note": f"{self.id('platform-2')},handler@market", "go": "1"}

    def given(self, row: Any) -> dict[str, str]:
        return {"decision": self.chance.choice(VOTES)} if row.element == "u3" else self.values()

    def check(self) -> None:
        super().check()
        self.eyes()

    def eyes(self) -> None:
        """Read from the record alone: nobody performed a node after one that its performer must not have."""
        token = {row.id: row.token for row in self.platform.rows(tasks)}
        done: list[tuple[str, int, set[str]]] = []
        for event in self.platform.history(self.case_id):
            at = token.get(event.data.get("task", ""), 0)
            people = {event.actor, event.data.get("for")} - {None}
            if event.kind in ("task.completed", "signer.decided"):
                other = KEPT.get(event.element, set())
                barred = {who for element, _, found in done if element in other for who in found}
                assert not people & barred, f"{event.element} is performed by who performed {other}"
                done.append((event.element, at, people))
            elif event.kind == "task.answered":
                done.append((event.element, at, people | {event.data["from"]}))
            elif event.kind == "task.taken_back":
                done = [one for one in done if one[1] != at]

    def attempt(self, name: str, deed: Any, **given: Any) -> bool:
        """Do it; False if it was refused with a whole sentence."""
        try:
            with self.platform.engine.writing() as connection:
                deed(self.platform.engine, connection, **given)
        except ZhibanError as refused:
            assert "{" not in refused.say() + refused.say("en"), refused.code
            self.counts[refused.code] = self.counts.get(refused.code, 0) + 1
            return False
        self.counts[name] = self.counts.get(name, 0) + 1
        self.check()
        return True

    def someone(self) -> Any:
        return self.platform.actors[self.chance.choice(PEOPLE)]

    def by(self, row: Any) -> Any:
        """Mostly who has the task; else anybody."""
        return self.holder(row) if self.chance.random() < 0.7 else self.someone()

    def complete(self, last: bool = False) -> None:
        row = self.task()
        how = {"actor": self.by(row), "task_id": row.id}
        if row.parent is not None:
            outcome = self.chance.choice(("agree", "agree", "disagree"))
            self.attempt("decide", signers.decide, outcome=outcome, opinion="x", **how)
        else:
            self.attempt("complete", runtime.complete, values=self.given(row), **how)

    def hand(self) -> None:
        row = self.task()
        deeds: tuple[Any, ...] = (runtime.claim, runtime.release, actions.recall)
        deed = self.chance.choice((*deeds, handover.give_back, handover.take_home))
        self.attempt(deed.__name__, deed, actor=self.by(row), task_id=row.id)

    def give(self) -> None:
        row = self.task()
        deed = self.chance.choice((actions.transfer, actions.delegate))
        to = self.id(self.chance.choice(PEOPLE))
        self.attempt(deed.__name__, deed, actor=self.by(row), task_id=row.id, to=to)

    def answer(self) -> None:
        row = self.task()
        given = {"actor": self.by(row), "task_id": row.id, "values": self.given(row)}
        self.attempt("answer", actions.answer_delegate, **given)

    def sign(self) -> None:
        row = self.task()
        how = self.chance.choice(("before", "after"))
        people = [self.id(who) for who in self.chance.sample(STAFF, self.chance.choice((1, 1, 2)))]
        values = None if how == "before" or row.held else self.given(row)
        values = {"opinion": "x"} if values is not None and row.parent is not None else values
        given = {"actor": self.by(row), "task_id": row.id, "people": people, "how": how, "values": values}
        self.attempt("sign", signers.add_signers, **given)

    def remove(self) -> None:
        row = self.task()
        self.attempt("remove", signers.remove_signer, actor=self.someone(), task_id=row.id)

    def hand_over(self) -> None:
        """What one person has goes to colleagues or back to its groups."""
        place = self.chance.choice(PLACES)
        who = self.id(self.chance.choice(place))
        with self.platform.engine.reading() as connection:
            found = handover.hanging(connection, who)
        to = [BACK, *(self.id(one) for one in place if self.id(one) != who)]
        control = self.platform.actors["administrator"]
        choices = {task.id: self.chance.choice(to) for task in found}
        done = handover.hand_over(self.platform.engine, actor=control, account=who, choices=choices)
        for one in done:
            name = one.error.code if one.error else "hand over"
            self.counts[name] = self.counts.get(name, 0) + 1
            self.check()

    def absence(self) -> None:
        who, deputy = self.chance.sample(self.chance.choice(PLACES), 2)
        now, how = self.platform.clock.now(), self.chance.choice(("move", "share"))
        given = {"actor": self.platform.actors[who], "account": self.id(who), "deputy": self.id(deputy)}
        until = now + timedelta(hours=self.chance.randrange(1, 4))
        self.attempt("absence", deputies.begin_absence, since=now, until=until, how=how, **given)

    def time(self) -> None:
        self.platform.pass_time(minutes=self.chance.randrange(10, 60))

    def end(self) -> None:
        """Now and then the case ends before its time."""
        if self.chance.random() < 0.1:
            deed, who = self.chance.choice(((moves.withdraw, "platform"), (actions.terminate, "control")))
            given = {"actor": self.platform.actors[who], "case_id": self.case_id, "opinion": "x"}
            self.attempt(deed.__name__, deed, **given)

    def play(self, deeds: int) -> None:
        kinds = (
            [self.complete] * 5 + [self.sign] * 4 + [self.hand] * 3 + [self.give] * 3 + [self.hand_over] * 2
        )
        kinds += [
            self.answer,
            self.absence,
            self.absence,
            self.time,
            self.take_back,
            self.send_back,
            self.remove,
        ]
        kinds += [self.end]
        for _ in range(deeds):
            if not self.running:
                return
            self.chance.choice(kinds)()

    def finish(self) -> None:
        """Those who are left bring the case to its end; it is ended for them only where nobody may go on."""
        self.platform.pass_time(days=2)
        for _ in range(60):
            if not self.running:
                break
            rows = [
                r for r in self.platform.rows(tasks, tasks.c.case_id == self.case_id) if r.state == "open"
            ]
            if not any(
                [self.bring_on(row) for row in sorted(rows, key=lambda row: (row.parent is None, row.id))]
            ):
                self.stuck(rows)
                self.attempt("stuck", actions.terminate, actor=SYSTEM, case_id=self.case_id, opinion="x")
        assert not self.running, "the case cannot finish"
        assert self.platform.count(task_exclusions) == 0
        intact(self.platform.engine)

    def bring_on(self, row: Any) -> bool:
        """Whether somebody could do what is next at this task, as it was when the round began."""
        (row,) = self.platform.rows(tasks, tasks.c.id == row.id)
        if row.state != "open" or row.held:
            return False
        own = {"actor": self.holder(row), "task_id": row.id}
        if row.parent is not None:
            control = {**own, "actor": self.platform.actors["control"]}
            agreed = self.attempt("decide", signers.decide, outcome="agree", **own)
            return agreed or self.attempt("remove", signers.remove_signer, **control)
        if row.delegated_by:
            return self.attempt("answer", actions.answer_delegate, values={}, **own)
        if row.assignee and self.attempt("complete", runtime.complete, values=self.given(row), **own):
            return True
        if not row.assignee:
            for who in (*PEOPLE, "control"):  # who has charge of what nobody else may have
                given = {**own, "actor": self.platform.actors[who], "values": self.given(row)}
                if self.attempt("complete", runtime.complete, **given):
                    return True
            own["actor"] = self.platform.actors[
                "market-admin"
            ]  # who may assign what waits for the department
        return any(self.attempt("transfer", actions.transfer, to=self.id(who), **own) for who in PEOPLE)

    def stuck(self, rows: list[Any]) -> None:
        """Nobody whom these tasks wait for may do them."""
        for row in rows:
            out = {
                r.account for r in self.platform.rows(task_exclusions, task_exclusions.c.task_id == row.id)
            }
            here = self.platform.rows(tasks, tasks.c.token == row.token, tasks.c.state != "cancelled")
            there = {who for r in here for who in (r.assignee, r.acting_for, r.closed_by)}
            assert {self.id(who) for who in PEOPLE} <= out | there, f"nobody goes on with {row.element}"


SEEDS = (1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_people_do_everybody_has_one_say_and_four_eyes_hold(platform: Platform, seed: int) -> None:
    folk = Folk(platform, seed)
    folk.play(90)
    agree(platform.engine, folk.case_id)
    folk.finish()
