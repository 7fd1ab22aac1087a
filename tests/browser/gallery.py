"""Every page as every role meets it: where it is, how one gets there, and what is seen there.

A visit measures the page, photographs it and lets axe judge it.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from engine import identity, runtime, worktime
from engine.demo import load_cases
from engine.identity import absence
from engine.identity.tables import accounts
from engine.repository import Bundle, deploy
from engine.runtime import queries, search, signers
from engine.runtime.ledger import disputes
from engine.runtime.ledger import reading as ledger
from tests.browser.browser_driver import Person, Site, new_context
from tests.webui.api.test_messages import START, WORK
from tests.webui.test_telling_a_case import WHY, WITH_FORM
from tests.webui.webui_driver import JINGMI

HOME = Path(__file__).parents[2]
AXE = HOME / "tests" / "webui" / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
SCREENSHOTS = Path(os.environ.get("ZHIBAN_SCREENSHOTS", HOME / "ci-output" / "screenshots"))
FIRST = "外地员工社保转移接续"  # nobody has taken it up
URGENT = "研发费用加计扣除备查资料"  # the officer of the platform has it
SUPERVISED = "排污许可证延续"
CLAIMED = (  # who holds which step of which case
    ("platform", URGENT, "triage"),
    ("platform", "经营范围变更", "callback"),
    ("platform", "园区供水压力不足", "redispatch"),
    ("control", "跨部门审批顺序", "ruling"),
    ("ecology-admin", "新增生产线环评类别", "sign"),
    ("market-1", "冷链食品标签整改", "contact"),
    ("industry-1", "应急转贷资金申请", "handle"),
    ("ecology-1", SUPERVISED, "supervision_handle"),
)
AWAY = (("housing-1", "housing-2", "share"), ("housing-2", "housing-1", "move"))  # who, deputy, how
MEASURE = """() => {
  const seen = (e) => { const b = e.getBoundingClientRect();
    return b.width > 1 && b.height > 1 && e.checkVisibility({ visibilityProperty: true }); };
  const LABELLED = ".choice, .tick, .ticks label, .choice-line, li";
  const fields = [...document.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(seen);
  const targets = [...fields, ...document.querySelectorAll("button, summary, .btn, .tabs-z a, .tile")]
    .map((e) => ["checkbox", "radio"].includes(e.type) ? e.closest(LABELLED) || e : e)
    .filter((e) => seen(e) && !e.closest(".visually-hidden, #diagram"));
  const small = targets.map((e) => [e, e.getBoundingClientRect()])
    .filter(([, b]) => b.height < 43.5 || b.width < 43.5)
    .map(([e, b]) => `${e.innerText || e.id || e.ariaLabel}: ${b.width.toFixed()} x ${b.height.toFixed()}`);
  const letters = (e) => parseFloat(getComputedStyle(e).fontSize);
  const skipped = "#diagram, .visually-hidden, noscript";
  const sizes = [], leading = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !seen(e) || e.closest(skipped)) continue;
    sizes.push(letters(e));
    if (!e.closest("[aria-hidden]")) leading.push(parseFloat(getComputedStyle(e).lineHeight) / letters(e));
  }
  return { small: [...new Set(small)], text: Math.min(...sizes), typed: Math.min(99, ...fields.map(letters)),
    leading: Math.min(...leading), width: document.documentElement.scrollWidth };
}"""
JUDGE = """rules => axe.run({ runOnly: rules }).then((result) => result.violations.map((v) =>
  `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 5).join(", ")}`))"""


@dataclass(frozen=True)
class Sight:
    """One page for one person. `name` is its picture's; `endpoint` the route that draws it."""

    name: str
    who: str
    endpoint: str
    go: Callable[["Person", "Gallery"], Any]
    status: int = 200
    elder: bool = False


@dataclass
class Seen:
    """What was found there; sizes in pixels, `text` and `typed` of the smallest letters.

    `leading` is the smallest height of a line, as a multiple of its letters.
    """

    status: int
    violations: list[str]
    complaints: list[str]
    width: int
    text: float
    typed: float
    leading: float
    small: list[str]


class Gallery:
    """A site with the demonstration's cases, and the windows through which it is looked at."""

    def __init__(self, site: Site, chromium: Browser) -> None:
        self.site, self._chromium = site, chromium
        self._windows = ExitStack()
        self._people: dict[tuple[str, int], Person] = {}
        self._states: dict[str, Any] = {}
        self._made = 0
        self._told = ""
        self._signed = ""

    def furnish(self) -> None:
        """Make the cases, and let some people take their tasks up."""
        load_cases(self.site.engine)
        for username, title, element in CLAIMED:
            with self.site.engine.writing() as connection:
                task = self._task(connection, title, element)
                runtime.claim(self.site.engine, connection, actor=self.actor(username), task_id=task.id)

        with self.site.engine.writing() as connection:
            for who, deputy, how in AWAY:
                one, other = self.actor(who), self.actor(deputy)
                now = self.site.clock.now()
                absence.make(
                    connection,
                    actor=one,
                    account=one.id,
                    deputy=other.id,
                    since=now - timedelta(days=1),
                    until=now + timedelta(days=9),
                    how=how,
                    now=now,
                    reason="年休假",
                )

    def close(self) -> None:
        self._windows.close()

    def actor(self, username: str) -> identity.Actor:
        with self.site.engine.reading() as connection:
            query = accounts.select().where(accounts.c.username == username)
            return identity.load_actor(connection, connection.execute(query).one().id)

    def case(self, title: str) -> str:
        """The path of the case titled so."""
        with self.site.engine.reading() as connection:
            return f"/cases/{self._case(connection, title).id}"

    def task(self, title: str, element: str) -> str:
        """The path of a task, the latest at that element."""
        with self.site.engine.reading() as connection:
            return f"/tasks/{self._task(connection, title, element).id}"

    def fresh(self) -> str:
        """A new appeal, taken up by the platform: its title."""
        self._made += 1
        title = f"食堂燃气改造手续 {self._made}"
        with self.site.engine.writing() as connection:
            values = {"uscc": "91371082MA94K6P28T", "contact": "唐欣", "phone": "13800000004"}
            values |= {"channel": "网页", "type": "工程建设", "title": title, "content": "需要哪些手续？"}
            runtime.start_case(
                self.site.engine, connection, actor=self.actor("yuanhang"), process="appeal", values=values
            )
        with self.site.engine.writing() as connection:
            task = self._task(connection, title, "triage")
            runtime.claim(self.site.engine, connection, actor=self.actor("platform"), task_id=task.id)
        return title

    def told(self) -> str:
        """The path of a case that waits for messages, of a small process with a form for one of them."""
        if not self._told:
            forms = {"small/start": START, "small/work": WORK, "small/why": WHY}
            bundle, engine = Bundle(WITH_FORM, {}, forms), self.site.engine
            with engine.writing() as connection:
                now = engine.clock.now()
                deploy(connection, bundle, operations=engine.operations, actor="system", now=now)
                values = {"title": "试", "uscc": JINGMI}
                actor = self.actor("jingmi")
                started = runtime.start_case(engine, connection, actor=actor, process="small", values=values)
            self._told = f"/cases/{started.case_id}"
        return self._told

    def signed(self) -> str:
        """The title of a case whose triage waits: one signer has agreed, another is awaited."""
        if not self._signed:
            self._signed, engine = self.fresh(), self.site.engine
            people = [self.actor("supervisor"), self.actor("control")]
            with engine.writing() as connection:
                task = self._task(connection, self._signed, "triage").id
                facts = {"people": [one.id for one in people], "how": "before", "opinion": "请看是否属实。"}
                signers.add_signers(engine, connection, actor=self.actor("platform"), task_id=task, **facts)
            with engine.writing() as connection:
                mine = next(t for t in self._open(connection, self._signed) if t.assignee == people[0].id)
                said = {"outcome": "agree", "opinion": "情况属实。"}
                signers.decide(engine, connection, actor=people[0], task_id=mine.id, **said)
        return self._signed

    def signer(self) -> str:
        """The path of the task of whom that case waits for."""
        title, control = self.signed(), self.actor("control").id
        with self.site.engine.reading() as connection:
            task = next(t for t in self._open(connection, title) if t.assignee == control)
            return f"/tasks/{task.id}"

    def reject(self, title: str) -> None:
        """The platform rejects an appeal, elsewhere than in the window under test."""
        values = {"outcome": "不予受理", "rejection_reason": "重复提交，已有同样的诉求在办。"}
        with self.site.engine.writing() as connection:
            task = self._task(connection, title, "triage")
            actor = self.actor("platform")
            runtime.complete(self.site.engine, connection, actor=actor, task_id=task.id, values=values)

    def object(self) -> None:
        """The answerable department objects to an assessment, once."""
        now = self.site.engine.clock.now()
        with self.site.engine.writing() as connection:
            everybody = [self.actor("ecology-admin"), self.actor("housing-admin"), self.actor("platform")]
            if ledger.listed(connection, everybody[0], ledger.Wanted(state="objected"), now, limit=1):
                return
            for actor in everybody:
                for one in ledger.listed(connection, actor, ledger.Wanted(state="standing"), now, limit=50):
                    if disputes.may_object(actor, one, worktime.load(connection), now):
                        disputes.file_objection(
                            self.site.engine,
                            connection,
                            actor=actor,
                            assessment_id=one.id,
                            text="当日系统停机，未能按时答复。",
                        )
                        return
            raise AssertionError("nothing in the demonstration may be objected to")

    def visit(self, sight: Sight, width: int) -> Seen:
        """Look at a sight through a window of that width."""
        person = self.person(sight.who, width)
        person.context.clear_cookies(name="zb_lang")
        elder = "1" if sight.elder else "0"
        person.context.add_cookies([{"name": "zb_elder", "value": elder, "url": self.site.address}])
        person.watch.complaints.clear()
        sight.go(person, self)
        if person.page.locator("#diagram").count():
            person.page.locator("#diagram .zb-done").first.wait_for()
        person.page.evaluate("scrollTo(0, 0)")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        person.page.screenshot(path=SCREENSHOTS / f"{sight.name}-{width}.png", full_page=True)
        measured = person.page.evaluate(MEASURE)
        person.page.evaluate(AXE.read_text())
        violations = person.page.evaluate(JUDGE, RULES)
        status = person.watch.documents[-1].status
        return Seen(status, violations, list(person.watch.complaints), **measured)

    def person(self, username: str, width: int) -> Person:
        if (username, width) not in self._people:
            context = new_context(
                self._chromium, width, storage_state=self._states.get(username), has_touch=width < 768
            )
            person = Person(self._windows.enter_context(context), self.site)
            if username and username not in self._states:
                person.sign_in(username)
                self._states[username] = person.context.storage_state()
            self._people[username, width] = person
        return self._people[username, width]

    def _case(self, connection: Any, title: str) -> queries.CaseRow:
        found = search.find(connection, self.actor("auditor"), search.Asked(text=title), limit=5)
        return next(case for case in found if case.title == title)

    def _open(self, connection: Any, title: str) -> list[queries.TaskRow]:
        return queries.open_tasks(connection, self._case(connection, title).id)

    def _task(self, connection: Any, title: str, element: str) -> queries.TaskRow:
        rows = queries.tasks_of_case(connection, self._case(connection, title).id)
        return [row for row in rows if row.element == element and row.parent is None][-1]


def html_endpoints(site: Site) -> Iterator[tuple[str, str]]:
    """Every route that answers GET and may draw a page: endpoint and rule."""
    for rule in site.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static" and not _is_api(rule.rule):
            yield rule.endpoint, rule.rule


def _is_api(rule: str) -> bool:
    return bool(re.match(r"/api(/|$)", rule))
