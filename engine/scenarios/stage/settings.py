"""What the control centre sets in a scenario: a year of the calendar, one of its days, the rules of time."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from engine import identity, outbox, worktime
from engine.scenarios.checking import moment
from engine.scenarios.stage.mistakes import Mistake
from engine.scenarios.words import Step

if TYPE_CHECKING:
    from engine.scenarios.stage import Stage

NOTE = "场景"  # why, where a step does not say


def set_rules(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Mapping[str, Any]
) -> None:
    """Publish the default rules, patched: rows in `limits` go before, policies in `reminders` replace.

    What a row leaves out holds for every case; its unit is working days.
    """
    content = worktime.rules.write(worktime.rules.DEFAULT)
    rows = [{"unit": "workdays", **row} for row in values.get("limits", [])]
    patched = {
        "limits": [*rows, *content["limits"]],
        "reminders": {**content["reminders"], **values.get("reminders", {})},
    }
    worktime.rules.publish(
        connection,
        patched,
        effective_from=moment(step.target, step.place),
        by=actor.id,
        note=str(values.get("note", NOTE)),
        now=stage.clock.now(),
        templates=outbox.TEMPLATES,
    )


def publish_year(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Mapping[str, Any]
) -> None:
    """Put a year's arrangement in force: days, or spans such as 2027-02-05..2027-02-11, `off` or `worked`."""
    days = {
        day: (worked, "")
        for word, worked in (("off", False), ("worked", True))
        for told in values.get(word, [])
        for day in _days(str(told))
    }
    worktime.publish_year(
        connection,
        int(step.target),
        days,
        source=str(values.get("source", NOTE)),
        by=actor.id,
        reason=str(values.get("reason", NOTE)),
        now=stage.clock.now(),
    )


def edit_day(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Mapping[str, Any]
) -> None:
    """Arrange one day: `worked` true or false, or null for what its weekday says."""
    worktime.edit_day(
        connection,
        _day(step.target),
        values.get("worked"),
        note=str(values.get("note", "")),
        reason=str(values.get("reason", NOTE)),
        by=actor.id,
        now=stage.clock.now(),
    )


def _days(told: str) -> Iterator[date]:
    """The day, or each day of the span, that is told."""
    first, _, last = told.partition("..")
    day, end = _day(first), _day(last or first)
    while day <= end:
        yield day
        day += timedelta(days=1)


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told.strip())
    except ValueError as error:
        raise Mistake("scenarios.no_day", given=told) from error
