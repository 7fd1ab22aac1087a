"""Every case of the DMN Technology Compatibility Kit that is at hand, with strict accounting."""

from collections import Counter

import pytest

from tests.decisions import tck

NOT_APPLICABLE = {
    "0076-feel-external-java": "calls Java code; nothing external runs on this platform",
    "1111-feel-matches-function/1111-feel-matches-function-test-01/K2-MatchesFunc-17/K2-MatchesFunc-17": (
        "needs a back-reference, which only a backtracking matcher has; patterns run in RE2 alone, "
        "so that no pattern can stop the server"
    ),
}
EXPECTED = {"compliance-level-2": 126, "compliance-level-3": 1476}

CASES = [case for case in tck.cases() if case.group not in NOT_APPLICABLE and str(case) not in NOT_APPLICABLE]
needs_kit = pytest.mark.skipif(
    not tck.FOLDER.exists(), reason="the compatibility kit is not here: put it at ../shared/dmn-tck"
)


@needs_kit
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_kit_s_case_gives_what_the_kit_expects(case: tck.Case) -> None:
    got, wanted = tck.run(case)
    assert tck.same(got, wanted), f"{got!r} instead of {wanted!r}"


@needs_kit
def test_exactly_as_many_cases_pass_as_before() -> None:
    passed = Counter(case.file.parents[1].name for case in CASES if tck.same(*tck.run(case)))
    assert passed == EXPECTED


@needs_kit
def test_every_exception_from_the_kit_is_a_case_that_exists() -> None:
    known = {str(case) for case in tck.cases()} | {case.group for case in tck.cases()}
    assert set(NOT_APPLICABLE) <= known
