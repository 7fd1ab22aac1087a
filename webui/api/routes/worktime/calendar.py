"""The working calendar of a year, and the rules of time, to be read by programs of officers."""

from datetime import date, timedelta
from typing import Any

from engine import clock, worktime
from engine.worktime import OfficeHours
from engine.worktime import rules as documents
from engine.worktime.rules import Published, Rules
from webui.api.endpoint import Blueprint, Call, Told, get
from webui.api.problems import explain
from webui.api.shapes.worktime import RulesAnswer, YearAnswer, YearQuery
from webui.transaction import zhiban

routes = Blueprint("calendar-api", __name__, description="日历与规则 · Calendar and rules")
explain(routes)

OFFICERS = ("officer",)


@get(
    routes,
    "/calendar",
    Told("一年的工作日历", "The arranged days of a year, whether it is published, and the office hours."),
    answer=YearAnswer,
    readers=OFFICERS,
    query=YearQuery,
)
def year(call: Call) -> Any:
    calendar = worktime.load(call.connection)
    content = worktime.content_of(call.connection, calendar.revision)
    asked = call.given["year"] or clock.local(zhiban().clock.now()).year
    days = sorted(content.of_year(asked).items())
    before = date(asked, 1, 1) - timedelta(days=1)
    return {
        "year": asked,
        "revision": calendar.revision,
        "published": asked in content.years,
        "source": content.years.get(asked, ""),
        "workdays": calendar.workdays_between(before, date(asked, 12, 31)),
        "days": [{"date": day.isoformat(), "worked": worked, "note": note} for day, (worked, note) in days],
        "hours": [_hours("", content.hours), *(_hours(*own) for own in sorted(content.departments.items()))],
    }


def _hours(department: str, hours: OfficeHours) -> dict[str, str]:
    opening = worktime.write_hours(hours.opening)
    return {"department": department, "opening": opening, "closing": f"{hours.closing:%H:%M}"}


@get(
    routes,
    "/rules",
    Told("时限规则", "The limits and reminder policies in force, and those planned. A case keeps its own."),
    answer=RulesAnswer,
    readers=OFFICERS,
)
def rules(call: Call) -> Any:
    now, history = zhiban().clock.now(), documents.history(call.connection)
    present = documents.in_force(call.connection, now)
    published = next((one for one in history if one.rules.id == present.id), None)
    planned = sorted((one for one in history if one.effective_from > now), key=lambda one: one.effective_from)
    return {
        "in_force": _document(present, published),
        "planned": [_document(one.rules, one) for one in planned],
    }


def _document(rules: Rules, published: Published | None) -> dict[str, Any]:
    made: dict[str, Any] = {"revision": 0, "effective_from": None, "note": ""}
    if published is not None:
        made = {name: getattr(published, name) for name in made}
    return {**made, **documents.write(rules)}
