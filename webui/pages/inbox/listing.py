"""One list of the inbox as its page shows it: rows, numbers, filters, and the task beside them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from engine import identity, runtime
from engine.errors import NotAllowed, NotFound
from engine.identity import SYSTEM
from engine.identity.actors import DEPARTMENT_ROLES, SEE_NO_CASES
from engine.runtime import queries
from engine.runtime.desk import filters, preferences
from engine.runtime.queries.inbox import MOST, kept
from webui.access import shared_desks, the_actor
from webui.disclosure import discreet_kept, discreet_tasks
from webui.edge.language import language
from webui.pages.task import place, view
from webui.present import show
from webui.transaction import zhiban

from .asked import OPEN, TABS, Asked, list_address
from .liking import liking, sort_of

KEPT = ("copied", "followed")
COUNTED = 12  # filters by name whose rows are counted for the page


@dataclass(frozen=True)
class Result:
    """What became of one row of several: `why` is empty where it was done."""

    task: str
    number: str
    title: str
    why: str = ""


def list_page(
    connection: Connection,
    asked: Asked,
    *,
    sent: view.Sent = view.NOTHING,
    results: Sequence[Result] = (),
    did: str = "",
    picked: Collection[str] = (),
) -> str:
    """The page of a list. `results` tell what became of the rows that were acted upon by `did`; of those what
    failed stays selected, or the tasks `picked` where nothing was done yet.
    """
    likes = liking(preferences.preferred(connection, the_actor()))
    counts = _counts(connection)
    total = _total(connection, asked, counts)
    page, last = _pages(asked.page, total, likes.size)
    rows = _rows(connection, asked, likes.size, (page - 1) * likes.size)
    return show(
        connection,
        "inbox.html",
        asked=asked,
        tabs=TABS,
        counts={tab: _number(counts[tab]) for tab in TABS},
        total=total,
        most=MOST,
        page=page,
        last=last,
        rows=rows,
        columns=likes.columns(asked.tab),
        sort_of=sort_of,
        likes=likes,
        offered=_offered(connection, asked),
        processes={key: name for key, name, _id in runtime.startable(connection, SYSTEM)},
        departments={one.code: one.name for one in identity.all_departments(connection)},
        saved=_saved(connection, asked),
        shareable=filters.shareable(the_actor()),
        mates=_mates(connection) if rows and asked.tab in OPEN else [],
        results=results,
        did=did,
        failed={one.task for one in results if one.why} | set(picked),
        sees_cases=not the_actor().roles <= SEE_NO_CASES,
        task_address=place.task_address,
        **_beside(connection, asked, sent),
    )


def pane(connection: Connection, asked: Asked) -> str:
    """The task beside the list, by itself: for a page that shows the list already."""
    return show(connection, "inbox_pane.html", **_beside(connection, asked, view.NOTHING))


def _counts(connection: Connection) -> dict[str, int]:
    """The number on each tab: of copies, those that are unread."""
    actor = the_actor()
    return {
        **queries.counts(connection, actor, shared_desks(connection)),
        "copied": kept.count_copied(connection, actor, unread=True),
        "followed": kept.count_followed(connection, actor),
    }


def _number(count: int) -> str:
    return f"{MOST - 1}+" if count >= MOST else str(count)


def _total(connection: Connection, asked: Asked, counts: dict[str, int]) -> int:
    if not asked.narrows and asked.tab != "copied":
        return counts[asked.tab]
    return count(connection, asked)


def count(connection: Connection, asked: Asked) -> int:
    """How many rows a list has; MOST means that many or more."""
    actor, narrowed = the_actor(), asked.filters(zhiban().clock.now())
    if asked.tab == "copied":
        return kept.count_copied(connection, actor, filters=narrowed, unread=asked.unread)
    if asked.tab == "followed":
        return kept.count_followed(connection, actor, filters=narrowed)
    return queries.count(connection, actor, asked.tab, filters=narrowed, also=shared_desks(connection))


def _pages(page: int, total: int, size: int) -> tuple[int, int]:
    """(the page to show, the last one). Behind what is counted one may leaf on."""
    last = max(1, -(-total // size))
    if total >= MOST:
        return page, max(last, page + 1)
    return min(page, last), last


def _rows(connection: Connection, asked: Asked, limit: int, offset: int) -> list[Any]:
    actor, narrowed = the_actor(), asked.filters(zhiban().clock.now())
    place = {"limit": limit, "offset": offset}
    if asked.tab == "copied":
        copied = kept.copied(connection, actor, filters=narrowed, unread=asked.unread, **place)
        return list(discreet_kept(zhiban(), connection, actor, copied, language()))
    if asked.tab == "followed":
        followed = kept.followed(connection, actor, filters=narrowed, **place)
        return list(discreet_kept(zhiban(), connection, actor, followed, language()))
    also = shared_desks(connection)
    found = queries.inbox(connection, actor, asked.tab, filters=narrowed, sort=asked.sort, also=also, **place)
    return list(discreet_tasks(zhiban(), connection, actor, found, language()))


def _beside(connection: Connection, asked: Asked, sent: view.Sent) -> dict[str, Any]:
    """What `inbox_pane.html` needs: all of the task beside the list, if the reader may see it."""
    none = {"pane": False, "list_address": list_address}
    if not asked.task:
        return none
    try:
        row = view.readable(connection, asked.task)
    except (NotFound, NotAllowed):
        return none
    return {**view.shown(connection, row, sent, asked.query()), "pane": True}


def _offered(connection: Connection, asked: Asked) -> Any:
    """The words that one may narrow the tab by, of those that occur in it."""
    if asked.tab in KEPT:
        return None
    return queries.occurring(connection, the_actor(), asked.tab, shared_desks(connection))


def _mates(connection: Connection) -> list[identity.Member]:
    """To whom one may hand several tasks at once: the people of one's department and groups, by name."""
    actor = the_actor()
    groups = set(actor.groups)
    if actor.department:
        groups |= {f"{role}@{actor.department}" for role in DEPARTMENT_ROLES}
    found = {m.id: m for group in groups for m in identity.members_of(connection, group)}
    found.pop(actor.id, None)
    return sorted(found.values(), key=lambda member: (member.name, member.id))


def _saved(connection: Connection, asked: Asked) -> list[dict[str, Any]]:
    """The filters by name, the first ones with the number of rows they find now."""
    found = []
    for one in filters.saved(connection, the_actor()):
        theirs = Asked.read(one.query)
        found.append(
            {
                "filter": one,
                "address": theirs.address(),
                "here": theirs.query() == asked.query(),
                "count": _number(count(connection, theirs)) if len(found) < COUNTED else "",
            }
        )
    return found
