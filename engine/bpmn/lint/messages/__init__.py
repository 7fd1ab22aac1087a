"""What lint says to the person who drew the diagram: why it would go wrong, and what to do.

The sentences about the shape of a diagram stand in engine.bpmn.messages.
"""

# ruff: noqa: E501 — a sentence is read in one piece

from engine.bpmn.lint.messages.calls import CALLS
from engine.bpmn.lint.messages.desk import DESK
from engine.bpmn.lint.messages.signing import SIGNING
from engine.bpmn.lint.messages.work import WORK
from engine.errors import teach

__all__ = ["CALLS", "DESK", "DIALECT", "EVENTS", "SIGNING", "VARIABLES", "WORK"]

# In each sentence: {name} and {line} of the element, and the facts of its rule.
DIALECT = {
    "lint.script-task": (
        "“{name}”（第 {line} 行）是脚本任务，图里不能有程序代码。请用服务任务“set variables”和 FEEL 表达式。",
        "“{name}” (line {line}) is a script task. Use a service task “set variables” with FEEL expressions.",
    ),
    "lint.transaction": (
        "“{name}”（第 {line} 行）用到事务或取消事件，平台不执行。请用普通子流程和错误边界事件。",
        "“{name}” (line {line}) uses a transaction or cancel event. Use a sub-process and an error boundary.",
    ),
    "lint.ad-hoc": (
        "“{name}”（第 {line} 行）是临时子流程，平台不执行。请用普通子流程画出先后。",
        "“{name}” (line {line}) is an ad-hoc sub-process, which doesn't run. Draw the order in a plain one.",
    ),
    "lint.complex-gateway": (
        "“{name}”（第 {line} 行）是复杂网关，平台不执行。请用排他、包容或并行网关组合。",
        "“{name}” (line {line}) is a complex gateway, which doesn't run. Combine the other gateways.",
    ),
    "lint.message-start": (
        "“{name}”（第 {line} 行）由消息启动，平台目前还不执行。请用普通开始事件，由表单或接口启动。",
        "“{name}” (line {line}) is started by a message, which doesn't run yet. Use a plain start event.",
    ),
    "lint.signal-end": (
        "“{name}”（第 {line} 行）是信号结束事件，信号不会发出。请先画信号抛出事件，再接普通结束事件。",
        "“{name}” (line {line}) is a signal end event, which sends nothing. Throw the signal before a plain end.",
    ),
    "lint.catch-nothing": (
        "“{name}”（第 {line} 行）没有说明等什么。请选定时器、消息或信号。",
        "“{name}” (line {line}) doesn't say what it waits for. Choose a timer, a message or a signal.",
    ),
    "lint.link": (
        "“{name}”（第 {line} 行）是链接事件，后面的步骤会被跳过。请直接画连线。",
        "“{name}” (line {line}) is a link event; what follows would be skipped. Draw a flow instead.",
    ),
    "lint.compensation": (
        "“{name}”（第 {line} 行）用到补偿，平台不执行。请把撤销的步骤画成普通任务。",
        "“{name}” (line {line}) uses compensation, which doesn't run. Draw the undoing steps as tasks.",
    ),
    "lint.conditional": (
        "“{name}”（第 {line} 行）是条件事件，平台不执行。请用消息事件，或在任务之后用网关判断。",
        "“{name}” (line {line}) is a conditional event, which doesn't run. Use a message, or a gateway later.",
    ),
    "lint.multiple-events": (
        "“{name}”（第 {line} 行）带有几个事件定义。请拆成几个事件，每个只等一样。",
        "“{name}” (line {line}) has several event definitions. Draw an event for each.",
    ),
    "lint.event": (
        "“{name}”（第 {line} 行）：{kind} 上的 {event} 事件平台不执行。请换一种事件。",
        "“{name}” (line {line}): a {event} event doesn't run as {kind}. Use another kind of event.",
    ),
    "lint.code": (
        "“{name}”（第 {line} 行）的 {attribute} 指向程序代码（{value}），图里不能有。请改为外部任务并填写操作名。",
        "“{name}” (line {line}) names code in {attribute} ({value}). Use type “external” and an operation's topic.",
    ),
    "lint.attribute": (
        "“{name}”（第 {line} 行）的属性 {attribute}（{value}）平台不执行，会被忽略。请删去它。",
        "The attribute {attribute} ({value}) of “{name}” (line {line}) would be ignored. Remove it.",
    ),
    "lint.attribute-place": (
        "“{name}”（第 {line} 行）是 {kind}，属性 {attribute} 在这里不起作用。请删去它，或改用合适的任务类型。",
        "“{name}” (line {line}) is a {kind}, where {attribute} means nothing. Remove it or change the task's type.",
    ),
    "lint.listener": (
        "“{name}”（第 {line} 行）挂有监听器（{extension}），不会执行。请改画成服务任务。",
        "“{name}” (line {line}) has a listener ({extension}), which doesn't run. Draw a service task instead.",
    ),
    "lint.connector": (
        "“{name}”（第 {line} 行）用到连接器，不会执行。请改为外部任务并填写操作名。",
        "“{name}” (line {line}) uses a connector, which doesn't run. Name an operation instead.",
    ),
    "lint.script-value": (
        "“{name}”（第 {line} 行）的参数是脚本。请改写成以 = 开头的 FEEL 表达式。",
        "A parameter of “{name}” (line {line}) is a script. Write a FEEL expression starting with =.",
    ),
    "lint.nested-value": (
        "“{name}”（第 {line} 行）的参数是 {extension} 结构。请写成 FEEL，例如 = [1, 2]。",
        "A parameter of “{name}” (line {line}) is a {extension}. Write it in FEEL, such as = [1, 2].",
    ),
    "lint.inner-form": (
        "“{name}”（第 {line} 行）把表单写在图里（{extension}）。请做成表单文件，用 formKey 引用。",
        "“{name}” (line {line}) has its form inside the diagram ({extension}). Make a form file; set formKey.",
    ),
    "lint.extension": (
        "“{name}”（第 {line} 行）的扩展 {extension} 平台不执行，会被忽略。请删去它。",
        "The extension {extension} of “{name}” (line {line}) would be ignored. Remove it.",
    ),
    "lint.loop-place": (
        "“{name}”（第 {line} 行）不是任务或子流程，不能循环。请删去循环标记。",
        "“{name}” (line {line}) is no activity and can't loop. Remove the loop.",
    ),
    "lint.loop-bound": (
        "“{name}”（第 {line} 行）的循环没有次数上限。请设 1 到 {limit} 的最大次数（loopMaximum）。",
        "The loop of “{name}” (line {line}) has no bound. Set loopMaximum, 1 to {limit}.",
    ),
    "lint.loop-over": (
        "“{name}”（第 {line} 行）是多实例，请在集合（collection）和次数（loopCardinality）中填且只填一个。",
        "“{name}” (line {line}) is multi-instance. Give either a collection or a loopCardinality, not both.",
    ),
    "lint.loop-count": (
        "“{name}”（第 {line} 行）的实例数是 {count}。请填 1 到 {limit}。",
        "“{name}” (line {line}) asks for {count} instances. Give 1 to {limit}.",
    ),
    "lint.loop-output": (
        "“{name}”（第 {line} 行）收集结果时只填了一半。请同时填 loopDataOutputRef 和 outputDataItem，或都不填。",
        "“{name}” (line {line}) gathers results by half. Give both loopDataOutputRef and outputDataItem, or none.",
    ),
    "lint.property": (
        "“{name}”（第 {line} 行）的属性 {property} 写成了“{value}”。请写：{choices}。",
        "Property {property} of “{name}” (line {line}) is “{value}”. Write {choices}.",
    ),
    "lint.status": (
        "“{name}”（第 {line} 行）的状态 status 是表达式（{value}），只能是文字。请写成固定文字。",
        "The status of “{name}” (line {line}) is an expression ({value}). Write a plain text.",
    ),
    "lint.status-long": (
        "“{name}”（第 {line} 行）的状态“{value}”超过 {limit} 个字。请写短些。",
        "The status “{value}” of “{name}” (line {line}) has more than {limit} characters. Shorten it.",
    ),
    "lint.number": (
        "编号格式“{value}”没有流水号，编号会重复。请加上 {{seq:04}}。",
        "The number pattern “{value}” has no sequence, so numbers would repeat. Add {{seq:04}}.",
    ),
    "lint.number-form": (
        "编号格式“{value}”读不懂。大括号里只能是 {{date}}、{{year}}，和一处 {{seq}} 或 {{seq:1}} 到 {{seq:9}}。",
        "The number pattern “{value}” can't be read. "
        "In braces write only {{date}}, {{year}} and, once, {{seq}} or {{seq:1}} to {{seq:9}}.",
    ),
    "lint.number-long": (
        "编号格式“{value}”得出的编号会超过 {limit} 个字。请缩短。",
        "Numbers of the pattern “{value}” would have more than {limit} characters. Shorten it.",
    ),
}
EVENTS = {
    "lint.timer-empty": (
        "定时器“{name}”（第 {line} 行）没有时间。请填表达式，如 = workdays(3)，或 PT1H。",
        "Timer “{name}” (line {line}) has no moment. Write an expression such as = workdays(3), or PT1H.",
    ),
    "lint.timer-cycle": (
        "“{name}”（第 {line} 行）是循环定时器（{value}），平台不执行。请用时长，到点后连回用户任务。",
        "“{name}” (line {line}) is a cycle timer ({value}), which doesn't run. Use a duration and lead back to a task.",
    ),
    "lint.timer-loop": (
        "“{names}”构成一个只靠定时器停留的循环，没有人能让它停下，会一直转。请用事件网关同时等一个消息，或连回用户任务。",
        "A loop that only timers hold would turn for ever: “{names}”. "
        "Wait for a message too, after an event gateway, or lead back to a user task.",
    ),
    "lint.moment": (
        "“{name}”（第 {line} 行）的 {place}“{value}”不是 ISO 8601 的日期或时长。请写 P3D、2026-03-11，或以 = 开头。",
        "{place} “{value}” of “{name}” (line {line}) is no ISO 8601 date or duration. Write P3D, or start with =.",
    ),
    "lint.no-message": (
        "“{name}”（第 {line} 行）没有指定消息，会直接通过。请为它选一个消息。",
        "“{name}” (line {line}) names no message and would be passed at once. Choose a message.",
    ),
    "lint.no-name": (
        "“{name}”（第 {line} 行）没有指定 {kind}。请在建模器里选一个或新建一个。",
        "“{name}” (line {line}) refers to no {kind}. Choose or create one in the modeller.",
    ),
    "lint.no-code": (
        "“{name}”（第 {line} 行）的 {kind}“{event}”没有代码，无法和别的区分。请填写代码。",
        "The {kind} “{event}” of “{name}” (line {line}) has no code to tell it from others. Give it one.",
    ),
    "lint.boundary-nowhere": (
        "“{host}”上的边界事件“{name}”（第 {line} 行）没有出线。请接到要做的下一步。",
        "Boundary event “{name}” (line {line}) of “{host}” leads nowhere. Connect it to what is to happen.",
    ),
    "lint.boundary-never": (
        "“{host}”不等待，边界事件“{name}”（第 {line} 行）永远不会发生。请移到用户任务或子流程上。",
        "“{host}” never waits, so “{name}” (line {line}) can't happen. Move it to a user task or sub-process.",
    ),
    "lint.boundary-unthrown": (
        "“{host}”不会抛出错误或升级，边界事件“{name}”（第 {line} 行）不会发生。请移到会抛出它的子流程上。",
        "“{host}” throws nothing that “{name}” (line {line}) could catch. Move it to the sub-process that does.",
    ),
    "lint.error-interrupts": (
        "错误事件“{name}”（第 {line} 行）必须是中断型。请把它改为中断。",
        "The error event “{name}” (line {line}) must interrupt. Make it interrupting.",
    ),
    "lint.thrown-to-nobody": (
        "“{name}”（第 {line} 行）发出的{kind}“{event}”只送到同一个案件里等它的事件，而图里没有事件等它。"
        "请画一个捕获它的事件；要通知人，请用操作 notify。",
        "The {kind} “{event}” of “{name}” (line {line}) reaches only what waits within the same case, "
        "and nothing here catches it. Draw an event that does; to tell people, use the operation notify.",
    ),
    "lint.error-uncaught": (
        "“{name}”（第 {line} 行）抛出的错误“{error}”（代码 {error_code}）没人接。"
        "请放进带错误边界事件的子流程；已有的代码：{hint}。",
        "Nothing catches the error “{error}” ({error_code}) of “{name}” (line {line}). "
        "Put an error boundary event on a sub-process around it; codes there are: {hint}.",
    ),
    "lint.property-place": (
        "“{name}”（第 {line} 行）不等消息，属性 {property} 在这里不起作用。请删去它，或写到等消息的事件上。",
        "“{name}” (line {line}) waits for no message, so {property} means nothing there. "
        "Remove it, or put it on the event that waits.",
    ),
    "lint.no-senders": (
        "“{name}”（第 {line} 行）写了 {property}，却没有 senders，谁也不能发这个消息。请写明哪些组可以发。",
        "“{name}” (line {line}) has {property} but no senders, so nobody may send its message. Name the groups.",
    ),
    "lint.no-otherwise": (
        "“{name}”（第 {line} 行）的 when 和 otherwise 只写了一个。请写上条件，和条件不成立时给人看的话。",
        "“{name}” (line {line}) has only one of when and otherwise. "
        "Write the condition, and what people are told while it doesn't hold.",
    ),
    "lint.event-sub-start": (
        "事件子流程的开始事件“{name}”（第 {line} 行）没有说明由什么触发。请选消息、定时器、信号、错误或升级。",
        "“{name}” (line {line}) doesn't say what begins its event sub-process. "
        "Choose a message, a timer, a signal, an error or an escalation.",
    ),
    "lint.event-sub-flow": (
        "“{name}”（第 {line} 行）是事件子流程，由事件触发，不能有连线。请删去连线。",
        "“{name}” (line {line}) is an event sub-process: an event begins it, no flow. Delete its flows.",
    ),
    "lint.event-sub-loop": (
        "事件子流程“{name}”（第 {line} 行）不能循环或多实例。要多次触发，请把开始事件改为非中断。",
        "The event sub-process “{name}” (line {line}) can't loop. To let it come again, don't let it interrupt.",
    ),
    "lint.event-sub-boundary": (
        "“{name}”（第 {line} 行）附着在事件子流程“{host}”上，不会发生。请放到里面的任务或外面的子流程上。",
        "“{name}” (line {line}) sits on the event sub-process “{host}”, where nothing can happen. "
        "Put it on a task within, or on the sub-process around.",
    ),
    "lint.event-sub-twice": (
        "“{name}”（第 {line} 行）和“{first}”在同一层由同一个事件“{event}”触发，只有一个会发生。请合成一个。",
        "“{name}” (line {line}) and “{first}” begin by the same event “{event}” in one scope. Make them one.",
    ),
    "lint.event-sub-status": (
        "“{name}”（第 {line} 行）在非中断的事件子流程里，状态“{value}”会盖住主流程的状态。请删去 status。",
        "“{name}” (line {line}) runs beside the case's flow; its status “{value}” would hide the flow's own. "
        "Remove it.",
    ),
    "lint.event-sub-itself": (
        "事件子流程“{name}”（第 {line} 行）里发出的消息或信号又会触发它自己，停不下来。请改画。",
        "“{name}” (line {line}) sends what begins it again, without end. Draw it otherwise.",
    ),
}
VARIABLES = {
    "lint.foreign": (
        "“{name}”（第 {line} 行）的 {place} 不是 FEEL（{expression}）。请写成 = 开头的 FEEL，文字用 + 连接。",
        "{place} of “{name}” (line {line}) isn't FEEL ({expression}). Start with = and join texts with +.",
    ),
    "lint.reserved": (
        "“{name}”（第 {line} 行）的 {place} 用了保留的变量名“{variable}”。请换一个名字。",
        "{place} of “{name}” (line {line}) uses the reserved name “{variable}”. Choose another.",
    ),
    "lint.variable-name": (
        "“{name}”（第 {line} 行）的 {place} 里“{variable}”不能作变量名。请用字母、汉字、数字和下划线，不以数字开头。",
        "“{variable}” in {place} of “{name}” (line {line}) can't name a variable. Use letters, digits and _.",
    ),
    "lint.set-twice": (
        "“{name}”（第 {line} 行）的 {place} 写了两次“{variable}”。请删去一个。",
        "{place} of “{name}” (line {line}) sets “{variable}” twice. Remove one.",
    ),
    "lint.set-hidden": (
        "“{name}”（第 {line} 行）写变量“{variable}”，但有同名的输入参数，写入的值会丢失。请给输入参数换名。",
        "“{name}” (line {line}) sets “{variable}”, but an input parameter of that name hides it. Rename the input.",
    ),
    "lint.counts-from-itself": (
        "“{name}”（第 {line} 行）的“{variable}”按自己原来的值推算（{expression}），日历改动和暂停时无法重算。请另设一个变量放最初的期限，每次都由它推算。",
        "“{variable}” of “{name}” (line {line}) is counted from its own last value ({expression}), so it can't be "
        "counted anew after a stop or a change of the calendar. Set the first date as another variable; count from it.",
    ),
    "lint.gathered-twice": (
        "“{name}”（第 {line} 行）把多实例结果收集到“{variable}”，但“{other}”也写它。请换一个名字。",
        "“{name}” (line {line}) gathers into “{variable}”, which “{other}” sets too. Choose another name.",
    ),
    "lint.unknown-name": (
        "“{name}”（第 {line} 行）的 {place} 用到变量“{variable}”，这里没有表单、输出或操作写过它。是不是：{hint}？",
        "{place} of “{name}” (line {line}) names “{variable}”, which nothing sets here. Did you mean: {hint}?",
    ),
    "lint.unknown-function": (
        "“{name}”（第 {line} 行）的 {place} 调用了不存在的函数“{function}”。是不是：{hint}？",
        "{place} of “{name}” (line {line}) calls “{function}”, which doesn't exist. Did you mean: {hint}?",
    ),
}
for table in (DESK, DIALECT, WORK, EVENTS, CALLS, VARIABLES, SIGNING):
    teach(table)
