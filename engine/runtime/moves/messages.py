"""What is said about moving work back. Each sentence tells what to do next."""

from engine.errors import teach

teach(
    {
        "runtime.nothing_to_send_back_to": (
            "「{task}」之前没有可以退回到「{to}」的已办环节。可退回：{places}。请从中选择。",
            "{task} can't go back to {to}: no such step was done before it. Choose one of: {places}.",
        ),
        "runtime.not_out_of": (
            "「{task}」在「{within}」里面办理，它是另外启动的一段，有自己的内容，不能退回到外面的「{to}」。可退回：{places}。"
            "外面的环节需要重办的，请办完这一段，再由外面的办理人退回。",
            "{task} is part of {within}, which was begun apart and has values of its own, so it can't go back to "
            "{to} outside. Choose one of: {places}; or finish this part, and have {to} done anew from outside.",
        ),
        "runtime.no_rejection": (
            "「{task}」没有设置驳回去向，不能驳回。请改用退回，或正常办理。",
            "{task} declares nowhere to go when it is rejected. Send it back instead, or complete it.",
        ),
        "runtime.not_own_work": (
            "「{task}」不是您办结的，不能由您撤回。请联系办理人。",
            "{task} was not completed by you, so it is not yours to take back. Ask whoever did it.",
        ),
        "runtime.not_done": (
            "「{task}」还没有办结，无须撤回。请直接办理。",
            "{task} is not done yet, so there is nothing to take back. Go on with it.",
        ),
        "runtime.taken_on": (
            "「{task}」办结后，后续环节已有办理或变动（{later}），不能撤回。请让后续办理人退回。",
            "Work has gone on since {task} was done ({later}), so it can't be taken back. "
            "Ask whoever has the case now to send it back.",
        ),
        "runtime.not_withdrawable": (
            "这个办件现在不能撤回。如确需终止，请联系受理部门。",
            "This case can't be withdrawn now. If it must end, ask the department that handles it.",
        ),
        "runtime.not_own_case": (
            "只有提交办件的一方可以撤回办件。请联系提交人。",
            "Only who submitted a case may withdraw it. Ask that party.",
        ),
    }
)
