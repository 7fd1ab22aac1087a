"""The world of the access table: two cases alike, one of them confidential, with a task of every kind.

The process is drawn for this only, so that no analyst's change moves the table. Nothing that is asked
is kept: `Rehearsal` undoes every transaction, so each question meets the same world.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection

from engine import forms, identity, outbox, repository, runtime, worktime
from engine.clock import SHANGHAI, ControlledClock
from engine.database import new_id
from engine.errors import ZhibanError
from engine.identity import demo
from engine.identity.tables import absences, accounts
from engine.outbox.tables import messages
from engine.runtime import queries, tables
from engine.runtime.desk import drafts, filters
from engine.runtime.desk.tables import copies, follows, task_exclusions
from engine.runtime.ledger.tables import assessments
from tests.bpmn.drawing import MESSAGE, extended, parameters, properties, service
from tests.bpmn.event_drawing import aside
from tests.runtime.small import small
from tests.webui.matrix.people import BARE, DEPARTMENT, OWN, PEOPLE, RELATIONS
from webui.app import create_app

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=SHANGHAI)
FORM = "matter/remark"
START = "small/check"  # the start form's key, as `small` has it
ASKED = f"camunda:formKey='{FORM}' camunda:dueDate='P3D'"
TASKS = {  # the task's kind -> whom it waits for
    "offered": "camunda:candidateUsers='= [candidate, excluded]'",
    "held": "camunda:assignee='= holder' camunda:candidateUsers='= holder'",
    "enterprise": "camunda:candidateGroups='= \"enterprise@\" + uscc'",
    "orphan": "camunda:candidateUsers='= if none = null then [] else none'",
}
ELEMENTS = {kind: f"u{number}" for number, kind in enumerate(TASKS, 1)}
PERFORMED = "u9"
MESSAGES = "撤回"  # the message's name, as `drawing.ROOTS` has it
WHOM = '= ["enterprise@" + uscc, "platform"]'


class Rehearsal(runtime.Engine):
    """An engine that keeps nothing: each transaction is undone at its end."""

    undoing = False
    refused: ZhibanError | None = None  # what broke the last transaction off

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        if not self.undoing:
            with super().writing() as connection:
                yield connection
            return
        with transaction_undone(self.database) as connection:
            try:
                yield connection
            except ZhibanError as error:
                self.refused = self.refused or error
                raise


@contextmanager
def transaction_undone(database: sa.Engine) -> Iterator[Connection]:
    """A transaction that may write and is rolled back."""
    with database.connect().execution_options(writing=True) as connection, connection.begin() as begun:
        yield connection
        begun.rollback()


@dataclass
class World:
    """The app, its engine, and what routes name: ids by what they stand for."""

    app: Flask
    engine: Rehearsal
    cases: dict[str, str] = field(default_factory=dict)  # "" and "secret" -> id
    tasks: dict[tuple[str, str], str] = field(default_factory=dict)  # (case, kind) -> id
    files: dict[str, str] = field(default_factory=dict)  # case -> id
    assessments: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)  # case -> a message that could not be sent
    absence: str = field(default_factory=new_id)  # of whoever holds the tasks, shared with the deputy
    filter: str = ""  # one that the service centre's officer keeps
    incident: str = field(default_factory=new_id)  # of the case that is not confidential
    notice: str = ""  # one that the enterprise and the service centre were told
    accounts: dict[str, str] = field(default_factory=dict)  # username -> id
    tokens: dict[str, str] = field(default_factory=dict)  # username -> secret
    versions: dict[str, int] = field(default_factory=dict)  # username -> the session's version


def build(url: str) -> World:
    """Everything, in a database that is migrated and empty."""
    config = {"DATABASE": url, "SECRET_KEY": "tests", "RATELIMIT_ENABLED": False, "LOG_REQUESTS": False}
    app = create_app({**config, "CLOCK": ControlledClock(NOW), "WTF_CSRF_ENABLED": False})
    plain: runtime.Engine = app.extensions["zhiban"]
    engine = Rehearsal(plain.database, plain.clock, plain.operations)
    app.extensions["zhiban"] = engine
    world = World(app, engine)
    with engine.writing() as connection:
        worktime.seed(connection)
        _settle(world, connection)
        repository.deploy(connection, bundle(), operations=engine.operations, actor="system", now=NOW)
    for name in ("", "secret"):
        with engine.writing() as connection:
            _case(world, connection, name)
    engine.undoing = True
    return world


def bundle() -> repository.Bundle:
    """The process of the world: tasks of every kind side by side, a fault, a notice, a message."""
    nodes = {
        key: f"<b:userTask id='{key}' name='{kind}' {ASKED} {TASKS[kind]}/>" for kind, key in ELEMENTS.items()
    }
    held, rejects = ELEMENTS["held"], extended(properties(reject="end"))
    nodes[held] = nodes[held].removesuffix("/>") + f">{rejects}</b:userTask>"
    by = f"{ASKED} camunda:assignee='= performer'"
    nodes[PERFORMED] = f"<b:userTask id='{PERFORMED}' name='performed' {by}/>"
    fault = {"kind": "late_dispatch", "answerable": "= department"}
    told = {"to": '= ["platform", "enterprise@" + uscc]', "template": "received"}
    nodes["y1"] = service("y1", "record assessment", parameters(fault))
    nodes["y2"] = service("y2", "notify", parameters(told))
    start = properties(senders=WHOM.replace('"', "&quot;"), label="说一句")
    nodes["q1"] = aside("q1", "e9", {}, MESSAGE, False, extended(start)).replace(
        "id='q1_s'", f"id='q1_s' camunda:formKey='{FORM}'"
    )
    inner = " ".join(f"p1>{key}>p2" for key in [*ELEMENTS.values(), PERFORMED])
    said = {
        "number": "M-{seq:04}",
        "enterprise": "= uscc",
        "department": "= department",
        "confidential": "= secret = true",
    }
    given = {START: _start_form(), FORM: _form([_text("remark")])}
    drawn = small(f"s>y1>y2>p1 {inner} p2>e", nodes, key="matter", said=said, forms=given)
    starters = "camunda:candidateStarterGroups='enterprise,platform'"
    xml = drawn.diagram.decode().replace("camunda:candidateStarterGroups='platform'", starters)
    return repository.Bundle(xml.encode(), drawn.decisions, drawn.forms)


def _start_form() -> bytes:
    names = ("note", "uscc", "department", "holder", "performer", "candidate", "excluded", "none")
    fields = [_text(name) for name in names]
    fields.append({"type": "checkbox", "id": "f_secret", "key": "secret", "label": "secret"})
    fields.append({"type": "filepicker", "id": "f_papers", "key": "papers", "label": "papers"})
    return _form(fields)


def _text(key: str) -> dict[str, Any]:
    return {"type": "textfield", "id": f"f_{key}", "key": key, "label": key}


def _form(fields: list[dict[str, Any]]) -> bytes:
    return json.dumps({"type": "default", "id": "check", "title": "核对", "components": fields}).encode()


def _settle(world: World, connection: Connection) -> None:
    """People: the demonstration's, and one account for each relation."""
    demo.load_demo(connection, NOW)
    for person in RELATIONS:
        identity.create_account(connection, username=person.username, name=person.head, now=NOW, roles=[BARE])
    for row in connection.execute(sa.select(accounts)):
        world.accounts[row.username] = row.id
        world.versions[row.username] = row.session_version
    for person in PEOPLE:
        if person.username:
            account = world.accounts[person.username]
            world.tokens[person.username] = identity.issue_token(connection, account, "tests", NOW, 30)
    keeper = identity.load_actor(connection, world.accounts["platform"])
    world.filter = filters.save(connection, keeper, name="临期", query="due=soon", now=NOW)
    since, until = NOW - timedelta(days=1), NOW + timedelta(days=5)
    connection.execute(
        sa.insert(absences).values(
            id=world.absence,
            account=world.accounts["m-holder"],
            deputy=world.accounts["m-deputy"],
            how="share",
            process="",
            since_at=since,
            until_at=until,
            reason="外出",
            made_by="system",
            made_at=since,
        )
    )


def _case(world: World, connection: Connection, name: str) -> None:
    """One case, with what was done in it, and everything that a route may name of it."""
    engine, who = world.engine, world.accounts
    enterprise = identity.load_actor(connection, who["jingmi"])
    file = forms.files.keep(connection, BytesIO("现场".encode()), "现场.txt", enterprise.id, NOW)
    given = {
        "note": f"事项{name}",
        "uscc": OWN,
        "department": DEPARTMENT,
        "holder": who["m-holder"],
        "performer": who["m-performer"],
        "candidate": who["m-candidate"],
        "excluded": who["m-excluded"],
        "secret": name == "secret",
        "papers": [file.id],
    }
    started = runtime.start_case(engine, connection, actor=enterprise, process="matter", values=given)
    key = world.cases[name] = started.case_id
    world.files[name] = file.id
    tasks = {task.element: task.id for task in queries.open_tasks(connection, key)}
    performer = identity.load_actor(connection, who["m-performer"])
    runtime.complete(engine, connection, actor=performer, task_id=tasks[PERFORMED], values={})
    world.tasks |= {(name, kind): tasks[element] for kind, element in ELEMENTS.items()}
    fault = sa.select(assessments.c.id).where(assessments.c.case_id == key)
    world.assessments[name] = connection.execute(fault).scalar_one()
    world.notice = outbox.told(connection, enterprise, limit=1)[0].id
    world.failed[name] = _fail(connection, key)
    if not name:
        held = {"id": world.incident, "case_id": key, "element": "", "message": "Error: x", "raised_at": NOW}
        connection.execute(sa.insert(tables.incidents).values(**held))
    _relate(world, connection, name)


def _fail(connection: Connection, case: str) -> str:
    """Another channel's message of the case that could not be sent; its id."""
    told = connection.execute(sa.select(messages).where(messages.c.case_id == case).limit(1)).mappings().one()
    key = new_id()
    failed = {"id": key, "channel": "sms", "state": "failed", "dedupe": key, "problem": "空号"}
    connection.execute(sa.insert(messages).values(**{**told, **failed}))
    return key


def _relate(world: World, connection: Connection, name: str) -> None:
    """Who is copied, who follows, who must keep off."""
    case, who = world.cases[name], world.accounts
    connection.execute(
        sa.insert(copies).values(
            id=new_id(), case_id=case, account=who["m-copied"], by="system", at=NOW, note=""
        )
    )
    connection.execute(sa.insert(follows).values(case_id=case, account=who["m-follower"], at=NOW))
    held = tables.tasks.c.id == world.tasks[name, "held"]  # its holder has it for the service centre
    connection.execute(sa.update(tables.tasks).where(held).values(acting_for=who["platform"]))
    drafts.keep(connection, who["m-holder"], world.tasks[name, "held"], {}, NOW)
    kept_off = {"task_id": world.tasks[name, "offered"], "account": who["m-excluded"]}
    connection.execute(sa.insert(task_exclusions).values(**kept_off))
