"""Who has signed at a task and who is awaited: as its node declares it, and by signers added to it.

Only for officers: what is said within the house is not told to an enterprise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import runtime
from engine.runtime import queries, signers
from webui.disclosure import View

KINDS: Mapping[str, Callable[[], str]] = {
    "all": lambda: _("会签"),
    "any": lambda: _("或签"),
    "vote": lambda: _("票签"),
    "turn": lambda: _("依次签"),
}
SAID: Mapping[str, Callable[[], str]] = {
    "agree": lambda: _("同意"),
    "disagree": lambda: _("不同意"),
    "abstain": lambda: _("弃权"),
}
HOW: Mapping[str, Callable[[], str]] = {
    "before": lambda: _("前加签"),
    "after": lambda: _("后加签"),
}


@dataclass(frozen=True)
class Line:
    """One signer as the page says it: what was said and when (UTC), or that it is awaited. `depth` 0 is
    declared on the node, 1 was added by the task's owner, 2 by one of those."""

    name: str
    said: str
    tone: str  # ok | closed | live
    at: datetime | None
    opinion: str
    depth: int = 0
    how: str = ""


@dataclass(frozen=True)
class Signing:
    """What is shown of the signatures at a task. `title` says how many have signed where its node declares
    that; `awaited` are the names that are waited for there, `waits_for` those of the added signers."""

    title: str
    declared: tuple[Line, ...]
    awaited: str
    added: tuple[Line, ...]
    waits_for: str


def signing(view: View, row: queries.TaskRow) -> Signing | None:
    """The signatures at the node of this task; None where nobody signs there."""
    found, added = round_at(view, row), added_at(view, row)
    if found is None and not added:
        return None
    return Signing(
        tally(found) if found else _("加签"),
        tuple(_said(one) for one in found.said) if found else (),
        "、".join(found.awaited) if found else "",
        tuple(_added(one) for one in added),
        "、".join(one.name for one in added if one.state == "open" and not one.waits),
    )


def decided(connection: Connection, row: queries.TaskRow) -> str:
    """What to say to a signer who has just decided: what becomes of the task that was asked about."""
    asked = queries.task(connection, row.parent or row.id)
    if asked.state != "open":
        return _("已提交加签意见，这一步已经办结。")
    if asked.held:
        return _("已提交加签意见，还在等其他人表态。")
    return _("已提交加签意见，事项回到 %(who)s 手里。", who=asked.assignee_name or "")


def round_at(view: View, row: queries.TaskRow) -> queries.Round | None:
    """The round of signing that its node declares, if it does, in the words that this reader may know."""
    element = view.diagram.elements[row.element]
    if element.loop is None or element.loop.signing is None:
        return None
    root = _root(view.connection, row)
    found = queries.round_of(view.connection, row.case_id, root, view.diagram, view.language)
    if found is None or view.contact is None:
        return found
    return replace(found, said=[replace(one, opinion=view.plain(one.opinion)) for one in found.said])


def added_at(view: View, row: queries.TaskRow) -> list[signers.Signer]:
    """The signers added to the task, in the words that this reader may know."""
    found = signers.signers_of(view.connection, runtime.read_task(view.connection, row.id))
    return [replace(one, opinion=view.plain(one.opinion)) for one in found]


def _root(connection: Connection, row: queries.TaskRow) -> str:
    """The process's own task, which an added signer's serves."""
    while row.parent is not None:
        row = queries.task(connection, row.parent)
    return row.id


def _said(one: queries.Said) -> Line:
    return Line(one.name, _word(one.outcome), _tone(one.outcome), one.at, one.opinion)


def _added(one: signers.Signer) -> Line:
    waiting = _("等他人先出具意见") if one.waits else _("待出具意见")
    said, tone = (_word(one.outcome), _tone(one.outcome)) if one.outcome else (waiting, "live")
    return Line(one.name, said, tone, one.decided_at, one.opinion, one.depth, HOW[one.how]())


def _word(outcome: str) -> str:
    return SAID[outcome]() if outcome in SAID else outcome


def _tone(outcome: str) -> str:
    return "ok" if outcome == "agree" else "closed"


def tally(found: queries.Round) -> str:
    """A round in few words: how many have signed; for a vote also how many must agree."""
    kind, said, asked = KINDS[found.kind](), len(found.said), found.asked
    if found.kind != "vote":
        return f"{kind} {said}/{asked}"
    facts = {"said": said, "asked": asked, "agreed": found.agreed, "needed": found.needed}
    return kind + _("：同意 %(agreed)s 票，须 %(needed)s 票，已表决 %(said)s/%(asked)s", **facts)
