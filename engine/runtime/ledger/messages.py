"""What the ledger says to a person. Each sentence tells what to do next."""

from engine.errors import teach

teach(
    {
        "ledger.none": (
            "没有这条考核记录，或您无权查看。请回到考核台账。",
            "There is no such assessment, or it is not open to you. Go back to the ledger.",
        ),
        "ledger.not_answerable": (
            "只有责任部门的管理员可以申诉。请联系责任部门。",
            "Only an administrator of the answerable department may object. Ask that department.",
        ),
        "ledger.not_deciding": (
            "考核申诉由控制中心裁定。请等候结果。",
            "The control centre decides on objections. Wait for its decision.",
        ),
        "ledger.objected_already": (
            "这条考核记录已经申诉过，不能再次申诉。请查看裁定结果。",
            "An objection has been made already and cannot be made again. See what was decided.",
        ),
        "ledger.too_late": (
            "申诉期限为记录之日起 {days} 个工作日，现已超过。如确有错误，请联系控制中心。",
            "Objections can be made for {days} working days, which have passed. Tell the control centre if it is wrong.",
        ),
        "ledger.nothing_to_decide": (
            "这条考核记录没有待裁定的申诉。请刷新台账。",
            "No objection to this assessment waits for a decision. Reload the ledger.",
        ),
        "ledger.rejected": (
            "内容没有填写完整，请修改后再提交。",
            "Something is missing. Correct it and send it again.",
        ),
        "ledger.reasons": (
            "请写明理由，不超过 {most} 个字。",
            "Give your reasons in no more than {most} characters.",
        ),
    }
)
