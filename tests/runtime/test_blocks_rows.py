"""Random diagrams of blocks with event sub-processes: after every step the rows say what the run says."""

from random import Random

import pytest

from engine import repository, runtime
from engine.errors import Conflict
from engine.identity import SYSTEM
from engine.runtime.subscriptions.tables import subscriptions
from engine.runtime.tables import timers
from tests.bpmn.blocks import MESSAGES, Drawing, drawn
from tests.bpmn.game import PLAIN
from tests.runtime.agreement import agree, intact
from tests.runtime.small import FORM, USER, form
from tests.runtime.stage import Platform


def bundle(chance: Random) -> repository.Bundle:
    xml = drawn(Drawing(chance).process()).decode().replace(PLAIN, USER)
    xml = xml.replace("<b:process ", "<b:process camunda:candidateStarterGroups='platform' ")
    return repository.Bundle(xml.encode(), {}, {FORM: form("note")})


def act(platform: Platform, case_id: str, chance: Random) -> None:
    """Complete a task, tell the case something, or let a timer come due."""
    draw = chance.random()
    clocks = platform.rows(timers, timers.c.case_id == case_id)
    if draw < 0.15 and clocks:
        platform.pass_all_due()
        assert runtime.fire_due(platform.engine) > 0
    elif draw < 0.5:
        with platform.engine.writing() as connection:
            try:
                runtime.deliver(
                    platform.engine,
                    connection,
                    actor=SYSTEM,
                    case_id=case_id,
                    message=chance.choice(MESSAGES),
                    values={},
                )
            except Conflict:
                connection.rollback()
    else:
        task = chance.choice(platform.open(case_id))
        actor = platform.worker(task)
        with platform.engine.writing() as connection:
            runtime.complete(platform.engine, connection, actor=actor, task_id=task.id, values={"note": "x"})


@pytest.mark.parametrize("seed", range(8))
def test_rows_and_run_agree_after_every_step_and_the_case_ends(platform: Platform, seed: int) -> None:
    chance = Random(seed)
    platform.deploy(bundle(chance))
    case_id = platform.start("platform", "process")
    agree(platform.engine, case_id)
    for _ in range(60):
        if platform.case(case_id).state == "ended":
            break
        act(platform, case_id, chance)
        agree(platform.engine, case_id)
    while platform.case(case_id).state == "open":
        task = platform.open(case_id)[0]
        with platform.engine.writing() as connection:
            runtime.complete(
                platform.engine,
                connection,
                actor=platform.worker(task),
                task_id=task.id,
                values={"note": "x"},
            )
        agree(platform.engine, case_id)
    assert platform.count(subscriptions) == platform.count(timers) == 0
    intact(platform.engine)
