"""What the pages of the control centre say when something is wrong."""

from engine.errors import teach

teach(
    {
        "webui.calendar.year": (
            "年份应为 {least} 至 {most} 的整数。请改正。",
            "The year is a whole number from {least} to {most}. Correct it.",
        ),
        "webui.calendar.choice": (
            "请选择这一天上班、休息，还是按星期。",
            "Choose whether this day is worked, off, or follows its weekday.",
        ),
        "webui.calendar.hour": (
            "时间应写作 09:00，开始和结束都要填。请改正。",
            "Hours are written as 09:00, with a beginning and an end. Correct them.",
        ),
        "webui.calendar.nothing": (
            "请选择文件，或把内容粘贴到框里。",
            "Choose a file, or paste its content into the box.",
        ),
        "webui.calendar.changed": (
            "预览之后有人改了日历。下面是新的预览，请核对后再公布。",
            "Somebody changed the calendar after your preview. This is the new one: compare, then publish.",
        ),
        "webui.rules.moment": (
            "生效时间写得不对。请写日期（如 2026-03-12）和时间（如 09:00），都不写表示立即生效。",
            "This is no moment. Give a date (2026-03-12) and an hour (09:00); leave both empty for now.",
        ),
    }
)
