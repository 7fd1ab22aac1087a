"""What can get stuck is found, what can't is proven, and what is too large is called unproven."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn import soundness
from engine.bpmn.read import read
from engine.bpmn.soundness.net import ENDED, THROWN, Marking, Net
from engine.bpmn.soundness.search import Search
from engine.errors import Invalid
from tests.conftest import unavailable

from .drawing import ERROR, MESSAGE, TERMINATE, boundary, draw, end, sub
from .event_drawing import aside


def found(ways, own=None, bound=soundness.BOUND):
    result = soundness.explore(draw(ways, own), bound)
    for problem in result.problems:
        assert "{" not in problem.say("zh") + problem.say("en")
    return result, [(problem.code.removeprefix("soundness."), problem.where) for problem in result.problems]


def sound(ways, own=None):
    result, problems = found(ways, own)
    assert problems == []
    assert result.proven
    assert result.warnings == ()


def broken(ways, own=None):
    return found(ways, own)[1]


def test_a_line_is_sound():
    sound("s>u1>u2>e")


def test_an_exclusive_split_into_a_parallel_join_waits_for_ever():
    result, problems = found("s>x1>u1>p1>e x1>u2>p1")
    assert problems == [("stuck", "p1")]
    assert result.problems[0].facts["missing"] in ("u1", "u2")
    sound("s>x1>u1>x2>e x1>u2>x2")
    sound("s>p1>u1>p2>e p1>u2>p2")


def test_a_branch_that_ends_before_the_join_leaves_it_waiting():
    assert broken("s>p1>u1>p2>e1 p1>u2>x1>p2 x1>e2") == [("stuck", "p2")]


def test_a_parallel_split_into_an_exclusive_join_just_passes_twice():
    sound("s>p1>u1>x1>u3>e p1>u2>x1")


def test_two_branches_that_enter_a_join_by_one_flow_are_refused():
    assert broken("s>p1>u1>x1>p2>u3>p3 p1>u2>x1 p2>u4>p3>e") == [("crowded", "p3")]
    sound("s>p1>u1>p4>p2>u3>p3 p1>u2>p4 p2>u4>p3>e")


def test_a_split_may_be_passed_twice():
    sound("s>p1>u1>x1>p2>u3>e p1>u2>x1 p2>u4>e")


def test_a_join_that_a_loop_comes_back_to_is_not_crowded():
    sound("s>x1>p1>u1>p2>x2>e p1>u2>p2 x2>x1")


def test_a_reminder_that_tells_two_parties_at_once_is_not_crowded():
    own = {"b1": boundary("b1", "u1", interrupting=False)}
    sound("s>u1>x1>u1 x1>e b1>p1>u2>e2 p1>t2>e2", own)


def test_several_flows_into_a_task_merge():
    sound("s>x1>u1>e x1>u2>u1")


def test_a_send_back_loop_is_sound():
    sound("s>u1>u2>x1>u1 x1>e")


def test_a_parallel_split_that_loops_back_piles_up():
    codes = broken("s>x1>p1>u1>p2>e p1>x2>p2 x2>x1")
    assert ("unbounded", "p2") in codes or ("stuck", "p2") in codes
    assert [code for code, _ in broken("s>x1>p1>u1>x2>x1 p1>u2>x2>e")] == ["unbounded"]


def test_a_reminder_within_a_loop_does_not_pile_up():
    own = {"b1": boundary("b1", "u1", interrupting=False)}
    sound("s>u1>x1>u1 x1>e b1>u2>e2", own)


def test_a_loop_without_a_way_out_is_a_trap():
    codes = broken("s>x1>e x1>u1>u2>u1")
    assert codes == [("trapped", "u1")]


def test_a_loop_that_another_branch_terminates_is_no_trap():
    own = {"e2": end("e2", TERMINATE)}
    sound("s>p1>x1>u1>x1 p1>u2>e2", own)
    sound("s>p1>x1>u1>x1 p1>x2>u2>x3>x2 x3>e2", own)


def test_elements_that_nothing_leads_to_are_dead():
    assert broken("s>u1>e u2>u3>e2") == [("dead", "u2")]
    assert broken("s>u1>e u2>u3>u2") == [("dead", "u2")]


def test_what_follows_a_stuck_join_is_not_reported_again():
    assert broken("s>x1>u1>p1>u3>p2>e x1>u2>p1") == [("stuck", "p1")]


def test_a_terminate_end_takes_the_other_branches_along():
    sound("s>p1>u1>e1 p1>u2>x1>u3>e2 x1>e2", {"e1": end("e1", TERMINATE)})


def test_inclusive_joins_wait_for_what_can_still_come():
    sound("s>i1>u1>i2>e i1>u2>i2")
    sound("s>i1>u1>i2>e i1>u2>i2 i1>u3>i2")
    sound("s>p1>u1>i2>e p1>u2>x1>i2 x1>e2")
    assert broken("s>i1>u1>p1>e i1>u2>p1") == [("stuck", "p1")]


def test_an_event_gateway_takes_one_way():
    assert broken("s>v1>c1>p1>e v1>m1>p1") == [("stuck", "p1")]
    sound("s>v1>c1>x1>e v1>m1>x1")


@pytest.mark.parametrize(
    ("interrupting", "expected"), [(True, [("stuck", "p1")]), (False, [("stuck", "p1")])]
)
def test_a_boundary_event_may_fire_or_not(interrupting, expected):
    own = {"b1": boundary("b1", "u1", interrupting=interrupting)}
    assert broken("s>u1>p1>e b1>u2>p1", own) == expected
    sound("s>u1>x1>e b1>u2>x1", own)


def test_a_boundary_event_fires_once_a_visit():
    own = {"b1": boundary("b1", "u1", interrupting=False), "b2": boundary("b2", "u1", MESSAGE, False)}
    sound("s>u1>e b1>u2>e2 b2>u3>e3", own)


def test_a_sub_process_is_explored_by_itself():
    inner = sub("sub", "s2>x2>u2>p2>e2 x2>u3>p2")
    assert broken("s>sub>u1>e", {"sub": inner}) == [("stuck", "p2")]
    sound("s>sub>u1>e", {"sub": sub("sub", "s2>p2>u2>p3>e2 p2>u3>p3")})


def test_an_error_leaves_a_sub_process_by_its_boundary_only():
    inner = sub("sub", "s2>u2>e2", {"e2": end("e2", ERROR)})
    own = {"sub": inner, "b1": boundary("b1", "sub", ERROR)}
    assert broken("s>sub>u1>e b1>u3>e3", own) == [("dead", "u1")]
    mended = {**own, "sub": sub("sub", "s2>x2>u2>e2 x2>e4", {"e2": end("e2", ERROR)})}
    sound("s>sub>u1>e b1>u3>e3", mended)


def test_an_error_boundary_that_nothing_throws_to_is_dead():
    own = {"sub": sub("sub", "s2>u2>e2"), "b1": boundary("b1", "sub", ERROR)}
    assert broken("s>sub>u1>e b1>u3>e3", own) == [("dead", "b1")]


def test_an_error_passes_through_the_sub_processes_between():
    inner = sub("inner", "s3>x3>u3>e3 x3>e4", {"e3": end("e3", ERROR)})
    outer = sub("outer", "s2>inner>u2>e2", {"inner": inner})
    sound("s>outer>e b1>u1>e1", {"outer": outer, "b1": boundary("b1", "outer", ERROR)})


def test_an_end_never_reached_is_called_so():
    assert broken("s>u1>e e2") == []
    assert broken("s>u1>e", {"e2": "<b:endEvent id='e2'/>"}) == [("dead-end", "e2")]


def test_parallel_branches_add_up_instead_of_multiplying():
    branches = [f"p1>u{n}>x{n}>v{n}>c{n}>y{n}>p2 v{n}>m{n}>y{n} x{n}>u{n}" for n in range(12)]
    ways = "s>p1 p2>e " + " ".join(branches).replace("y", "x9")
    result, problems = found(ways)
    assert problems == []
    assert result.proven
    assert result.markings < 500


def test_beyond_the_bound_nothing_is_claimed():
    ways = "s>" + ">".join(f"u{n}" for n in range(50)) + ">e u99>e9"
    result, problems = found(ways, bound=20)
    assert problems == []
    assert not result.proven
    assert "20" in result.warnings[0].say("zh")


def test_what_the_exploration_does_not_understand_is_not_proven():
    own = {"x1": "<b:complexGateway id='x1'/>"}
    assert not found("s>x1>u1>e x1>e2", own)[0].proven
    assert not found("s>u1>e", {"q1": sub("q1", "s2>x2>u2>e2 x2>e3", {"x2": own["x1"].replace("x1", "x2")})})[
        0
    ].proven


def test_what_an_event_sub_process_throws_is_seen_outside_and_what_it_catches_is_not():
    failing = {"s2": "<b:startEvent id='s2'/>", "e2": end("e2", ERROR)}
    edge = {"b1": boundary("b1", "q1", ERROR)}
    ways = "s>q1>u1>e b1>u3>e3"
    caught = {**failing, "q9": aside("q9", "u9>e9", {}, ERROR)}
    assert broken(ways, {"q1": sub("q1", "s2>u2>e2", caught), **edge}) == [("dead", "b1")]
    sound("s>q1>u1>e", {"q1": sub("q1", "s2>u2>e2", caught)})
    again = {**failing, "q9": aside("q9", "u9>e9", {"e9": end("e9", ERROR)}, ERROR)}
    assert broken(ways, {"q1": sub("q1", "s2>u2>e2", again), **edge}) == [("dead", "u1")]
    beside = {"s2": failing["s2"], "q9": aside("q9", "u9>e9", {"e9": end("e9", ERROR)}, interrupting=False)}
    sound(ways, {"q1": sub("q1", "s2>u2>e2", beside), **edge})


def test_an_event_sub_process_that_nothing_begins_is_dead_and_one_within_is_explored():
    quiet = {"q9": aside("q9", "u9>e9", {}, ERROR)}
    assert broken("s>u1>e", quiet) == [("dead", "q9_s")]
    assert broken("s>u1>e", {"q9": aside("q9", "x9>u9>p9>e9 x9>u8>p9", {})}) == [("stuck", "p9")]


def test_an_interrupting_start_is_a_way_out_of_a_circle():
    circle = "s>x1>u1>x1"
    assert broken(circle) == [("trapped", "x1")]
    sound(circle, {"q9": aside("q9", "u9>e9", {})})
    assert broken(circle, {"q9": aside("q9", "u9>e9", {}, interrupting=False)}) == [("trapped", "x1")]


def test_a_diagram_of_400_nodes_is_explored():
    ways = "s>x0 x400>e " + " ".join(f"x{n}>u{n}>x{n + 1} x{n}>x{n + 1}" for n in range(0, 400))
    result, problems = found(ways.replace("x400", "x400"))
    assert problems == []
    assert result.proven


HOME = Path(__file__).parents[2]
PUBLIC = HOME.parent / "shared" / "diagrams"
NODES = ["u1", "u2", "x1", "x2", "p1", "p2", "p3"]


@st.composite
def ways(draw_, nodes=tuple(NODES)):
    """Any wiring at all of a few nodes, with one way out of tasks and up to two out of gateways."""
    flows = [f"s>{draw_(st.sampled_from(nodes))}"]
    for node in nodes:
        most = 1 if node[0] == "u" else 2
        targets = draw_(
            st.lists(st.sampled_from([*nodes, "e1", "e2"]), min_size=1, max_size=most, unique=True)
        )
        flows += [f"{node}>{target}" for target in targets]
    return " ".join(flows)


def every_order(net: Net, bound: int) -> tuple[set[Marking], dict[Marking, set[Marking]]] | None:
    """The plain truth: each marking with everything any of its tokens can do; None beyond the bound."""
    first = net.initial()
    after: dict[Marking, set[Marking]] = {}
    left = [first]
    while left:
        marking = left.pop()
        if marking in after:
            continue
        if len(after) > bound or any(count > 2 for _, count in marking):
            return None
        final = marking in (ENDED, THROWN)
        places = [] if final else [place for place, _ in marking]
        after[marking] = {one for place in places for one in net.moves(marking, place)}
        left += after[marking]
    stuck = {m for m, following in after.items() if not following and m not in (ENDED, THROWN)}
    return stuck, after


@settings(max_examples=300, deadline=None)
@given(ways())
def test_moving_one_token_at_a_time_finds_what_every_order_finds(text):
    diagram = draw(text)
    plain, net = Net(diagram, "process", {}), Net(diagram, "process", {})
    truth = every_order(plain, 1500)
    search = Search(net, 20_000)
    search.run()
    if truth is None:
        return
    stuck, after = truth
    assert not search.growing
    assert set(search.stuck) == stuck
    assert net.fired == plain.fired
    assert (ENDED in search.after) == (ENDED in after)


@settings(max_examples=200, deadline=None)
@given(ways(), st.sampled_from(["p1", "p2", "p3"]))
def test_tokens_that_meet_before_a_gateway_are_found_as_in_every_order(text, gateway):
    diagram = draw(text)
    truth = every_order(Net(diagram, "process", {}, blocked=gateway), 1500)
    search = Search(Net(diagram, "process", {}, blocked=gateway), 5_000)
    search.run()
    if truth is not None:
        ways_in = set(diagram.elements[gateway].incoming)
        assert most(search.before, ways_in) == most(truth[1], ways_in)


def most(markings, places) -> int:
    """The most tokens that ever stand at one of the places."""
    return max((count for marking in markings for place, count in marking if place in places), default=0)


@settings(max_examples=200, deadline=None)
@given(ways(("u1", "x1", "p1", "i1", "i2", "i3")))
def test_with_inclusive_gateways_it_finds_nothing_that_cannot_happen(text):
    diagram = draw(text)
    plain, net = Net(diagram, "process", {}), Net(diagram, "process", {})
    truth = every_order(plain, 1500)
    search = Search(net, 5_000)
    search.run()
    if truth is not None:
        assert set(search.stuck) <= truth[0]
        assert net.fired <= plain.fired


@pytest.mark.parametrize("path", sorted((HOME / "processes").glob("*/*.bpmn")), ids=lambda path: path.name)
def test_the_projects_own_diagrams_are_sound(path):
    result = soundness.explore(read(path.read_bytes()))
    assert result.problems == ()
    assert result.proven


def test_public_diagrams_that_run_to_their_end_never_count_as_stuck():
    if not PUBLIC.is_dir():
        unavailable("the public diagrams are not there: put them into ../shared/diagrams")
    for path in PUBLIC.iterdir():
        if ".bpmn" in path.name:
            try:
                diagram = read(path.read_bytes())
            except Invalid:
                continue
            problems = soundness.explore(diagram).problems
            assert not {p.code for p in problems} & {"soundness.stuck", "soundness.unbounded"}, path.name
