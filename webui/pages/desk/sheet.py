"""The ledger as a table file (CSV): what table programs open, and nothing that they would run.

A cell that begins like a formula is neutralised with an apostrophe; somebody's reasons must not become one.
"""

import csv
import io
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from engine.clock import local
from engine.runtime.ledger.reading import Assessment
from webui.present.words import dispute, fault

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def ledger_sheet(rows: Iterable[Assessment]) -> str:
    """The rows under a heading, in UTF-8 with a mark that table programs know it by."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_heading())
    for row in rows:
        writer.writerow([harmless(cell) for cell in _cells(row)])
    return "\ufeff" + text.getvalue()


def harmless(value: Any) -> str:
    """The cell's text; one that a table program would take for a formula begins with an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _heading() -> list[str]:
    return [
        _("编号"),
        _("轮次"),
        _("考核事项"),
        _("责任方"),
        _("责任人"),
        _("记录时间"),
        _("期限"),
        _("办结时间"),
        _("超期工作日"),
        _("状态"),
        _("申诉理由"),
        _("裁定理由"),
    ]


def _cells(row: Assessment) -> list[Any]:
    answerable = row.answerable_name if row.answerable != "platform" else _("服务中心")
    moments = (f"{local(at):%Y-%m-%d %H:%M}" if at else "" for at in (row.at, row.due_at, row.done_at))
    late = row.late_days if row.due_at else ""
    return [
        row.number,
        row.round,
        fault(row.kind),
        answerable,
        row.person_name,
        *moments,
        late,
        dispute(row.state),
        row.objection,
        row.decision,
    ]
