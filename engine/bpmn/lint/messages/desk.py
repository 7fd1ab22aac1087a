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
    "lint.eyes-own": (
        "任务“{name}”（第 {line} 行）的 not performed by 写了它自己。请写前面环节的名称。",
        "not performed by of “{name}” (line {line}) names the task itself. Name a step before it.",
    ),
    "lint.terminators": (
        "流程的 terminators 写了不存在的组“{group}”。请写 control-centre 等已有的组。",
        "terminators of the process names the group “{group}”, which doesn't exist. Write one such as control-centre.",
    ),
}
