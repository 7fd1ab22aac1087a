"""Sentences about tasks for people and for the platform: forms, groups, deadlines, operations, decisions."""

# ruff: noqa: E501 — a sentence is read in one piece

WORK = {
    "lint.no-form": (
        "用户任务“{name}”（第 {line} 行）没有表单。请填写 formKey。",
        "User task “{name}” (line {line}) has no form. Set its formKey.",
    ),
    "lint.form-unknown": (
        "“{name}”（第 {line} 行）的表单“{form}”不存在。请新建它，或改用已有的：{hint}。",
        "The form “{form}” of “{name}” (line {line}) doesn't exist. Create it, or use: {hint}.",
    ),
    "lint.form-reads": (
        "“{name}”（第 {line} 行）的表单“{form}”要读变量“{variable}”，这里没有谁写过它。是不是：{hint}？",
        "Form “{form}” of “{name}” (line {line}) reads “{variable}”, which nothing sets here. Use: {hint}?",
    ),
    "lint.no-candidate": (
        "用户任务“{name}”（第 {line} 行）没有办理人。请填写 assignee、candidateGroups 或 candidateUsers。",
        "Nobody may do “{name}” (line {line}). Set assignee, candidateGroups or candidateUsers.",
    ),
    "lint.group-unknown": (
        "“{name}”的组“{group}”不存在。请改成已有的角色或部门组，如 platform、handler@部门代码。",
        "The group “{group}” of “{name}” doesn't exist. Use a role or a department's group, as handler@code.",
    ),
    "lint.group-place": (
        "“{name}”（第 {line} 行）的组“{group}”要带上单位，单写收不到。请写 {group}@代码，或 {mend}。",
        "The group “{group}” of “{name}” (line {line}) reaches nobody without its place. "
        "Write {group}@<code>, or {mend}.",
    ),
    "lint.starter-expression": (
        "流程“{name}”的 candidateStarterGroups 是表达式（{value}），发起前算不出来。请写固定的组，用逗号分开。",
        "candidateStarterGroups of “{name}” is an expression ({value}), which can't be known before a case. "
        "Write the groups, separated by commas.",
    ),
    "lint.starter-users": (
        "流程“{name}”的 candidateStarterUsers（{value}）平台不执行。请改用 candidateStarterGroups 填写组。",
        "candidateStarterUsers ({value}) of “{name}” doesn't run here. Name groups in candidateStarterGroups.",
    ),
    "lint.no-deadline": (
        "用户任务“{name}”（第 {line} 行）没有期限。请填 dueDate，或用属性 deadline=none 说明不设期限。",
        "User task “{name}” (line {line}) has no deadline. Set dueDate, or the property deadline=none.",
    ),
    "lint.two-deadlines": (
        "“{name}”（第 {line} 行）既有期限（{due}）又写 deadline=none。请只留一个。",
        "“{name}” (line {line}) has a due date ({due}) and deadline=none. Keep one.",
    ),
    "lint.deadline-place": (
        "“{name}”（{kind}，第 {line} 行）不能写 deadline（{value}）：none 只用于用户任务，时刻只用于会持续的环节。请移到该处。",
        "“{name}” ({kind}, line {line}) can't have the deadline {value}: “none” is for user tasks, a moment for "
        "activities that last. Move it there.",
    ),
    "lint.reminders-place": (
        "“{name}”（第 {line} 行）写了提醒规则 reminders（{policy}），却没有期限。请填 dueDate 或属性 deadline，或删去它。",
        "“{name}” (line {line}) has reminders ({policy}) and no deadline. Set dueDate or the property deadline, "
        "or remove it.",
    ),
    "lint.priority": (
        "“{name}”（第 {line} 行）的优先级“{value}”不是 0 到 100 的整数。请改填。",
        "The priority “{value}” of “{name}” (line {line}) is no whole number from 0 to 100. Write one.",
    ),
    "lint.no-operation": (
        "“{name}”（第 {line} 行）没有操作。请把类型设为 external，并在 topic 里填操作名。",
        "“{name}” (line {line}) has no operation. Set type “external” and the operation's name as topic.",
    ),
    "lint.operation-unknown": (
        "“{name}”（第 {line} 行）的操作“{operation}”不存在。请改用已有的：{hint}。",
        "The operation “{operation}” of “{name}” (line {line}) doesn't exist. Use: {hint}.",
    ),
    "lint.parameter-missing": (
        "“{name}”（第 {line} 行）调用“{operation}”缺少参数“{parameter}”。请在输入参数里加上。",
        "“{name}” (line {line}) doesn't give “{operation}” its parameter “{parameter}”. Add it to the inputs.",
    ),
    "lint.parameter-unknown": (
        "“{name}”（第 {line} 行）给了“{operation}”不认识的参数“{parameter}”。请删去，或改用：{hint}。",
        "“{operation}” in “{name}” (line {line}) has no parameter “{parameter}”. Remove it, or use: {hint}.",
    ),
    "lint.no-output": (
        "“{name}”（第 {line} 行）的“{operation}”没有参数也没有输出，什么也不做。请加输出参数。",
        "“{operation}” in “{name}” (line {line}) takes and sets nothing. Add output parameters.",
    ),
    "lint.no-decision": (
        "“{name}”（第 {line} 行）没有指定决策。请填写 decisionRef。",
        "“{name}” (line {line}) names no decision. Set its decisionRef.",
    ),
    "lint.decision-unknown": (
        "“{name}”（第 {line} 行）的决策“{decision}”不存在。请新建它，或改用已有的：{hint}。",
        "The decision “{decision}” of “{name}” (line {line}) doesn't exist. Create it, or use: {hint}.",
    ),
    "lint.decision-mapping": (
        "“{name}”（第 {line} 行）的 mapDecisionResult 是“{value}”。"
        "请用 singleEntry、singleResult、collectEntries 或 resultList。",
        "mapDecisionResult of “{name}” (line {line}) is “{value}”. "
        "Use singleEntry, singleResult, collectEntries or resultList.",
    ),
    "lint.decision-lost": (
        "“{name}”（第 {line} 行）的决策结果没有存下来。请填写 resultVariable。",
        "The result of the decision in “{name}” (line {line}) is kept nowhere. Set resultVariable.",
    ),
    "lint.decision-reads": (
        "“{name}”（第 {line} 行）的决策“{decision}”需要变量“{variable}”，这里没有谁写过它。是不是：{hint}？",
        "Decision “{decision}” of “{name}” (line {line}) reads “{variable}”, which nothing sets. Use: {hint}?",
    ),
}
