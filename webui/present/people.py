"""Names and numbers of people: only as much as the reader needs."""

from collections.abc import Iterable

import re2
from flask import g, session
from flask_babel import gettext as _

from engine import identity, outbox, runtime
from engine.errors import NotFound
from engine.identity import absence
from engine.runtime import incidents
from engine.runtime.ledger import reading
from webui.edge.language import language
from webui.incidents import MAY_MEND

from .moments import short_moment

_MOBILE = re2.compile(r"(1\d{2})\d{4}(\d{4})")


def masked(text: str | None) -> str:
    """A text with the middle of each mobile number hidden, for lists."""
    return str(_MOBILE.sub(r"\1****\2", text or ""))


def role_line(actor: identity.Actor) -> str:
    """What a person is here, for the page's head: the enterprise, or the department and the roles."""
    place = str(session.get("place", ""))
    if actor.kind == "enterprise":
        return place
    index = 1 if language() == "en" else 0
    roles = _("、").join(names[index] for role, names in identity.ROLES.items() if role in actor.roles)
    return f"{place} {roles}".strip()


def may_start_something() -> bool:
    """Whether there is a process this person may start; not asked for a page that tells of a failure."""
    connection = g.get("connection")
    return connection is not None and not connection.closed and bool(runtime.startable(connection, g.actor))


def reads_ledger() -> bool:
    """Whether the assessment ledger has anything for the reader."""
    actor = g.get("actor")
    return actor is not None and reading.may_read(actor)


def unread_notices() -> str:
    """How many notices the reader has not read, as the bell shows it: 3, 99+, nothing for none."""
    connection, actor = g.get("connection"), g.get("actor")
    if connection is None or connection.closed or actor is None:
        return ""
    if "unread_notices" not in g:
        number = outbox.unread(connection, actor)
        g.unread_notices = f"{outbox.MOST - 1}+" if number >= outbox.MOST else str(number or "")
    return str(g.unread_notices)


def open_incidents() -> int:
    """How many incidents wait for a person; 0 for whom they are not."""
    connection, actor = g.get("connection"), g.get("actor")
    if connection is None or connection.closed or actor is None or actor.roles.isdisjoint(MAY_MEND):
        return 0
    if "open_incidents" not in g:
        g.open_incidents = incidents.count(connection)
    return int(g.open_incidents)


def department_name(code: str) -> str:
    """The department's name; its code where it is not in the directory."""
    try:
        return identity.department(g.connection, code).name
    except NotFound:
        return code


def group_names(groups: Iterable[str]) -> str:
    """The groups, and accounts, that something waits for or was said to, in words."""
    return _("、").join(_group_name(group) for group in groups)


def away_note(account: str, process: str = "") -> str:
    """What a chooser says behind somebody who is away: until when, and to whom what they are given goes."""
    found = absence.standing(g.connection, account, g.now, process) if account else None
    if found is None or found.rule is None:
        return ""
    said = {"until": short_moment(found.rule.until_at), "name": found.deputy_name}
    if found.deserted:
        return _("（不在岗，至%(until)s，没有代理人）", until=said["until"])
    if found.rule.how == "share":
        return _("（至%(until)s与%(name)s共同办理）", **said)
    return _("（不在岗，至%(until)s，将转给%(name)s）", **said)


def _group_name(group: str) -> str:
    named = identity.group_name(g.connection, group, language())
    return named if named != group else identity.name_of(g.connection, group)
