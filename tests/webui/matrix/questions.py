"""What each route is asked, so that its answer says who may: the address's parts and a body that passes.

A route that is not named here is asked with the world's ids and an empty body. Where that gets nobody
through, name it in BODIES: otherwise the table could not tell who may from what was merely incomplete.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.webui.matrix.people import DEPARTMENT, OWN
from tests.webui.matrix.world import MESSAGES, World, bundle

CASE, TASK, FILE = ("case_id", "case"), ("task_id", "task"), ("file_id", "file")
TASKS = ("offered", "held", "enterprise", "orphan")
LEAVER = "market-1"  # who is away, and whose account is stopped
OTHERS = {  # parts of an address that stand for neither a case nor a task
    "process": "matter",
    "message": MESSAGES,
    "day": "2026-04-01",
}
TITLED = {"offered": "待认领", "held": "已有人办", "enterprise": "企业的任务", "orphan": "无人可办"}


@dataclass(frozen=True)
class Question:
    """One row: a route with a method, about one case (`secret` or not) and one kind of task, if any."""

    method: str
    rule: str
    endpoint: str
    case: str = ""
    task: str = ""

    @property
    def about(self) -> str:
        """What it is asked about, in the table's words."""
        words = [TITLED[self.task]] if self.task else []
        return "，".join([*words, "保密"] if self.case else words)

    @property
    def of_case(self) -> bool:
        """Whether it is about one case, or a task or file of it."""
        return any(f"<{name}>" in self.rule for name in (*CASE, *TASK, *FILE))

    @property
    def api(self) -> bool:
        return self.rule.startswith("/api/")


Body = Mapping[str, Any] | Callable[[World, Question], Mapping[str, Any]]


def _start(world: World, question: Question) -> dict[str, Any]:
    return {"process": "matter", "values": {"uscc": OWN, "department": DEPARTMENT, "note": "事项"}}


def _complete(world: World, question: Question) -> dict[str, Any]:
    return {"version": 1, "values": {}}


def _upload(world: World, question: Question) -> dict[str, Any]:
    return {"file": (BytesIO(b"%PDF-1.7 %%EOF"), "a.pdf")}


def _read(world: World, question: Question) -> dict[str, Any]:
    return {"ids": [world.notice]}


def _deployed(world: World, question: Question) -> dict[str, Any]:
    found = bundle()
    forms = [(BytesIO(content), f"{key}.json") for key, content in found.forms.items()]
    return {"bpmn": (BytesIO(found.diagram), "matter.bpmn"), "forms": forms}


def _to(world: World, question: Question) -> dict[str, Any]:
    return {"to": world.accounts["m-performer"]}


def _copied(world: World, question: Question) -> dict[str, Any]:
    return {"to": [world.accounts["m-performer"]]}


def _signers(world: World, question: Question) -> dict[str, Any]:
    return {"people": [world.accounts["leader"]]}


def _approving(world: World, question: Question) -> dict[str, Any]:
    return {**_signers(world, question), "values": {}}


FILTER = {"name": "本周到期", "due": "soon"}
STOP = {"kind": "补正", "reason": "等材料"}
PERIOD = {"since": "2026-03-09", "until": "2026-03-13", "how": "move"}


def _away(world: World, question: Question) -> dict[str, Any]:
    """An absence of the department's handler; of oneself where the page is one's own."""
    return {**PERIOD, "account": world.accounts[LEAVER], "deputy": world.accounts["market-2"]}


def _backup(world: World, question: Question) -> dict[str, Any]:
    return {"account": world.accounts[LEAVER], "backup": world.accounts["market-2"]}


def _stand_in(world: World, question: Question) -> dict[str, Any]:
    return {"backup": world.accounts["market-2"]}


def _several(world: World, question: Question) -> dict[str, Any]:
    return {"act": "claim", "tasks": [{"id": world.tasks["", "offered"]}]}


def _hand_over_by_api(world: World, question: Question) -> dict[str, Any]:
    return {"tasks": [world.tasks["", "held"]], "to": [world.accounts["m-candidate"]]}


def _hand_over(world: World, question: Question) -> dict[str, Any]:
    return {"task": world.tasks["", "held"], "to": world.accounts["m-candidate"]}


BODIES: dict[tuple[str, str], Body] = {
    ("POST", "/handover/<account>"): _hand_over,
    ("POST", "/absence"): _away,
    ("POST", "/api/v1/absences"): _away,
    ("POST", "/api/v1/handover/<account>"): _hand_over_by_api,
    ("POST", "/absence/department"): _away,
    ("POST", "/absence/department/backup"): _backup,
    ("POST", "/api/v1/cases"): _start,
    ("POST", "/api/v1/cases/<case>/messages"): {"name": MESSAGES, "values": {}},
    ("POST", "/api/v1/cases/<case>/stop"): STOP,
    ("POST", "/api/v1/tasks/<task>/complete"): _complete,
    ("POST", "/api/v1/tasks/<task>/transfer"): _to,
    ("POST", "/api/v1/tasks/<task>/delegate"): _to,
    ("POST", "/tasks/<task_id>/do/<action>"): _to,
    ("POST", "/cases/<case_id>/do/<action>"): {"opinion": "重复"},
    ("POST", "/api/v1/tasks/<task>/copy"): _copied,
    ("POST", "/api/v1/tasks/<task>/sign-before"): _signers,
    ("POST", "/api/v1/tasks/<task>/sign-after"): _approving,
    ("POST", "/api/v1/tasks/<task>/decide"): {"outcome": "agree"},
    ("POST", "/api/v1/tasks/<task>/send-back"): {"to": "u9", "opinion": "请补"},
    ("POST", "/api/v1/tasks/<task>/reject"): {"opinion": "不符合"},
    ("POST", "/api/v1/cases/<case>/terminate"): {"opinion": "重复"},
    ("POST", "/api/v1/files"): _upload,
    ("POST", "/api/v1/token"): {"username": "platform", "password": "zhiban-demo-2026"},
    ("POST", "/sign-in"): {"username": "platform", "password": "zhiban-demo-2026"},
    ("POST", "/start/<process>"): {"uscc": OWN, "department": DEPARTMENT, "note": "事项"},
    ("POST", "/cases/<case_id>/clock"): {"act": "stop", **STOP, "needs": "许可证"},
    ("POST", "/api/v1/assessments/<key>/objection"): {"text": "已按时派发"},
    ("POST", "/assessments/<key>/objection"): {"text": "已按时派发"},
    ("POST", "/api/v1/assessments/<key>/decision"): {"choice": "revoke", "text": "属实"},
    ("POST", "/assessments/<key>/decision"): {"choice": "revoke", "text": "属实"},
    ("POST", "/calendar/days/<day>"): {"kind": "off", "note": "停电", "reason": "停电"},
    ("POST", "/calendar/hours"): {"from0": "09:00", "to0": "17:30", "closing": "17:30", "reason": "夏令"},
    ("POST", "/calendar/import"): {"year": 2027, "csv": "date,type,note\n2027-01-01,off,元旦"},
    ("POST", "/api/v1/notices/read"): _read,
    ("POST", "/api/v1/definitions"): _deployed,
    ("PUT", "/api/v1/tasks/<task>/draft"): {"values": {}},
    ("POST", "/api/v1/tasks/bulk"): _several,
    ("PUT", "/api/v1/backups/<account>"): _stand_in,
    ("POST", "/api/v1/filters"): FILTER,
    ("PUT", "/api/v1/filters/<filter>"): FILTER,
    ("POST", "/inbox/filters"): {"name": "本周到期", "list": "due=soon"},
    ("POST", "/inbox/filters/<filter_id>"): {"act": "delete"},
}
LIMIT = {"row": 0, "count": 3, "month": "2026-03"}
QUERIES = {"/api/v1/whatif/limit": LIMIT, "/whatif/limit": LIMIT}


def questions(app: Flask) -> Iterator[Question]:
    """Every route and method of the app but static files, in the order of their addresses."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule.startswith("/api/"), r.rule)):
        if rule.endpoint == "static":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield from _about(rule, method)


def _about(rule: Rule, method: str) -> Iterator[Question]:
    parts = rule.arguments - ({"key"} if "/definitions/" in rule.rule else set())
    for case in ("", "secret") if parts & {*CASE, *TASK, *FILE, "key"} else ("",):
        for task in TASKS if parts & {*TASK} else ("",):
            if not (case and task in ("enterprise", "orphan")):
                yield Question(method, rule.rule, rule.endpoint, case, task)


def address(world: World, question: Question) -> str:
    """The question's address, filled in with ids of the world."""
    found = {
        "case": world.cases[question.case],
        "file": world.files[question.case],
        "message_id": world.failed[question.case],
        "notice": world.failed[question.case],
        "task": world.tasks.get((question.case, question.task), ""),
        "key": "matter" if "/definitions/" in question.rule else world.assessments[question.case],
        "action": "terminate" if question.rule.startswith("/cases/") else "transfer",
    } | OTHERS
    found |= {"case_id": found["case"], "file_id": found["file"], "task_id": found["task"]}
    whose = "m-holder" if "/handover/" in question.rule else LEAVER
    found |= {"account": world.accounts[whose], "absence_id": world.absence, "absence": world.absence}
    found |= {"incident": world.incident, "incident_id": world.incident}
    found |= {"filter_id": world.filter, "filter": world.filter}
    parts = question.rule
    for name, value in found.items():
        parts = parts.replace(f"<{name}>", value)
    assert "<" not in parts, f"{question.rule}: say in {__name__} what to put there"
    return parts


def body(world: World, question: Question) -> dict[str, Any]:
    given = BODIES.get((question.method, question.rule), {})
    return dict(given(world, question) if callable(given) else given)
