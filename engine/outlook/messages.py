"""What the look ahead says when it cannot be had."""

from engine import errors

errors.teach(
    {
        "outlook.no_scenario": (
            "没有这个场景，可能已改名或删除。请回到列表重新选择。",
            "There is no such scenario; it may have been renamed or removed. Choose again from the list.",
        ),
        "outlook.count": (
            "时限须是 0 到 {most} 的整数。请改正后再算。",
            "A limit is a whole number from 0 to {most}. Correct it and count again.",
        ),
        "outlook.span": (
            "起止日期须先后相接，最多 {most} 天。请改正后再算。",
            "The first day must not be after the last, and they may be {most} days apart. Correct them.",
        ),
        "outlook.month": (
            "月份须写成 2026-03 的样子。请改正后再算。",
            "A month is written as 2026-03. Correct it and count again.",
        ),
        "outlook.no_limit": (
            "现行规则里没有这一条时限，可能刚刚改过。请重新选择。",
            "The rules in force have no such limit; they may just have changed. Choose again.",
        ),
    }
)
