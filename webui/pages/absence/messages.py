"""What the pages of handing over say when nothing was chosen."""

from engine.errors import teach

teach(
    {
        "webui.handover.no_task": ("请至少选择一项任务。", "Choose at least one task."),
        "webui.handover.no_receiver": (
            "请选择接收人，或在每项任务旁分别选择。",
            "Choose who is to have them, or choose beside each task.",
        ),
    }
)
