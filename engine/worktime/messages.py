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
        "worktime.no_edition": (
            "没有第 {revision} 版日历。请在日历页的历史中选择。",
            "There is no edition {revision} of the calendar. Choose one from the history on its page.",
        ),
        "worktime.reason": (
            "请写明修改日历的原因，最多 {most} 个字。",
            "Say why the calendar changes, in {most} characters at most.",
        ),
        "worktime.note": (
            "说明最多 {most} 个字。请缩短。",
            "A note has {most} characters at most. Shorten it.",
        ),
        "worktime.source": (
            "请写明来源（如通知文号），最多 {most} 个字。",
            "Name the source, such as the notice's number, in {most} characters at most.",
        ),
        "worktime.csv": (
            "文件有 {count} 处问题，没有导入。请逐行改正后再导入。",
            "The file has {count} problems and nothing was imported. Correct each line and import again.",
        ),
        "worktime.csv.encoding": (
            "读不出文字。请另存为 UTF-8 编码的 CSV。",
            "The text cannot be read. Save it as CSV in UTF-8.",
        ),
        "worktime.csv.too_long": (
            "文件超过 {most} 个字。一年最多 366 行，请只保留需要的行。",
            "The file has more than {most} characters. A year has 366 lines at most; keep those needed.",
        ),
        "worktime.csv.empty": (
            "没有 {year} 年的任何日期。请填写放假和调休上班的日期。",
            "There is no day of {year}. Fill in the days off and the make-up days.",
        ),
        "worktime.csv.heading": (
            "第 {where} 行应为标题：日期,类型,说明（或 date,type,note）。请补上。",
            "Line {where} must be the heading date,type,note, in English or Chinese. Add it.",
        ),
        "worktime.csv.date": (
            "第 {where} 行：“{given}”不是日期。请写成 2027-02-05。",
            "Line {where}: {given} is no date. Write it as 2027-02-05.",
        ),
        "worktime.csv.year": (
            "第 {where} 行：{given} 不在 {year} 年内。请删除或改正。",
            "Line {where}: {given} is not in {year}. Delete or correct it.",
        ),
        "worktime.csv.twice": (
            "第 {where} 行：{given} 前面已经出现过。请只保留一行。",
            "Line {where}: {given} stands above already. Keep one of the lines.",
        ),
        "worktime.csv.type": (
            "第 {where} 行：类型“{given}”应为休（放假）或班（调休上班）。请改正。",
            "Line {where}: the type {given} must be off or work. Correct it.",
        ),
        "worktime.csv.note": (
            "第 {where} 行：说明最多 {most} 个字。请缩短。",
            "Line {where}: a note has {most} characters at most. Shorten it.",
        ),
        "worktime.changed": (
            "刚刚有人发布了新的版本。请刷新页面，核对后再保存。",
            "Somebody has just published another version. Reload the page, compare, and save again.",
        ),
        "worktime.rules.unknown": (
            "找不到这一版时限规则。请在规则页的历史中选择。",
            "There is no such edition of the rules. Choose one from the history on the rules page.",
        ),
        "worktime.rules.past": (
            "生效时间不能早于现在。请改为现在或以后的时间。",
            "Rules cannot take effect in the past. Choose the present or a later moment.",
        ),
        "worktime.rules.note": (
            "请写明修改原因，最多 {most} 个字。",
            "Say why the rules change, in {most} characters at most.",
        ),
        "worktime.rules.invalid": (
            "规则有 {count} 处问题，没有保存。请逐条改正后再保存。",
            "The rules have {count} problems and were not saved. Correct each and save again.",
        ),
        "worktime.rules.shape": (
            "这里应为规则页导出的结构：limits 为列表，reminders 为按名称的列表。请改正。",
            "This must have the shape that the rules page writes: limits a list, reminders lists by name.",
        ),
        "worktime.rules.too_many": (
            "最多 {most} 行。请合并条件相同的行。",
            "There may be {most} rows at most. Merge those with the same conditions.",
        ),
        "worktime.rules.name": (
            "名称必填，最多 {most} 个字。请改正。",
            "A name is needed, of {most} characters at most. Correct it.",
        ),
        "worktime.rules.condition": (
            "条件应为最多 {most} 个字的文字；留空表示不限。请改正。",
            "A condition is a text of {most} characters at most; leave it empty for any.",
        ),
        "worktime.rules.unit": ("单位只能是 {units} 之一。请选择。", "The unit must be one of {units}."),
        "worktime.rules.count": (
            "应为 1 到 {longest} 的整数。请改正。",
            "This must be a whole number from 1 to {longest}. Correct it.",
        ),
        "worktime.rules.flag": (
            "是否加急只能为是、否或空（不限），可否延期只能为是或否。请改正。",
            "Urgent is yes, no or empty (any); extendable is yes or no. Correct them.",
        ),
        "worktime.rules.unreachable": (
            "这一行排在“{name}”的兜底行之后，永远不会用到。请移到兜底行之前或删除。",
            "This row stands behind the one of {name} that holds for every case, so it never counts. "
            "Move it up or delete it.",
        ),
        "worktime.rules.no_fallback": (
            "“{name}”缺少不设条件的兜底行。请在最后加一行，条件全部留空。",
            "{name} has no row that holds for every case. Add one at its end with all conditions empty.",
        ),
        "worktime.rules.no_policy": (
            "缺少提醒方案 {name}。请补上（可以为空）。",
            "The reminder policy {name} is missing. Add it; it may be empty.",
        ),
        "worktime.rules.none_is_empty": (
            "方案 none 表示不提醒，不能有步骤。请改用另一个名称。",
            "The policy none means no reminders and has no steps. Give these another name.",
        ),
        "worktime.rules.twice": (
            "同一方案内已有名为“{name}”的步骤。请改名。",
            "The policy has a step named {name} already. Rename one.",
        ),
        "worktime.rules.when": ("时机只能是 {whens} 之一。请选择。", "When must be one of {whens}."),
        "worktime.rules.hour": (
            "时刻应写作 09:00。请改正。",
            "The hour is written as 09:00. Correct it.",
        ),
        "worktime.rules.to": (
            "至少选择一个接收人，只能是：{recipients}。",
            "Choose at least one recipient out of {recipients}.",
        ),
        "worktime.rules.template": (
            "没有通知模板“{given}”。请从列表中选择。",
            "There is no notice template {given}. Choose one from the list.",
        ),
        "worktime.deadline.none": ("无时限", "No deadline"),
        "worktime.deadline.normal": ("正常 · 还剩 {days} 个工作日", "On time · {counted} left"),
        "worktime.deadline.soon": ("临期 · 下一个工作日到期", "Due soon · next working day"),
        "worktime.deadline.sooner": ("临期 · 下一个工作日之前到期", "Due soon · before the next working day"),
        "worktime.deadline.today": ("今日 {hour} 到期", "Due today at {hour}"),
        "worktime.deadline.overdue": ("已超期 {days} 个工作日", "Overdue by {counted}"),
        "worktime.deadline.just_overdue": ("已超期，不足 1 个工作日", "Overdue by less than 1 working day"),
        "worktime.deadline.stopped": (
            "已暂停计时（{kind}）· 剩 {days} 个工作日",
            "Clock stopped ({kind}) · {counted} left",
        ),
        "worktime.deadline.stopped_less": (
            "已暂停计时（{kind}）· 剩不足 1 个工作日",
            "Clock stopped ({kind}) · less than 1 working day left",
        ),
        "worktime.deadline.stopped_late": (
            "已暂停计时（{kind}）· 暂停前已超期 {days} 个工作日",
            "Clock stopped ({kind}) · overdue by {counted} before",
        ),
        "worktime.deadline.stopped_late_less": (
            "已暂停计时（{kind}）· 暂停前已超期，不足 1 个工作日",
            "Clock stopped ({kind}) · overdue by less than 1 working day before",
        ),
        "worktime.stop.correction": ("补正", "correction of documents"),
        "worktime.stop.special": ("特别程序", "special procedure"),
        "worktime.stop.other": ("其他", "other"),
        "worktime.deadline.provisional": ("{words}（暂定）", "{words} (provisional)"),
    }
)
