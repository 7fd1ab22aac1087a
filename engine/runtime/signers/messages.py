"""What added signers and those who ask them are told. Each sentence says what to do next."""

from engine.errors import teach

teach(
    {
        "signers.kind": (
            "加签方式只有 before（前加签）和 after（后加签），没有「{how}」。请重新选择。",
            "Signers are added before or after, not {how}. Choose one of the two.",
        ),
        "signers.how_many": (
            "请选择加签人；同一环节最多 {most} 人。",
            "Choose whom to ask: somebody, and at most {most} people at one step.",
        ),
        "signers.twice": (
            "{who}已经在这个环节中，不能再次加签。请另选一人。",
            "{who} takes part in this step already and is not asked twice. Choose somebody else.",
        ),
        "signers.nobody": (
            "「{who}」不是可以加签的在职人员。请另选一人。",
            "{who} is nobody who can sign: only active staff who work on cases can. Choose somebody else.",
        ),
        "signers.four_eyes": (
            "{who}须回避这个环节，不能加签。请另选一人。",
            "{who} may not take part in this step, having done one that this one checks. Choose somebody else.",
        ),
        "signers.one_kind": (
            "任务「{task}」已有另一种加签，前加签和后加签不能同时进行。请等待结果，或先减签。",
            "The task {task} waits for signers of the other kind; both at once are not possible. Wait, or remove them.",
        ),
        "signers.delegated": (
            "任务「{task}」是委派来的，答复后要交还委派人，不能后加签。请改用前加签。",
            "The task {task} was delegated: your answer returns it, so signers can only be added before.",
        ),
        "signers.approved_already": (
            "任务「{task}」的办理内容已经填好，正在等加签，不能再改。增加加签人时请不要再填。",
            "What was entered for {task} stands already while signers are awaited. Add signers without values.",
        ),
        "signers.sheet": (
            "加签意见还有问题，请按提示修改。",
            "The sheet is not complete. Mend what is named.",
        ),
        "signers.outcome": ("请选择同意或不同意。", "Choose agreement or disagreement."),
        "signers.reasons": ("不同意时请写明意见。", "Say why you disagree."),
        "signers.long_opinion": ("意见不超过 {most} 字。", "An opinion has at most {most} characters."),
        "signers.not_added": (
            "任务「{task}」不是加签任务。请在任务页直接办理。",
            "The task {task} is no added signer's. Complete it on its own page.",
        ),
        "signers.not_removing": (
            "只有加签的发起人、本部门管理员和控制中心可以减签。请联系他们。",
            "Only who asked for the signature, the department's administrator or the control centre removes it.",
        ),
    }
)
