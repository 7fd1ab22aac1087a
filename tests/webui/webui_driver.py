"""A browser without scripts: it opens a page, fills in its form and sends it with all its hidden fields.

Forgery tokens are on, so a form that loses a field fails. Every page it meets is checked by `inspect`.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import lxml.html
from flask import Flask
from werkzeug.test import TestResponse

JINGMI = "91441802MA4X1Q2T0K"


@dataclass
class Page:
    response: TestResponse

    @property
    def tree(self) -> Any:
        return lxml.html.fromstring(self.response.get_data())


class Browser:
    """One person's browser: a page is open, its forms can be filled in and sent."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.page: Page

    def open(self, address: str) -> "Browser":
        return self._take(self.client.get(address, follow_redirects=True))

    def send(
        self,
        values: dict[str, Any] | None = None,
        *,
        to: str = "",
        press: str = "",
        at: str = "",
        redirects: bool = True,
    ) -> "Browser":
        """Fill in and send the page's form (the one whose address ends with `to`); `at` is the address of
        a button that sends it elsewhere."""
        form = self.form(to)
        body: dict[str, Any] = {}
        areas = {area.get("name") for area in form.xpath(".//textarea")}
        for name, value in form.form_values():
            value = value.removeprefix("\n") if name in areas else value  # as browsers do
            body.setdefault(name, []).append(value)
        for name, value in (values or {}).items():
            body[name] = value if isinstance(value, list) else [value]
        if press:
            name, _, value = press.partition("=")
            body[name] = [value or "1"]
        action = at or form.get("action") or self.page.response.request.full_path.rstrip("?")
        sent = self.client.post(
            action, data=body, content_type="multipart/form-data", follow_redirects=redirects
        )
        return self._take(sent)

    def form(self, to: str = "") -> Any:
        posts = [
            (form, form.get("action") or "") for form in self.page.tree.forms if form.get("method") == "post"
        ]
        found = [form for form, action in posts if (action.endswith(to) if to else "/sign-out" not in action)]
        assert found, f"no form to {to!r} on {self.page.response.request.path}: {self.text}"
        return found[0]

    @property
    def status(self) -> int:
        return int(self.page.response.status_code)

    @property
    def path(self) -> str:
        return self.page.response.request.path

    @property
    def text(self) -> str:
        return " ".join(self.page.tree.find(".//main").text_content().split())

    @property
    def title(self) -> str:
        return str(self.page.tree.find(".//title").text)

    def links(self, part: str) -> list[str]:
        return [link for link in self.page.tree.xpath("//main//a/@href") if part in link]

    def _take(self, response: TestResponse) -> "Browser":
        self.page = Page(response)
        if response.mimetype == "text/html":
            inspect(self.page)
        return self


def inspect(page: Page) -> None:
    """What must hold on every page: a title, one heading, the policy, nothing inline, tokens in forms."""
    tree, headers = page.tree, page.response.headers
    assert tree.find(".//title").text.strip().endswith(("直办", "Zhiban"))
    assert len(tree.xpath("//h1")) == 1
    assert "'unsafe" not in headers["Content-Security-Policy"]
    assert not tree.xpath("//*[@style]"), "an inline style"
    assert not tree.xpath("//script[not(@src)]"), "an inline script"
    assert not [name for node in tree.iter() for name in node.attrib if name.startswith("on")]
    for form in tree.xpath("//form[@method='post']"):
        assert form.xpath(".//input[@name='csrf_token']"), "a form without a token"
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids)), "an id that is not unique"
    for label in tree.xpath("//label[@for]"):
        assert label.get("for") in ids, f"a label for nothing: {label.get('for')}"


APPEAL = {
    "uscc": JINGMI,
    "enterprise_name": "清远晶密电子有限公司",
    "contact": "罗婷",
    "phone": "13800000001",
    "channel": "网页",
    "type": "市场监管",
    "title": "厂区门口道路长期积水",
    "content": "货车无法进出，请协调疏通排水管网。",
}


def upload(name: str = "现场.txt", content: bytes = "现场情况".encode()) -> tuple[BytesIO, str]:
    return BytesIO(content), name
