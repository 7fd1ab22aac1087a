"""No page of the desk reads a whole table of cases: asked of the database itself, of what the pages send.

The statements are taken as they go to the driver while the pages are opened. Walking an index in the order
of a list, until there is enough, is no such reading. PostgreSQL, which rightly reads a small table whole, is
asked what it does where that is forbidden: it then reads one only if no index answers.
"""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine

from engine.clock import local
from engine.identity import Actor
from tests.benchmarks.desks import OFFICES, Desks, Size, fill
from tests.benchmarks.plans import Said, breaches, listening
from webui.app import create_app

SIZE = Size(closed=12_000, waiting=1200, held=3000, officers=120)
TABS = ("todo", "claimable", "done", "closed", "copied", "followed")
ASKED = (
    "",
    "text=社保",
    "text=补",
    "text=社保 消防",
    "text=BQ-20200101-0000007",
    "text=91440000000000000042",
    "text=914400",
    "text=9144000000000000",
    "text=社保 914400",
    "state=open",
    "state=ended",
    f"department={OFFICES[3]}",
    f"department={OFFICES[3]}&state=ended&type=环保",
    "status=不予受理",
    "due=late",
    "due=none",
    "due=stopped&urgent=1",
    "sort=due",
    "sort=due&text=社保",
    f"text=社保&department={OFFICES[3]}&due=late",
)
WORDS = ("补", "社保", "社保 消防", "0000007", "9144000000000000", "消防 914400", "号有限公司")


@pytest.fixture
def desks(database: Engine) -> Desks:
    return fill(database, SIZE)


@pytest.fixture
def app(database: Engine, desks: Desks) -> Iterator[Flask]:
    url = database.url
    if database.dialect.name == "postgresql":
        with database.connect() as connection:
            schema = connection.execute(sa.text("SELECT current_schema()")).scalar_one()
        url = url.update_query_dict({"options": f"-csearch_path={schema}"})
    made = create_app(
        {
            "DATABASE": url.render_as_string(hide_password=False),
            "SECRET_KEY": "tests",
            "CLOCK": desks.platform.clock,
            "TESTING": True,
            "LOG_REQUESTS": False,
        }
    )
    yield made
    made.extensions["zhiban"].database.dispose()


def opened(app: Flask, officer: Actor, addresses: list[str]) -> Iterator[tuple[str, Said]]:
    """Each page with what it sent to the database, opened by the officer."""
    database = app.extensions["zhiban"].database
    client = app.test_client()
    with client.session_transaction() as session:
        moment = int(local(app.extensions["zhiban"].clock.now()).timestamp())
        session.update(account=officer.id, version=1, place="", since=moment, seen=moment)
    for address in addresses:
        with listening(database) as said:
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.get_data(as_text=True)[:500])
        yield address, said


def officers(desks: Desks) -> dict[str, Actor]:
    """One of each kind that sees something else."""
    return {role: next(who for who in desks.officers if role in who.roles) for role in ROLES}


ROLES = ("platform", "admin", "handler")


def test_no_page_of_the_desk_reads_a_whole_table(app: Flask, desks: Desks) -> None:
    addresses = [f"/inbox?tab={tab}" for tab in TABS] + [f"/cases?{asked}" for asked in ASKED]
    addresses += [f"/inbox?tab={tab}&text={text}" for tab in TABS for text in WORDS]
    found, count = [], 0
    with desks.platform.database.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        for role, officer in officers(desks).items():
            pages = [f"/cases/{case_id}" for case_id in desks.pages] if role == "platform" else []
            for address, said in opened(app, officer, [*addresses, *pages]):
                count += len(said)
                found += [(role, address, line, sql[:300]) for line, sql in breaches(connection, said)]
    assert count > 200 and not found, "\n".join(map(str, found[:20]))
