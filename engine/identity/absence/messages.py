"""What absences and stand-ins say to whoever makes them."""

from engine.errors import teach

teach(
    {
        "identity.absence": (
            "代理设置有误，请按提示改正。",
            "The absence has mistakes; correct what is marked.",
        ),
        "identity.absence.unknown": (
            "没有这条代理设置，可能已被取消。请返回列表查看。",
            "There is no such absence. Go back to the list.",
        ),
        "identity.absence.not_keeper": (
            "您不能管理{name}的代理。请由本人、其部门管理员、控制中心（平台人员）或系统管理员办理。",
            "You may not keep the absences of {name}. The person, the administrator of the department, the "
            "control centre (for the platform's people) or the system administrator may.",
        ),
        "identity.absence.no_deputy": (
            "请选择代理人。{name}没有设定 B 岗。",
            "Choose a deputy: no stand-in is set for {name}.",
        ),
        "identity.absence.oneself": (
            "代理人不能是本人。请选择另一位同事。",
            "Nobody deputises for oneself. Choose a colleague.",
        ),
        "identity.absence.deputy": (
            "{deputy}不能代理{name}：代理人须在岗，并与其同部门，或担任同样的平台角色。请另选一位。",
            "{deputy} may not deputise for {name}: a deputy is active and of the same department, or holds "
            "the same role of the platform. Choose somebody else.",
        ),
        "identity.absence.moment": (
            "请填写日期（如 2026-03-12），需要时加上时间（如 2026-03-12 09:30）。",
            "Give a day such as 2026-03-12, with an hour such as 2026-03-12 09:30 where it matters.",
        ),
        "identity.absence.backwards": (
            "结束应晚于开始。请改正结束时间。",
            "The end comes after the beginning. Correct it.",
        ),
        "identity.absence.over": (
            "这段时间已经过去。请填写今后的结束时间。",
            "This period is over. Give an end that is still to come.",
        ),
        "identity.absence.too_long": (
            "一次代理最长 {days} 天。请缩短，到期后可再设。",
            "An absence lasts {days} days at most. Shorten it; another one may follow.",
        ),
        "identity.absence.overlap": (
            "与已有的代理（{since} 至 {until}，由{deputy}代理）时间重叠。请先结束那一条，或改开时间。",
            "It overlaps an absence from {since} to {until} with {deputy} as deputy. End that one first, "
            "or choose another period.",
        ),
        "identity.absence.how": (
            "请选择代理方式：转给代理人，或由本人和代理人共同办理。",
            "Choose whether what arrives moves to the deputy or is shared with the deputy.",
        ),
        "identity.absence.reason": (
            "事由不超过 {limit} 个字。请缩短。",
            "The reason has {limit} characters at most. Shorten it.",
        ),
        "identity.absence.ended": (
            "{name}的这条代理已经结束，无须再结束。请刷新页面。",
            "This absence of {name} is over already. Reload the page.",
        ),
    }
)
