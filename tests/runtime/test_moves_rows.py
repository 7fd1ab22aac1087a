"""Random diagrams, random deeds: whatever people do, no task is lost or doubled, and rows and run agree.

After every deed what was finished stays finished, and what was cancelled is named in the history; in the
end every case comes to its end.
"""

from random import Random
from typing import Any

import pytest

from engine import repository, runtime
from engine.bpmn.read import read
from engine.bpmn.stepping.moving import rejectable
from engine.errors import ZhibanError
from engine.identity import SYSTEM
from engine.runtime import actions, clocks, moves, signers
from engine.runtime.tables import tasks, timers
from tests.bpmn.blocks import MESSAGES, Block, drawn
from tests.bpmn.drawing import extended, properties
from tests.bpmn.game import PLAIN
from tests.bpmn.test_moves import Structures, names_in
from tests.runtime.agreement import agree, intact
from tests.runtime.small import FORM, USER, form
from tests.runtime.stage import Platform

PEOPLE = ("platform", "platform-2")
REFUSALS = (  # what may be said to somebody who tries at random; anything else is a fault
    "bpmn.cannot_reopen",
    "bpmn.cannot_reopen_item",
    "bpmn.reopen_last_only",
    "bpmn.not_expected",
    "runtime.clock_stopped",
    "runtime.not_assignee",
    "runtime.not_eligible",
    "runtime.not_offered",
    "runtime.not_stopped",
    "runtime.only_decides",
    "runtime.spoken_already",
    "runtime.stopped_already",
    "runtime.taken_on",
    "runtime.task_held",
    "runtime.task_taken",
    "signers.nobody",
    "signers.one_kind",
    "signers.twice",
    "signers.approved_already",
    "signers.only_agreement",
)


class Asked(Structures):
    """Loops end with a task of one person's, whose form says whether they are gone through again."""

    def block(self, depth: int, within_loop: bool) -> Block:
        block = super().block(depth, within_loop)
        if block.kind == "rep":
            block.inner = [Block("seq", "", [*block.inner, Block("task", self.key("u"))])]
        return block


class Deeds:
    """One case, and people who do things with it at random."""

    def __init__(self, platform: Platform, seed: int) -> None:
        self.platform, self.chance = platform, Random(seed)
        self.counts: dict[str, int] = {}
        self.done: set[str] = set()
        self.rejecting: set[str] = set()
        process = Asked(Random(seed)).process()
        xml = drawn(process).decode().replace(PLAIN, USER)
        self.names = sorted(names_in(process))
        for name in self.names:
            xml = xml.replace(f"= {name}<", f'= {name} = "y"<')
        xml = self.declared(xml)
        xml = xml.replace("<b:process ", "<b:process camunda:candidateStarterGroups='platform' ")
        xml = xml.replace("<b:startEvent id='s0'/>", f"<b:startEvent id='s0' camunda:formKey='{FORM}'/>")
        platform.deploy(repository.Bundle(xml.encode(), {}, {FORM: form("note", *self.names)}))
        self.case_id = platform.start("platform", "process", **self.values())
        self.check()

    def declared(self, xml: str) -> str:
        """Every third task that may be led somewhere says where its rejection leads."""
        diagram = read(xml.encode())
        for element in diagram.elements.values():
            places = sorted(rejectable(diagram, element.id)) if element.kind == "userTask" else []
            if places and self.chance.random() < 0.3:
                said = extended(properties(reject=self.chance.choice(places)))
                task = f"<b:userTask id='{element.id}' {USER}>"
                xml = xml.replace(task, task + said)
                self.rejecting.add(element.id)
        return xml

    def values(self, last: bool = False) -> dict[str, str]:
        chosen = {name: "n" if last or self.chance.random() < 0.6 else "y" for name in self.names}
        return {"note": "x", **chosen}

    @property
    def running(self) -> bool:
        return self.platform.case(self.case_id).state == "open"

    def check(self) -> None:
        agree(self.platform.engine, self.case_id)
        rows = self.platform.rows(tasks, tasks.c.case_id == self.case_id)
        done = {row.id for row in rows if row.state == "done"}
        assert self.done <= done, "what was finished is finished no more"
        self.done = done
        told = {row.data.get("task") for row in self.platform.history(self.case_id)}
        assert {row.id for row in rows if row.state == "cancelled"} <= told

    def attempt(self, name: str, deed: Any, **given: Any) -> bool:
        """Do it in a transaction of its own; False if it was refused with a sentence that fits."""
        engine = self.platform.engine
        try:
            with engine.writing() as connection:
                deed(engine, connection, **given)
        except ZhibanError as refused:
            assert refused.code in REFUSALS, refused.code
            self.counts[f"{name} refused"] = self.counts.get(f"{name} refused", 0) + 1
            return False
        self.counts[name] = self.counts.get(name, 0) + 1
        self.check()
        return True

    def someone(self) -> Any:
        return self.platform.actors[self.chance.choice(PEOPLE)]

    def task(self) -> Any:
        open_ = [r for r in self.platform.rows(tasks, tasks.c.case_id == self.case_id) if r.state == "open"]
        return self.chance.choice(sorted(open_, key=lambda row: str(row.id)))

    def holder(self, row: Any) -> Any:
        """Who has the task; anybody for one that nobody has."""
        mine = [a for a in self.platform.actors.values() if a.id == row.assignee]
        return mine[0] if mine else self.someone()

    def complete(self, last: bool = False) -> None:
        row = self.task()
        if row.parent is not None:
            given = {"actor": self.holder(row), "task_id": row.id, "opinion": "x"}
            how = "agree" if last else self.chance.choice(("agree", "agree", "disagree"))
            self.attempt("decide", signers.decide, outcome=how, **given)
            return
        given = {"actor": self.holder(row), "task_id": row.id, "values": self.values(last)}
        self.attempt("complete", runtime.complete, **given)

    def send_back(self) -> None:
        rows = [r for r in self.platform.rows(tasks, tasks.c.case_id == self.case_id) if r.state == "open"]
        with self.platform.engine.reading() as connection:
            offers = [
                (row, target.element)
                for row in sorted(rows, key=lambda row: str(row.id))
                for target in moves.send_back_targets(self.platform.engine, connection, row.id)
            ]
        if offers:
            row, to = self.chance.choice(offers)
            given = {"actor": self.holder(row), "task_id": row.id, "to": to, "opinion": "x"}
            self.attempt("send back", moves.send_back, **given)

    def reject(self) -> None:
        rows = [r for r in self.platform.rows(tasks, tasks.c.case_id == self.case_id) if r.state == "open"]
        may = sorted((row for row in rows if row.element in self.rejecting), key=lambda row: str(row.id))
        if may:
            row = self.chance.choice(may)
            given = {"actor": self.holder(row), "task_id": row.id, "opinion": "x"}
            self.attempt("reject", moves.reject, **given)

    def take_back(self) -> None:
        rows = self.platform.rows(tasks, tasks.c.case_id == self.case_id, tasks.c.state == "done")
        own = sorted((row for row in rows if row.parent is None), key=lambda row: (row.closed_at, row.id))
        if not own:
            return
        row = self.chance.choice((own[-1], own[-1], *own[-3:]))
        actor = next(a for a in self.platform.actors.values() if a.id == row.closed_by)
        with self.platform.engine.reading() as connection:
            may = moves.may_take_back(self.platform.engine, connection, actor, dict(row._mapping))
        assert self.attempt("take back", moves.take_back, actor=actor, task_id=row.id) == may

    def hand(self) -> None:
        row = self.task()
        deed = self.chance.choice((runtime.claim, runtime.release, actions.transfer))
        given = {"actor": self.holder(row), "task_id": row.id}
        if deed is runtime.release and row.assignee is None:
            return
        if deed is actions.transfer:
            others = [a.id for name in PEOPLE if (a := self.platform.actors[name]).id != row.assignee]
            given = {**given, "actor": self.holder(row), "to": others[0], "opinion": "x"}
            if given["to"] == given["actor"].id:
                return
        self.attempt("hand", deed, **given)

    def sign(self) -> None:
        row = self.task()
        how = self.chance.choice(("before", "after"))
        people = [self.platform.actors[self.chance.choice((*PEOPLE, "market-1", "market-2"))].id]
        values = None if how == "before" or row.held else self.values()
        values = {"opinion": "x"} if values is not None and row.parent is not None else values
        given = {"actor": self.holder(row), "task_id": row.id, "people": people, "how": how, "values": values}
        self.attempt("sign", signers.add_signers, **given)

    def tell(self) -> None:
        message = self.chance.choice(MESSAGES)
        given = {"actor": SYSTEM, "case_id": self.case_id, "message": message, "values": {}}
        self.attempt("message", runtime.deliver, **given)

    def time(self) -> None:
        if self.chance.random() < 0.5:
            self.platform.pass_time(minutes=self.chance.randrange(1, 90))
            runtime.fire_due(self.platform.engine)
            self.check()
            return
        stop = self.chance.random() < 0.4
        given = {"actor": SYSTEM, "case_id": self.case_id}
        if stop:
            self.attempt("stop", clocks.stop, kind="补正", reason="x", **given)
        else:
            self.attempt("resume", clocks.resume, **given)

    def play(self, deeds: int) -> None:
        kinds = [self.complete] * 9 + [self.send_back] * 5 + [self.take_back] * 4 + [self.hand] * 2
        kinds += [self.reject, self.reject, self.sign, self.tell, self.time]
        for _ in range(deeds):
            if not self.running:
                return
            self.chance.choice(kinds)()

    def finish(self) -> None:
        """Let the clock run, and complete what is left."""
        self.attempt("resume", clocks.resume, actor=SYSTEM, case_id=self.case_id) if self.running else None
        for _ in range(400):
            if not self.running:
                break
            self.complete(last=True)
        assert not self.running, "the case cannot finish"
        assert self.platform.count(timers) == 0
        intact(self.platform.engine)


SEEDS = (7, 8, 11, 19, 20, 27)  # of those that move a case in every way


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_people_do_nothing_is_lost_and_the_case_ends(platform: Platform, seed: int) -> None:
    deeds = Deeds(platform, seed)
    deeds.play(45)
    deeds.finish()
    assert {"send back", "take back", "reject"} <= deeds.counts.keys(), "choose seeds that do move something"
