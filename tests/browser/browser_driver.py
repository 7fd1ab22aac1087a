"""A person before a real Chromium: opens pages, goes by labels and buttons, and everything is listened to.

`Site` is the whole app on its own port, in this process, on a clock that only the test moves.
`Watch` hears what no page may do: ask another host, complain in the console, break the content policy.
"""

import re
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from engine import runtime
from engine.clock import SHANGHAI, ControlledClock
from engine.identity import demo
from engine.runtime import clocks
from webui.app import create_app

WIDE, PHONE = 1280, 390
SETTLED = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
REPORT_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""


def new_context(chromium: Browser, width: int, **options: Any) -> Any:
    """A context of that width as people in China have theirs."""
    size = {"width": width, "height": 900 if width >= 768 else 844}
    context = chromium.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
    context.set_default_timeout(10_000)
    return context


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_args: Any) -> None:
        """The app has a log of its own."""


def _whole(app: Flask) -> Any:
    """Each answer read and closed before it is sent: this server forgets to if a browser hangs up."""

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answer


class Site:
    """The app at `address`, served by threads of this process until `stop`."""

    def __init__(self, database: Path, clock: ControlledClock, **config: Any) -> None:
        self.clock = clock
        self.app: Flask = create_app(
            {"DATABASE": f"sqlite:///{database}", "SECRET_KEY": "tests", "CLOCK": clock, **config}
        )
        self.engine: runtime.Engine = self.app.extensions["zhiban"]

    def start(self) -> None:
        self._server = make_server("127.0.0.1", 0, _whole(self.app), threaded=True, request_handler=_Quiet)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.engine.database.dispose()

    def move_to(self, moment: str) -> None:
        """It is `moment` in Shanghai now; what was due by then has happened."""
        self.clock.move_to(datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI))
        while runtime.fire_due(self.engine) + clocks.remind_due(self.engine):
            pass


class Watch:
    """What was heard from one browser context."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self._own = (f"{address}/", "data:", "blob:", "about:")
        self.complaints: list[str] = []
        self.documents: list[Response] = []
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self._own):
            self.complaints.append(f"asked another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.documents.append(response)
        elif (
            response.status >= 400 and response.status != 409
        ):  # a page saving by itself is told who was faster
            self.complaints.append(f"{response.status} for {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # what could not be loaded is heard as a response; a page that is an error itself may be one
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")


class Person:
    """One browser window. Fields are found by their labels, as a reader finds them."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.watch = Watch(context, site.address)
        self.context, self.site = context, site
        self.page: Page = context.new_page()

    def open(self, path: str) -> Response:
        answer = self.page.goto(self.site.address + path)
        assert answer is not None
        return answer

    def sign_in(self, username: str, password: str = demo.PASSWORD) -> None:
        self.open("/sign-in")
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录", exact=True).click()

    def fill(self, values: Mapping[str, Any]) -> None:
        """Fill in fields by label: text, an option, several options, True for a tick, paths for files."""
        self.page.wait_for_load_state()  # what is chosen before the scripts have come redraws nothing
        for label, value in values.items():
            self._fill(label, value)
            self.page.wait_for_function(SETTLED)

    def _fill(self, label: str, value: Any) -> None:
        if value is True:
            self.page.get_by_label(label, exact=True).check()
            return
        named = re.compile(rf"^\s*{re.escape(label)}(\s*（选填）)?\s*$")
        group = self.page.locator("main").get_by_role("group", name=named)
        if group.count():
            for one in value if isinstance(value, list) else [value]:
                group.get_by_label(one, exact=True).check()
            return
        field = self.page.locator("main").get_by_label(named)
        if isinstance(value, Path):
            field.set_input_files(value)
        elif field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def submit(self, values: Mapping[str, Any] | None = None) -> None:
        self.fill(values or {})
        self.press("提交")

    def take(self, title: str) -> None:
        """Claim the task of the case titled so in the inbox and open it."""
        self.open("/inbox")
        self.page.get_by_role("navigation", name="收件箱分类").get_by_role("link", name="可认领").click()
        row = self.page.get_by_role("row").filter(has_text=title)
        row.get_by_role("button", name="认领").click()
        self.go_on_with(title)

    def go_on_with(self, title: str) -> None:
        """Open the task of the case titled so among one's own."""
        self.open("/inbox")
        self.page.get_by_role("link", name=title, exact=True).click()
        self.page.get_by_role("heading", name="本次办理").wait_for()  # it may come beside the list

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def text(self) -> str:
        """What the page says, on one line."""
        return " ".join(self.main.inner_text().split())

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.site.address)
