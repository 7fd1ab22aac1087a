"""Somebody who uses the API with a token: what they send and what they get."""

from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask
from werkzeug.test import TestResponse

V1 = "/api/v1"
APPEAL = {
    "uscc": "91441802MA4X1Q2T0K",
    "contact": "罗婷",
    "phone": "13800000001",
    "type": "市场监管",
    "title": "厂区门口占道",
    "content": "货车每天早上占住厂门，请协调。",
}
OTHERS = {**APPEAL, "uscc": "91441802MA5A0B1CXQ", "contact": "梁静", "phone": "13800000002"}


@dataclass
class Answer:
    """What came back. `body` is the JSON; None where there was none."""

    status: int
    body: Any
    headers: Any
    data: bytes

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    @property
    def wheres(self) -> set[str]:
        return {problem["where"] for problem in self.body["problems"]}


@dataclass
class Caller:
    """A client with the token of one account; none where `token` is empty."""

    app: Flask
    token: str = ""
    language: str = ""

    def get(self, path: str, **query: Any) -> Answer:
        return self.send("GET", path, query_string=query)

    def post(self, path: str, body: Any = None, key: str | None = None, **more: Any) -> Answer:
        headers = {"Idempotency-Key": key} if key is not None else {}
        if body is not None:
            more["data"], more["content_type"] = orjson.dumps(body), "application/json"
        return self.send("POST", path, headers=headers, **more)

    def send(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Answer:
        sent = {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), **(headers or {})}
        if self.language:
            sent["Accept-Language"] = self.language
        client = self.app.test_client(use_cookies=False)
        return _answer(client.open(V1 + path, method=method, headers=sent, **more))

    def start(self, values: dict[str, Any] = APPEAL) -> str:
        """Start an appeal; its case's id."""
        done = self.post("/cases", {"process": "appeal", "values": values})
        assert done.status == 201, done.body
        return str(done["id"])

    def task(self, case: str, name: str) -> dict[str, Any]:
        """The open task of that name, with its form."""
        found = [t for t in self.get(f"/cases/{case}")["tasks"] if t["name"] == name]
        assert found, f"{name} is not open"
        return dict(self.get(f"/tasks/{found[0]['id']}").body)

    def do(self, case: str, name: str, values: dict[str, Any]) -> Answer:
        """Complete the open task of that name."""
        task = self.task(case, name)
        done = self.post(f"/tasks/{task['id']}/complete", {"version": task["version"], "values": values})
        assert done.status == 200, done.body
        return done


def _answer(response: TestResponse) -> Answer:
    body = response.get_json() if response.is_json or "problem+json" in response.mimetype else None
    response.request.environ["wsgi.input"].close()  # a large upload lies in a temporary file
    return Answer(response.status_code, body, response.headers, response.data)


TRIAGE = {
    "outcome": "派发",
    "type": "市场监管",
    "complexity": "一般",
    "department": "market",
    "triage_note": "请核实",
}
SIGN = {"sign": "签收"}
CONTACT = {
    "contacted_at": "2026-03-09 08:30",
    "contact_method": "电话",
    "contact_person": "罗婷",
    "contact_finding": "情况属实",
}
HANDLE = {"result": "已解决", "answer": "已协调，明日起不再占道。"}
CALLBACK = {"reached": "接通", "contacted_by_department": "是", "solved": "已解决", "satisfaction": "满意"}
RATE_SERVICE = {"process_rating": "满意", "result_rating": "非常满意"}
RATE_ENTERPRISE = {"cooperation_rating": "配合"}
