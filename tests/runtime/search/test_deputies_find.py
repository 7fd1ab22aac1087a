"""What somebody finds who shares the desk of another: those cases, as long as it lasts, and no others."""

import dataclasses
from typing import Any

import pytest

from engine import identity, runtime
from engine.errors import NotAllowed
from engine.runtime import actions, deputies, queries, search
from engine.runtime.search import facets
from tests.runtime.answers import lead_to
from tests.runtime.stage import Platform
from tests.runtime.test_deputies import away

TITLE = "发票额度不够用"
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"text": TITLE},
    {"sort": "due"},
    {"text": TITLE, "sort": "due"},
    {"state": "open"},
    {"text": TITLE, "state": "open"},
    {"status": "办理中"},
)


def seen(platform: Platform, who: str) -> set[str]:
    """The cases this person finds, which every list and number agrees upon, and so does the guard."""
    engine, now = platform.engine, platform.clock.now()
    with engine.reading() as connection:
        actor = identity.load_actor(connection, platform.actors[who].id, now=now)
        every = {row.id for row in search.find(connection, actor, search.Asked(moment=now))}
        for given in ASKED:
            asked = search.Asked(moment=now, **given)
            found = {row.id for row in search.find(connection, actor, asked)}
            assert found <= every if given.get("status") else found == every, given
            assert search.overview(connection, actor, asked, now).total == len(found), given
            assert facets.count(connection, actor, asked) == (len(found), False)
        for row in platform.rows(runtime.tables.cases):
            try:
                queries.guard_case(connection, actor, queries.case(connection, row.id))
            except NotAllowed:
                assert row.id not in every
            else:
                assert row.id in every
    return every


@pytest.fixture
def secret(platform: Platform) -> str:
    """A confidential case at whose task `contact` a handler of the department is; nobody else may see it."""
    case_id = lead_to(platform, "contact", confidential=True)
    task = platform.one(case_id, "contact")
    place = platform.case(case_id).department
    with platform.engine.writing() as connection:
        actor = platform.actors[f"{place}-1"]
        runtime.claim(platform.engine, connection, actor=actor, task_id=task.id)
    return case_id


def people(platform: Platform, case_id: str) -> tuple[str, str, str]:
    place = platform.case(case_id).department
    return f"{place}-1", f"{place}-2", f"{place}-admin"


def test_who_shares_a_desk_finds_what_waits_on_it_while_it_lasts(platform: Platform, secret: str) -> None:
    holder, deputy, _head = people(platform, secret)
    lead_to(platform, "sign", confidential=True)  # with nobody yet, nor offered to handlers
    before = seen(platform, deputy)
    assert before == set()
    rule = away(platform, holder, deputy, how="share")
    assert seen(platform, deputy) == {secret}
    with platform.engine.writing() as connection:
        actor = platform.actors[holder]
        deputies.end_absence(platform.engine, connection, actor=actor, absence_id=rule.id)
    assert seen(platform, deputy) == before
    rule = away(platform, holder, deputy, how="share", days=1)
    assert secret in seen(platform, deputy)
    platform.pass_time(days=2)
    assert secret not in seen(platform, deputy) and rule.id


def test_a_desk_shared_for_one_process_opens_no_other(platform: Platform, secret: str) -> None:
    holder, deputy, _head = people(platform, secret)
    before = seen(platform, deputy)
    away(platform, holder, deputy, how="share", process="appeal")
    assert secret in seen(platform, deputy)
    with platform.engine.reading() as connection:
        actor = identity.load_actor(connection, platform.actors[deputy].id, now=platform.clock.now())
        elsewhere = dataclasses.replace(actor, shares=frozenset({(platform.actors[holder].id, "other")}))
        for given in ASKED:
            asked = search.Asked(moment=platform.clock.now(), **given)
            found = {row.id for row in search.find(connection, elsewhere, asked)}
            assert found <= before, given


def test_what_leaves_the_desk_is_found_no_more(platform: Platform, secret: str) -> None:
    holder, deputy, head = people(platform, secret)
    away(platform, holder, deputy, how="share")
    task = platform.one(secret, "contact")
    with platform.engine.writing() as connection:
        facts = {"actor": platform.actors[holder], "task_id": task.id, "to": platform.actors[head].id}
        actions.transfer(platform.engine, connection, **facts)
    assert secret not in seen(platform, deputy)
    assert secret in seen(platform, head)
