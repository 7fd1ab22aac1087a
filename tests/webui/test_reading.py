"""A case as an officer reads it, and as its enterprise does."""

from collections.abc import Callable

from engine.clock import ControlledClock
from tests.webui.test_working import TRIAGE, claimed, dispatched
from tests.webui.webui_driver import APPEAL, Browser, upload

Someone = Callable[[str], Browser]


def handled(someone: Someone) -> None:
    """The department signs, contacts the enterprise and answers."""
    dispatched(someone)
    admin = someone("housing-admin")
    claimed(admin)
    admin.send({"sign": "签收"}, press="_refresh")
    handler = next(value for value, text in zip(*_options(admin, "handler"), strict=True) if text == "沈梅")
    admin.send({"sign": "签收", "handler": handler})
    officer = someone("housing-1")
    officer.open(officer.open("/inbox").links("/tasks/")[0])
    contact = {"contacted_at": "2026-03-09T08:30", "contact_method": "电话", "contact_person": "罗婷"}
    officer.send({**contact, "contact_finding": "内部核实：管养单位推诿"})
    assert "下一步也由您办理" in officer.text, officer.text
    answer = {"result": "已解决", "answer": "排水管道已疏通，请查看。"}
    officer.send({**answer, "answer_files": [upload("照片.pdf", b"%PDF-1.7\n%%EOF\n")]})
    assert "已提交" in officer.text, officer.text


def _options(browser: Browser, name: str) -> tuple[list[str], list[str]]:
    select = browser.page.tree.xpath(f"//select[@name='{name}']")[0]
    options = select.xpath("option[@value!='']")
    return [o.get("value") for o in options], [o.text_content().strip() for o in options]


def test_the_case_page_tells_the_course_in_words(someone: Someone, appeal: str) -> None:
    handled(someone)
    browser = someone("platform").open(f"/cases/{appeal}")
    for word in (
        "提交",
        "研判派发",
        "签收",
        "联系企业",
        "处置答复",
        "李娜",
        "蒋涛",
        "沈梅",
        "正在：回访",
        "管养单位",
    ):
        assert word in browser.text, word
    assert "住房和城乡建设局" in browser.text and "照片.pdf" in browser.text


def test_the_picture_says_the_same_as_the_words(someone: Someone, appeal: str) -> None:
    dispatched(someone)
    browser = someone("platform")
    state = browser.client.get(f"/cases/{appeal}/diagram.json").get_json()
    assert {"submitted", "triage"} <= set(state["done"]) and state["now"] == ["sign"]
    assert state["flows"] and set(state["stayed"]) == {"triage", "sign"}
    xml = browser.client.get(f"/cases/{appeal}/diagram.bpmn")
    assert xml.mimetype == "application/xml" and b"<bpmn:process" in xml.data


def test_what_is_late_is_marked_in_the_picture(someone: Someone, appeal: str, clock: ControlledClock) -> None:
    clock.move_to(clock.now().replace(hour=23))
    state = someone("platform").client.get(f"/cases/{appeal}/diagram.json").get_json()
    assert state["late"] == ["triage"] and state["now"] == []


def test_an_enterprise_follows_its_case_without_names_or_inner_opinions(
    someone: Someone, appeal: str
) -> None:
    handled(someone)
    browser = someone("jingmi").open(f"/cases/{appeal}")
    for word in ("研判派发", "签收", "联系企业", "处置答复", "正在：回访", APPEAL["content"]):
        assert word in browser.text, word
    for word in ("李娜", "蒋涛", "沈梅", "推诿", "请限时处置", "记入考核", TRIAGE["department"]):
        assert word not in browser.page.response.text, word


def test_the_picture_with_what_is_internal_is_not_for_enterprises(someone: Someone, appeal: str) -> None:
    browser = someone("jingmi")
    assert browser.client.get(f"/cases/{appeal}/diagram.bpmn").status_code == 403
    assert browser.client.get(f"/cases/{appeal}/diagram.json").status_code == 403


def test_the_case_of_another_enterprise_does_not_exist(someone: Someone, appeal: str) -> None:
    assert someone("lvneng").open(f"/cases/{appeal}").status == 404
    assert someone("lvneng").open(f"/start/done/{appeal}").status == 404


def test_a_department_reads_only_what_was_dispatched_to_it(someone: Someone, appeal: str) -> None:
    dispatched(someone)
    assert someone("housing-1").open(f"/cases/{appeal}").status == 200
    assert someone("tax-1").open(f"/cases/{appeal}").status == 403
    assert "厂区" not in someone("tax-1").open("/cases").text


def test_cases_are_found_by_number_title_enterprise_and_status(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    for query in ("text=SQ-20260309-0001", "text=积水", "text=晶密", "status=待研判", "state=open"):
        assert "厂区门口" in browser.open(f"/cases?{query}").text, query
    for query in ("text=绿能", "status=办结", "state=ended"):
        assert "没有符合条件" in browser.open(f"/cases?{query}").text, query


def test_files_are_downloads_for_those_who_may_read_them(someone: Someone) -> None:
    owner = someone("jingmi").open("/start/appeal")
    owner.send({**APPEAL, "attachments": [upload("现场 情况.pdf", b"%PDF-1.7\n%%EOF\n")]})
    owner.open("/cases/" + owner.path.rsplit("/", 1)[-1])
    (address,) = set(owner.links("/files/"))
    for username in ("jingmi", "platform"):
        answer = someone(username).client.get(address)
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert someone("lvneng").client.get(address).status_code == 404
    assert someone("tax-1").client.get(address).status_code == 403


def test_an_enterprise_rates_at_the_end_without_claiming_first(someone: Someone, appeal: str) -> None:
    handled(someone)
    officer = someone("platform")
    claimed(officer)
    officer.send({"reached": "接通"}, press="_refresh")
    officer.send({"contacted_by_department": "是", "solved": "已解决", "satisfaction": "满意"})
    enterprise = someone("jingmi").open("/enterprise")
    assert "等您办理" in enterprise.text
    enterprise.open(enterprise.links("/tasks/")[0])
    assert "李娜" not in enterprise.page.response.text and "没有填写内容" not in enterprise.text
    assert "主办部门住房和城乡建设局" in enterprise.text
    enterprise.send({"process_rating": "满意", "result_rating": "满意"})
    assert enterprise.path == f"/cases/{appeal}" and "已提交" in enterprise.text


def test_a_refusal_tells_an_enterprise_no_officers_name(someone: Someone, appeal: str) -> None:
    officer = someone("platform")
    address = claimed(officer)
    enterprise = someone("jingmi").open(f"/cases/{appeal}")
    token = enterprise.page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    answer = enterprise.client.post(address, data={"csrf_token": token})
    assert answer.status_code == 403 and "李娜" not in answer.text


def test_who_may_see_no_case_is_told_so(someone: Someone, appeal: str) -> None:
    browser = someone("analyst").open("/cases")
    assert "不查看具体事项" in browser.text and "放宽条件" not in browser.text
    assert not browser.open("/inbox").links("/cases")


def test_an_empty_inbox_leads_on_and_offers_only_what_one_may_do(someone: Someone, appeal: str) -> None:
    leader = someone("leader").open("/inbox")
    assert leader.links("/cases") and not leader.page.tree.xpath("//header//a[@href='/start']")
    assert someone("platform").open("/inbox").page.tree.xpath("//header//a[@href='/start']")
