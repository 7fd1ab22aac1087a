"""A database as full as the desks of a city: closed cases without end, open ones, officers, words.

Raw rows, written through the driver; the cases have no stored run, since nobody steps them. Two cases
that the engine made stand among them, so that a page has something to show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from engine.database import Prepared, writing
from engine.history import events
from engine.identity import ROLES, Actor
from engine.identity.tables import account_roles, accounts, departments, enterprises
from engine.runtime.tables import UNTOUCHED, case_departments, cases, task_candidates, tasks
from engine.runtime.words.spaced import indexed
from engine.runtime.words.tables import case_index, case_words
from tests.runtime.answers import TYPES, finish
from tests.runtime.stage import Platform, attach_platform, open_platform

CHUNK = 20_000
OFFICES = tuple(f"office-{number:02}" for number in range(30))
FIRMS = 5000
HEAVY = 500  # tasks on the fullest desk, or a fifth of the open ones
BUSY = 2  # who has it: the first handler, of the first department
ENDED = ("已办结", "已办结", "已办结", "已办结", "不予受理", "已撤回")
RUNNING = (("待研判", "triage", "platform"), ("待签收", "sign", "admin@"), ("办理中", "handle", "handler@"))
SAID = (
    "社保", "补缴", "发票", "额度", "厂房", "消防", "验收", "环评", "审批", "贷款",
    "转贷", "补贴", "申报", "用工", "招聘", "公寓", "道路", "积水", "供水", "供电",
    "停电", "燃气", "排污", "许可", "延续", "变更", "经营", "范围", "冷链", "食品",
    "标签", "抽检", "税费", "退税", "研发", "加计", "扣除", "备查", "资料", "清单",
    "银行", "账户", "到账", "稳岗", "返还", "公示", "园区", "门口", "停车", "纠纷",
    "货车", "通行", "证明", "材料", "退回", "窗口", "排队", "系统", "异常", "登录",
    "网上", "大厅", "噪声", "扬尘", "施工", "围挡", "绿化", "路灯",
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How many there are of each. `held` are tasks done in closed cases; each open case has an open task."""

    closed: int
    waiting: int
    held: int
    officers: int

    def told(self) -> str:
        return (
            f"{self.closed} closed cases, {self.waiting} open, {self.held + self.waiting} task rows, "
            f"{self.officers} officers"
        )


@dataclass(frozen=True)
class Desks:
    """The full database. `pages` are two cases that were really played: a closed and an open one."""

    platform: Platform
    officers: tuple[Actor, ...]
    pages: tuple[str, str]
    numbers: tuple[str, ...]  # of some cases that are there


class _Rows:
    """Rows that are written many at a time, each table in its turn."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[sa.Table, list[dict[str, Any]]] = {}
        self._insert: dict[sa.Table, Prepared] = {}

    def add(self, table: sa.Table, **row: Any) -> None:
        self._waiting.setdefault(table, []).append(row)

    def write(self) -> None:
        for table, rows in self._waiting.items():
            if self._connection.dialect.name == "postgresql":
                self._copy(table, rows)
            else:
                self._insert_all(table, rows)
        self._waiting = {table: [] for table in self._waiting}

    def _insert_all(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        if table not in self._insert:
            values = {name: sa.bindparam(name, type_=table.c[name].type) for name in rows[0]}
            self._insert[table] = Prepared(sa.insert(table).values(values))
        self._insert[table].many(self._connection, rows)

    def _copy(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        """As PostgreSQL takes rows fastest; of the index the words with their places."""
        names = list(rows[0])
        cursor: Any = self._connection.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
        with cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([_vector(v) if name == "words" else v for name, v in row.items()])


def _vector(said: str) -> str:
    """Words between spaces as a tsvector is written."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(said.split(), 1):
        places.setdefault(word, []).append(str(place))
    return " ".join(f"'{word}':{','.join(found)}" for word, found in places.items())


LARGE = 100_000  # closed cases from which on indexes are made after the rows: in a schema of one's own


def fill(database: Engine, size: Size) -> Desks:
    """Fill a migrated, empty database."""
    platform = open_platform(database)
    closed, open_ = platform.start(), platform.start()
    finish(platform, closed)
    people = _officers(size.officers)
    with writing(database) as connection:
        _furnish(connection, people)
        large = database.dialect.name == "postgresql" and size.closed >= LARGE
        indexes = _bare(connection) if large else []
        first = connection.execute(sa.select(sa.func.max(case_words.c.n))).scalar_one()
    groups: dict[str, list[Actor]] = {}
    for person in people:
        for group in person.groups:
            groups.setdefault(group, []).append(person)
    place = _Place(size, people, platform.case(closed).definition_id, platform.clock.now(), groups, first + 1)
    numbers = []
    for begin in range(0, size.closed + size.waiting, CHUNK):
        with writing(database) as connection:
            rows = _Rows(connection)
            for n in range(begin, min(begin + CHUNK, size.closed + size.waiting)):
                _case(rows, n, place)
            rows.write()
        numbers.append(_number(begin))
    if database.dialect.name == "postgresql":
        with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("SET maintenance_work_mem = '512MB'"))
            for definition in indexes:
                connection.exec_driver_sql(definition)
            connection.execute(sa.text("VACUUM ANALYZE"))
    return Desks(platform, tuple(people), (closed, open_), tuple(numbers))


def _bare(connection: Connection) -> list[str]:
    """Take indexes and references from the tables that are filled, and say how to make the indexes again.

    References are not needed by who only reads; keys that must be unique stay.
    """
    names = [table.name for table in (cases, case_departments, case_words, case_index, events, tasks)]
    names.append(task_candidates.name)
    keys = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND "
    keys += "connamespace = current_schema()::regnamespace AND conrelid::regclass::text = ANY(:names)"
    for table, name in connection.execute(sa.text(keys), {"names": names}).all():
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    found = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND "
    found += "tablename = ANY(:names) AND indexdef NOT LIKE 'CREATE UNIQUE%'"
    rows = connection.execute(sa.text(found), {"names": names}).all()
    for name, _ in rows:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    return [definition for _, definition in rows]


def _officers(count: int) -> list[Actor]:
    found = []
    for number in range(count):
        role = "platform" if number % 20 == 0 else "admin" if number % 20 == 1 else "handler"
        place = None if role == "platform" else OFFICES[number // 20 % len(OFFICES)]
        found.append(Actor(f"{number:032x}", f"officer-{number}", "person", frozenset({role}), place))
    return found


def _furnish(connection: Connection, people: Sequence[Actor]) -> None:
    for code in OFFICES:
        row = {"code": code, "name": code, "parent": None, "level": "county", "duties": []}
        connection.execute(departments.insert().values(row))
    blank = dict.fromkeys(("type", "legal_person", "address", "industry", "scale", "contact", "phone"), "")
    firms = [{"uscc": _firm(n), "name": f"第{n}号有限公司", **blank} for n in range(FIRMS)]
    connection.execute(enterprises.insert(), firms)
    rows = [
        {
            "id": person.id, "username": person.name, "name": person.name, "password_hash": "",
            "kind": "person", "department": person.department, "enterprise": None, "active": True,
            "failed_attempts": 0, "locked_until": None, "session_version": 1,
            "created_at": datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
        }
        for person in people
    ]  # fmt: skip
    connection.execute(accounts.insert(), rows)
    said = [{"account_id": person.id, "role": role} for person in people for role in person.roles & {*ROLES}]
    connection.execute(account_roles.insert(), said)


def _firm(n: int) -> str:
    return f"9144{n:014}"


def _number(n: int) -> str:
    return f"BQ-{20200101 + n // 1000}-{n:07}"


@dataclass(frozen=True)
class _Place:
    """What the rows have in common."""

    size: Size
    people: Sequence[Actor]
    definition: str
    now: datetime
    groups: Mapping[str, Sequence[Actor]]
    first: int  # the number of the words of the first case


def _case(rows: _Rows, n: int, place: _Place) -> None:
    """The n-th case; the last ones are open. Its id grows with n."""
    size, people = place.size, place.people
    chance, key = Random(n), f"{n:012x}".ljust(32, "0")
    waits = n >= size.closed
    began = place.now - timedelta(minutes=30 * (size.closed + size.waiting - n))
    busy = 0 <= n - size.closed < min(HEAVY, size.waiting // 5)
    running = RUNNING[2] if busy else chance.choice(RUNNING)
    status, element, group = running if waits else (chance.choice(ENDED), "", "")
    office = "" if element == "triage" else OFFICES[0] if busy else chance.choice(OFFICES)
    title = "".join(chance.choices(SAID, k=4))
    case = {
        "id": key, "number": _number(n), "process": "appeal", "definition_id": place.definition,
        "enterprise": _firm(chance.randrange(FIRMS)), "title": title, "type": chance.choice(TYPES),
        "department": office, "urgent": n % 11 == 0, "confidential": n % 23 == 0, "status": status,
        "state": "open" if waits else "ended", "started_at": began, "started_by": "system",
        "ended_at": None if waits else began + timedelta(days=9), "version": 1, "history_seq": 1,
        "history_hash": "", "rules_id": "", "calendar": 0, "stops": "[]",
    }  # fmt: skip
    rows.add(cases, **case)
    if office:
        rows.add(case_departments, case_id=key, department=office)
    text = "\n".join((case["number"], title, case["type"], "".join(chance.choices(SAID, k=12))))
    rows.add(case_words, n=n + place.first, case_id=key, text=text)
    rows.add(case_index, rowid=n + place.first, words=indexed(text, [office] if office else []))
    said = {"kind": "case.started", "element": "appeal", "data": "{}", "hash": ""}
    rows.add(events, chain=key, seq=1, at=began, actor="system", **said)
    if waits:
        group = group + office if group.endswith("@") else group
        _waiting(rows, n, case, element, group, place, chance)
    elif n % max(1, size.closed // max(1, size.held)) == 0:
        done = _one(people, chance).id
        _task(
            rows, n, case, "handle", state="done", assignee=done, closed_by=done, closed_at=case["ended_at"]
        )


def _waiting(
    rows: _Rows, n: int, case: dict[str, Any], element: str, group: str, place: _Place, chance: Random
) -> None:
    """The open task: half of them are held by somebody, the others wait for their group."""
    mine = place.groups.get(group) or place.people
    held = _one(mine, chance).id if chance.random() < 0.5 else None
    if n - place.size.closed < min(HEAVY, place.size.waiting // 5):
        held = place.people[BUSY].id
    due = place.now + timedelta(hours=chance.randrange(-200, 400)) if chance.random() < 0.9 else None
    _task(rows, n, case, element, state="open", assignee=held, due_at=due)
    rows.add(task_candidates, name=group, task_id=f"{n:012x}t".ljust(32, "0"))


def _one(people: Sequence[Actor], chance: Random) -> Actor:
    """One of them; some have ten times as much to do as others."""
    return people[int(len(people) * chance.random() ** 2)]


def _task(rows: _Rows, n: int, case: dict[str, Any], element: str, **own: Any) -> None:
    row = {
        **dict.fromkeys((column.name for column in tasks.c), None), **UNTOUCHED,
        "id": f"{n:012x}t".ljust(32, "0"), "case_id": case["id"], "token": 1, "element": element,
        "name": element, "form_key": "", "scope": 0, "local": "[{}, {}]", "internal": False,
        "opened_at": case["started_at"], "provisional": False, "urgent": case["urgent"], "priority": 50,
        "version": 1, "claimed_at": None, **own,
    }  # fmt: skip
    rows.add(tasks, **row)


def stands(database: Engine, size: Size) -> Desks:
    """The same database, filled before."""
    platform = attach_platform(database)
    people = _officers(size.officers)
    with database.connect() as connection:
        real = sa.select(cases.c.id).where(cases.c.number.like("SQ-%")).order_by(cases.c.id)
        closed, open_ = connection.execute(real).scalars()
    every = range(0, size.closed + size.waiting, CHUNK)
    return Desks(platform, tuple(people), (closed, open_), tuple(_number(n) for n in every))
