"""What is ahead of a case, on its pages: officers read all of it, the enterprise what it may know."""

from collections.abc import Callable

from engine.clock import ControlledClock
from tests.webui.test_reading import handled
from tests.webui.webui_driver import Browser

Someone = Callable[[str], Browser]
TITLE = "按各环节时限推算"


def ahead(browser: Browser) -> str:
    (card,) = browser.page.tree.xpath("//section[@aria-labelledby='ahead-title']")
    return " ".join(card.text_content().split())


def test_the_case_page_says_what_is_ahead(someone: Someone, appeal: str) -> None:
    said = ahead(someone("platform").open(f"/cases/{appeal}"))
    # submitted Monday 2026-03-09 08:40: dispatch 17:00, signing 10, handling 10, 11, 12, call-back 13, 16
    for words in (
        "研判派发服务中心",
        "3月9日 17:00",
        "假定：派发、市场监管、一般、市场监督管理局",
        "签收",
        "3月10日 17:30",
        "预计超期",
        "处置答复",
        "3月12日 17:30",
        "回访",
        "3月16日 17:30",
        "办结3月23日 17:30",  # 17, 18, 19, 20, 23
    ):
        assert words in said, (words, said)


def test_the_task_page_says_the_same(someone: Someone, appeal: str) -> None:
    browser = someone("platform").open("/inbox?tab=claimable")
    task = browser.open(browser.links("/tasks/")[0])
    assert ahead(task) == ahead(browser.open(f"/cases/{appeal}"))


def test_it_is_said_in_english_too(someone: Someone, appeal: str) -> None:
    said = ahead(someone("platform").open(f"/cases/{appeal}?lang=en"))
    assert "If each step is done on its last day" in said and "Assumed: Dispatch to a department" in said


def test_an_enterprise_reads_no_officer_and_no_choice_of_theirs(someone: Someone, appeal: str) -> None:
    handled(someone)
    said = ahead(someone("jingmi").open(f"/cases/{appeal}"))
    assert "回访" in said and "企业评价" in said
    assert "沈梅" not in said and "假定" not in said, said


def test_an_ended_case_has_nothing_ahead(someone: Someone, appeal: str, clock: ControlledClock) -> None:
    platform = someone("platform").open("/inbox?tab=claimable")
    platform.send(to="/claim")
    platform.open("/inbox").open(platform.links("/tasks/")[0])
    reason = {"outcome": "不予受理", "rejection_reason": "不属于受理范围，请向法院起诉。"}
    platform.send({"outcome": "不予受理"}, press="_refresh")
    platform.send(reason)
    assert TITLE not in platform.open(f"/cases/{appeal}").text
