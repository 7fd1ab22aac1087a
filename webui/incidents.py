"""The open incidents in words, as their reader may know them: the one rule that the page and the API share.

Who keeps the house and not its files (the administrator) reads the case's number, not its title; of a
confidential case the error's kind alone, since its words may hold what was entered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import runtime
from engine.identity import Actor
from engine.identity.actors import SEE_ALL_CASES
from engine.runtime import incidents
from engine.runtime.incidents import IncidentRow

from .transaction import zhiban

MAY_MEND = ("control-centre", "administrator")  # roles


@dataclass(frozen=True)
class Line:
    """One incident: what has happened and what to do, in words. `case_id` and `title` are empty where the
    case is not open to the reader; `detail` is the error as the program says it."""

    id: str
    kind: str
    case_id: str
    number: str
    title: str
    step: str
    what: str
    todo: str
    due_at: datetime | None
    detail: str
    raised_at: datetime


def lines(connection: Connection, actor: Actor) -> list[Line]:
    """The open incidents, oldest first."""
    sees = not SEE_ALL_CASES.isdisjoint(actor.roles)
    return [_line(connection, row, sees) for row in incidents.listed(connection)]


def _line(connection: Connection, row: IncidentRow, sees: bool) -> Line:
    diagram = runtime.definition(zhiban(), connection, row.definition_id).diagram
    element = diagram.elements.get(row.element)
    step = element.label if element is not None else row.element
    what, todo = WORDS[row.kind](step)
    return Line(
        id=row.id,
        kind=row.kind,
        case_id=row.case_id if sees else "",
        number=row.number,
        title=row.title if sees else "",
        step=step,
        what=what,
        todo=todo,
        due_at=row.due_at,
        detail=row.message if sees or not row.confidential else row.message.partition(":")[0],
        raised_at=row.raised_at,
    )


WORDS: Mapping[str, Callable[[str], tuple[str, str]]] = {
    "timer": lambda step: (
        _("定时的“%(step)s”到点后试了几次都没有执行成，办件停在这里。", step=step),
        _("按下面的原因改正（多为流程图里的算式、人员或组），再点“重试”；等着它的步骤随即继续。"),
    ),
    "task": lambda step: (
        _("“%(step)s”没有人可以办，办件停在这里。", step=step),
        _("给这一步的组补上人员，或请控制中心改派、转办；有人可办后一分钟内自动消除，不用重试。"),
    ),
    "calendar": lambda step: (
        _("工作日历改了，这个办件的期限没有算成，还是旧日历上的日期；现在不能办理。"),
        _("按下面的原因改正（多为日历缺年份或流程图里的算式），再点“重试”，期限会重新计算。"),
    ),
    "reminder": lambda step: (
        _("“%(step)s”的期限提醒没有发成，这个办件的提醒都停了。", step=step),
        _("按下面的原因改正（多为人员、组或提醒规则），再点“重试”，停下的提醒会补发最近的一次。"),
    ),
}
