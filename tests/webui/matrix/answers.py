"""Asking every question as everybody, and writing the answers down as a table that people read."""

from collections.abc import Iterator
from pathlib import Path

import orjson
from werkzeug.test import TestResponse

from engine.errors import Conflict, Invalid
from tests.webui.matrix.people import PEOPLE, Person
from tests.webui.matrix.questions import QUERIES, Question, address, body, questions
from tests.webui.matrix.world import NOW, World

TABLE = Path(__file__).parents[3] / "docs" / "access.md"
YES, LATER, UNFIT, NO, NONE, SIGN_IN = "✓", "◔", "?", "✗", "–", "→"
LEGEND = {
    YES: "可以 · may",
    LATER: "可以提，但此刻做不成 · may, but not at this moment",
    UNFIT: "填写不完整，看不出 · what was sent does not fit",
    NO: "不许 · refused",
    NONE: "当作不存在 · does not exist for them",
    SIGN_IN: "请先登录 · asked to sign in",
}
Answers = dict[Question, dict[str, str]]


def ask_all(world: World) -> Answers:
    """What everybody is answered: question -> person's key -> sign."""
    return {
        question: {person.key: ask(world, question, person) for person in PEOPLE}
        for question in questions(world.app)
    }


def ask(world: World, question: Question, person: Person) -> str:
    """One answer as a sign of LEGEND. Anything else than an answer is an error of ours, and raises."""
    world.engine.refused = None
    response = _send(world, question, person)
    try:
        return _sign(world, question, person, response)
    finally:
        response.close()


def fetch(world: World, path: str, person: Person) -> str:
    """The page, or the API's answer, as this person gets it."""
    client = world.app.test_client(use_cookies=False)
    return str(client.get(path, headers=_credentials(world, path.startswith("/api/"), person)).get_data(True))


def _send(world: World, question: Question, person: Person) -> TestResponse:
    given, more = body(world, question), {}
    headers = _credentials(world, question.api, person)
    files = any(isinstance(value, tuple) for value in given.values())
    if question.method in ("POST", "PUT") and question.api and not files:
        more = {"data": orjson.dumps(given), "content_type": "application/json"}
    elif question.method == "POST":
        more = {"data": given, "content_type": "multipart/form-data"}
    client = world.app.test_client(use_cookies=False)
    return client.open(
        address(world, question),
        method=question.method,
        headers=headers,
        query_string=QUERIES.get(question.rule),
        **more,
    )


def _credentials(world: World, api: bool, person: Person) -> dict[str, str]:
    if not person.username:
        return {}
    if api:
        return {"Authorization": f"Bearer {world.tokens[person.username]}"}
    moment = int(NOW.timestamp())
    kept = {
        "account": world.accounts[person.username],
        "version": world.versions[person.username],
        "place": "",
        "since": moment,
        "seen": moment,
    }
    signer = world.app.session_interface.get_signing_serializer(world.app)  # type: ignore[attr-defined]
    return {"Cookie": f"{world.app.config['SESSION_COOKIE_NAME']}={signer.dumps(kept)}"}


def _sign(world: World, question: Question, person: Person, response: TestResponse) -> str:
    status, refused = response.status_code, world.engine.refused
    asked = status in (302, 303) and response.headers["Location"].startswith("/sign-in")
    if status == 401 or (asked and not person.username):
        return SIGN_IN
    if status in (403, 404):
        return NO if status == 403 else NONE
    if status == 409 or isinstance(refused, Conflict):
        return LATER
    if status in (400, 415, 422) or isinstance(refused, Invalid):
        return UNFIT
    assert status < 400, f"{question} was answered {status}: {response.get_data(as_text=True)[:300]}"
    return YES


def written(found: Answers) -> str:
    """The whole page."""
    lines = [
        "# Who may do what, route by route",
        "",
        "Written by `python run.py access`, which asks every route as everybody; a test compares it. The",
        "rules it must satisfy stand in `tests/webui/matrix/rules.py`.",
        "",
        *(f"- `{sign}` {words}" for sign, words in LEGEND.items()),
        "",
    ]
    for title, api in (("页面 · Pages", False), ("接口 · API", True)):
        lines += [f"## {title}", "", *_table({q: a for q, a in found.items() if q.api == api}), ""]
    return "\n".join(lines)


def _table(found: Answers) -> Iterator[str]:
    yield "| 地址 | 关于 | " + " | ".join(person.head for person in PEOPLE) + " |"
    yield "|---" * (len(PEOPLE) + 2) + "|"
    for question, answers in found.items():
        signs = " | ".join(answers[person.key] for person in PEOPLE)
        yield f"| `{question.method} {question.rule}` | {question.about} | {signs} |"
