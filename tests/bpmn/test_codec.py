"""Storing and loading a run: what anybody may write survives, and nothing is shared that should not be."""

import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import orjson
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.bpmn import calls, stepping
from engine.errors import Invalid
from tests.bpmn.drawing import boundary, call, draw
from tests.bpmn.game import Game, many, plain

ZONE = dt.timezone(dt.timedelta(hours=8))
AWKWARD: dict[str, Any] = {
    "typename": "Task",
    "__class__": {"__init__": {"__globals__": "x"}, "typename": "uuid", "data": {}},
    "/": {"~0": {"~1": {"a/b~c": dt.date(2026, 3, 1)}}},
    "": {"": Decimal("0.10")},
    "types": {"/types": "date", "x": "2026-03-01"},
    "looks like a date": "2026-03-01",
    "number": Decimal("12345678901234567890.123456789"),
    "scale": Decimal("1.500"),
    "day": dt.date(2024, 2, 29),
    "time": dt.time(23, 59, 59, 999999),
    "moment": dt.datetime(2026, 3, 11, 17, 0, 0, 1, tzinfo=ZONE),
    "local": dt.datetime(2026, 3, 11, 17, 0),
    "hours": dt.timedelta(days=-1, seconds=5, microseconds=7),
    "months": feel.Months(-14),
    "list": [[], {}, None, True, False, [dt.date(2026, 1, 1), {"d": dt.timedelta(1)}]],
    "text": '\x00\u200b𠮷\ud7ff "\\',
    "due": dt.datetime(2026, 1, 1, tzinfo=ZONE),
    "branches": {"x": "y"},
}

values = st.recursive(
    st.none()
    | st.booleans()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.integers(-(10**30), 10**30).map(Decimal)
    | st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)
    | st.dates()
    | st.timedeltas(dt.timedelta(-9999), dt.timedelta(9999))
    | st.datetimes(timezones=st.just(dt.UTC)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*AWKWARD, "a", "b"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_what_anybody_may_write_survives() -> None:
    game = Game("s>u1>u2>e", plain("u1", "u2"))
    game.complete("u1", **AWKWARD)
    assert game.variables == AWKWARD
    assert {k: type(v) for k, v in game.variables.items()} == {k: type(v) for k, v in AWKWARD.items()}
    assert str(game.variables["scale"]) == "1.500"
    game.complete("u2")
    assert game.ended


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([*AWKWARD, "x"]), values, max_size=5))
def test_any_variables_come_back_as_they_were(given_: dict[str, Any]) -> None:
    wanted = feel.load(*feel.dump(given_))
    assert stepping.load_variables(stepping.store_variables(given_)) == wanted


@settings(max_examples=40, deadline=None)
@given(st.lists(values, min_size=1, max_size=3))
def test_what_is_local_to_an_instance_comes_back_as_it_was(items: list[Any]) -> None:
    loop = many(collection="= things", element="typename", into="seen", value="= typename")
    game = Game("s>u1>u2>e", plain("u1", "u2", u1=loop), things=items)
    wanted = feel.load(*feel.dump(items))
    assert [t.data["typename"] for t in game.waiting()] == wanted
    for _ in items:
        game.complete("u1")
    assert game.variables["seen"] == wanted


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from([*AWKWARD, "x"]), values, max_size=5), st.lists(values, max_size=3))
def test_what_a_called_process_has_comes_back_as_it_was(given_: dict[str, Any], items: list[Any]) -> None:
    """Each step stores and reads the run, and compares what it stored with what it would store again."""
    loop = many(collection="= things", element="x", into="seen", value="= back")
    mapping = "x>typename back<typename"
    drawn = draw("s>k1>k2>e", {"k1": call("k1", "other", mapping, loop), "k2": call("k2", "other", "*> <*")})
    other = draw("s>u1>e", plain("u1"), key="other")
    game = Game(calls.bind(drawn, {"other": other}), **{**given_, "things": items})
    for _ in items:
        game.complete("k1/u1", **{"__class__": given_})
    before = dict(game.variables)
    assert before["seen"] == feel.load(*feel.dump(items))
    ((_, inner),) = game.run.calls().items()
    assert inner == before
    game.complete("k2/u1", last=given_)
    assert game.ended and game.variables == {**before, "last": feel.load(*feel.dump(given_))}


def test_only_what_changed_is_written_anew_and_the_bytes_are_the_same() -> None:
    game = Game("s>x1>u1>x1", {**plain("u1"), "x1": "<b:exclusiveGateway id='x1'/>"}, stored=False, **AWKWARD)
    for number in range(5):
        game.complete("u1", number=Decimal(number), **{f"more{number}": [number]})
        remembered = stepping.store_variables(game.variables, game.run.pieces)
        assert remembered == stepping.store_variables(game.variables)
        assert remembered == stepping.store_variables(stepping.load_variables(remembered))


def test_variables_of_two_cases_share_nothing() -> None:
    shared = {"list": [{"a": Decimal(1)}]}
    first, second = (Game("s>u1>u2>e", plain("u1", "u2"), stored=False, shared=shared) for _ in range(2))
    first.complete("u1", mine=shared)
    first.variables["mine"]["list"][0]["a"] = Decimal(2)
    shared["list"].append("later")
    assert second.variables["shared"] == {"list": [{"a": 1}]}


def test_what_a_caller_changes_afterwards_is_not_the_cases() -> None:
    entered = {"inner": ["a"]}
    game = Game("s>u1>m>u2>e", plain("u1", "u2"), stored=False, begun=entered)
    game.complete("u1", typed=entered)
    game.deliver("撤回", told=entered)
    entered["inner"].append("b")
    assert [game.variables[name] for name in ("begun", "typed", "told")] == [{"inner": ["a"]}] * 3


def test_values_are_of_feels_types_before_they_are_stored_as_after() -> None:
    game = Game("s>u1>m>u2>e", plain("u1", "u2"), stored=False, n=5, f=0.1, t=(1, 2))
    game.complete("u1", k=7)
    game.deliver("撤回", z={"deep": [3]})
    loaded = stepping.load_variables(stepping.store_variables(game.variables))
    assert loaded == game.variables
    assert repr(loaded) == repr(game.variables)


def test_a_part_that_is_drawn_much_is_stored_small() -> None:
    game = Game("s>u1>u2>e", {**plain("u1", "u2"), "b": boundary("b", "u1")}, text="长" * 50_000)
    assert game.size() < 200
    assert len(stepping.store_variables(game.variables)) < 1000


def test_a_newer_format_is_refused_with_a_sentence() -> None:
    game = Game("s>u1>e", plain("u1"))
    layout = orjson.loads(zstandard.decompress(stepping.store_tokens(game.run)))
    newer = zstandard.compress(orjson.dumps([99, *layout[1:]]))
    with pytest.raises(Invalid) as caught:
        stepping.load(game.program, {}, newer, stepping.store_variables({}))
    assert caught.value.code == "bpmn.stored_format" and "99" in caught.value.say()


def test_many_threads_store_and_load_at_once() -> None:
    """Compressors are not safe to share: this crashed the process."""
    wrong: list[Any] = []

    def work(number: int) -> None:
        mine = {"n": Decimal(number), "text": f"{number:08}" * 20_000}
        for _ in range(60):
            if stepping.load_variables(stepping.store_variables(mine)) != mine:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
