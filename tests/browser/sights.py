"""The list of sights: each route that draws a page, for each role that may open it, in each state."""

from collections.abc import Callable
from typing import Any

from tests.browser.browser_driver import Person
from tests.browser.gallery import FIRST, SUPERVISED, URGENT, Gallery, Sight

Go = Callable[[Person, Gallery], Any]

# whoever works here: the plain pages are visited by one of each role
OFFICERS = (
    "platform",
    "control",
    "supervisor",
    "leader",
    "administrator",
    "analyst",
    "auditor",
    "housing-admin",
    "market-1",
)
# routes that answer GET with something else than a page of their own
NO_PAGE = {
    "home.home": "leads on",
    "case.diagram": "a diagram",
    "case.state": "data for the diagram",
    "files.file": "a download",
    "assessments.sheet": "a download",
    "broken": "made for these tests",
}


def at(path: str) -> Go:
    return lambda person, _gallery: person.open(path)


def case(title: str) -> Go:
    return lambda person, gallery: person.open(gallery.case(title))


def task(title: str, element: str, values: dict[str, Any] | None = None, *, press: str = "") -> Go:
    """A task's page, with `values` filled in so that what depends on them is shown."""

    def go(person: Person, gallery: Gallery) -> None:
        person.open(gallery.task(title, element))
        person.fill(values or {})
        if press:
            person.press(press)

    return go


def doing(title: str, element: str, action: str) -> Go:
    """The page of one action on a task."""
    return lambda person, gallery: person.open(f"{gallery.task(title, element)}/do/{action}")


def waiting(person: Person, gallery: Gallery) -> None:
    """A task that waits for signers."""
    person.open(gallery.task(gallery.signed(), "triage"))


def asked(more: str = "", press: str = "") -> Go:
    """The task of an added signer, or what can be done with it."""

    def go(person: Person, gallery: Gallery) -> None:
        person.open(gallery.signer() + more)
        assert person.path.endswith(more)
        if press:
            person.press(press)

    return go


def of_signed(more: str) -> Go:
    """A page of the task that waits for signers."""

    def go(person: Person, gallery: Gallery) -> None:
        person.open(gallery.task(gallery.signed(), "triage") + more)
        assert person.path.endswith(more)

    return go


def beside(title: str, element: str) -> Go:
    """A task beside the list; on a phone alone."""

    def go(person: Person, gallery: Gallery) -> None:
        person.open("/inbox?task=" + gallery.task(title, element).rpartition("/")[2])
        assert person.page.locator("#pane").is_visible()

    return go


def bulk(person: Person, _gallery: Gallery) -> None:
    """Several rows handed to nobody: each says that it was not done."""
    person.open("/inbox")
    for box in person.page.locator("td.pick input").all():
        box.check()
    person.press("转办选中的")


def kept_filter(person: Person, _gallery: Gallery) -> None:
    """A filter kept by name, with its form unfolded."""
    person.open("/inbox?urgent=1")
    if not person.page.locator("a.chip").count():
        person.page.get_by_text("保存这个筛选").click()
        person.fill({"名称": "加急的"})
        person.press("保存")
    person.page.get_by_text("修改筛选").click()


def helped(person: Person, _gallery: Gallery) -> None:
    """What the keys mean."""
    person.open("/inbox")
    person.page.evaluate("document.querySelector('[data-keys-help]').showModal()")


def form(values: dict[str, Any], *, press: str = "") -> Go:
    def go(person: Person, _gallery: Gallery) -> None:
        person.open("/start/appeal")
        person.fill(values)
        if press:
            person.press(press)

    return go


def refused(person: Person, _gallery: Gallery) -> None:
    person.sign_in("nobody", "wrong")


def unfolded(title: str) -> Go:
    """The case's page with every answer unfolded."""

    def go(person: Person, gallery: Gallery) -> None:
        person.open(gallery.case(title))
        for one in person.page.locator("details.answers > summary").all():
            one.click()

    return go


def unfold(path: str) -> Go:
    """A page with everything unfolded."""

    def go(person: Person, _gallery: Gallery) -> None:
        person.open(path)
        for one in person.page.locator("main details > summary").all():
            one.click()

    return go


def ending(title: str, more: str) -> Go:
    return lambda person, gallery: person.open(gallery.case(title) + more)


def telling(more: str = "", press: str = "") -> Go:
    """A case that waits to be told something, or the form of one of its messages."""

    def go(person: Person, gallery: Gallery) -> None:
        person.open(gallery.told() + more)
        if press:
            person.press(press)

    return go


def pressed(path: str, button: str) -> Go:
    def go(person: Person, _gallery: Gallery) -> None:
        person.open(path)
        person.press(button)

    return go


def handing(who: str, press: str = "") -> Go:
    """The page on which somebody's tasks are handed over."""

    def go(person: Person, gallery: Gallery) -> None:
        person.open(f"/handover/{gallery.actor(who).id}")
        if press:
            person.press(press)

    return go


def imported(person: Person, _gallery: Gallery) -> None:
    person.open("/calendar/import")
    person.fill({"或者在这里粘贴": "日期,类型,说明\n2027-02-05,休,春节\n2027-02-14,班,春节调休上班"})
    person.press("预览")


def rules_mistaken(person: Person, _gallery: Gallery) -> None:
    person.open("/rules/edit")
    person.page.locator("[name='limits[0].count']").fill("许多")
    person.page.locator("[name='limits[3].type']").fill("")
    person.page.locator("[name='limits[3].complexity']").fill("")
    person.press("发布")


def rules_preview(person: Person, _gallery: Gallery) -> None:
    person.open("/rules/edit")
    person.page.locator("[name='limits[0].count']").fill("5")
    person.press("预览")


def menu(person: Person, _gallery: Gallery) -> None:
    """The menu that a phone unfolds; on a wide screen the page as it is."""
    person.open("/inbox")
    summary = person.page.locator("details.menu > summary")
    if summary.is_visible():
        summary.click()


def started(person: Person, gallery: Gallery) -> None:
    person.open(gallery.case("应急转贷资金申请").replace("/cases/", "/start/done/"))


def assessment(person: Person, _gallery: Gallery) -> None:
    """The first assessment that the person's ledger lists and that may still be objected to."""
    person.open("/assessments?state=standing")
    person.page.locator("a.row-title").first.click()


def objected(person: Person, gallery: Gallery) -> None:
    """An assessment to which an objection waits for its decision."""
    gallery.object()
    person.open("/assessments?state=objected")
    person.page.locator("a.row-title").first.click()


def conflict(person: Person, gallery: Gallery) -> None:
    """The task is finished elsewhere while its form stands open here."""
    title = gallery.fresh()
    person.open(gallery.task(title, "triage"))
    person.fill({"处理方式": "派发", "主办部门": "住房和城乡建设局", "派发意见": "写了很久的一段话"})
    gallery.reject(title)
    person.press("提交")


def english(person: Person, gallery: Gallery) -> None:
    person.open(gallery.task(URGENT, "triage") + "?lang=en")


def forged(person: Person, _gallery: Gallery) -> None:
    person.open("/start/appeal")
    person.page.locator("form[data-form] [name=csrf_token]").evaluate("node => node.remove()")
    person.press("提交")


def broken(status: int) -> Sight:
    return Sight(f"failure-{status}", "platform", "broken", at(f"/broken/{status}"), status)


# what is looked at in elder mode: each kind of page, with its mistakes, in both languages
ELDERS: tuple[tuple[str, str, str, Go, int], ...] = (
    ("sign-in", "", "account.sign_in_page", at("/sign-in"), 200),
    ("sign-in-refused", "", "account.sign_in_page", refused, 422),
    ("inbox", "platform", "inbox.inbox", at("/inbox"), 200),
    ("inbox-english", "platform", "inbox.inbox", at("/inbox?lang=en"), 200),
    ("inbox-beside", "platform", "inbox.inbox", beside(URGENT, "triage"), 200),
    ("inbox-bulk", "platform", "inbox.inbox", bulk, 200),
    ("act", "platform", "acting.page", doing(URGENT, "triage", "transfer"), 200),
    ("act-decide", "control", "acting.page", asked("/do/decide"), 200),
    ("task-held", "platform", "task.task", waiting, 200),
    ("case-print", "supervisor", "case.sheet", ending(SUPERVISED, "/print"), 200),
    ("inbox-menu", "platform", "inbox.inbox", menu, 200),
    ("inbox-claimable", "platform", "inbox.inbox", at("/inbox?tab=claimable"), 200),
    ("cases", "leader", "cases.cases", at("/cases"), 200),
    ("case", "leader", "case.case", unfolded(SUPERVISED), 200),
    ("case-enterprise", "haifeng", "case.case", unfolded(SUPERVISED), 200),
    ("enterprise", "yunqi", "home.enterprise", at("/enterprise"), 200),
    ("form", "jingmi", "start.form", form({"申请加急": True}), 200),
    ("form-mistakes", "jingmi", "start.form", form({"手机": "138"}, press="提交"), 422),
    ("started", "yuanhang", "start.started", started, 200),
    ("task", "industry-1", "task.task", task("应急转贷资金申请", "handle", {"办理结果": "部分解决"}), 200),
    ("task-english", "platform", "task.task", english, 200),
    ("calendar", "control", "calendar.calendar", at("/calendar"), 200),
    ("calendar-day", "control", "calendar.day", at("/calendar/days/2026-02-14"), 200),
    ("calendar-import", "control", "importing.page", imported, 200),
    ("calendar-hours", "control", "calendar.hours", at("/calendar/hours"), 200),
    ("rules", "market-1", "rules.rules", unfold("/rules"), 200),
    ("rules-edit", "control", "rules.edit", at("/rules/edit"), 200),
    ("case-messages", "jingmi", "case.case", telling(), 200),
    ("message", "jingmi", "message.form", telling("/messages/撤回"), 200),
    ("failure-404", "platform", "", at("/no/such/page"), 404),
)

CALL = {"是否接通": "接通", "满意度": "不满意"}
SIGHTS: tuple[Sight, ...] = (
    Sight("sign-in", "", "account.sign_in_page", at("/sign-in")),
    Sight("sign-in-english", "", "account.sign_in_page", at("/sign-in?lang=en")),
    Sight("sign-in-refused", "", "account.sign_in_page", refused, 422),
    *(Sight(f"inbox-{who}", who, "inbox.inbox", at("/inbox")) for who in OFFICERS),
    *(Sight(f"cases-{who}", who, "cases.cases", at("/cases")) for who in OFFICERS),
    *(Sight(f"start-{who}", who, "start.index", at("/start")) for who in (*OFFICERS, "jingmi")),
    Sight("inbox-claimable", "platform", "inbox.inbox", at("/inbox?tab=claimable")),
    Sight("inbox-claimable-department", "housing-1", "inbox.inbox", at("/inbox?tab=claimable")),
    Sight("inbox-settings", "platform", "inbox_settings.settings", at("/inbox/settings")),
    *(
        Sight(f"act-{way}", "ecology-1", "acting.page", doing(SUPERVISED, "supervision_handle", way))
        for way in ("transfer", "delegate", "sign-before", "copy")
    ),
    Sight("act-send-back", "platform", "acting.page", doing("经营范围变更", "callback", "send-back")),
    Sight("act-sign-after", "platform", "acting.page", doing(URGENT, "triage", "sign-after")),
    Sight("act-decide", "control", "acting.page", asked("/do/decide")),
    Sight("act-decide-mistakes", "control", "acting.page", asked("/do/decide", "加签意见"), 422),
    Sight("act-remove-signer", "platform", "acting.page", of_signed("/do/remove-signer")),
    Sight("task-held", "platform", "task.task", waiting),
    Sight("task-signer", "control", "task.task", asked()),
    Sight("case-signing", "platform", "case.case", lambda p, g: p.open(g.case(g.signed()))),
    Sight("inbox-beside", "platform", "inbox.inbox", beside(URGENT, "triage")),
    Sight("inbox-bulk", "platform", "inbox.inbox", bulk),
    Sight("inbox-filter-kept", "platform", "inbox.inbox", kept_filter),
    Sight("inbox-filters", "platform", "inbox.inbox", unfold("/inbox?tab=done")),
    Sight("inbox-copied", "platform", "inbox.inbox", at("/inbox?tab=copied")),
    Sight("inbox-followed", "platform", "inbox.inbox", at("/inbox?tab=followed")),
    Sight("inbox-keys", "platform", "inbox.inbox", helped),
    Sight("act-terminate", "control", "case_acting.page", ending(SUPERVISED, "/do/terminate")),
    Sight("inbox-done", "platform", "inbox.inbox", at("/inbox?tab=done")),
    Sight("inbox-closed", "platform", "inbox.inbox", at("/inbox?tab=closed")),
    Sight("inbox-menu", "platform", "inbox.inbox", menu),
    Sight("inbox-english", "leader", "inbox.inbox", at("/inbox?lang=en")),
    Sight("cases-found", "platform", "cases.cases", at("/cases?text=有限公司&state=open")),
    Sight("cases-none", "platform", "cases.cases", at("/cases?text=查无此件")),
    Sight("case-open", "platform", "case.case", case(FIRST)),
    Sight("case-supervised", "supervisor", "case.case", unfolded(SUPERVISED)),
    Sight("case-late", "leader", "case.case", case("应急转贷资金申请")),
    Sight("case-ruling", "control", "case.case", case("跨部门审批顺序")),
    Sight("case-closed", "auditor", "case.case", case("稳岗返还未到账")),
    Sight("case-department", "ecology-1", "case.case", case(SUPERVISED)),
    Sight("case-enterprise", "haifeng", "case.case", unfolded(SUPERVISED)),
    Sight("case-enterprise-to-rate", "yunqi", "case.case", case("人才公寓申请")),
    Sight("case-enterprise-closed", "boda", "case.case", case("稳岗返还未到账")),
    Sight("case-enterprise-rejected", "yuanhang", "case.case", case("邻里停车纠纷")),
    Sight("case-print", "supervisor", "case.sheet", ending(SUPERVISED, "/print")),
    Sight("case-print-enterprise", "haifeng", "case.sheet", ending(SUPERVISED, "/print")),
    *(Sight(f"notices-{who}", who, "notices.notices", at("/notices")) for who in ("platform", "jingmi")),
    Sight("notices-unread", "control", "notices.notices", at("/notices?unread=1")),
    Sight("notices-none", "analyst", "notices.notices", at("/notices")),
    Sight("notices-english", "ecology-1", "notices.notices", at("/notices?lang=en")),
    *(
        Sight(f"ledger-{who}", who, "assessments.assessments", at("/assessments"))
        for who in ("control", "ecology-admin")
    ),
    Sight("ledger-english", "leader", "assessments.assessments", at("/assessments?lang=en")),
    Sight("ledger-none", "market-admin", "assessments.assessments", at("/assessments?text=none")),
    Sight("assessment", "supervisor", "assessments.assessment", assessment),
    Sight("assessment-to-object", "ecology-admin", "assessments.assessment", assessment),
    Sight("assessment-to-decide", "control", "assessments.assessment", objected),
    *(Sight(f"absence-{who}", who, "absence.mine", at("/absence")) for who in ("platform", "housing-1")),
    Sight("absence-english", "housing-2", "absence.mine", at("/absence?lang=en")),
    Sight("absence-mistakes", "market-1", "absence.mine", pressed("/absence", "设定代理"), 422),
    Sight("absence-elder", "housing-2", "absence.mine", at("/absence"), elder=True),
    *(
        Sight(f"absence-department-{who}", who, "department.department", at("/absence/department"))
        for who in ("housing-admin", "control", "administrator")
    ),
    Sight("handover", "industry-1", "handover.choose", handing("industry-1")),
    Sight("handover-none", "control", "handover.choose", handing("platform-2")),
    Sight("handover-mistakes", "industry-1", "handover.choose", handing("industry-1", press="移交"), 422),
    Sight("accounts", "administrator", "accounts.accounts", at("/accounts")),
    Sight("enterprise", "jingmi", "home.enterprise", at("/enterprise")),
    Sight("enterprise-to-rate", "yunqi", "home.enterprise", at("/enterprise")),
    Sight("form-enterprise", "jingmi", "start.form", at("/start/appeal")),
    Sight("form-enterprise-urgent", "jingmi", "start.form", form({"申请加急": True})),
    Sight(
        "form-enterprise-mistakes",
        "jingmi",
        "start.form",
        form({"手机": "138", "申请加急": True}, press="提交"),
        422,
    ),
    Sight("form-platform", "platform", "start.form", at("/start/appeal")),
    Sight("form-platform-mistakes", "platform", "start.form", form({}, press="提交"), 422),
    Sight("started", "yuanhang", "start.started", started),
    Sight("task-claimable", "platform", "task.task", task(FIRST, "triage")),
    Sight("task-theirs", "platform-2", "task.task", task(URGENT, "triage")),
    Sight("task-over", "platform", "task.task", task("人才公寓申请", "triage")),
    Sight("task-triage", "platform", "task.task", task(URGENT, "triage", {"处理方式": "派发"})),
    Sight("task-triage-reject", "platform", "task.task", task(URGENT, "triage", {"处理方式": "不予受理"})),
    Sight("task-triage-mistakes", "platform", "task.task", task(URGENT, "triage", press="提交"), 422),
    Sight(
        "task-sign", "ecology-admin", "task.task", task("新增生产线环评类别", "sign", {"签收意见": "签收"})
    ),
    Sight(
        "task-return", "ecology-admin", "task.task", task("新增生产线环评类别", "sign", {"签收意见": "退单"})
    ),
    Sight("task-ruling", "control", "task.task", task("跨部门审批顺序", "ruling")),
    Sight("task-contact", "market-1", "task.task", task("冷链食品标签整改", "contact")),
    Sight(
        "task-handle",
        "industry-1",
        "task.task",
        task("应急转贷资金申请", "handle", {"办理结果": "部分解决"}),
    ),
    Sight(
        "task-handle-mistakes",
        "industry-1",
        "task.task",
        task("应急转贷资金申请", "handle", {"办理结果": "部分解决"}, press="提交"),
        422,
    ),
    Sight("task-callback", "platform", "task.task", task("经营范围变更", "callback", CALL)),
    Sight("task-redispatch", "platform", "task.task", task("园区供水压力不足", "redispatch")),
    Sight(
        "task-supervision",
        "ecology-1",
        "task.task",
        task(SUPERVISED, "supervision_handle", {"办理结果": "暂不能解决"}),
    ),
    Sight("task-enterprise-rating", "yunqi", "task.task", task("人才公寓申请", "rate_service")),
    Sight(
        "task-enterprise-rating-mistakes",
        "yunqi",
        "task.task",
        task("人才公寓申请", "rate_service", press="提交"),
        422,
    ),
    Sight("task-english", "platform", "task.task", english),
    Sight("conflict", "platform", "task.task", conflict, 409),
    Sight("calendar", "market-1", "calendar.calendar", at("/calendar")),
    Sight("calendar-control", "control", "calendar.calendar", at("/calendar")),
    Sight("calendar-provisional", "control", "calendar.calendar", at("/calendar?year=2027")),
    Sight("calendar-english", "leader", "calendar.calendar", at("/calendar?lang=en")),
    Sight("calendar-day", "control", "calendar.day", at("/calendar/days/2026-02-14")),
    Sight(
        "calendar-day-mistakes", "control", "calendar.day", pressed("/calendar/days/2026-02-14", "保存"), 422
    ),
    Sight("calendar-hours", "control", "calendar.hours", at("/calendar/hours?department=tax")),
    Sight("calendar-import", "control", "importing.page", at("/calendar/import")),
    Sight("calendar-import-preview", "control", "importing.page", imported),
    Sight("calendar-import-mistakes", "control", "importing.page", pressed("/calendar/import", "预览"), 422),
    Sight("whatif", "analyst", "whatif.whatif", at("/whatif")),
    Sight("whatif-limit", "analyst", "whatif.limit", at("/whatif/limit?row=5&count=5&month=2026-02")),
    Sight("rules", "market-1", "rules.rules", at("/rules")),
    Sight("rules-control", "control", "rules.rules", unfold("/rules")),
    Sight("rules-edit", "control", "rules.edit", at("/rules/edit")),
    Sight("rules-edit-mistakes", "control", "rules.edit", rules_mistaken, 422),
    Sight("rules-preview", "control", "rules.edit", rules_preview),
    Sight("rules-english", "control", "rules.edit", at("/rules/edit?lang=en")),
    *(
        Sight(f"incidents-{who}", who, "incidents.incidents", at("/incidents"))
        for who in ("control", "administrator")
    ),
    Sight("incidents-english", "control", "incidents.incidents", at("/incidents?lang=en")),
    Sight("case-enterprise-messages", "jingmi", "case.case", telling()),
    Sight("clock", "control", "stopping.clock", ending(FIRST, "/clock")),
    Sight("message", "jingmi", "message.form", telling("/messages/撤回")),
    Sight("message-mistakes", "jingmi", "message.form", telling("/messages/撤回", "撤回诉求"), 422),
    Sight("message-without-form", "platform", "message.form", telling("/messages/终止")),
    Sight("failure-403", "jingmi", "inbox.inbox", at("/inbox"), 403),
    Sight("failure-404", "platform", "", at("/no/such/page"), 404),
    Sight("failure-404-stranger", "", "", at("/no/such/page"), 404),
    Sight("failure-404-case", "jingmi", "case.case", case(SUPERVISED), 404),
    Sight("failure-400", "jingmi", "start.form", forged, 400),
    *(
        Sight(f"elder-{name}", who, endpoint, go, status, elder=True)
        for name, who, endpoint, go, status in ELDERS
    ),
    *(broken(status) for status in (405, 409, 413, 429, 500, 503)),
)
