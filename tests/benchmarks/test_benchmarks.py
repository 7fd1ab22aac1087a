"""The benchmarks run; what they print is for people, and no time is asserted."""

from tests.benchmarks.bench_step import compare, redispatch


def test_the_steps_of_both_engines_are_measured() -> None:
    ours, stock = compare(cases=1)
    assert len(ours) == len(stock) == 5 and min(*ours, *stock) > 0


def test_redispatches_are_measured() -> None:
    assert len(redispatch(rounds=3)) == 3
