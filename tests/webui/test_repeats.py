"""The hint of a repeat at triage: the officer reads which appeals of the same kind came before."""

from collections.abc import Callable

from tests.webui.webui_driver import APPEAL, Browser

Someone = Callable[[str], Browser]


def triage_pages(browser: Browser) -> list[str]:
    """Claim two tasks; what the page of each says."""
    browser.open("/inbox?tab=claimable").send(to="/claim").send(to="/claim")
    return [browser.open(address).text for address in set(browser.open("/inbox").links("/tasks/"))]


def test_the_second_appeal_of_a_kind_names_the_first(someone: Someone, appeal: str) -> None:
    someone("jingmi").open("/start/appeal").send({**APPEAL, "title": "第二件"})
    pages = triage_pages(someone("platform"))
    hinted = [page for page in pages if "疑似重复诉求" in page]
    assert len(pages) == 2 and len(hinted) == 1
    assert "第二件" in hinted[0] and "SQ-20260309-0001" in hinted[0]
