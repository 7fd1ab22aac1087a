"""Short stories: refusals, mistakes, impatience, slow colleagues, and people without scripts or a mouse."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from engine.runtime.tables import cases
from tests.browser.browser_driver import Person, Site
from tests.browser.conftest import People

pytestmark = pytest.mark.browser

TITLE = "应急转贷资金申请"
FILING = {"诉求类型": "融资", "标题": TITLE, "诉求内容": "银行贷款本月到期，申请使用应急转贷资金。"}
DISPATCH = {"处理方式": "派发", "主办部门": "工业和信息化局"}
ADDRESS = "/start/appeal"


def filed(firm: Person) -> None:
    firm.open(ADDRESS)
    firm.submit(FILING)
    assert "已提交" in firm.text


def count(site: Site) -> int:
    with site.engine.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(cases)).scalar_one())


def test_a_rejected_appeal_tells_the_enterprise_why(people: People) -> None:
    firm, platform = people("yuanhang"), people("platform")
    filed(firm)
    platform.take(TITLE)
    platform.fill({"处理方式": "不予受理"})
    assert platform.page.get_by_label("主办部门").count() == 0
    platform.press("提交")
    assert "有 1 处需要修改" in platform.text
    platform.submit({"不予受理的理由": "不属于受理范围，请向开户银行申请。"})
    firm.open("/enterprise")
    firm.page.get_by_role("link", name=TITLE).click()
    assert "不予受理" in firm.text
    firm.page.get_by_text("查看填写内容").last.click()
    assert "请向开户银行申请" in firm.text


def test_the_platform_answers_by_itself_and_calls_back(people: People) -> None:
    firm, platform = people("yuanhang"), people("platform")
    filed(firm)
    platform.take(TITLE)
    platform.submit({"处理方式": "直接答复"})
    assert "本次办理：直接答复" in platform.text, "the next step of the case opens by itself"
    platform.press("认领并办理")
    platform.submit({"办理结果": "解释说明", "答复内容": "请向转贷中心提交材料，三日内办结。"})
    other = people("platform-2")  # who answered does not call back
    other.take(TITLE)
    assert "请向转贷中心提交材料" in other.text
    other.submit(
        {"是否接通": "接通", "部门是否联系过企业": "是", "诉求是否解决": "已解决", "满意度": "非常满意"}
    )
    firm.open("/enterprise")
    assert "等您办理" in firm.text and "企业评价" in firm.text


def test_a_department_is_suggested_when_dispatching_is_chosen(people: People) -> None:
    firm, platform = people("yuanhang"), people("platform")
    filed(firm)
    platform.take(TITLE)
    platform.fill({"处理方式": "派发"})
    expect(platform.page.get_by_label("主办部门")).to_have_value("industry")


def test_a_double_click_on_submit_makes_one_case(site: Site, people: People) -> None:
    firm = people("yuanhang")
    firm.open(ADDRESS)
    firm.fill(FILING)
    firm.page.get_by_role("button", name="提交", exact=True).dblclick(no_wait_after=True)
    expect(firm.main).to_contain_text("SQ-20260311-0001")
    assert count(site) == 1


def test_going_back_and_submitting_the_same_again_makes_one_case(site: Site, people: People) -> None:
    firm = people("yuanhang")
    filed(firm)
    firm.page.go_back()
    firm.submit(FILING)
    assert "没有重复立案" in firm.text and "SQ-20260311-0001" in firm.text
    assert count(site) == 1


def test_a_choice_that_was_made_before_the_scripts_came_draws_its_fields(people: People) -> None:
    firm, platform = people("yuanhang"), people("platform")
    filed(firm)
    platform.take(TITLE)
    platform.page.route("**/app.js*", lambda route: (platform.page.wait_for_timeout(300), route.continue_()))
    platform.page.reload(wait_until="commit")
    platform.page.get_by_label("派发", exact=True).check()
    expect(platform.page.get_by_label("主办部门")).to_have_value("industry")


def test_the_menu_of_a_phone_closes_where_it_opened(people: People) -> None:
    leader = people("leader", width=390)
    opener = leader.page.locator("details.menu > summary")
    leader.page.wait_for_load_state("networkidle")  # until then the line above it still settles
    before = opener.bounding_box()
    opener.click()
    after = opener.bounding_box()
    assert before and after
    assert abs(before["x"] - after["x"]) < 1 and abs(before["y"] - after["y"]) < 1
    assert "关闭" in opener.inner_text()
    assert "登记新事项" not in leader.page.locator("details.menu").inner_text()
    opener.click()
    assert "菜单" in opener.inner_text()


def test_who_was_slower_reads_who_did_what_when_and_keeps_what_was_typed(site: Site, people: People) -> None:
    firm, slow, fast = people("yuanhang"), people("platform"), people("platform-2")
    filed(firm)
    slow.take(TITLE)
    slow.fill({**DISPATCH, "派发意见": "写了很久的一段话"})
    other_tab = slow.context.new_page()
    other_tab.goto(slow.page.url)
    other_tab.get_by_role("button", name="放回，由其他人办理").click()
    fast.take(TITLE)
    site.move_to("2026-03-11T10:30")
    fast.submit(DISPATCH)
    slow.press("提交")
    assert slow.watch.documents[-1].status == 409
    assert "您的提交没有生效" in slow.text
    assert "王磊" in slow.text and "2026年3月11日 10:30" in slow.text
    assert "写了很久的一段话" in slow.text and "工业和信息化局" in slow.text
    slow.page.get_by_role("link", name="查看这件事项").click()
    assert "待签收" in slow.text


def test_mistakes_are_listed_lead_to_their_fields_and_cost_nothing_typed(people: People) -> None:
    firm = people("platform")
    firm.open(ADDRESS)
    firm.submit({"统一社会信用代码": "91371082MA94K6P28X", "诉求内容": "已经写好的内容"})
    summary = firm.page.get_by_role("alert").filter(has_text="需要修改")
    expect(summary).to_be_focused()
    links = summary.get_by_role("link")
    named = ("信用代码", "联系人", "手机", "诉求类型", "标题")
    assert [name for link in links.all_inner_texts() for name in named if name in link] == list(named)
    links.filter(has_text="信用代码").click()
    expect(firm.page.get_by_label("统一社会信用代码")).to_be_focused()
    links.filter(has_text="标题").click()
    expect(firm.page.get_by_label("标题")).to_be_focused()
    assert firm.page.get_by_label("统一社会信用代码").input_value() == "91371082MA94K6P28X"
    assert firm.page.get_by_label("诉求内容").input_value() == "已经写好的内容"
    assert firm.page.title().startswith("有误：")
    firm.submit(
        {
            "统一社会信用代码": "91371082MA94K6P28T",
            "联系人": "唐欣",
            "手机": "13800000004",
            "诉求类型": "融资",
            "标题": TITLE,
        }
    )
    assert "SQ-20260311-0001" in firm.text


def test_what_is_typed_while_the_form_is_drawn_anew_is_kept(people: People) -> None:
    firm = people("yuanhang")
    firm.open(ADDRESS)
    firm.page.route("**/start/appeal", lambda route: (firm.page.wait_for_timeout(150), route.continue_()))
    firm.page.get_by_label("申请加急").check()
    firm.page.get_by_label("标题").press_sequentially("写字的时候表单在重画", delay=30)
    expect(firm.page.get_by_label("加急理由")).to_be_visible()
    assert firm.page.get_by_label("标题").input_value() == "写字的时候表单在重画"


def test_an_appeal_is_filed_without_scripts(people: People, tmp_path: Path) -> None:
    proof = tmp_path / "合同.pdf"
    proof.write_bytes(b"%PDF-1.7\n%%EOF\n")
    firm = people("yuanhang", java_script_enabled=False)
    firm.page.get_by_role("link", name="企业诉求办理").click()
    firm.page.get_by_label("申请加急").check()
    _choose(firm)
    firm.page.get_by_label("附件").set_input_files(proof)
    firm.press("提交")
    assert "有 1 处需要修改" in firm.main.inner_text(), "the reason for urgency is asked for now"
    assert "已上传：合同.pdf" in firm.main.inner_text()
    firm.page.get_by_label("加急理由").fill("贷款月底到期")
    firm.press("提交")
    assert "SQ-20260311-0001" in firm.main.inner_text()
    firm.page.get_by_role("link", name="查看进度").click()
    assert "合同.pdf" in firm.main.inner_text() and "加急" in firm.main.inner_text()


def _choose(firm: Person) -> None:
    firm.page.get_by_label("诉求类型").select_option(label="融资")
    firm.page.get_by_label("标题").fill(TITLE)
    firm.page.get_by_label("诉求内容").fill("银行贷款本月到期。")


def test_signing_in_and_filing_need_no_mouse(people: People) -> None:
    firm = people()
    firm.open("/sign-in")
    keys = firm.page.keyboard
    _tab_to(firm, "账号")
    keys.type("yuanhang")
    _tab_to(firm, "密码")
    keys.type("zhiban-demo-2026")
    keys.press("Enter")
    expect(firm.main).to_contain_text("您好")
    keys.press("Tab")
    assert _focused(firm) == "跳到主要内容"
    _tab_to(firm, "企业诉求办理")
    keys.press("Enter")
    expect(firm.page.get_by_role("heading", level=1)).to_have_text("企业诉求办理")
    _tab_to(firm, "诉求类型")
    for _option in range(8):
        keys.press("ArrowDown")
    _tab_to(firm, "标题")
    keys.type(TITLE)
    _tab_to(firm, "诉求内容")
    keys.type("银行贷款本月到期。")
    _tab_to(firm, "申请加急")
    keys.press("Space")
    expect(firm.page.get_by_label("加急理由")).to_be_visible()
    assert _focused(firm).startswith("申请加急"), "drawing the form anew must not take the keyboard's place"
    _tab_to(firm, "加急理由")
    keys.type("贷款月底到期")
    keys.press("Control+Enter")
    expect(firm.main).to_contain_text("SQ-20260311-0001")


def _tab_to(person: Person, name: str) -> None:
    """Press Tab until the field, link or button called `name` has the focus, and it can be seen there."""
    for _step in range(40):
        person.page.keyboard.press("Tab")
        if _focused(person).startswith(name):
            return
    raise AssertionError(f"Tab never comes to {name}")


def _focused(person: Person) -> str:
    """The name of what has the focus."""
    name = person.page.evaluate(
        "() => { const e = document.activeElement;"
        " return ((e.labels && e.labels[0]) || e).innerText || e.value || ''; }"
    )
    return " ".join(str(name).split())


def test_a_session_that_has_ended_leads_back_to_the_page_after_signing_in(site: Site, people: People) -> None:
    platform = people("platform")
    site.clock.move_to(site.clock.now() + timedelta(days=91))
    platform.open("/cases?state=open")
    assert "重新登录" in platform.text
    platform.page.get_by_label("账号").fill("platform")
    platform.page.get_by_label("密码").fill("zhiban-demo-2026")
    platform.press("登录")
    assert platform.path == "/cases?state=open"
    assert datetime.fromisoformat("2026-06-01T00:00+08:00") < site.clock.now()
