"""Random diagrams of blocks, random events: the engine does what a model without tokens does."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn import soundness, stepping
from engine.bpmn.read import read
from engine.errors import Conflict
from tests.bpmn.blocks import MESSAGES, Drawing, drawn
from tests.bpmn.blocks_model import Scope
from tests.bpmn.game import Host
from tests.bpmn.standing import Standing

CONTEXT = {"case": {"id": "c1"}}


class Played(Standing):
    """The engine and the model side by side."""

    def __init__(self, chance: Random, stored: bool) -> None:
        super().__init__()
        process = Drawing(chance).process()
        self.program = stepping.build(read(drawn(process)), stepping.Expressions())
        self.chance, self.stored, self.host = chance, stored, Host()
        self.model = Scope(process, ())
        self.run, step = stepping.start(self.program, CONTEXT, {}, self.host)
        self.check(step, set())

    def check(self, step: stepping.Step, before: set[int]) -> None:
        if self.stored:
            tokens, variables = stepping.store_tokens(self.run), stepping.store_variables(self.run.variables)
            self.run = stepping.load(self.program, CONTEXT, tokens, variables)
            assert stepping.store_tokens(self.run) == tokens
        expected = {way for way, _ in self.model.open()}
        now = self.open()
        assert set(now) == expected
        wanted = {(scope.way, event) for scope in self.model.scopes() for event in scope.listening}
        assert set(self.listening()) == wanted
        assert bool(self.run.is_completed()) == step.ended == self.model.done
        assert {c.token for c in step.closed} == before - set(now.values())
        assert {o.token for o in step.opened} == set(now.values()) - before

    def complete(self) -> None:
        now = self.open()
        way = self.chance.choice(sorted(now))
        dict(self.model.open())[way]()
        step = stepping.complete(self.run, now[way], {}, self.host)
        self.check(step, set(now.values()))

    def tell(self, event: str) -> None:
        now, asked = self.open(), sorted(w for w, _ in self.model.open())
        heard = sum(1 for _ in self.model.scopes())
        self.model.tell(event)
        try:
            step = stepping.deliver(self.run, "message", event, {}, self.host)
        except Conflict:
            assert asked == sorted(w for w, _ in self.model.open()), "something waited for it"
            assert heard == sum(1 for _ in self.model.scopes())
            return
        self.check(step, set(now.values()))

    def fire(self) -> None:
        timers = {way: at for (way, event), at in self.listening().items() if event == "timer"}
        if not timers:
            return
        way, now = self.chance.choice(sorted(timers)), self.open()
        (scope,) = [one for one in self.model.scopes() if one.way == way]
        scope.begin(scope.listening["timer"])
        step = stepping.fire(self.run, *timers[way], self.host)
        self.check(step, set(now.values()))

    def play(self, moves: int) -> None:
        """Some of everything, then complete what is left: each case comes to its end."""
        for _ in range(moves):
            draw = self.chance.random()
            if self.model.done:
                break
            if draw < 0.5:
                self.complete()
            elif draw < 0.9:
                self.tell(self.chance.choice(MESSAGES))
            else:
                self.fire()
        while not self.model.done:
            self.complete()
        assert self.run.subprocesses == {} and not self.run.event_manager.tasks


@settings(max_examples=120, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans())
def test_the_engine_does_what_the_model_does(chance: Random, stored: bool) -> None:
    Played(chance, stored).play(14)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_such_diagrams_are_proven_sound(chance: Random) -> None:
    result = soundness.explore(read(drawn(Drawing(chance).process())))
    assert result.proven and result.problems == ()
