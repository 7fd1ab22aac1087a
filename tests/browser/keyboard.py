"""An officer without a mouse: goes by Tab, arrows and letters; and what the rows say of tasks meanwhile."""

import sqlalchemy as sa
from playwright.sync_api import expect

from engine import identity, runtime
from engine.identity.tables import accounts
from engine.runtime import queries
from engine.runtime.tables import tasks
from tests.browser.browser_driver import Person, Site

TABS = 80  # presses of Tab until it is clear that something cannot be reached
FOCUSED = """() => { const e = document.activeElement;
  if (["BODY", "MAIN", "SECTION"].includes(e.tagName)) return "";
  return (e.ariaLabel || (e.labels && e.labels[0] && e.labels[0].innerText) || e.innerText || "").trim(); }"""


ARROWS = 40  # presses of an arrow
# the field with the focus: whether it offers this, what of it is chosen, and which key goes on
OFFERS = """(words) => { const e = document.activeElement;
  if (e.tagName === "SELECT") return [...e.options].some((o) => o.text.includes(words));
  const named = e.type === "radio" ? [...document.getElementsByName(e.name)] : [];
  return named.some((o) => o.labels[0].innerText.includes(words)); }"""
CHOSEN = """() => { const e = document.activeElement;
  if (e.tagName === "SELECT") return e.selectedOptions[0].text;
  return e.checked ? e.labels[0].innerText : ""; }"""
NEXT = """() => { const e = document.activeElement;
  return e.type === "radio" && !e.checked ? "Space" : "ArrowDown"; }"""


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

    def choose(self, words: str) -> None:
        """Go by Tab to the field that offers what is called so, and choose it with the arrows."""
        for _ in range(TABS):
            if self.page.evaluate(OFFERS, words):
                break
            self.press("Tab")
        for _ in range(ARROWS):
            if words in self.page.evaluate(CHOSEN):
                return
            self.press(self.page.evaluate(NEXT))
        raise AssertionError(f"{words!r} cannot be chosen by the arrows")

    def turn_to(self, tab: str) -> None:
        """Open the list with that number."""
        with self.page.expect_navigation():
            self.press(tab)

    def find(self, words: str) -> None:
        """Look for words in the list that is open."""
        self.press("/")
        self.type(words)
        self.enter()

    def do(self, way: str) -> None:
        """Open the page of another action on the task that is open."""
        self.press("o")
        self.go_to(way)
        self.enter()

    def submit(self) -> None:
        """Send the form that one stands in."""
        with self.page.expect_navigation():
            self.press("Control+Enter")

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
