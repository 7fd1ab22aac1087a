"""What is said about tasks that change hands because somebody is away or leaves."""

from engine.errors import teach

teach(
    {
        "runtime.absence.process": (
            "没有流程「{process}」。请从列表中选择，或选“全部事项”。",
            "There is no process {process}. Choose one from the list, or all of them.",
        ),
    }
)
