"""The place in a list that a task was opened from: back to it, and which task of that list is next."""

from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy.engine import Connection

from engine.runtime import queries
from webui.access import shared_desks, the_actor
from webui.pages.inbox.asked import Asked
from webui.transaction import zhiban

NEAR = 200  # tasks of the list among which the next one is looked for


@dataclass(frozen=True)
class Place:
    """A place in a list: the ids that followed the task when it was there, then those before it."""

    task: str
    asked: Asked
    around: tuple[str, ...]


def came_from() -> str:
    """The query of the list that the task was opened from; "" for the plain inbox."""
    return (request.form.get("_list") or request.args.get("list", ""))[:2000]


def beside() -> bool:
    """Whether the task stands beside its list."""
    return bool(request.form.get("_pane") or request.args.get("pane"))


def task_address(task_id: str, asked: Asked) -> str:
    """The task's own page, which knows the list that it was opened from."""
    query = asked.query()
    return url_for("task.task", task_id=task_id, **({"list": query} if query else {}))


def opened(task_id: str, asked: Asked) -> str:
    """The task where the last one was: beside its list, or on its own page."""
    return asked.address(task=task_id) if beside() else task_address(task_id, asked)


def back_to(task_id: str) -> str:
    """The list where the button stood, or the task in its place: beside the list, or on its own page."""
    asked = Asked.read(came_from())
    if request.form.get("next") == "list":
        return asked.address()
    return opened(task_id, asked)


def place(connection: Connection, task_id: str) -> Place:
    """Where the task stands in the list that it was opened from."""
    asked = Asked.read(came_from())
    ids = _listed(connection, asked)
    at = ids.index(task_id) if task_id in ids else 0
    return Place(task_id, asked, tuple([*ids[at + 1 :], *ids[:at]]))


def following(connection: Connection, place: Place) -> str:
    """The task that comes next in the list as it is now, another one; "" where none is left."""
    left = [one for one in _listed(connection, place.asked) if one != place.task]
    return next((one for one in place.around if one in left), left[0] if left else "")


def remains(connection: Connection, place: Place) -> bool:
    """Whether the task itself stands in the list still: it waits there for others."""
    return place.task in _listed(connection, place.asked)


def _listed(connection: Connection, asked: Asked) -> list[str]:
    if asked.tab not in queries.TABS or the_actor().kind == "enterprise":
        return []
    return queries.listed(
        connection,
        the_actor(),
        asked.tab,
        filters=asked.filters(zhiban().clock.now()),
        sort=asked.sort,
        also=shared_desks(connection),
        limit=NEAR,
    )
