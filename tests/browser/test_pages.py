"""Every page, for every role, at both widths, with its mistakes shown: what no page may be.

Visited once: no violation of WCAG 2.2 AA, no request to another host, nothing in the console, nothing
wider than the screen, nothing too small to read or, on a phone, to hit. Leaves a picture of each.
"""

import pytest

from tests.browser.browser_driver import PHONE, WIDE, Person
from tests.browser.gallery import Gallery, Seen, Sight, html_endpoints
from tests.browser.sights import NO_PAGE, SIGHTS

pytestmark = pytest.mark.browser

READ = {WIDE: 13, PHONE: 14}  # pixels: the smallest text
ELDER, LEADING = 18, 1.3  # elder mode: the smallest letters in pixels, and the height of a line
ZOOMED = 640  # pixels that are left of a screen of 1280 at 200 %
TYPED = {WIDE: 14, PHONE: 16}  # pixels: the smallest text in a field; below 16 a phone zooms in by itself


@pytest.mark.parametrize("width", (WIDE, PHONE))
@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_is_accessible_quiet_and_readable(gallery: Gallery, sight: Sight, width: int) -> None:
    seen = gallery.visit(sight, width)
    assert seen.status == sight.status
    assert faults(seen, width, sight.elder) == {}


@pytest.mark.parametrize("sight", [s for s in SIGHTS if s.elder], ids=lambda sight: sight.name)
def test_elder_mode_can_be_enlarged_to_twice_its_size(gallery: Gallery, sight: Sight) -> None:
    """WCAG 1.4.4 and 1.4.10: nothing is lost, and nothing is wider than what is left of the screen."""
    seen = gallery.visit(sight, ZOOMED)
    assert faults(seen, ZOOMED, elder=True) == {}


def faults(seen: Seen, width: int, elder: bool) -> dict[str, object]:
    found: dict[str, object] = {"violations": seen.violations, "complaints": seen.complaints}
    if seen.width > width:
        found["scrolls sideways, pixels"] = seen.width
    if seen.text < (ELDER if elder else READ[width]):
        found["text, pixels"] = seen.text
    if seen.typed < (ELDER if elder else TYPED[width]):
        found["text in fields, pixels"] = seen.typed
    if elder and seen.leading < LEADING:
        found["lines too close, times the letters"] = seen.leading
    if elder or width == PHONE:
        found["small for a finger"] = seen.small
    return {name: fault for name, fault in found.items() if fault}


def test_every_route_that_draws_a_page_is_visited(gallery: Gallery) -> None:
    visited = {sight.endpoint for sight in SIGHTS if sight.status == 200}
    missing = {name: rule for name, rule in html_endpoints(gallery.site) if name not in {*visited, *NO_PAGE}}
    assert not missing, f"add these routes to tests/browser/sights.py: {missing}"


def test_what_is_said_to_draw_no_page_draws_none(gallery: Gallery) -> None:
    rules = dict(html_endpoints(gallery.site))
    assert set(NO_PAGE) <= set(rules), "an entry for a route that is gone"
    platform = gallery.person("platform", WIDE)
    case = gallery.case("人才公寓申请")
    assert _kind(platform, f"{case}/diagram.json") == "application/json"
    assert _kind(platform, f"{case}/diagram.bpmn") == "application/xml"
    assert platform.context.request.get(f"{gallery.site.address}/", max_redirects=0).status == 302


def _kind(person: Person, path: str) -> str:
    answer = person.context.request.get(person.site.address + path)
    return answer.headers["content-type"].partition(";")[0]


def test_names_of_pictures_are_unique() -> None:
    names = [sight.name for sight in SIGHTS]
    assert len(names) == len(set(names))
