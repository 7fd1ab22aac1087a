"""Which tone a status has, and the faults of 荣成办法 第十九条 in words.

A status's own words come from the diagram.
"""

from typing import Any

from flask_babel import gettext as _

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
        "late_handling": _("不按时答复"),
        "late_callback": _("回访超时"),
        "late_supervision": _("督办件落实不及时"),
        "buck_passing": _("互相推诿"),
        "perfunctory": _("处理问题简单"),
        "dissatisfied": _("企业不满意"),
        "unfinished": _("未完成申请事项"),
    }
    return known.get(kind, kind)
