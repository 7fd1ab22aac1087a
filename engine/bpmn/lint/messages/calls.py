"""Sentences about call activities."""

# ruff: noqa: E501 — a sentence is read in one piece

CALLS = {
    "lint.call-nothing": (
        "调用活动“{name}”（第 {line} 行）没有说调用哪个流程。请在 calledElement 里填流程标识。",
        "The call activity “{name}” (line {line}) calls nothing. Write the process's key into calledElement.",
    ),
    "lint.call-expression": (
        "调用活动“{name}”（第 {line} 行）的 calledElement 是表达式（{value}），部署时定不下来。请写固定的流程标识，多种情况用网关分开。",
        "calledElement of “{name}” (line {line}) is an expression ({value}), which can't be bound at deployment. "
        "Write a key; for several, choose with a gateway.",
    ),
    "lint.call-unknown": (
        "调用活动“{name}”（第 {line} 行）要调用的流程“{process}”不存在。请先部署它，或改用：{hint}。",
        "“{name}” (line {line}) calls the process “{process}”, which doesn't exist. Deploy it first, or use: {hint}.",
    ),
    "lint.call-circle": (
        "调用活动“{name}”（第 {line} 行）调用的流程“{process}”又绕回来调用本流程，永远不会结束。请去掉其中一个调用。",
        "“{name}” (line {line}) calls “{process}”, which calls back in a circle and would never end. Remove one of the calls.",
    ),
    "lint.call-mapping": (
        "调用活动“{name}”（第 {line} 行）的 {place}（{value}）只写了一半。请同时写 target，和 source 或 sourceExpression。",
        "An {place} of “{name}” (line {line}) is only half written ({value}). Give target, and source or sourceExpression.",
    ),
    "lint.call-passed": (
        "调用活动“{name}”（第 {line} 行）把值传给变量“{variable}”，流程“{process}”里没有这个变量。是不是：{hint}？",
        "“{name}” (line {line}) passes “{variable}”, which the process “{process}” doesn't have. Did you mean: {hint}?",
    ),
    "lint.call-needs": (
        "调用活动“{name}”（第 {line} 行）没有传“{variable}”：流程“{process}”单独发起时由开始表单填写，后面要用。"
        "请加一条 camunda:in（没有值就传 = null）。",
        "“{name}” (line {line}) doesn't pass “{variable}”, which “{process}” takes from its start form otherwise and reads. "
        "Add a camunda:in (= null where there is no value).",
    ),
    "lint.call-size": (
        "“{name}”连同它调用的流程共有 {count} 个节点，上限 {limit} 个。请减少调用的层数或次数。",
        "“{name}” has {count} nodes with all that it calls; the limit is {limit}. Call fewer processes, or less often.",
    ),
    "lint.id-long": (
        "“{name}”（第 {line} 行）的节点编号连同外层调用活动的编号有 {length} 个字符（{value}），上限 {limit} 个。请改短编号。",
        "“{name}” (line {line}): an id has {length} characters with those of the calls around it ({value}); the limit is {limit}. "
        "Shorten the ids.",
    ),
}
