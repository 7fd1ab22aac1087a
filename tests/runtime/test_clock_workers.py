"""Two workers truly at once on the case clock: each reminder, each recount, each timer has one effect."""

from datetime import date

from engine import outbox
from engine.runtime import clocks, fire_due
from engine.runtime.tables import timers
from tests.bpmn.drawing import boundary
from tests.bpmn.game import timer
from tests.runtime.agreement import agree, intact
from tests.runtime.small import small
from tests.runtime.stage import Platform
from tests.runtime.test_clocks import at, edit, heard, one_task, reminded
from tests.runtime.test_deadlines import closes, user
from tests.runtime.together import at_once

CASES = 25


def test_two_who_remind_at_once_send_each_reminder_once(platform: Platform) -> None:
    case_ids = [one_task(platform)]
    case_ids += [platform.start("platform", "small", note="x") for _ in range(CASES - 1)]
    other = platform.restarted(shared_definitions=True)
    for moment, template in ((at(13, 9), "soon"), (at(16, 9), "today")):
        platform.clock.move_to(moment)
        counts = at_once(lambda: clocks.remind_due(platform.engine), lambda: clocks.remind_due(other))
        assert sum(counts) == CASES, counts
        for case_id in case_ids:
            assert heard(platform, case_id)[-1] == ("handler@market", template)
    for case_id in case_ids:
        assert len(reminded(platform, case_id)) == len(heard(platform, case_id)) == 2
        agree(platform.engine, case_id)
    intact(platform.engine)


def test_who_counts_anew_and_who_fires_and_reminds_do_not_disturb_each_other(platform: Platform) -> None:
    """One timer moves away as it is about to fire; the other, by the clock on the wall, fires once."""
    own = {
        "u1": user("u1", "= workdays(3)", "handler@market"),
        "b": boundary("b", "u1", timer("= workdays(3)", "timeDate"), False),
        "c": boundary("c", "u1", timer("PT2H"), False),
    }
    platform.deploy(small("s>u1>e b>e2 c>u2>e3", own))
    case_ids = [platform.start("platform", "small", note="x") for _ in range(CASES)]
    platform.clock.move_to(closes(16))
    edit(platform, date(2026, 3, 16), False)
    first, second = platform.engine, platform.restarted(shared_definitions=True)
    third, fourth = (platform.restarted(shared_definitions=True) for _ in range(2))
    counts = at_once(
        lambda: clocks.recount_cases(first),
        lambda: fire_due(second),
        lambda: clocks.recount_cases(third),
        lambda: fire_due(fourth),
        lambda: clocks.remind_due(platform.restarted(shared_definitions=True)),
    )
    assert not [error for error in counts if isinstance(error, Exception)], counts
    assert counts[1] + counts[3] == CASES
    assert (clocks.recount_cases(first), fire_due(first)) == (0, 0)
    assert clocks.remind_due(first) == 0
    for case_id in case_ids:
        kinds = [h.kind for h in platform.history(case_id)]
        assert kinds.count("case.recounted") == 1
        fired = [h.element for h in platform.history(case_id) if h.kind == "timer.fired"]
        assert fired == ["c"]
        (left,) = platform.rows(timers, timers.c.case_id == case_id)
        assert (left.element, left.due_at, left.state, left.attempts) == ("b", closes(17), "waiting", 0)
        templates = [template for _, template in heard(platform, case_id)]
        assert templates.count("deadline-moved") == 1
        assert reminded(platform, case_id) == [], "what was due by the old date lapses"
        agree(platform.engine, case_id)
    assert platform.rows(outbox.messages, outbox.messages.c.template == "late") == []
    intact(platform.engine)
