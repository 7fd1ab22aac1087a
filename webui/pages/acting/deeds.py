"""Doing what an action's page was sent for, and saying what happened and what comes next."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import runtime
from engine.errors import Invalid, Problem
from engine.identity import name_of
from engine.runtime import actions, moves, queries, signers
from engine.runtime.queries import TaskRow
from webui.access import the_actor
from webui.casefile.signing import decided
from webui.transaction import zhiban

from .ways import Kind


@dataclass(frozen=True)
class Given:
    """What came with the page's form. `values` are the task's own form's, where the page shows it."""

    to: tuple[str, ...] = ()
    opinion: str = ""
    outcome: str = ""
    version: int | None = None
    values: dict[str, Any] | None = None

    @property
    def one(self) -> str:
        return self.to[0] if self.to else ""


@dataclass(frozen=True)
class Result:
    """What to say afterwards, and the task that opened again for this person, if one did."""

    said: str
    task_id: str = ""


def do(connection: Connection, row: TaskRow, kind: Kind, given: Given) -> Result:
    """Do it. Raises what the engine raises."""
    if kind.asks in ("person", "people", "signer") and not given.to:
        raise Invalid("runtime.not_eligible", problems=[Problem("runtime.choose_person", "to")])
    if kind.asks == "place" and not given.to:
        raise Invalid("acting.choose_place", problems=[Problem("acting.choose_place", "to")])
    act = _DEEDS[kind.action]
    said: Result = act(connection, row, given)
    return said


def _facts(row: TaskRow, given: Given) -> dict[str, Any]:
    return {"actor": the_actor(), "task_id": row.id, "version": given.version}


def _names(connection: Connection, ids: tuple[str, ...]) -> str:
    return "、".join(name_of(connection, one) for one in ids)


def _said(row: TaskRow, text: str) -> str:
    return _("%(number)s“%(step)s”", number=row.number, step=row.name) + text


def _transfer(connection: Connection, row: TaskRow, given: Given) -> Result:
    actions.transfer(zhiban(), connection, to=given.one, opinion=given.opinion, **_facts(row, given))
    return Result(_said(row, _("已转办给 %(who)s。", who=_names(connection, given.to))))


def _delegate(connection: Connection, row: TaskRow, given: Given) -> Result:
    actions.delegate(zhiban(), connection, to=given.one, opinion=given.opinion, **_facts(row, given))
    who = _names(connection, given.to)
    return Result(_said(row, _("已委派给 %(who)s，交回后由您提交。", who=who)))


def _answer(connection: Connection, row: TaskRow, given: Given) -> Result:
    values = given.values or {}
    actions.answer_delegate(zhiban(), connection, values=values, opinion=given.opinion, **_facts(row, given))
    who = _names(connection, (row.delegated_by or "",))
    return Result(_said(row, _("已交回 %(who)s，由其审核提交。", who=who)))


def _recall(connection: Connection, row: TaskRow, given: Given) -> Result:
    actions.recall(zhiban(), connection, opinion=given.opinion, **_facts(row, given))
    now = queries.task(connection, row.id)
    if now.assignee == the_actor().id:
        return Result(_said(row, _("已收回，由您继续办理。")))
    return Result(_said(row, _("已收回，现由 %(who)s 办理。", who=now.assignee_name or "—")))


def _sign(connection: Connection, row: TaskRow, given: Given, how: str) -> Result:
    values = given.values if how == "after" and not row.held else None
    signers.add_signers(
        zhiban(),
        connection,
        people=list(given.to),
        how=how,
        values=values,
        opinion=given.opinion,
        **_facts(row, given),
    )
    who = _names(connection, given.to)
    if how == "before":
        return Result(_said(row, _("已请 %(who)s 加签，都办完后回到您这里。", who=who)))
    return Result(_said(row, _("已请 %(who)s 加签，都同意后自动提交。", who=who)))


def _remove_signer(connection: Connection, row: TaskRow, given: Given) -> Result:
    signer = queries.task(connection, given.one)
    done = signers.remove_signer(
        zhiban(), connection, actor=the_actor(), task_id=signer.id, opinion=given.opinion
    )
    who = signer.assignee_name or ""
    return Result(_said(row, _("不再等 %(who)s 加签。", who=who)), next(iter(done.opened), ""))


def _decide(connection: Connection, row: TaskRow, given: Given) -> Result:
    signers.decide(zhiban(), connection, outcome=given.outcome, opinion=given.opinion, **_facts(row, given))
    return Result(_said(row, decided(connection, row)))


def _send_back(connection: Connection, row: TaskRow, given: Given) -> Result:
    done = moves.send_back(zhiban(), connection, to=given.one, opinion=given.opinion, **_facts(row, given))
    return Result(_said(row, _("已退回到“%(step)s”。", step=_opened(connection, done))))


def _opened(connection: Connection, done: runtime.Done) -> str:
    return "、".join(queries.task(connection, one).name for one in done.opened)


def _reject(connection: Connection, row: TaskRow, given: Given) -> Result:
    done = moves.reject(zhiban(), connection, opinion=given.opinion, **_facts(row, given))
    if not done.opened:
        return Result(_said(row, _("已驳回，办件已结束。")))
    return Result(_said(row, _("已驳回，转到“%(step)s”。", step=_opened(connection, done))))


def _take_back(connection: Connection, row: TaskRow, given: Given) -> Result:
    done = moves.take_back(zhiban(), connection, actor=the_actor(), task_id=row.id, opinion=given.opinion)
    return Result(_said(row, _("已撤回，请重新办理。")), next(iter(done.opened), ""))


def _copy(connection: Connection, row: TaskRow, given: Given) -> Result:
    actions.copy(zhiban(), connection, to=given.to, note=given.opinion, **_facts(row, given))
    return Result(_said(row, _("已抄送给 %(who)s。", who=_names(connection, given.to))))


def _urge(connection: Connection, row: TaskRow, given: Given) -> Result:
    actions.urge(zhiban(), connection, opinion=given.opinion, **_facts(row, given))
    return Result(_said(row, _("已催办，办理人会收到通知。")))


_DEEDS: dict[str, Any] = {
    "transfer": _transfer,
    "delegate": _delegate,
    "answer": _answer,
    "recall": _recall,
    "sign before": lambda connection, row, given: _sign(connection, row, given, "before"),
    "sign after": lambda connection, row, given: _sign(connection, row, given, "after"),
    "remove signer": _remove_signer,
    "decide": _decide,
    "send back": _send_back,
    "reject": _reject,
    "take back": _take_back,
    "copy": _copy,
    "urge": _urge,
}
