"""What the desk says to a person. Each sentence tells what to do next."""

from engine.errors import teach

teach(
    {
        "desk.no_filter": (
            "没有这个筛选，或已被删除。请刷新收件箱。",
            "There is no such filter, or it was deleted. Look at the inbox again.",
        ),
        "desk.filter_name": (
            "请给筛选起一个 1 到 {most} 个字的名称。",
            "Give the filter a name of 1 to {most} characters.",
        ),
        "desk.filter_long": (
            "这个筛选的条件太多，保存不下。请减少条件。",
            "This filter asks for too much to be kept. Ask for less.",
        ),
        "desk.filter_exists": (
            "您已有名为「{name}」的筛选。请换一个名称。",
            "You have a filter called {name} already. Choose another name.",
        ),
        "desk.filters_full": (
            "最多保存 {most} 个筛选。请先删除不用的。",
            "At most {most} filters are kept. Delete one first.",
        ),
        "desk.not_your_group": (
            "只能共享给自己的部门或角色组。请重新选择。",
            "A filter can be shared with your own department or groups only. Choose again.",
        ),
        "desk.not_in_hand": (
            "任务「{task}」不在您手上，不能保存草稿。请先认领。",
            "The task {task} is not in your hands, so no draft of it is kept. Claim it first.",
        ),
        "desk.nothing_to_urge": (
            "这件事项现在没有由别人办理的环节，不用催办。",
            "Nothing in this case waits for somebody else now, so there is nobody to urge.",
        ),
        "desk.draft_long": (
            "填写的内容太多，草稿保存不下。请直接提交，或分开填写。",
            "This is too much for a draft. Submit it, or write less.",
        ),
    }
)
