"""A working morning: forty tasks, an officer without a mouse, and a colleague at the same list.

Every step is a key; what the page says is compared with what stands in the rows.
"""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from engine import identity, runtime
from engine.identity.tables import accounts
from engine.runtime import queries
from engine.runtime.desk.tables import drafts
from engine.runtime.tables import tasks
from tests.browser.browser_driver import Person, Site
from tests.browser.conftest import People
from tests.runtime.stage import submission

pytestmark = pytest.mark.browser

MINE, FREE = 30, 10  # of forty: what the officer has, and what waits for the service centre
TABS = 80  # presses of Tab until it is clear that something cannot be reached
FOCUSED = """() => { const e = document.activeElement;
  if (["BODY", "MAIN", "SECTION"].includes(e.tagName)) return "";
  return (e.ariaLabel || (e.labels && e.labels[0] && e.labels[0].innerText) || e.innerText || "").trim(); }"""


class Keyboard:
    """Somebody who never touches a mouse."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def go_to(self, words: str, *, back: bool = False) -> None:
        """Press Tab until what is called so has the focus."""
        for _ in range(TABS):
            if words in self.page.evaluate(FOCUSED):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"no way by Tab to {words!r}; at {self.page.evaluate(FOCUSED)}")

    def enter(self) -> None:
        """Press Enter, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.press("Enter")

    def sees(self, *words: str) -> None:
        for word in words:
            expect(self.person.main).to_contain_text(word)

    def row(self) -> str:
        """The row that the keyboard stands on."""
        return self.page.locator("tr.focus-row").inner_text()


@pytest.fixture
def morning(site: Site) -> Iterator[Site]:
    """Forty appeals that wait for triage; the officer has thirty of them already."""
    engine = site.engine
    firm, officer = actor(site, "jingmi"), actor(site, "platform")
    for number in range(MINE + FREE):
        about = "供水" if number % 8 == 0 else "用电"
        given = {**submission(), "title": f"{about}问题{number + 1:02}"}
        with engine.writing() as connection:
            (task,) = runtime.start_case(
                engine, connection, actor=firm, process="appeal", values=given
            ).opened
            if number < MINE:
                runtime.claim(engine, connection, actor=officer, task_id=task)
    yield site


def actor(site: Site, username: str) -> identity.Actor:
    with site.engine.reading() as connection:
        found = connection.execute(
            sa.select(accounts.c.id).where(accounts.c.username == username)
        ).scalar_one()
        return identity.load_actor(connection, found)


def task_of(site: Site, title: str) -> queries.TaskRow:
    """The open task of the case titled so."""
    with site.engine.reading() as connection:
        query = sa.select(runtime.tables.cases.c.id).where(runtime.tables.cases.c.title == title)
        (found,) = queries.open_tasks(connection, connection.execute(query).scalar_one())
        return found


def held(site: Site, username: str) -> int:
    query = sa.select(sa.func.count()).select_from(tasks)
    with site.engine.reading() as connection:
        mine = query.where(tasks.c.state == "open", tasks.c.assignee == actor(site, username).id)
        return int(connection.execute(mine).scalar_one())


def titles(site: Site, username: str) -> set[str]:
    """Of whose cases this person has the open tasks."""
    cases = runtime.tables.cases
    query = sa.select(cases.c.title).select_from(tasks.join(cases)).where(tasks.c.state == "open")
    with site.engine.reading() as connection:
        mine = query.where(tasks.c.assignee == actor(site, username).id)
        return set(connection.execute(mine).scalars())


def test_a_working_morning(morning: Site, people: People) -> None:
    site = morning
    li, wang = people("platform"), actor(site, "platform-2")
    keys = Keyboard(li)
    li.open("/inbox")
    keys.sees("待办", "30", "可认领", "10")

    # what waits for the group is claimed with a key, from the row one stands on
    keys.go_to("可认领")
    keys.enter()
    expect(li.page.locator("table[data-rows] tbody tr")).to_have_count(FREE)
    keys.press("j", "j")
    first = keys.row()
    title = next(word for word in first.split() if "问题" in word)
    keys.press("c")
    expect(li.page.locator("table[data-rows] tbody tr")).to_have_count(FREE - 1)
    assert task_of(site, title).assignee == actor(site, "platform").id
    assert held(site, "platform") == MINE + 1

    # several at once; a colleague was faster at one of them, and its row says who and when
    keys.press("j", "x", "j", "x", "j", "x")
    expect(li.main).to_contain_text("已选 3 件")
    taken = next(word for word in keys.row().split() if "问题" in word)
    with site.engine.writing() as connection:
        runtime.claim(site.engine, connection, actor=wang, task_id=task_of(site, taken).id)
    keys.press("c")
    keys.sees("2 件已办，1 件没有办成", "王磊")
    assert held(site, "platform") == MINE + 3
    assert task_of(site, taken).assignee == wang.id

    # the list is narrowed with words
    keys.go_to("待办", back=True)
    keys.enter()
    keys.press("/")
    keys.type("供水")
    keys.enter()
    expect(li.page.locator("table[data-rows] tbody tr").first).to_contain_text("供水")
    shown = {text.split()[0] for text in li.page.locator("a.row-title").all_inner_texts()}
    assert shown == {title for title in titles(site, "platform") if title.startswith("供水")}

    # a draft is left behind and taken up again
    keys.press("j", "Enter")
    keys.sees("派发", "保存草稿")
    keys.go_to("派发")
    keys.press("Space")
    keys.sees("派发意见")
    keys.go_to("派发意见")
    keys.type("请核实水压。")
    expect(li.page.locator("[data-draft-state]")).to_contain_text("草稿")
    one = li.page.locator("tr.opened a.row-title").inner_text()
    with site.engine.reading() as connection:
        kept = connection.execute(sa.select(drafts)).one()
    assert kept.task_id == task_of(site, one).id and "请核实水压" in kept.given
    keys.press("Escape")
    keys.go_to("收件箱", back=True)
    keys.enter()
    keys.press("/")
    keys.type("供水")
    keys.enter()
    keys.press("j", "Enter")
    expect(li.page.get_by_label("派发意见")).to_have_value("请核实水压。")

    # submitted with two keys; the next of the list opens by itself, and the list is the same
    keys.go_to("主办部门")
    keys.type("住房")
    before = len(titles(site, "platform"))
    with li.page.expect_navigation():
        keys.press("Control+Enter")
    keys.sees("“研判派发”已提交")
    assert one not in titles(site, "platform") and len(titles(site, "platform")) == before - 1
    with site.engine.reading() as connection:
        assert connection.execute(sa.select(drafts)).all() == []
    following = li.page.locator("tr.opened a.row-title").inner_text()
    assert following.startswith("供水") and following != one
    keys.sees("处理方式")

    # two that are not hers to do after all go back to the group, by the bar over the list
    before = held(site, "platform")
    keys.press("Escape")
    keys.go_to("收件箱", back=True)
    keys.enter()
    keys.press("j", "x", "j", "x")
    expect(li.main).to_contain_text("已选 2 件")
    keys.go_to("放回选中的", back=True)
    keys.enter()
    keys.sees("2 件全部办成")
    assert held(site, "platform") == before - 2

    # nothing of the morning is lost: every case has one open task, with one holder or with its groups
    with site.engine.reading() as connection:
        rows = connection.execute(sa.select(tasks.c.case_id).where(tasks.c.state == "open")).scalars().all()
    assert len(rows) == len(set(rows)) == MINE + FREE
