"""Whatever is sent, the API answers below 500 and what it refuses leaves nothing behind."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from engine.database import metadata
from tests.webui.api.api_driver import APPEAL, TRIAGE, Answer, Caller
from tests.webui.api.conftest import Login

LOUD = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NOTED = ("api_tokens", "accounts")  # a token's last use and failed attempts may be noted

TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "\0", "=1+1", "<script>", "' OR 1=1 --", "91441802MA4X1Q2T0K", "2026-02-30", "派发"]
    ),
)
NUMBERS = st.one_of(st.integers(), st.integers(-(10**40), 10**40), st.floats(allow_nan=False))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(TEXTS.filter(lambda t: "\0" not in t), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(
    ["process", "values", "version", "name", "username", "password", "label", "days", "x"]
    + ["act", "tasks", "to", "tab", "mark", "shared_with", "case", "leave", "backup", "id"]
)
BODIES = st.one_of(VALUES, st.dictionaries(NAMES, VALUES, max_size=6))


def mutated(good: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A good form with some of its fields replaced by anything."""
    changes = st.dictionaries(st.sampled_from(sorted(good)), VALUES, min_size=1, max_size=3)
    return changes.map(lambda changed: {**good, **changed})


class House:
    """The platform with one open appeal, and everybody who may knock."""

    def __init__(self, login: Login, database: Engine) -> None:
        self.database = database
        self.people = [login(name) for name in ("jingmi", "platform", "analyst", "market-1", "auditor")]
        self.case = self.people[0].start()
        self.task = self.people[1].task(self.case, "研判派发")["id"]

    def posts(self) -> Iterator[str]:
        yield from ("/token", "/cases", "/definitions", "/files", f"/cases/{self.case}/messages")
        yield from (f"/tasks/{self.task}/{verb}" for verb in ("claim", "release", "complete", "seen"))
        yield from ("/tasks/bulk", "/filters", "/copies/read")

    def puts(self) -> Iterator[str]:
        yield from (f"/tasks/{self.task}/draft", f"/filters/{self.task}", f"/backups/{self.task}")

    def rows(self) -> dict[str, int]:
        with self.database.connect() as connection:
            count = sa.func.count()
            return {
                table.name: connection.execute(sa.select(count).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
                if table.name not in NOTED
            }


@pytest.fixture
def house(login: Login, database: Engine) -> House:
    return House(login, database)


def judged(house: House, before: dict[str, int], answer: Answer, place: str) -> None:
    assert answer.status < 500, f"{place}: {answer.body}"
    if answer.status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json", place
        assert answer["detail"] and answer["code"], place
        assert house.rows() == before, f"{place} was refused and left something behind"


def test_any_json_on_any_post_is_answered_below_500(house: House) -> None:
    @LOUD
    @given(BODIES, st.sampled_from(sorted(house.posts())), st.sampled_from(range(5)), st.booleans())
    def run(body: Any, path: str, who: int, keyed: bool) -> None:
        before = house.rows()
        caller = house.people[who]
        answer = caller.post(
            path, data=dumps(body), content_type="application/json", key="k" if keyed else None
        )
        judged(house, before, answer, path)

    run()


def test_any_json_on_any_put_is_answered_below_500(house: House) -> None:
    @LOUD
    @given(BODIES, st.sampled_from(sorted(house.puts())), st.sampled_from(range(5)))
    def run(body: Any, path: str, who: int) -> None:
        before = house.rows()
        sent = {"data": dumps(body), "content_type": "application/json"}
        judged(house, before, house.people[who].send("PUT", path, **sent), path)

    run()


def test_a_draft_of_anything_is_kept_whole_and_shown_again_or_refused(house: House) -> None:
    path = f"/tasks/{house.task}/draft"

    @LOUD
    @given(mutated(TRIAGE))
    def run(values: dict[str, Any]) -> None:
        before, platform = house.rows(), house.people[1]
        sent = {"data": dumps({"values": values}), "content_type": "application/json"}
        judged(house, before, platform.send("PUT", path, **sent), path)
        assert platform.get(path).status in (200, 404) and platform.get(f"/tasks/{house.task}").status == 200

    run()


def test_a_form_with_anything_in_its_fields_is_taken_whole_or_not_at_all(house: House) -> None:
    @LOUD
    @given(mutated(APPEAL))
    def start(values: dict[str, Any]) -> None:
        before = house.rows()
        body = dumps({"process": "appeal", "values": values})
        answer = house.people[0].post("/cases", data=body, content_type="application/json")
        judged(house, before, answer, "/cases")

    @LOUD
    @given(mutated(TRIAGE))
    def complete(values: dict[str, Any]) -> None:
        before = house.rows()
        body, path = dumps({"version": 1, "values": values}), f"/tasks/{house.task}/complete"
        judged(house, before, house.people[1].post(path, data=body, content_type="application/json"), path)

    start()
    complete()


def test_any_bytes_under_any_content_type_are_answered_below_500(house: House) -> None:
    kinds = ("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "")

    @LOUD
    @given(st.binary(max_size=200), st.sampled_from(kinds), st.sampled_from(sorted(house.posts())))
    def run(data: bytes, kind: str, path: str) -> None:
        before = house.rows()
        judged(house, before, house.people[2].post(path, data=data, content_type=kind), path)

    run()


def test_any_upload_is_answered_below_500(house: House) -> None:
    @LOUD
    @given(
        st.binary(max_size=300), st.text(max_size=60), st.sampled_from(["file", "bpmn", "dmn", "forms", "x"])
    )
    def run(data: bytes, name: str, field: str) -> None:
        for path in ("/files", "/definitions"):
            before = house.rows()
            answer = house.people[2].post(path, data={field: (BytesIO(data), printable(name) or "a")})
            judged(house, before, answer, path)

    run()


def test_any_address_and_query_is_answered_below_500(app: Flask, house: House) -> None:
    parts = st.sampled_from(
        ["cases", "tasks", "files", "definitions", "me", house.case, house.task, "history"]
        + ["copies", "follows", "filters", "facets", "backups", "accounts", "values", "draft"]
    )
    queries = st.dictionaries(
        st.sampled_from(
            ["limit", "offset", "tab", "text", "status", "state", "version", "lang", "mark", "counts", "due"]
        ),
        TEXTS,
        max_size=3,
    )

    @LOUD
    @given(st.lists(st.one_of(parts, st.text(max_size=20)), max_size=4), queries, st.sampled_from(range(5)))
    def run(path: list[str], query: dict[str, str], who: int) -> None:
        before = house.rows()
        answer = house.people[who].get("/" + "/".join(map(printable, path)), **query)
        assert answer.status < 400 or answer.status == 308 or answer["code"]
        judged(house, before, answer, "/".join(path))

    run()


def test_the_log_holds_no_personal_data(house: House, app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    Caller(app).post("/token", {"username": "platform", "password": "a-secret-word"})
    house.people[1].get("/cases", text="罗婷")
    house.people[0].post("/cases", {"process": "appeal", "values": {**APPEAL, "phone": "138"}})
    written = "".join(capsys.readouterr())
    for private in ("罗婷", "13800000001", "a-secret-word", "zhiban_", APPEAL["uscc"], APPEAL["title"]):
        assert private not in written


def printable(text: str) -> str:
    """Text that a URL or a header of a part can carry."""
    return "".join(c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff" and c not in "?#%")


def dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()
