"""One appeal from its filing to its end, by clicks, each person in turn, as the Rongcheng rules have it."""

import base64
from pathlib import Path

import pytest

from tests.browser.browser_driver import Person, Site
from tests.browser.conftest import People

pytestmark = pytest.mark.browser

TITLE = "厂区门口道路长期积水"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
FILING = {
    "诉求类型": "工程建设",
    "标题": TITLE,
    "诉求内容": "货车无法进出，已影响发货。请协调疏通排水管网。",
}
CONTACT = {"联系方式": "电话", "联系对象": "罗婷", "核实情况": "已核实，雨后积水约二十厘米。"}
CALL = {"是否接通": "接通", "部门是否联系过企业": "是"}
ANGRY = {**CALL, "诉求是否解决": "未解决", "满意度": "不满意", "不满意的原因": ["结果"]}
GLAD = {**CALL, "诉求是否解决": "已解决", "满意度": "满意"}


def test_an_appeal_from_filing_to_its_end(site: Site, people: People, tmp_path: Path) -> None:
    firm, platform, stranger = people("jingmi"), people("platform"), people("boda")
    admin, officer = people("housing-admin"), people("housing-1")
    case = _files(firm, tmp_path)
    _is_closed_to(stranger, case)
    _dispatches(site, platform, case)
    _returns(site, people("market-admin"), case)
    _dispatches_again(site, platform)
    _signs_for_an_officer(site, admin, case)
    _contacts_and_answers(site, officer, firm, case)
    _is_dissatisfied(site, platform, "2026-03-12T14:00", "今日 17:00 到期")
    _is_signed_late(site, platform, admin, officer, firm, case)
    _is_dissatisfied(site, platform, "2026-03-16T14:00", "今日 17:00 到期")
    _is_answered_again(site, platform, admin, officer)
    _comes_under_supervision(site, platform, firm, case)
    _is_supervised(site, admin, people("supervisor"), platform, firm, case)
    _is_rated_and_closed(site, firm, admin, case)
    _is_closed_to(stranger, case)


def _files(firm: Person, folder: Path) -> str:
    """The enterprise files its appeal with a picture and is given a number; the case's path."""
    photo = folder / "现场.png"
    photo.write_bytes(PIXEL)
    firm.page.get_by_role("link", name="企业诉求办理").click()
    assert firm.page.get_by_label("企业名称").input_value() == "清远晶密电子有限公司"
    firm.submit({**FILING, "附件": photo})
    assert "已提交" in firm.text and "SQ-20260311-0001" in firm.text
    firm.page.get_by_role("link", name="查看进度").click()
    assert firm.page.get_by_role("heading", level=1).inner_text() == TITLE
    assert "待研判" in firm.text and "现场.png" in firm.text
    assert "今日 17:00 到期" in firm.text
    with firm.page.expect_download() as download:
        firm.page.get_by_role("link", name="现场.png").click()
    assert download.value.path().read_bytes() == PIXEL
    return firm.path


def _is_closed_to(stranger: Person, case: str) -> None:
    assert stranger.open(case).status == 404
    assert TITLE not in stranger.page.content()
    assert stranger.open(f"{case}/diagram.json").status in (403, 404)
    stranger.open("/enterprise")
    assert "您还没有提交过事项" in stranger.text or TITLE not in stranger.text


def _dispatches(site: Site, platform: Person, case: str) -> None:
    site.move_to("2026-03-11T10:20")
    platform.take(TITLE)
    assert "今日 17:00 到期" in platform.text and "期限 2026年3月11日 17:00 周三" in platform.text
    assert "货车无法进出" in platform.text and "现场.png" in platform.text
    platform.submit({"处理方式": "派发", "主办部门": "市场监督管理局", "派发意见": "请限时处置"})
    assert "“研判派发”已提交" in platform.text
    platform.open(case)
    assert "待签收" in platform.text
    assert _present(platform) == ["sign"]
    assert {"submitted", "triage", "dispatch"} <= set(_passed(platform))
    assert "正在：签收" in platform.text


def _returns(site: Site, market: Person, case: str) -> None:
    site.move_to("2026-03-11T11:00")
    market.take(TITLE)
    assert "请限时处置" in market.text
    market.submit({"签收意见": "退单", "退单理由": "主责在住建。", "退单依据": "“三定”规定第四条"})
    assert "“签收”已提交" in market.text


def _dispatches_again(site: Site, platform: Person) -> None:
    site.move_to("2026-03-11T11:30")
    platform.take(TITLE)
    assert "主责在住建。" in platform.text
    platform.submit({"处理方式": "派发", "主办部门": "住房和城乡建设局"})


def _signs_for_an_officer(site: Site, admin: Person, case: str) -> None:
    site.move_to("2026-03-11T13:30")
    admin.take(TITLE)
    assert "期限 2026年3月12日 17:30 周四" in admin.text
    admin.submit({"签收意见": "签收", "承办人": "沈梅"})
    admin.open(case)
    assert "待联系" in admin.text and "沈梅" in admin.text
    assert _present(admin) == ["contact"]


def _contacts_and_answers(site: Site, officer: Person, firm: Person, case: str) -> None:
    site.move_to("2026-03-11T14:00")
    officer.go_on_with(TITLE)
    officer.submit({"联系时间": "2026-03-11T13:50", **CONTACT})
    # the next task of the same case opens by itself
    assert "本次办理：处置答复" in officer.text
    site.move_to("2026-03-12T10:00")
    officer.go_on_with(TITLE)
    officer.submit({"办理结果": "已解决", "答复内容": "已安排疏通，三日内完成。"})
    firm.open(case)
    assert "待回访" in firm.text and "住房和城乡建设局" in firm.text
    assert "沈梅" not in firm.text, "an enterprise reads departments, not officers' names"
    for internal in ("登记退单", "到时：", "记入考核", "流程图"):
        assert internal not in firm.page.content()


def _is_dissatisfied(site: Site, platform: Person, moment: str, words: str) -> None:
    site.move_to(moment)
    platform.take(TITLE)
    assert "已安排疏通" in platform.text
    platform.submit(ANGRY)
    platform.take(TITLE)
    assert "本次办理：重新派件" in platform.text and words in platform.text
    assert "企业对本次办理不满意，原因：结果" in platform.text


def _is_signed_late(
    site: Site, platform: Person, admin: Person, officer: Person, firm: Person, case: str
) -> None:
    """The second round: nobody signs until the moment has passed; all but the enterprise read of it."""
    site.move_to("2026-03-12T14:30")
    platform.submit({"办理要求": "请再次核实，并给出可行的办法。"})
    site.move_to("2026-03-16T09:00")
    admin.open("/inbox?tab=claimable")
    assert "已超期 1 个工作日" in admin.text and "已超期 1 件" in admin.text
    admin.open(case)
    assert "已提醒：签收" in admin.text
    assert _marked(admin, "late") == ["sign"]
    firm.open(case)
    assert "已提醒" not in firm.page.content()
    _answers_at_once(admin, officer, "请再次核实")


def _answers_at_once(admin: Person, officer: Person, required: str) -> None:
    admin.take(TITLE)
    assert required in admin.text
    admin.submit({"签收意见": "签收", "承办人": "沈梅"})
    officer.go_on_with(TITLE)
    officer.submit({"联系时间": "2026-03-16T08:59", **CONTACT})
    officer.submit({"办理结果": "部分解决", "答复内容": "已安排疏通，正在施工。", "计划完成日": "2026-03-20"})


def _is_answered_again(site: Site, platform: Person, admin: Person, officer: Person) -> None:
    """The third round, to the same department."""
    site.move_to("2026-03-16T15:00")
    platform.submit({"办理要求": "请负责人到场。"})
    _answers_at_once(admin, officer, "请负责人到场。")


def _comes_under_supervision(site: Site, platform: Person, firm: Person, case: str) -> None:
    """More than two dissatisfactions with one department."""
    site.move_to("2026-03-17T10:00")
    platform.take(TITLE)
    platform.submit(ANGRY)
    platform.open(case)
    assert "督办中" in platform.text and _present(platform) == ["supervision_handle"]
    course = platform.page.locator(".timeline").first.inner_text()
    assert course.count("记入考核：企业不满意") == 3 and course.count("记入考核：未完成申请事项") == 3
    firm.open(case)
    assert "督办中" in firm.text and "记入考核" not in firm.text


def _is_supervised(
    site: Site, admin: Person, supervisor: Person, platform: Person, firm: Person, case: str
) -> None:
    admin.take(TITLE)
    assert "督办号 DB-2026-001" in admin.text and "期限 2026年3月20日 17:30 周五" in admin.text
    admin.submit({"办理结果": "已解决", "答复内容": "负责人到场，管网已疏通。"})
    site.move_to("2026-03-17T15:00")
    supervisor.take(TITLE)
    supervisor.submit({"核实情况": "现场已无积水。", "督办打分": "85", "核查结论": "通过"})
    firm.open(case)
    assert "督办核查" not in firm.page.content() and "现场已无积水" not in firm.page.content()
    assert "督办回访" in firm.text
    platform.take(TITLE)
    platform.submit(GLAD)


def _is_rated_and_closed(site: Site, firm: Person, admin: Person, case: str) -> None:
    site.move_to("2026-03-18T09:00")
    firm.open("/enterprise")
    assert "等您办理" in firm.text
    firm.page.get_by_role("link", name="企业评价").click()
    firm.submit({"对办理过程的评价": "基本满意", "对办理结果的评价": "满意"})
    assert firm.path == case
    admin.take(TITLE)
    admin.submit({"企业配合程度": "非常配合"})
    admin.open(case)
    assert "结束：办结" in admin.text and _present(admin) == []
    assert {"closed", "supervision_check", "rate_service"} <= set(_passed(admin))
    firm.open(case)
    assert "结束：办结" in firm.text and "正在：" not in firm.text
    firm.open("/enterprise")
    assert firm.page.get_by_role("row").filter(has_text=TITLE).get_by_text("办结", exact=True).is_visible()


def _marked(person: Person, marker: str) -> list[str]:
    """The elements of the case's diagram that carry a marker: done, now or late."""
    person.page.locator("#diagram .zb-done").first.wait_for()
    ids = person.page.locator(f"#diagram .djs-shape.zb-{marker}")
    return [str(one.get_attribute("data-element-id")) for one in ids.all()]


def _present(person: Person) -> list[str]:
    return _marked(person, "now")


def _passed(person: Person) -> list[str]:
    assert person.page.locator("#diagram .djs-connection.zb-done").count() > 3
    return _marked(person, "done")
