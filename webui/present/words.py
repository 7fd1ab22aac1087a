"""Which tone a status has. The words themselves come from the diagram."""

from typing import Any

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
