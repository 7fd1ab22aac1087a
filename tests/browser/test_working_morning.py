"""A working morning: forty tasks, an officer without a mouse, and a colleague at the same list.

Every step is a key; what the page says is compared with what stands in the rows.
"""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from engine import runtime
from engine.runtime import handover, queries
from engine.runtime.desk.tables import drafts
from engine.runtime.tables import tasks
from tests.browser.browser_driver import Site
from tests.browser.conftest import People
from tests.browser.keyboard import Keyboard, actor, held, task_of, titles
from tests.runtime.answers import lead_to
from tests.runtime.stage import Platform, submission

pytestmark = pytest.mark.browser

MINE, FREE = 30, 10  # of forty: what the officer has, and what waits for the service centre


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


def test_a_working_morning(morning: Site, people: People) -> None:
    site = morning
    li, wang = people("platform"), actor(site, "platform-2")
    keys = Keyboard(li)
    li.open("/inbox")
    keys.sees("待办", "30", "可认领", "10")

    # what waits for the group is claimed with a key, from the row one stands on
    keys.turn_to("2")
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
    keys.turn_to("1")
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
    keys.turn_to("1")
    keys.press("/")
    keys.type("供水")
    keys.enter()
    keys.press("Enter")  # the list knows where she was
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
    keys.turn_to("1")
    keys.press("j", "x", "j", "x")
    expect(li.main).to_contain_text("已选 2 件")
    keys.press("b")
    keys.go_to("放回选中的")
    keys.enter()
    keys.sees("2 件全部办成")
    assert held(site, "platform") == before - 2

    # nothing of the morning is lost: every case has one open task, with one holder or with its groups
    with site.engine.reading() as connection:
        rows = connection.execute(sa.select(tasks.c.case_id).where(tasks.c.state == "open")).scalars().all()
    assert len(rows) == len(set(rows)) == MINE + FREE


def called_back(site: Site, title: str) -> None:
    """An appeal that was answered, and that the officer has to call back about."""
    people = ("jingmi", "platform", "tax-admin", "tax-1", "tax-2")
    platform = Platform(site.engine, site.clock, {name: actor(site, name) for name in people})
    lead_to(platform, "callback", title=title)
    with site.engine.writing() as connection:
        officer, task = actor(site, "platform"), task_of(site, title)
        runtime.claim(site.engine, connection, actor=officer, task_id=task.id)


def opinions(site: Site, case_id: str) -> list[str]:
    with site.engine.reading() as connection:
        rows = queries.history(connection, case_id)
    return [str(row.data.get("opinion") or "") for row in rows]


def test_what_is_not_hers_goes_to_others_and_what_was_overtaken_is_said(
    morning: Site, people: People
) -> None:
    site = morning
    called_back(site, "开票设备锁死")
    li, liu = people("platform"), people("supervisor")
    keys, his = Keyboard(li), Keyboard(liu)

    # several go to a colleague at once; one of them is gone already, and its row says so
    li.open("/inbox")
    keys.press("j", "x", "j", "x", "j", "x")
    gone = next(word for word in keys.row().split() if "问题" in word)
    with site.engine.writing() as connection:
        runtime.release(
            site.engine, connection, actor=actor(site, "platform"), task_id=task_of(site, gone).id
        )
        runtime.claim(
            site.engine, connection, actor=actor(site, "platform-2"), task_id=task_of(site, gone).id
        )
    keys.press("b")
    keys.choose("王磊")
    keys.go_to("意见")
    keys.type("我下午出差。")
    keys.enter()
    keys.sees("转办：2 件已办，1 件没有办成", "王磊")
    assert held(site, "platform") == MINE - 2 and held(site, "platform-2") == 3

    # sent back to an earlier step of the case, with the reason
    keys.find("开票设备")
    keys.press("j", "Enter")
    keys.sees("本次办理：回访")
    keys.do("退回")
    keys.choose("处置答复")
    keys.go_to("意见")
    keys.type("答复没有说明何时解锁。")
    keys.submit()
    keys.sees("已退回到“处置答复”", "这个筛选下的事项已经办完")
    back = task_of(site, "开票设备锁死")
    assert (back.element, back.state) == ("handle", "open")
    assert "答复没有说明何时解锁。" in opinions(site, back.case_id)

    # a colleague is asked before; he finds it in his list, agrees and says why, and it comes back
    keys.turn_to("1")
    keys.press("j", "Enter")
    keys.sees("处理方式")
    asked = li.page.locator("tr.opened a.row-title").inner_text()
    keys.do("前加签")
    keys.go_to("按姓名")
    keys.type("刘洋")
    keys.enter()
    keys.press("Space")
    keys.go_to("意见")
    keys.type("请看情况是否属实。")
    keys.submit()
    keys.sees("已请 刘洋 加签，都办完后回到您这里")
    his.person.open("/inbox")
    his.find(asked)
    his.press("j", "Enter")
    his.sees("研判派发 · 加签", "请看情况是否属实。")
    his.press("f")
    his.choose("同意")
    his.go_to("说明")
    his.type("情况属实。")
    his.submit()
    his.sees("已提交加签意见，事项回到 李娜 手里")
    keys.turn_to("1")
    keys.find(asked)
    keys.press("j", "Enter")
    keys.sees("处理方式", "同意", "情况属实。")

    # while she writes, the control centre hands the task on: the page says so by itself, and so does sending
    keys.press("f")
    keys.choose("派发")
    keys.go_to("派发意见")
    keys.type("请核实水压，")
    expect(li.page.locator("[data-draft-state]")).to_contain_text("草稿")
    task, receiver = task_of(site, asked), actor(site, "platform-2").id
    control, owner = actor(site, "control"), actor(site, "platform").id
    (handed,) = handover.hand_over(
        site.engine, actor=control, account=owner, choices={task.id: receiver}, reason="调岗"
    )
    assert handed.error is None
    keys.type("并于周五前答复企业。")
    expect(li.page.locator("[data-changed]")).to_contain_text("赵军")
    keys.submit()
    keys.sees("您的提交没有生效", "赵军", "请核实水压，并于周五前答复企业。")
    assert task_of(site, asked).assignee == receiver and task_of(site, asked).element == "triage"
    keys.go_to("返回收件箱")
    keys.enter()
    keys.sees("收件箱")
