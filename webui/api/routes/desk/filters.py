"""Filters kept under a name: one's own and those shared with one's groups; keeping, sharing, deleting."""

from collections.abc import Mapping
from typing import Any

from engine.identity import absence
from engine.runtime import queries
from engine.runtime.desk import filters as kept_filters
from engine.runtime.desk.filters import Saved
from engine.runtime.queries.inbox import kept
from webui.api.endpoint import Blueprint, Call, Told, delete, get, post, put
from webui.api.problems import explain
from webui.api.shapes.desk.lists import Filter, FilterBody, FilterQuery, Filters
from webui.pages.inbox.asked import Asked
from webui.transaction import zhiban

routes = Blueprint("filters-api", __name__, description="筛选 · Kept filters")
explain(routes)

FILTER = {"in": "path", "name": "filter", "description": "筛选 id · Id of the filter.", "required": True}
ASKS = (
    *("tab", "text", "process", "step", "department", "status", "urgent", "due"),
    *("mark", "unread", "sort"),
)


@get(
    routes,
    "/filters",
    Told(
        "筛选",
        "The filters that the caller keeps, and those shared with the caller's groups. What `asks` says is "
        "the query of GET /tasks, GET /copies or GET /follows, as its `tab` says. A shared filter finds for "
        "each reader what that reader may see.",
    ),
    answer=Filters,
    query=FilterQuery,
    readers=("officer",),
)
def filters(call: Call) -> Any:
    found = kept_filters.saved(call.connection, call.actor)
    counts = call.given["counts"]
    items = [_told(one, _count(call, Asked.read(one.query)) if counts else None) for one in found]
    return {"items": items, "groups": kept_filters.shareable(call.actor)}


@post(
    routes,
    "/filters",
    Told("保存筛选", "Keep a filter under a name, in place of what the caller kept under it before."),
    answer=Filter,
    status=201,
    body=FilterBody,
    readers=("officer",),
)
def save(call: Call) -> Any:
    given = call.given
    name, group, now = given["name"], given["shared_with"], zhiban().clock.now()
    query = _query(given)
    key = kept_filters.save(call.connection, call.actor, name=name, query=query, now=now, shared_with=group)
    return _one(call, key)


@put(
    routes,
    "/filters/<filter>",
    Told(
        "修改筛选",
        "Make one's own filter be as the body says: name, sharing, list.",
        (404,),
        (FILTER,),
    ),
    answer=Filter,
    body=FilterBody,
    readers=("officer",),
)
def change(call: Call, filter: str) -> Any:
    given, now = call.given, zhiban().clock.now()
    kept_filters.rename(call.connection, call.actor, filter, given["name"])
    kept_filters.save(
        call.connection,
        call.actor,
        name=given["name"],
        query=_query(given),
        now=now,
        shared_with=given["shared_with"],
    )
    return _one(call, filter)


@delete(
    routes,
    "/filters/<filter>",
    Told("删除筛选", "Delete one's own filter, for those it is shared with too.", (), (FILTER,)),
    readers=("officer",),
)
def drop(call: Call, filter: str) -> None:
    kept_filters.delete(call.connection, call.actor, filter)


def _one(call: Call, key: str) -> dict[str, Any]:
    return next(_told(one) for one in kept_filters.saved(call.connection, call.actor) if one.id == key)


def _query(given: Mapping[str, Any]) -> str:
    """What the body asks for as the query of the inbox's address; what its tab doesn't have is left out."""
    marks = given["mark"]
    words = {name: given[name] for name in ASKS if name not in ("mark", "urgent", "unread")}
    asked = Asked(**words, urgent=given["urgent"], unread=given["unread"], marks=tuple(dict.fromkeys(marks)))
    return asked.query()


def _told(one: Saved, count: int | None = None) -> dict[str, Any]:
    asked = Asked.read(one.query)
    asks = {name: getattr(asked, "marks" if name == "mark" else name) for name in ASKS}
    said = {name: list(value) if name == "mark" else value for name, value in asks.items() if value}
    return {**vars(one), "asks": {"tab": asked.tab, **said}, "count": count}


def _count(call: Call, asked: Asked) -> int:
    """How many rows the list has for the caller."""
    now = zhiban().clock.now()
    narrowed = asked.filters(now)
    if asked.tab == "copied":
        return kept.count_copied(call.connection, call.actor, filters=narrowed, unread=asked.unread)
    if asked.tab == "followed":
        return kept.count_followed(call.connection, call.actor, filters=narrowed)
    also = absence.desks(call.connection, call.actor.id, now)
    return queries.count(call.connection, call.actor, asked.tab, filters=narrowed, also=also)
