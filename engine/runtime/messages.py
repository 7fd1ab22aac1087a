"""What the runtime says to a person. Each sentence tells what to do next."""

from engine.errors import teach

teach(
    {
        "runtime.no_case": ("没有这个办件。请检查编号。", "There is no such case. Check the number."),
        "runtime.no_task": ("没有这项任务。请回到待办列表。", "There is no such task. Go back to the inbox."),
        "runtime.no_incident": (
            "没有这个异常，或已处理。请刷新列表。",
            "There is no such incident, or it is resolved. Look again.",
        ),
        "runtime.task_closed": (
            "任务「{task}」已由{who}于{when}{did}，不能再提交。请查看办件的最新进展。",
            "The task {task} was {did} by {who} at {when} and takes no more answers. See the case's present state.",
        ),
        "runtime.task_changed": (
            "任务「{task}」已由{who}于{when}{did}。您填写的内容仍在页面上，请核对后重新提交。",
            "The task {task} was {did} by {who} at {when}. What you typed is kept; check it and send it again.",
        ),
        "runtime.task_taken": (
            "任务「{task}」已由{who}于{when}{did}。请另选一项，或请对方放回。",
            "The task {task} was {did} by {who} at {when}. Choose another, or ask that person to release it.",
        ),
        "runtime.not_assignee": (
            "任务「{task}」由{who}办理，您不能提交。需要时请对方放回后再认领。",
            "The task {task} is with {who}; you cannot complete it. Ask that person to release it if needed.",
        ),
        "runtime.not_candidate": (
            "任务「{task}」不在您的办理范围内。如有疑问请联系控制中心。",
            "The task {task} is not yours to do. Ask the control centre if that seems wrong.",
        ),
        "runtime.no_candidates": (
            "任务「{task}」没有其他候选人，不能放回。请办理，或联系控制中心。",
            "The task {task} has no other candidates to go back to. Do it, or ask the control centre.",
        ),
        "runtime.task_held": (
            "任务「{task}」正在等{who}加签，现在不能办理、转出或放回。需要时请减签，或催办对方。",
            "The task {task} waits for {who} to sign; nothing else can be done with it. Remove the signer if needed.",
        ),
        "runtime.only_decides": (
            "「{task}」是加签任务，只能表示同意或不同意。请在任务页填写加签意见。",
            "{task} is an added signer's: it takes agreement or disagreement alone. Decide on the task's page.",
        ),
        "runtime.not_starter": (
            "您不能发起「{process}」。请联系平台开通，或选择其他事项。",
            "You may not start {process}. Ask the platform, or choose another matter.",
        ),
        "runtime.not_yours": ("您无权查看这个办件。", "This case is not open to you."),
        "runtime.not_own_enterprise": (
            "只能为本企业提交。请核对统一社会信用代码。",
            "You may only submit for your own enterprise. Check the credit code.",
        ),
        "runtime.not_sender": (
            "「{message}」不由您发送。请联系服务中心。",
            "{message} is not yours to send. Ask the service centre.",
        ),
        "runtime.not_counted": (
            "办件 {number} 的期限无法按新工作日历重新计算：{why}。请联系管理员处理，处理后再试。",
            "The dates of case {number} can't be counted on the new calendar: {why}. Ask the administrator to mend it, then try again.",
        ),
        "runtime.not_now": (
            "现在不能发送「{message}」：{why}。请等条件具备，或联系服务中心。",
            "{message} can't be sent now: {why}. Wait until it can, or ask the service centre.",
        ),
        "runtime.not_brought": (
            "「{message}」不能带这个值。流程图列出的是：{known}。请删去它。",
            "{message} brings no such value. The diagram lists: {known}. Leave it out.",
        ),
        "runtime.case_ended": (
            "办件已结束，不能再提交，也不能暂停计时或恢复计时。请刷新页面。",
            "The case has ended: it takes nothing more, and its clock cannot be stopped or resumed. Reload the page.",
        ),
        "runtime.clock_stopped": (
            "办件已于{since}暂停计时（{kind}），任务「{task}」现在不能提交。可以先存草稿，请承办人员或控制中心恢复计时后再提交。",
            "The case's clock has stood still since {since} ({kind}), so {task} takes no answer now. Save a draft; "
            "who works on the case, or the control centre, resumes the clock.",
        ),
        "runtime.bad_stop": (
            "暂停计时须选明类别（{kinds}），并写明理由，不超过 {most} 字；要企业补充的内容不超过 {needs} 字。请补充后再提交。",
            "To stop the clock choose a kind ({kinds}) and give a reason of at most {most} characters, and what to supply in at most {needs}. Then send it again.",
        ),
        "runtime.stopped_already": (
            "办件已经暂停计时。需要时请先恢复计时。",
            "The case's clock stands still already. Resume it first if needed.",
        ),
        "runtime.not_stopped": (
            "办件没有暂停计时，无需恢复。请刷新页面。",
            "The case's clock runs; there is nothing to resume. Look again.",
        ),
        "runtime.may_not_stop": (
            "只有正在办理的人员、控制中心和督办人员可以暂停计时或恢复计时。请联系他们。",
            "Only who works on the case now, the control centre and supervisors may stop or resume its clock. Ask them.",
        ),
        "runtime.unknown_template": (
            "没有通知模板「{template}」。请在流程图中改用已有模板。",
            "There is no notice template {template}. Use one that exists in the diagram.",
        ),
        "runtime.unknown_operation": (
            "没有操作「{operation}」。请在流程图中改用已登记的操作。",
            "There is no operation {operation}. Use a registered one in the diagram.",
        ),
        "runtime.bad_parameter": (
            "操作「{operation}」的参数「{parameter}」为空或类型不对。请检查流程图中的输入参数。",
            "The parameter {parameter} of the operation {operation} is empty or of a wrong type. Check the diagram's inputs.",
        ),
        "runtime.bad_number": (
            "编号规则「{pattern}」无法使用。写法如 SQ-{{date}}-{{seq:04}}，编号不超过 40 个字符。请修改流程图。",
            "The pattern {pattern} makes no number. Write it like SQ-{{date}}-{{seq:04}}, for no more than 40 characters.",
        ),
        "runtime.too_long": (
            "「{name}」中的「{value}…」太长，最多 {limit} 个字符。请修改流程图里的表达式。",
            "{value}… of {name} is too long: {limit} characters at most. Change its expression in the diagram.",
        ),
        "runtime.no_enterprise": (
            "没有填写企业的统一社会信用代码。",
            "The enterprise's credit code is missing.",
        ),
        "runtime.key_reused": (
            "同一个 Idempotency-Key 已用于不同内容的请求。请换一个新的键。",
            "This Idempotency-Key was used for a different request. Use a new key.",
        ),
        "bpmn.cannot_send_back": (
            "“{task}”不能退回到“{to}”：它不在“{task}”之前的路径上，或在另一条并行分支里，"
            "或所在的分支不是成对的网关。请从可退回的节点中另选一个。",
            "“{task}” can't be sent back to “{to}”: it doesn't lie before it, lies in another parallel branch, "
            "or among branches that no gateway joins again. Choose one of the steps that are offered.",
        ),
        "bpmn.cannot_reopen_item": (
            "“{name}”这一轮已经全部办完，结果已由各人的意见合出，不能再单独撤回其中一份。"
            "请让现在的办理人退回到“{name}”，整轮重新办理。",
            "Everybody has finished “{name}” and its result was drawn from all together, so one part can't be "
            "taken back by itself. Ask whoever has the case now to send it back to “{name}”: all begin anew.",
        ),
        "bpmn.reopen_last_only": (
            "“{name}”是依次办理的，后面的人已经接着办了，只能由最后办完的人撤回。请让后面的办理人先撤回，或退回重办。",
            "“{name}” is done in turn and the next one has gone on: only who finished last may take it back. "
            "Ask that person to do so first, or have the task sent back.",
        ),
        "bpmn.cannot_reopen": (
            "“{name}”不能重新打开：它正在办理，或所在的环节已经结束、无法单独恢复。请改用退回。",
            "“{name}” can't be opened again: it is open, or what it stood in is over and can't be restored "
            "singly. Send the present task back instead.",
        ),
        "bpmn.not_waiting": (
            "这一步已经结束。请刷新页面查看最新进展。",
            "This step is over already. Look again at the case's present state.",
        ),
        "bpmn.not_expected": (
            "办件现在不接收「{message}」。请查看它所处的环节。",
            "The case does not wait for {message} now. See where it stands.",
        ),
        "bpmn.no_moment": (
            "「{name}」的时限算不出来。请检查流程图中的时间表达式。",
            "The deadline of {name} cannot be computed. Check its expression in the diagram.",
        ),
        "bpmn.not_a_list": (
            "「{name}」的多实例集合不是列表。请检查流程图中的集合表达式。",
            "The collection of {name} is not a list. Check its expression in the diagram.",
        ),
        "bpmn.not_a_count": (
            "「{name}」的多实例次数不是 0 到 10000 的整数。请检查流程图。",
            "The cardinality of {name} is not a whole number from 0 to 10,000. Check the diagram.",
        ),
        "bpmn.no_signers": (
            "「{name}」没有会签人，无法继续。请检查流程图 signers 的表达式。",
            "Nobody is to sign at {name}, so it cannot go on. Check the expression of its signers in the diagram.",
        ),
        "bpmn.bad_signers": (
            "「{name}」的会签人应是 1 到 {most} 个账号或组的列表。请检查流程图 signers 的表达式。",
            "The signers of {name} are no list of 1 to {most} accounts or groups. Check their expression.",
        ),
        "bpmn.signer_twice": (
            "「{name}」的会签人「{who}」重复。请检查流程图 signers 的表达式。",
            "{who} stands twice among the signers of {name}. Check their expression in the diagram.",
        ),
        "bpmn.unknown_signer": (
            "「{name}」的会签人「{who}」不是在职人员，也不是有人的组。请检查流程图 signers 的表达式或人员设置。",
            "{who}, who is to sign at {name}, is neither active staff nor a group with members. Check the expression.",
        ),
        "bpmn.bad_ratio": (
            "「{name}」的通过比例应大于 0、不超过 100%。请检查流程图 pass 的表达式。",
            "The ratio of {name} must lie above 0 and up to 100%. Check its expression in the diagram.",
        ),
        "bpmn.no_vote": (
            "「{name}」的表决（{field}）应是 同意、不同意 或 弃权。请重新选择。",
            "The vote of {name} ({field}) is neither agreement, disagreement nor abstention. Choose one of them.",
        ),
        "bpmn.not_executed": (
            "「{name}」（{kind}）不能执行。请改用支持的元素。",
            "{name} ({kind}) cannot be executed. Use an element that is supported.",
        ),
        "bpmn.stopped": (
            "流程无法继续：{reason}。请联系管理员。",
            "The process cannot go on: {reason}. Tell the administrator.",
        ),
        "bpmn.restless": (
            "这一步引出的环节太多，流程停不下来，没有执行。请检查流程图中不等人的循环和多实例的次数。",
            "This step leads to more than can be: the process does not come to rest, and nothing was done. "
            "Look in the diagram for a loop in which nobody is waited for, and at the multi-instances.",
        ),
        "bpmn.too_deep": (
            "流程嵌套过深。请联系管理员。",
            "The process is nested too deeply. Tell the administrator.",
        ),
        "bpmn.stored_format": (
            "办件以更新的格式（{format}）保存。请升级程序后再试。",
            "The case is stored in a newer format ({format}). Upgrade, then try again.",
        ),
    }
)
