"""What the working calendar says to people: its errors, and a deadline in words."""

from engine import errors

errors.teach(
    {
        "worktime.too_long": (
            "期限最多 {longest}，现在是 {given}。请改短期限，或改用具体日期。",
            "A limit may be {longest} at most, this is {given}. Shorten it or give a date instead.",
        ),
        "worktime.out_of_range": (
            "按此期限推算的日期超出可用的日历（公元 1 年至 9999 年）。请改短期限。",
            "The limit leads outside the calendar (years 1 to 9999). Shorten it.",
        ),
        "worktime.opening": (
            "办公时段应按先后排列、互不重叠，且每段的开始早于结束，至少一段。请改正后再保存。",
            "Opening hours need at least one period; each must start before it ends, in order and "
            "without overlap. Correct them and save again.",
        ),
        "worktime.other_year": (
            "{date} 不在 {year} 年内。请只导入该年的放假和调休日期。",
            "{date} is not in {year}. Import only days of that year.",
        ),
        "worktime.deadline.none": ("无时限", "No deadline"),
        "worktime.deadline.normal": ("正常 · 还剩 {days} 个工作日", "On time · {counted} left"),
        "worktime.deadline.soon": ("临期 · 下一个工作日到期", "Due soon · next working day"),
        "worktime.deadline.sooner": ("临期 · 下一个工作日之前到期", "Due soon · before the next working day"),
        "worktime.deadline.today": ("今日到期", "Due today"),
        "worktime.deadline.overdue": ("已超期 {days} 个工作日", "Overdue by {counted}"),
        "worktime.deadline.just_overdue": ("已超期，不足 1 个工作日", "Overdue by less than 1 working day"),
        "worktime.deadline.provisional": ("{words}（暂定）", "{words} (provisional)"),
    }
)
