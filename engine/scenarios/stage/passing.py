"""How time passes on the stage: as it would while a platform runs, or while it stands still.

Timers fire each at its own due moment when the clock passes it, and at once when a step sets one
that is due already. After an outage everything that fell due meanwhile fires at the moment of the
restart; restarting once more must change nothing.
"""

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine import history, outbox, runtime
from engine.runtime.casework.attending import attend
from engine.runtime.casework.mishaps import OF_CLOCK
from engine.runtime.steps import fire
from engine.runtime.tables import incidents, timers
from engine.scenarios.stage.mistakes import Mistake, broken, shown

if TYPE_CHECKING:
    from engine.scenarios.stage import Stage


def move_to(stage: "Stage", moment: datetime) -> None:
    """Move the clock on, letting everything on the way happen at its own due moment."""
    _forward(stage, moment)
    runtime.clocks.recount_cases(stage.engine)  # a calendar may have been arranged since
    _check_clock(stage)
    while (due := _next_due(stage)) is not None and due <= moment:
        stage.clock.move_to(max(due, stage.clock.now()))
        _tick(stage)
    stage.clock.move_to(moment)
    attend(stage.engine)


def fail_until(stage: "Stage", moment: datetime) -> None:
    """Let the platform stand still until `moment`, restart it then, and then once more.

    Mistake if the second restart did something: what the first one made good happened twice.
    """
    _forward(stage, moment)
    stage.clock.move_to(moment)
    _restart(stage)
    before = _written(stage)
    _restart(stage)
    if _written(stage) != before:
        raise Mistake("scenarios.not_silent", moment=shown(moment))


def _forward(stage: "Stage", moment: datetime) -> None:
    now = stage.clock.now()
    if moment < now:
        raise Mistake("scenarios.clock_back", now=shown(now), moment=shown(moment))


def _restart(stage: "Stage") -> None:
    """Another process takes over: it knows only what is in the database."""
    old = stage.engine
    stage.engine = runtime.Engine(old.database, old.clock, old.operations)
    stage.engine.definitions = old.definitions  # immutable, and slow to read
    _tick(stage)
    move_to(stage, stage.clock.now())


def _tick(stage: "Stage") -> None:
    """What a platform does each time it looks at the clock."""
    runtime.clocks.recount_cases(stage.engine)
    runtime.fire_due(stage.engine)
    _check_timers(stage)
    runtime.clocks.remind_due(stage.engine)
    runtime.deputies.tell_absences(stage.engine)
    _check_clock(stage)


def _next_due(stage: "Stage") -> datetime | None:
    with stage.engine.reading() as connection:
        return runtime.clocks.next_moment(connection)


def _check_clock(stage: "Stage") -> None:
    """A date that cannot be counted or reminded of waits for a person; here it fails the scenario."""
    query = sa.select(incidents).where(OF_CLOCK)
    with stage.engine.reading() as connection:
        row = connection.execute(query).first()
    if row is not None:
        raise Mistake("scenarios.broke", reason=row.message)


def _check_timers(stage: "Stage") -> None:
    """A timer that failed would be tried again later; here it fails the scenario, with its reason."""
    query = sa.select(timers).where(timers.c.attempts > 0)
    with stage.engine.reading() as connection:
        row = connection.execute(query.order_by(timers.c.due_at)).first()
    if row is None:
        return
    reason, facts = "?", {"case_id": row.case_id, "token": row.token, "element": row.element}
    try:
        with stage.engine.writing() as connection:
            fire(stage.engine, connection, due=row.due_at, **facts)
    except Exception as error:  # whatever it is, it is the reason we are asked for
        reason = broken(error)
    name = stage.label(row.element)
    raise Mistake("scenarios.timer_failed", name=name, due=shown(row.due_at), reason=reason)


def _written(stage: "Stage") -> tuple[int, int]:
    """How many events and notices there are, of all cases."""
    with stage.engine.reading() as connection:
        counts = [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (history.events, outbox.messages)
        ]
    return counts[0], counts[1]
