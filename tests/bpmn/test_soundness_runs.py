"""What is proven sound, the engine brings to its end, whatever people choose and in whatever order."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn import lint, soundness, stepping
from engine.bpmn.lint import structure
from engine.bpmn.model import Diagram

from .drawing import boundary, draw
from .test_soundness import ways

MOVES = 60


class Host:
    """A host with a clock that stands still; these diagrams ask for nothing else."""

    now = datetime(2026, 3, 11, 1, tzinfo=UTC)
    functions: dict = {}  # noqa: RUF012

    def call(self, topic, parameters, element):
        return {}

    def decide(self, decision, variables):
        return None

    def closing(self, day):
        return self.now

    def later(self, duration):
        return self.now + duration

    def basis(self, due):
        return None

    def at(self, moment):
        return self


def play(diagram: Diagram, choice: Random) -> str:
    """Complete tasks and fire timers at random: `ended`, `waiting` (after MOVES) or `stuck`."""
    host, waiting = Host(), {}
    program = stepping.build(diagram, stepping.Expressions())
    run, step = stepping.start(program, {"case": {}}, {"pick": choice.random() < 0.5}, host)
    for _ in range(MOVES):
        for opened in step.opened:
            waiting[opened.token, ""] = None
        for timer in step.timers_set:
            waiting[timer.token, timer.element.id] = None
        for closed in step.closed:
            waiting.pop((closed.token, ""), None)
        for timer in step.timers_cleared:
            waiting.pop((timer.token, timer.element.id), None)
        if step.ended or not waiting:
            return "ended" if step.ended else "stuck"
        token, element = choice.choice(list(waiting))
        if element:
            step = stepping.fire(run, token, element, host)
        else:
            step = stepping.complete(run, token, {"pick": choice.random() < 0.5}, host)
    return "waiting"


def picking(diagram: Diagram) -> Diagram:
    """Every condition asks the variable that each completed task sets anew."""
    flows = {key: replace(f, condition="= pick" if f.condition else "") for key, f in diagram.flows.items()}
    return replace(diagram, flows=flows)


def runs(diagram: Diagram, seed: int) -> None:
    """Diagrams that are refused anyway prove nothing and are passed over."""
    result = soundness.explore(diagram)
    sound = result.proven and all(p.code.startswith("soundness.dead") for p in result.problems)
    if sound and not list(structure.restless_loops(diagram, lint.LintContext())):
        assert play(diagram, Random(seed)) != "stuck"


@settings(max_examples=250, deadline=None)
@given(ways(), st.integers(0, 999))
def test_a_sound_diagram_never_stands_still_before_its_end(text, seed):
    runs(picking(draw(text)), seed)


@settings(max_examples=150, deadline=None)
@given(
    ways(("u1", "u2", "x1", "p1", "p2")),
    st.sampled_from(["u2", "x1", "p1", "e2"]),
    st.booleans(),
    st.integers(0, 999),
)
def test_nor_does_one_with_a_boundary_event(text, target, interrupting, seed):
    own = {"b1": boundary("b1", "u1", interrupting=interrupting)}
    runs(picking(draw(f"{text} b1>{target}", own)), seed)
