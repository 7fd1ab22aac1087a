"""Any sequence of adding, deciding, taking away and completing: compared with a small model of the rules.

Never two completions, never one that nobody approved, and from wherever a walk has led the case can finish.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from engine.errors import ZhibanError
from engine.runtime.tables import tasks
from tests.runtime.signers.desk import OWNER, Desk
from tests.runtime.stage import Platform, open_platform

PEOPLE = ("market-1", "market-2", "tax-1", "tax-2", "hrss-1")


@dataclass
class Seat:
    """Somebody who has a task at the node: the owner at the top, signers below."""

    who: str
    above: "Seat | None" = None
    waits: str = ""
    over: bool = False
    below: "list[Seat]" = field(default_factory=list)

    def awaited(self) -> "list[Seat]":
        return [seat for seat in self.below if not seat.over]

    def all(self) -> "list[Seat]":
        return [self, *(one for seat in self.below for one in seat.all())]


class Model:
    """What the rules say, told by seats. Those who have `spoken` are asked no more."""

    def __init__(self) -> None:
        self.top = Seat(OWNER)
        self.spoken: set[str] = set()
        self.completed = False

    def seat(self, who: str) -> Seat | None:
        return next((s for s in self.top.all() if s.who == who and not s.over), None)

    def may_add(self, seat: Seat, people: list[str], how: str) -> bool:
        taken = {s.who for s in self.top.all()} | self.spoken
        return seat.waits in ("", how) and bool(people) and not taken & set(people)

    def add(self, seat: Seat, people: list[str], how: str) -> None:
        seat.waits = how
        seat.below += [Seat(who, seat) for who in people]

    def decide(self, seat: Seat, agrees: bool) -> None:
        self._speaks(seat)
        self._heard(seat.above, agrees)

    def _speaks(self, seat: Seat) -> None:
        seat.over = True
        self.spoken.add(seat.who)

    def remove(self, seat: Seat) -> None:
        self._drop(seat)
        self._heard(seat.above, True)

    def _drop(self, seat: Seat) -> None:
        """Whoever still waits or is awaited below is gone, as if never asked; what was said stays said."""
        for below in list(seat.awaited()):
            self._drop(below)
        seat.over, seat.waits = True, ""
        if seat.above is not None:
            seat.above.below.remove(seat)

    def _heard(self, seat: Seat | None, agrees: bool) -> None:
        assert seat is not None
        if seat.waits == "after" and not agrees:
            for below in list(seat.awaited()):
                self._drop(below)
            seat.waits = ""
        elif not seat.awaited():
            approved, seat.waits = seat.waits == "after", ""
            if approved and seat.above is None:
                self.completed = seat.over = True
            elif approved:
                self._speaks(seat)
                self._heard(seat.above, True)


class Walk:
    def __init__(self, platform: Platform) -> None:
        self.desk, self.model = Desk(platform), Model()

    def go(self, deed: tuple[str, int, list[str], bool]) -> None:
        what, which, people, flag = deed
        seats = [s for s in self.model.top.all() if not s.over]
        seat = seats[which % len(seats)]
        allowed = self._try(what, seat, people, flag)
        if allowed is not None:
            self._same()

    def _try(self, what: str, seat: Seat, people: list[str], flag: bool) -> bool | None:
        """Do it on both sides, which must agree on whether it may be done; None if it makes no sense here."""
        model = self.model
        if what == "add":
            how = "after" if flag else "before"
            expected = model.may_add(seat, people, how)
            done = self._did(lambda: self._add(seat, people, how))
            if done:
                model.add(seat, people, how)
        elif what == "complete":
            expected = not model.top.waits
            done = self._did(lambda: self.desk.complete())
            model.completed = model.top.over = model.completed or done
        elif seat.above is None:
            return None
        elif what == "decide":
            expected = not seat.waits
            done = self._did(lambda: self.desk.decide(seat.who, "agree" if flag else "disagree", "意见"))
            if done:
                model.decide(seat, flag)
        else:
            expected = True
            by = "control" if flag else seat.above.who
            done = self._did(lambda: self.desk.remove(by, seat.who))
            model.remove(seat)
        assert done == expected, (what, seat.who, people, flag)
        return done

    def _add(self, seat: Seat, people: list[str], how: str) -> None:
        task = "" if seat.above is None else self.desk.of(seat.who)
        form = {"note": "ok", "go": "1"} if seat.above is None else {"opinion": "可以"}
        values = form if how == "after" and not seat.waits else None
        self.desk.add(seat.who, *people, how=how, task=task, values=values)

    @staticmethod
    def _did(act: Any) -> bool:
        try:
            act()
        except ZhibanError:
            return False
        return True

    def _same(self) -> None:
        open_ = {s.who: s.waits for s in self.model.top.all() if not s.over}
        rows = self.desk.open()
        if set(rows) == {"-"}:  # the owner has not touched the task yet
            rows = {OWNER: rows["-"]}
        assert rows == open_
        assert self.desk.ended() == self.model.completed
        assert self.desk.completions() == int(self.model.completed)

    def finish(self) -> None:
        """Whoever is awaited agrees, then the owner completes: it ends, once."""
        for _ in range(100):
            if self.desk.ended():
                break
            leaf = next((s for s in self.model.top.all()[1:] if not s.over and not s.waits), None)
            if leaf is not None:
                assert self._try("decide", leaf, [], True)
            else:
                assert self._try("complete", self.model.top, [], True)
        self._same()
        assert self.desk.completions() == 1
        assert self.desk.count(tasks.c.state == "open") == 0


deeds = st.tuples(
    st.sampled_from(["add", "add", "add", "decide", "decide", "remove", "complete"]),
    st.integers(0, 7),
    st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True),
    st.booleans(),
)


@pytest.fixture
def platform(database: Engine) -> Platform:
    return open_platform(database)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(deeds, max_size=14))
def test_any_walk_follows_the_rules_and_can_finish(platform: Platform, walk: list[Any]) -> None:
    way = Walk(platform)
    for deed in walk:
        if not way.model.completed and not (deed[0] == "complete" and deed[1] > 1):
            way.go(deed)
    way.finish()
