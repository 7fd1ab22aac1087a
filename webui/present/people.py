"""Names and numbers of people: only as much as the reader needs."""

from collections.abc import Iterable

import re2
from flask import g, session
from flask_babel import gettext as _

from engine import identity, runtime
from engine.errors import NotFound
from webui.edge.language import language

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


def department_name(code: str) -> str:
    """The department's name; its code where it is not in the directory."""
    try:
        return identity.department(g.connection, code).name
    except NotFound:
        return code


def group_names(groups: Iterable[str]) -> str:
    """The groups a task waits for, in words."""
    return _("、").join(identity.group_name(g.connection, group, language()) for group in groups)
