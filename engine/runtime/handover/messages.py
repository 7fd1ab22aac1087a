"""What is said when tasks change hands because of who has them."""

from engine.errors import teach

teach(
    {
        "runtime.handover.not_yours": (
            "您不能移交{name}的任务。请由本人、其部门管理员、控制中心或系统管理员办理。",
            "You may not hand over the tasks of {name}. The person, the administrator of the department, the "
            "control centre or the system administrator may.",
        ),
        "runtime.handover.wrong": (
            "移交没有进行。请按提示改正。",
            "Nothing was handed over. Mend what is named.",
        ),
        "runtime.handover.receiver": (
            "请选择与{name}同部门（或同一平台角色）的在岗人员。",
            "Choose active people of the department (or of the platform's role) of {name}.",
        ),
        "runtime.handover.reason": (
            "原因不超过 {limit} 个字。请缩短。",
            "The reason has {limit} characters at most. Shorten it.",
        ),
        "runtime.handover.not_with": (
            "「{task}」已不在{name}处，现由{who}办理，没有移交。请刷新页面。",
            "{task} is no longer with {name} but with {who}; it was not handed over. Reload the page.",
        ),
        "runtime.handover.excluded": (
            "「{task}」须由另一个人办理，不能移交给{who}。请另选一位。",
            "{task} needs another pair of eyes and cannot go to {who}. Choose somebody else.",
        ),
        "runtime.handover.beside": (
            "{who}已在「{task}」这个环节办理或加签，同一环节每人只表态一次，不能移交给{who}。请另选一位。",
            "{who} has a say at {task} already, and everybody has one there. Choose somebody else.",
        ),
        "runtime.handover.stopped": (
            "{who}的账号已停用，「{task}」不能交给{who}。请移交给其他同事。",
            "The account of {who} is stopped, so {task} cannot go there. Hand it to a colleague.",
        ),
        "runtime.handover.signature": (
            "「{task}」是请本人加签，不能放回待认领。请移交给一位没有参与这个环节的同事，或请发起人减签。",
            "{task} asks for a person's own word and has no groups to go back to. Hand it to a colleague who "
            "takes no part there, or have whoever asked remove the signer.",
        ),
        "runtime.handover.waits": (
            "「{task}」正在等{who}加签，不能放回待认领。请移交给一位同事，或先减签。",
            "{task} waits for {who} to sign and cannot go back to its groups. Hand it to a colleague, or remove "
            "the signers first.",
        ),
        "runtime.handover.still_away": (
            "{name}仍不在岗（至 {until}），不能交还。请等其返岗。",
            "{name} is still away (until {until}); give it back when the person is there again.",
        ),
        "runtime.handover.end_first": (
            "您的代理仍在生效，收回的任务会再转给代理人。请先结束代理。",
            "Your absence still holds, and the task would move again. End the absence first.",
        ),
        "runtime.handover.not_for_you": (
            "「{task}」不是别人代您办理的，不能收回。",
            "{task} is not done on your behalf; there is nothing to take back.",
        ),
        "runtime.handover.not_deputy_give": (
            "「{task}」不是您代别人办理的，不能交还。",
            "{task} is not done on somebody's behalf; there is nobody to give it back to.",
        ),
        "runtime.handover.not_deputy_take": (
            "「{task}」已由{who}接手，不能收回。请刷新页面。",
            "{task} has been taken over by {who} and cannot be taken back. Reload the page.",
        ),
        "runtime.handover.hanging": (
            "{name}名下还有 {count} 项待办。请先移交或放回，再停用账号。",
            "{count} open tasks hang on {name}. Hand them over or let them go first, then stop the account.",
        ),
        "runtime.handover.not_administrator": (
            "账号由系统管理员停用和启用，且不能停用自己的账号。请联系系统管理员处理{name}的账号。",
            "The system administrator stops and starts accounts, but not their own. Ask one about {name}.",
        ),
    }
)
