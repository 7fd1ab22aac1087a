"""Values come back as they were stored, whatever keys the user's data has."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.errors import Invalid
from engine.feel.operators import identity

_zones = st.sampled_from(
    [None, dt.UTC, ZoneInfo("Asia/Shanghai"), dt.timezone(dt.timedelta(hours=-5, minutes=-30))]
)
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-10**20, max_value=10**20, places=4),
    st.integers(-(10**30), 10**30).map(Decimal),
    st.dates(),
    st.times(timezones=_zones),
    st.datetimes(timezones=_zones, min_value=dt.datetime(2, 1, 1), max_value=dt.datetime(9998, 1, 1)),
    st.timedeltas(min_value=dt.timedelta(-10**6), max_value=dt.timedelta(10**6)),
    st.integers(-10_000, 10_000).map(feel.Months),
    st.builds(feel.Range, st.integers().map(Decimal), st.dates(), st.booleans(), st.booleans()),
)  # fmt: skip
_keys = st.one_of(
    st.sampled_from(["typename", "type", "value", "", "/", "~1", "a/b", "~", "start", "0", "__class__"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=12,
)


@given(_values)
def test_every_value_comes_back_as_it_was_through_json(value: Any) -> None:
    plain, types = feel.dump(value)
    back = feel.load(json.loads(json.dumps(plain)), json.loads(json.dumps(types)))
    assert identity(back) == identity(feel.normalise(value))
    assert feel.dump(back) == (plain, types)


def test_the_types_stand_beside_the_data_and_never_in_it() -> None:
    data = {"typename": "date", "due": dt.date(2026, 3, 11), "sum": Decimal("1.50"), "n": 3}
    plain, types = feel.dump(data)
    assert plain == {"typename": "date", "due": "2026-03-11", "sum": "1.50", "n": 3}
    assert types == {"/due": "date", "/sum": "number"}
    assert str(feel.load(plain, types)["sum"]) == "1.50"


def test_a_function_cannot_be_stored_and_the_place_is_named() -> None:
    value = feel.parse("{a: [function(x) x]}").evaluate({})
    with pytest.raises(Invalid) as refused:
        feel.dump(value)
    assert refused.value.facts["where"] == "/a/0"


def test_half_a_surrogate_pair_cannot_be_stored() -> None:
    with pytest.raises(Invalid, match=r"feel\.unstorable"):
        feel.dump({"a": "\ud83d"})


def test_a_stored_value_that_was_tampered_with_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        feel.load({"due": "tomorrow"}, {"/due": "date"})
    assert refused.value.facts == {"where": "/due", "kind": "date"}
