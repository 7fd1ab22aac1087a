"""The inbox's tabs: what waits, what may be claimed, what is done; a closed case stands there once."""

from engine import runtime
from tests.runtime.answers import finish
from tests.runtime.stage import Platform


def test_a_closed_case_is_listed_once_by_the_last_step_of_the_person(platform: Platform) -> None:
    case_id = platform.start()
    finish(platform, case_id)
    assert platform.case(case_id).state == "ended"
    with platform.engine.reading() as connection:
        officer = platform.actors["platform"]
        done = runtime.queries.inbox(connection, officer, "done")
        closed = runtime.queries.inbox(connection, officer, "closed")
        counted = runtime.queries.counts(connection, officer)
    assert len(done) > 1 and [task.id for task in closed] == [done[0].id]
    assert counted["closed"] == 1 and counted["done"] == len(done)
