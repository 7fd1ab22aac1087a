"""What the actions say to a person. Each sentence tells what to do next."""

from engine.errors import teach

teach(
    {
        "runtime.not_offered": (
            "「{task}」不提供{action}。请用本环节提供的其他办理方式，或联系控制中心。",
            "This action is not offered at {task}. Use another one of this step, or ask the control centre.",
        ),
        "runtime.delegated": (
            "「{task}」由{who}委派，您办好后请交回，由{who}提交。",
            "{task} was delegated by {who}: hand back your answer, and {who} completes it.",
        ),
        "runtime.not_delegated": (
            "「{task}」不是委派给您的，无须交回。请直接办理。",
            "{task} was not delegated, so there is nothing to hand back. Complete it.",
        ),
        "runtime.not_delegator": (
            "「{task}」不是您委派的，不能由您收回。请联系委派人。",
            "{task} was not delegated by you, so it is not yours to recall. Ask whoever delegated it.",
        ),
        "runtime.nothing_to_recall": (
            "「{task}」没有委派在外，或已经交回，无须收回。请直接办理。",
            "{task} is with no delegate, or was answered already: there is nothing to recall. Go on with it.",
        ),
        "runtime.not_eligible": (
            "不能交给所选的人员。请从名单中另选一位。",
            "The task can't go to this person. Choose another one of the list.",
        ),
        "runtime.choose_person": ("请从名单中选择人员。", "Choose somebody of the list."),
        "runtime.urged_already": (
            "「{task}」已于{last}催办，{again}后可以再次催办。",
            "{task} was urged at {last}; it may be urged again after {again}.",
        ),
        "runtime.own_task": (
            "「{task}」由您办理，无须催办。请直接办理。",
            "{task} is yours to do, so there is nobody to urge. Do it.",
        ),
        "runtime.not_to_copy": (
            "「{task}」由{who}办理，只有办理人可以抄送。请联系办理人。",
            "{task} is with {who}; only who handles it may copy it to others. Ask that person.",
        ),
        "runtime.bad_copy": ("抄送没有完成。请按提示修改。", "It was not copied. Mend what is named."),
        "runtime.copy_fewer": (
            "一次最多抄送 {most} 人。请减少人数。",
            "A copy goes to {most} people at most. Choose fewer.",
        ),
        "runtime.note_long": (
            "附言不超过 {most} 字。请缩短。",
            "A note has at most {most} characters. Shorten it.",
        ),
        "runtime.no_following": (
            "企业的办件无须关注，进展会通知您。请在“我的办件”查看。",
            "There is no need to follow: you are told of your own cases. See them in your list.",
        ),
        "runtime.deputy_has_it": (
            "{who}不在岗，其任务现由您代理，「{task}」转过去还会回到您处。请另选一位。",
            "{who} is away with you as deputy: {task} would come back to you. Choose somebody else.",
        ),
        "runtime.no_terminator": (
            "您不能终止这个办件。需要时请联系控制中心。",
            "You may not end this case. Ask the control centre if it must be.",
        ),
    }
)
