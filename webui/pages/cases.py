"""Finding cases: words, what to narrow them by, a list. All of it stands in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, request
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine.identity.actors import SEE_NO_CASES
from engine.runtime import queries, search
from webui.access import access, the_actor
from webui.disclosure import outward_cases
from webui.edge.language import language
from webui.present import show
from webui.present.people import department_name
from webui.transaction import reading, zhiban

pages = Blueprint("cases", __name__)
MENDERS = {"control-centre"}  # groups who look after steps that nobody can do
MOST = 20  # of such steps that the list names
STATES = ("open", "ended")


@dataclass(frozen=True)
class Link:
    """One choice of a facet: `args` lead to the list with it, or without it where it is chosen."""

    label: str
    count: str
    chosen: bool
    args: dict[str, str]


@pages.get("/cases")
@access("officer")
@reading
def cases(connection: Connection) -> Any:
    actor, size = the_actor(), current_app.config["PAGE_SIZE"]
    asked, moment = _asked().read(connection), zhiban().clock.now()
    seen = search.overview(connection, actor, asked, moment)
    last = max(1, -(-seen.total // size))
    page = min(max(1, request.args.get("page", 1, type=int)), last)
    found = search.rows_of(connection, seen.ids[(page - 1) * size : page * size])
    rows = outward_cases(zhiban(), connection, actor, found, language())
    sought = asked.phrases
    return show(
        connection,
        "cases.html",
        rows=rows,
        asked=asked,
        args=_args(asked),
        seen=seen,
        facets=lambda: _facets(asked, seen),
        words=lambda text: search.marked(text or "", sought),
        excerpts=_excerpts(connection, rows, sought),
        unattended=queries.unattended(connection, MOST) if MENDERS & actor.groups else [],
        none_to_see=actor.roles <= SEE_NO_CASES,
        page=page,
        last=last,
    )


def _asked() -> search.Asked:
    """What the address asks for; what it cannot mean is left out."""
    given = {name: request.args.get(name, "").strip()[:120] for name in ("text", "status", "type")}
    given["department"] = request.args.get("department", "").strip()[:40]
    for name, known in (("state", STATES), ("due", search.DUE), ("sort", search.SORTS)):
        value = request.args.get(name, "")
        given[name] = value if value in known else ""
    urgent = request.args.get("urgent", "") not in ("", "0")
    sort = given.pop("sort") or "new"
    return search.Asked(**given, urgent=urgent, sort=sort, moment=zhiban().clock.now())


def _args(asked: search.Asked) -> dict[str, str]:
    """The same as words of an address."""
    said = {name: getattr(asked, name) for name in ("text", "state", "status", "department", "type", "due")}
    said["urgent"] = "1" if asked.urgent else ""
    said["sort"] = asked.sort if asked.sort != "new" else ""
    return {name: value for name, value in said.items() if value}


def _facets(asked: search.Asked, seen: search.Overview) -> list[tuple[str, str, list[Link]]]:
    """(name, title, choices) of each facet from which something can be chosen."""
    titles = {
        "status": _("状态"),
        "department": _("承办部门"),
        "type": _("类型"),
        "due": _("期限"),
        "urgent": _("加急"),
    }
    found = [(name, titles[name], _links(asked, seen, name)) for name in search.FACETS]
    return [(name, title, links) for name, title, links in found if links]


def _links(asked: search.Asked, seen: search.Overview, name: str) -> list[Link]:
    rest, more = _args(asked.without(name)), "+" if name in seen.least else ""
    links = []
    for choice in seen.facets[name]:
        value = "1" if name == "urgent" else choice.value
        args = rest if choice.chosen else {**rest, name: value}
        links.append(Link(_label(name, choice.value), f"{choice.count}{more}", choice.chosen, args))
    return links


def _label(name: str, value: str) -> str:
    if name == "department":
        return department_name(value)
    words = {
        "late": _("已超期"),
        "today": _("今日到期"),
        "soon": _("临期"),
        "normal": _("正常"),
        "stopped": _("计时已停止"),
        "none": _("无期限"),
    }
    if name == "due":
        return words[value]
    return _("只看加急") if name == "urgent" else value


def _excerpts(connection: Connection, rows: Sequence[Any], sought: Sequence[str]) -> dict[str, Any]:
    """What to show of the texts of those rows whose number, title and enterprise do not say all of it."""
    missing = {row.id: [phrase for phrase in sought if not _tells(row, phrase)] for row in rows}
    return search.excerpts(connection, {case_id: rest for case_id, rest in missing.items() if rest})


def _tells(row: Any, phrase: str) -> bool:
    shown = (row.number, row.title, row.enterprise_name)
    return any(mark for text in shown for _piece, mark in search.marked(text, [phrase]))
