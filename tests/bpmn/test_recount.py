"""Dates counted anew: each from its own beginning, in the order they came to be, and never by a shift."""

from collections.abc import Mapping
from copy import copy
from datetime import UTC, date, datetime
from typing import Any

import orjson
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import worktime
from engine.bpmn import calls, stepping
from engine.bpmn.model import Diagram
from engine.repository import FUNCTIONS
from tests.bpmn.drawing import boundary, call, draw, parameters, properties, service, sub, user
from tests.bpmn.game import NOW, Game, Host, many, timer

YEARS = frozenset({2026})
PLAIN_YEAR = worktime.Calendar({}, YEARS)  # NOW is Wednesday 2026-03-11, 09:00 in Shanghai
LONGER = worktime.Calendar({date(2026, 3, 12): False}, YEARS)  # Thursday off
SHORTER = worktime.Calendar({date(2026, 3, 14): True}, YEARS)  # Saturday worked


class Counting(Host):
    """A host that counts on a calendar, from whatever moment it is asked at."""

    def __init__(self, calendar: worktime.Calendar, now: datetime = NOW) -> None:
        super().__init__()
        self.calendar, self.now = calendar, now

    @property
    def functions(self) -> Mapping[str, Any]:  # type: ignore[override]
        return worktime.functions(self.calendar, self.now)

    def closing(self, day: date) -> datetime:
        return self.calendar.closes(day).astimezone(UTC)

    def at(self, moment: datetime) -> "Counting":
        again = copy(self)
        again.now = moment
        return again


def play(ways: str | Diagram, *drawn: Any, calendar: worktime.Calendar = PLAIN_YEAR, **begin: Any) -> Game:
    game = Game.__new__(Game)
    game.host, game.stored = Counting(calendar), True
    diagram = draw(ways, *drawn) if isinstance(ways, str) else calls.expand(ways)
    game.program = stepping.build(diagram, stepping.Expressions(FUNCTIONS))
    game.run, game.step = stepping.start(game.program, {"case": {"id": "c1"}}, begin, game.host)
    game.keep()
    return game


def closes(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, 9, 30, tzinfo=UTC)


def told(step: stepping.Step) -> list[tuple[str, str, Any]]:
    return [(m.kind, m.name or m.element, m.after) for m in step.moved]


SET = {
    "set1": service("set1", "set variables", parameters({}, {"due": "= workdays(3)"})),
    "set2": service("set2", "set variables", parameters({}, {"before": "= workdays before(due, 1)"})),
}
DUE = "camunda:candidateGroups='platform' camunda:dueDate='= {}'"
OWN = {
    **SET,
    "u1": user("u1", DUE.format("due")),
    "b1": boundary("b1", "u1", timer('= before - duration("PT30M")', "timeDate")),
    "b2": boundary("b2", "u1", timer("= workdays(2)", "timeDate")),
    "u2": user("u2", DUE.format("workdays(1)")),
}
WAYS = "s>set1>set2>p1>u1>e p1>u2>e2 b1>e3 b2>e4"


def anew(game: Game, calendar: worktime.Calendar, before: worktime.Calendar = PLAIN_YEAR) -> stepping.Step:
    now = closes(11)
    step = stepping.recount(game.run, Counting(before, now), Counting(calendar, now))
    game.keep()
    return step


def test_variables_move_first_and_what_waits_follows_them() -> None:
    game = play(WAYS, OWN)
    assert game.variables == {"due": closes(16), "before": closes(13)}
    half_an_hour_before = closes(16).replace(hour=9, minute=0)
    step = anew(game, LONGER)
    variables, waiting = told(step)[:2], told(step)[2:]
    assert variables == [("variable", "due", closes(17)), ("variable", "before", closes(16))]
    assert sorted(waiting) == [
        ("task", "u1", closes(17)),
        ("task", "u2", closes(13)),
        ("timer", "b1", half_an_hour_before),
        ("timer", "b2", closes(16)),
    ]
    assert step.unsure == []
    assert step.changed == {"due": closes(17), "before": closes(16)}
    assert game.variables == step.changed and game.timers() == {"b1": half_an_hour_before, "b2": closes(16)}
    assert {m.since for m in step.moved} == {NOW}


def test_counting_twice_is_counting_once_and_back_again_leads_back() -> None:
    game = play(WAYS, OWN)
    first, timers = dict(game.variables), game.timers()
    anew(game, LONGER)
    for before in (PLAIN_YEAR, LONGER):
        again = anew(game, LONGER, before)
        assert again.moved == [] == again.unsure
    assert anew(game, PLAIN_YEAR, before=LONGER).unsure == []
    assert (game.variables, game.timers()) == (first, timers)


def test_a_worked_saturday_makes_it_earlier() -> None:
    game = play(WAYS, OWN)
    assert ("variable", "due", closes(14)) in told(anew(game, SHORTER))


def test_what_a_person_wrote_is_no_computed_date() -> None:
    game = play("s>set1>set2>u2>u1>e", OWN)
    game.complete("u2", due=closes(27))
    step = anew(game, LONGER)
    assert "due" not in [m.name for m in step.moved] and game.variables["due"] == closes(27)


def test_what_neither_way_explains_is_left_and_told() -> None:
    days = service("set1", "set variables", parameters({}, {"due": "= workdays(days)"}))
    game = play("s>set1>set2>u2>u1>e", {**OWN, "set1": days}, days=3)
    game.complete("u2", days=5)  # since then nobody can say how the date came about
    step = anew(game, LONGER)
    assert [(m.kind, m.name or m.element) for m in step.unsure] == [("variable", "due")]
    assert "due" not in [m.name for m in step.moved] and game.variables["due"] == closes(16)


def test_an_assignment_sees_again_what_only_it_could_see() -> None:
    inner = user("u2", DUE.format("workdays(1)"), "", parameters({"n": "= 2"}, {"due": "= workdays(n)"}))
    game = play("s>u2>u3>e", {"u2": inner, "u3": user("u3", PHASE)})
    game.host.now = closes(11)
    game.complete("u2")
    assert game.variables["due"] == closes(13)
    assert told(anew(game, LONGER)) == [("variable", "due", closes(16))]


def test_a_run_of_the_first_format_still_loads_and_its_dates_stay_unless_variables_explain_them() -> None:
    game = play(WAYS, OWN)
    layout = orjson.loads(zstandard.ZstdDecompressor().decompress(stepping.store_tokens(game.run)))
    for row in layout[2][3]:
        if row[7]:
            row[7] = [{k: v for k, v in part.items() if k.strip("/") == "due"} for part in row[7]]
    old = zstandard.ZstdCompressor().compress(orjson.dumps([1, *layout[1:4]]))
    variables = stepping.store_variables(game.variables)
    game.run = stepping.load(game.program, {"case": {"id": "c1"}}, old, variables)
    before = game.timers()
    step = anew(game, LONGER)
    assert step.moved == [] and game.timers() == before


PHASE = "camunda:candidateGroups='platform'"


def phased(**more: str) -> dict[str, str]:
    inner = {"is": "<b:startEvent id='is'/>", "u1": user("u1", PHASE), "u2": user("u2", PHASE)}
    head = f"<b:extensionElements>{properties(deadline='= due')}</b:extensionElements>"
    return {**SET, "q1": sub("q1", "is>u1>u2>e2", inner, head=head), **more}


def test_a_phase_begins_moves_and_ends_with_its_activity() -> None:
    game = play("s>set1>q1>u3>e", phased(u3=user("u3", PHASE)))
    (phase,) = game.step.phases_opened
    assert (phase.element.id, phase.due) == ("q1", closes(16))
    step = game.complete("u1")
    assert (step.phases_opened, step.phases_closed) == ([], [])
    assert told(anew(game, LONGER))[1:] == [("phase", "q1", closes(17))]
    step = game.complete("u2", due=closes(20))  # the extension comes as the phase ends
    assert [(p.element.id, p.completed) for p in step.phases_closed] == [("q1", True)]
    assert step.moved == []


def test_a_phase_follows_an_extension_and_is_cancelled_by_an_interruption() -> None:
    own = phased(b1=boundary("b1", "q1", timer("= due", "timeDate")), u3=user("u3", PHASE))
    game = play("s>set1>q1>e b1>u3>e3", own)
    step = game.complete("u1", due=closes(20))
    assert sorted(told(step)) == [("phase", "q1", closes(20)), ("timer", "b1", closes(20))]
    assert [(p.element.id, p.completed) for p in game.fire("b1").phases_closed] == [("q1", False)]


def test_each_item_of_a_multi_instance_has_its_own_phase() -> None:
    loop = many(collection="= [1, 2]", element="n")
    own = user("u1", PHASE, loop, properties(deadline="= workdays(n)"))
    game = play("s>u1>e", {"u1": own})
    assert [(p.element.id, p.due) for p in game.step.phases_opened] == [
        ("u1", closes(12)),
        ("u1", closes(13)),
    ]
    assert told(anew(game, LONGER)) == [("phase", "u1", closes(13)), ("phase", "u1", closes(16))]
    assert [p.completed for p in game.complete("u1").phases_closed] == [True]


calendars = st.dictionaries(st.dates(date(2026, 3, 9), date(2026, 4, 20)), st.booleans(), max_size=12).map(
    lambda days: worktime.Calendar(days, YEARS)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(calendars, min_size=2, max_size=4), st.integers(0, 12))
def test_a_run_counted_anew_is_as_if_it_had_begun_on_the_new_calendar(
    changing: list[worktime.Calendar], days: int
) -> None:
    own = {**OWN, "set1": service("set1", "", parameters({}, {"due": f"= workdays({days})"}))}
    game = play(WAYS, own, calendar=changing[0])
    for before, after in zip(changing, changing[1:], strict=False):
        assert anew(game, after, before).unsure == []
        fresh = play(WAYS, own, calendar=after)
        assert (game.variables, game.timers()) == (fresh.variables, fresh.timers())
        assert stepping.store_tokens(game.run) == stepping.store_tokens(fresh.run)


def calling(ways: str, own: Mapping[str, str], outer: Mapping[str, str], outside: str = "s>k1>e") -> Diagram:
    return calls.bind(draw(outside, outer), {"other": draw(ways, own, key="other")})


def test_what_a_called_process_counts_is_counted_anew_with_its_own_variables() -> None:
    outer = {**SET, "k1": call("k1", "other", "due>given")}
    game = play(calling(WAYS, OWN, outer, "s>set1>k1>e"))
    ((token, inner),) = game.run.calls().items()
    assert inner == {"given": closes(16), "due": closes(16), "before": closes(13)}
    step = anew(game, LONGER)
    assert game.variables == {"due": closes(17)} == step.changed and step.unsure == []
    assert game.run.calls()[token] == {"given": closes(16), "due": closes(17), "before": closes(16)}
    assert step.called == {(token, "k1"): {"due": closes(17), "before": closes(16)}}
    assert {("task", "k1/u1", closes(17)), ("task", "k1/u2", closes(13))} < set(told(step))
    assert anew(game, LONGER).moved == []


def test_a_moment_follows_the_variables_of_its_own_call_only() -> None:
    inner = {
        **SET,
        "u1": user("u1", DUE.format("due")),
        "u2": user("u2", "camunda:candidateGroups='platform'"),
    }
    outer = {**SET, "k1": call("k1", "other"), "u3": user("u3", DUE.format("due"))}
    diagram = calling("s>set1>p1>u1>p2>e p1>u2>p2", inner, outer, "s>set1>p1>k1>p2>e p1>u3>p2")
    game = play(diagram)
    later = closes(20)
    step = game.complete("k1/u2", due=later)
    assert [(m.kind, m.element, m.after) for m in step.moved] == [("task", "k1/u1", later)]
    step = game.complete("u3", due=closes(25))
    assert step.moved == []
