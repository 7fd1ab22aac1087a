"""Random diagrams of blocks, in which work goes back and forth: no task is lost, none is doubled.

The engine is held against a model of the tree, after every step, warm and stored; and whatever was done,
each case comes to its end.
"""

from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.bpmn import stepping
from engine.bpmn.read import read
from engine.bpmn.stepping.moving.places import routes
from engine.errors import Conflict
from tests.bpmn.blocks import MESSAGES, Block, Drawing, drawn
from tests.bpmn.game import Host
from tests.bpmn.moves_expected import ahead, back, onward, restored, targets
from tests.bpmn.moves_model import Place, Scope, Way, places, scopes, settle, tell
from tests.bpmn.standing import Standing

CONTEXT = {"case": {"id": "c1"}}


class Structures(Drawing):
    """As the drawing it is, with inclusive gateways and loops back among its blocks."""

    def process(self) -> Block:
        block = super().process()
        block.inner = [Block("seq", "", [self.block(3, False) for _ in range(3)])]
        return block

    def block(self, depth: int, within_loop: bool) -> Block:
        draw, room = self.chance.random(), depth > 0 and self.count <= 40
        if room and draw < 0.12:
            return Block("or", "", [self.block(depth - 1, within_loop) for _ in range(3)])
        if room and draw < 0.24:
            return Block("rep", self.key("r"), [self.block(depth - 1, within_loop)])
        if room and draw < 0.4:
            return Block("seq", "", [self.block(depth - 1, within_loop) for _ in range(2)])
        return super().block(depth, within_loop)


class Played(Standing):
    """The engine and the model side by side."""

    def __init__(self, chance: Random, stored: bool) -> None:
        super().__init__()
        self.process = Structures(chance).process()
        self.program = stepping.build(read(drawn(self.process)), stepping.Expressions())
        self.chance, self.stored, self.host = chance, stored, Host()
        self.names = sorted(names_in(self.process))
        self.world: dict[str, bool] = {}
        self.counts: dict[str, int] = {}
        self.run = stepping.Run(self.program, CONTEXT)
        self.shuffle()
        self.model = Scope(self.process, (), self.world)
        self.run, step = stepping.start(self.program, CONTEXT, dict(self.world), self.host)
        self.check(step, set())

    def shuffle(self, last: bool = False) -> None:
        """Other variables for the gateways: towards the end no loop is gone round again."""
        for name in self.names:
            self.world[name] = self.chance.random() < (0.4 if name.startswith("on_") else 0 if last else 0.3)
            self.run.variables[name] = self.world[name]

    def expected(self) -> dict[Way, tuple[Place, int]]:
        return {way: (chain, number) for way, chain, number in places(self.model)}

    def check(self, step: stepping.Step, before: set[int]) -> None:
        settle(self.model, self.world)
        if self.stored:
            tokens, variables = stepping.store_tokens(self.run), stepping.store_variables(self.run.variables)
            self.run = stepping.load(self.program, CONTEXT, tokens, variables)
            assert stepping.store_tokens(self.run) == tokens
        expected, now = self.expected(), self.open()
        assert set(now) == set(expected)
        wanted = {(scope.way, event) for scope in scopes(self.model) for event in scope.listening}
        assert set(self.listening()) == wanted
        assert bool(self.run.is_completed()) == step.ended == self.model.done
        assert {c.token for c in step.closed} == before - set(now.values())
        assert {o.token for o in step.opened} == set(now.values()) - before
        for way, token in now.items():
            offered = [element.id for element in stepping.targets(self.run, token)]
            assert len(offered) == len(set(offered))
            assert set(offered) == targets(expected[way][0])
            led = routes(self.run, self.run.token(token), onward=True)
            assert set(led) == onward(expected[way][0])

    def complete(self, last: bool = False) -> None:
        self.shuffle(last)
        now, expected = self.open(), self.expected()
        way = self.chance.choice(sorted(now))
        chain, number = expected[way]
        before, waiting = deepcopy(self.model), self.run.token(now[way])
        assert waiting is not None
        done = stepping.Finished(way[-1][0], now[way], dict(waiting.data))
        chain[-1].left.remove(number)
        step = stepping.complete(self.run, now[way], {}, self.host)
        self.check(step, set(now.values()))
        if not last and self.chance.random() < 0.3 and not self.model.done:
            self.reopen(done, before)

    def reopen(self, done: stepping.Finished, before: Scope) -> None:
        """Take the last step back: everything is as it was before."""
        now = self.open()
        try:
            step = stepping.reopen(self.run, done, self.host)
        except Conflict as refused:
            assert refused.code.startswith(("bpmn.cannot_reopen", "bpmn.reopen_last"))
            self.count("refused")
            return
        self.count("reopened")
        self.model = restored(before, self.model)
        self.check(step, set(now.values()))

    def send_back(self) -> None:
        self.shuffle()
        now, expected = self.open(), self.expected()
        offers = [(way, e.id) for way in sorted(now) for e in stepping.targets(self.run, now[way])]
        if not offers:
            return
        self.count("sent back")
        way, key = self.chance.choice(offers)
        back(expected[way][0], key, self.world)
        self.check(stepping.send_back(self.run, now[way], key, self.host), set(now.values()))

    def reject(self) -> None:
        """Lead a task ahead, as a declared rejection may."""
        self.shuffle()
        now, expected = self.open(), self.expected()
        offers = [
            (w, k) for w in sorted(now) for k in sorted(onward(expected[w][0])) if self.is_ahead(now[w], k)
        ]
        if not offers:
            return
        self.count("led ahead")
        way, key = self.chance.choice(offers)
        ahead(expected[way][0], key, self.world)
        self.check(stepping.reject(self.run, now[way], key, self.host), set(now.values()))

    def is_ahead(self, token: int, key: str) -> bool:
        """Whether that lies ahead only: what lies before as well, by a loop, is gone back to."""
        return key not in [element.id for element in stepping.targets(self.run, token)]

    def tell(self) -> None:
        self.shuffle()
        event, now = self.chance.choice(MESSAGES), self.open()
        listening = {e for _, e in self.listening()} | {
            t.task_spec.event_definition.name for t in _edges(self.run)
        }
        if event not in listening:
            return
        tell(self.model, event, self.world)
        self.check(stepping.deliver(self.run, "message", event, {}, self.host), set(now.values()))

    def fire(self) -> None:
        timers = {way: at for (way, event), at in self.listening().items() if event == "timer"}
        if not timers:
            return
        self.shuffle()
        way, now = self.chance.choice(sorted(timers)), self.open()
        (scope,) = [one for one in scopes(self.model) if one.way == way]
        scope.start(scope.listening["timer"], self.world)
        self.check(stepping.fire(self.run, *timers[way], self.host), set(now.values()))

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def play(self, moves: int) -> None:
        """Some of everything, then complete what is left: each case comes to its end."""
        for _ in range(moves):
            draw = self.chance.random()
            if self.model.done:
                break
            if draw < 0.6:
                self.complete()
            elif draw < 0.85:
                self.send_back()
            elif draw < 0.88:
                self.reject()
            elif draw < 0.97:
                self.tell()
            else:
                self.fire()
        while not self.model.done:
            self.complete(last=True)
        assert self.run.subprocesses == {} and not self.run.event_manager.tasks


def names_in(block: Block) -> set[str]:
    """The variables that the diagram's gateways go by."""
    found = {f"again_{block.key}"} if block.kind == "rep" else set()
    if block.kind == "or":
        found |= {f"on_{one.first}" for one in block.inner[:-1]}
    return found.union(*(names_in(one) for one in (*block.inner, *(a.body for a in block.asides))))


def _edges(run: stepping.Run) -> list[Any]:
    return [t for t in run.event_manager.tasks.values() if getattr(t.task_spec, "cancel_activity", None)]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
@example(
    2031940, False
)  # instances within instances: what is local to the inner ones does not tell the outer
def test_whatever_goes_back_no_task_is_lost_and_none_doubled(seed: int, stored: bool) -> None:
    Played(Random(seed), stored).play(24)


def test_such_plays_do_send_back_and_reopen() -> None:
    """The property above would hold if nothing were ever moved; this says how much is."""
    totals: dict[str, int] = {}
    for seed in range(60):
        played = Played(Random(seed), stored=False)
        played.play(24)
        for what, many in played.counts.items():
            totals[what] = totals.get(what, 0) + many
    assert totals["sent back"] > 100 and totals["reopened"] > 40 and totals["led ahead"] > 5
    assert totals["refused"] < totals["reopened"] * 2
