"""A task that waits for nobody shows to nobody: in no list, count or search, and on no page of strangers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest

from engine import identity
from engine.runtime import queries
from tests.webui.matrix import rules
from tests.webui.matrix.answers import YES, ask, fetch
from tests.webui.matrix.people import BY_KEY, PEOPLE, Person
from tests.webui.matrix.questions import Question
from tests.webui.matrix.world import World, build

STRANGERS = [person for person in PEOPLE if not any(rules.SEES.get(person.key, (False,)))]
OFFICERS = [p for p in PEOPLE if p.key not in rules.ENTERPRISES and p.username]
LISTS = ("/inbox", "/inbox?tab=claimable", "/inbox?tab=done", "/cases", "/api/v1/cases", "/api/v1/tasks",
         "/api/v1/tasks?tab=claimable", "/enterprise", "/notices")  # fmt: skip


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    copy = tmp_path_factory.mktemp("nobody") / "nobody.db"
    shutil.copy(sqlite_template, copy)
    world = build(f"sqlite:///{copy}")
    yield world
    world.engine.database.dispose()


@pytest.mark.parametrize("person", [p for p in PEOPLE if p.username], ids=lambda p: p.key)
def test_it_stands_in_nobodys_inbox_and_counts_for_nobody(world: World, person: Person) -> None:
    orphans = {world.tasks["", "orphan"], world.tasks["secret", "orphan"]}
    with world.engine.reading() as connection:
        actor = identity.load_actor(connection, world.accounts[person.username])
        counts = queries.counts(connection, actor)
        for tab in queries.TABS:
            rows = queries.inbox(connection, actor, tab, limit=200)
            assert not orphans & {row.id for row in rows}
            assert counts[tab] == len(rows)


@pytest.mark.parametrize("person", STRANGERS, ids=lambda p: p.key)
def test_no_list_of_a_stranger_names_it(world: World, person: Person) -> None:
    for path in LISTS:
        text = fetch(world, path, person)
        for name in (*world.tasks.values(), *world.cases.values()):
            assert name not in text, path


def test_its_page_is_open_to_readers_of_the_case_and_offers_them_nothing(world: World) -> None:
    page = Question("GET", "/tasks/<task_id>", "task.task", "", "orphan")
    for person in OFFICERS:
        if person.key not in rules.SEES:
            continue
        sees = rules.SEES[person.key][0]
        assert (ask(world, page, person) == YES) == sees, person
        text = fetch(world, f"/tasks/{world.tasks['', 'orphan']}", person)
        assert "认领</button>" not in text and "data-submit" not in text
        found = fetch(world, f"/api/v1/tasks/{world.tasks['', 'orphan']}", person)
        assert '"may_claim":true' not in found and '"may_complete":true' not in found


@pytest.mark.parametrize("person", OFFICERS, ids=lambda p: p.key)
def test_the_control_centre_alone_is_shown_all_of_them(world: World, person: Person) -> None:
    page = fetch(world, "/cases", person)
    assert ("有步骤无人可办" in page) == (person.key == "control-centre")
    if person.key == "control-centre":
        tree = lxml.html.fromstring(page)
        (banner,) = tree.xpath("//div[contains(@class, 'banner warn')]")
        found = {link.rpartition("/")[2] for link in banner.xpath(".//a/@href")}
        assert found == set(world.cases.values())


def test_the_page_of_its_case_says_that_nobody_can_do_it(world: World) -> None:
    page = fetch(world, f"/cases/{world.cases['']}", BY_KEY["leader"])
    assert "“orphan”无人可办" in page and "“held”无人可办" not in page
    assert "无人可办" not in fetch(world, f"/cases/{world.cases['']}", BY_KEY["own enterprise"])
