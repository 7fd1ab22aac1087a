"""Sentences about what people may do with a task besides completing it."""

# ruff: noqa: E501 — a sentence is read in one piece

DESK = {
    "lint.desk-place": (
        "“{name}”（第 {line} 行）写了 {property}，只有用户任务才看它。请移到用户任务上，或删去。",
        "“{name}” (line {line}) has {property}, which only user tasks heed. Move it to one, or delete it.",
    ),
    "lint.desk-unknown": (
        "任务“{name}”（第 {line} 行）的 {property} 里写了“{value}”，没有这一项。可以写：{hint}。",
        "{property} of “{name}” (line {line}) says “{value}”, which there is not. It may say: {hint}.",
    ),
    "lint.action-none": (
        "任务“{name}”（第 {line} 行）的 actions 同时写了 none 和别的办理方式（{value}）。请只留其一。",
        "actions of “{name}” (line {line}) says none and others as well ({value}). Keep one or the other.",
    ),
    "lint.reject-nowhere": (
        "任务“{name}”（第 {line} 行）可以驳回，却没写驳回到哪里。请加属性 reject：节点名称或 end，或从 actions 里去掉驳回。",
        "“{name}” (line {line}) offers reject and says not where it leads. Add the property reject: a node, or end.",
    ),
    "lint.reject-idle": (
        "任务“{name}”（第 {line} 行）写了 reject（{value}），actions 里却没有驳回，永远用不上。请在 actions 里加上驳回，或删去 reject。",
        "“{name}” (line {line}) says reject ({value}), but its actions don't offer it. Add reject to them, or delete it.",
    ),
    "lint.reject-way": (
        "任务“{name}”（第 {line} 行）驳回不能到“{value}”：它不在前后的路径上，或在另一条并行分支里，或所在分支不成对。可以写：{hint}，或 end。",
        "“{name}” (line {line}) can't lead to “{value}”: that lies on no way before or after it, in another parallel "
        "branch, or among branches that nothing joins. It may say: {hint}, or end.",
    ),
    "lint.send-back-idle": (
        "任务“{name}”（第 {line} 行）写了 send back to，actions 里却没有退回，永远用不上。请在 actions 里加上退回，或删去 send back to。",
        "“{name}” (line {line}) says send back to, but its actions don't offer it. Add send back to them, or delete it.",
    ),
    "lint.send-back-way": (
        "任务“{name}”（第 {line} 行）不能退回到“{value}”：没有这个环节，或它不在前面的路径上，或在另一条并行分支里。可以写：{hint}。",
        "“{name}” (line {line}) can't be sent back to “{value}”: there is no such step, none before it, or it lies in another parallel branch. It may say: {hint}.",
    ),
    "lint.eyes-own": (
        "任务“{name}”（第 {line} 行）的 not performed by 写了它自己。请写前面环节的名称。",
        "not performed by of “{name}” (line {line}) names the task itself. Name a step before it.",
    ),
    "lint.terminators": (
        "流程的 terminators 写了不存在的组“{group}”。请写 control-centre 等已有的组。",
        "terminators of the process names the group “{group}”, which doesn't exist. Write one such as control-centre.",
    ),
    "lint.round-alone": (
        "流程写了 round facts，没写 round，“各轮办理”不会出现。请在流程的属性 round 里写计轮次的变量，或删去 round facts。",
        "The process has round facts but no round, so no rounds are shown. Name the variable that counts them in the property round, or delete round facts.",
    ),
    "lint.round-pair": (
        "流程的 round facts 里“{value}”没写全。请写成“标签: 变量”，各项用逗号分开，如“承办部门: department”。",
        "“{value}” in round facts of the process is not whole. Write “label: variable”, with commas between them.",
    ),
    "lint.round-unknown": (
        "流程的 {property} 里写了“{value}”，案件里没有这个变量，各轮办理里它会一直是空的。请改成：{hint}，或先在图上、表单里写入它。",
        "{property} of the process names “{value}”, which is no variable of the case and would stay empty. Write {hint}, or set it in the diagram or a form.",
    ),
}
