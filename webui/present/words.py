"""Which tone a status has, and the faults of 荣成办法 第十九条 in words.

A status's own words come from the diagram.
"""

from typing import Any

from flask_babel import gettext as _

from engine.errors import say
from engine.worktime.deadlines import KINDS
from webui.edge.language import language

GOOD = ("办结", "销号", "回流", "通过", "发证", "办理完成")
BAD = ("不予", "撤回", "终止", "退件", "驳回", "不可")


def status_tone(row: Any) -> str:
    """`live` while the case runs; `ok` where it ended well, `closed` where it ended otherwise."""
    if row.state not in ("ended", "done", "cancelled"):
        return "live"
    status = row.status or ""
    if any(word in status for word in BAD):
        return "closed"
    return "ok" if any(word in status for word in GOOD) else "closed"


def fault(kind: str) -> str:
    """What an assessment was recorded for; a kind of an analyst's own stays as it is written."""
    known = {
        "late_dispatch": _("分派超时"),
        "late_sign": _("签收超时"),
        "late_contact": _("联系企业超时"),
        "late_joint": _("协办超时"),
        "late_handling": _("不按时答复"),
        "late_callback": _("回访超时"),
        "late_supervision": _("督办件落实不及时"),
        "buck_passing": _("互相推诿"),
        "perfunctory": _("处理问题简单"),
        "dissatisfied": _("企业不满意"),
        "unfinished": _("未完成申请事项"),
        "not_done": _("未完成申请事项"),
    }
    return known.get(kind, kind)


def dispute(state: str) -> str:
    """How an assessment stands."""
    known = {
        "standing": _("已记录"),
        "objected": _("申诉中"),
        "upheld": _("申诉后维持"),
        "revoked": _("已撤销"),
    }
    return known.get(state, state)


def stop_kind(kind: str) -> str:
    """Why a clock stands still; a kind of an analyst's own stays as it is written."""
    known = KINDS.get(kind)
    return say(f"worktime.stop.{known}", {}, language()) if known else kind
