"""What is said about a file and about the shape of its diagram; lint has its own sentences for the rest."""

from engine.errors import teach

READING = {
    "bpmn.unreadable": (
        "读不了文件“{file}”：{reason} 请改好后重新上传。",
        "“{file}” can't be read. Mend the problem below and upload it again.",
    ),
    "bpmn.broken": (
        "流程图“{file}”有 {count} 处连接或编号的错误，请按下面逐条改好后重新上传。",
        "“{file}” has {count} broken references or ids. Mend each one below and upload it again.",
    ),
    "bpmn.too-large": (
        "文件有 {size} 字节，超过上限 {limit} 字节。请去掉内嵌的图片或把流程拆成几个。",
        "The file has {size} bytes; the limit is {limit}. Remove embedded pictures or split the process.",
    ),
    "bpmn.too-deep": (
        "文件嵌套超过 {limit} 层。请减少子流程的层数。",
        "The file nests deeper than {limit} levels. Use fewer sub-processes inside one another.",
    ),
    "bpmn.doctype": (
        "文件里有 DOCTYPE 声明，出于安全不予读取。请删去它；BPMN 文件不需要它。",
        "The file has a DOCTYPE, which is refused for safety. Remove it; BPMN files need none.",
    ),
    "bpmn.not-xml": (
        "第 {line} 行不是合格的 XML（{reason}）。请用建模器重新导出这张图。",
        "Line {line} isn't well-formed XML ({reason}). Export the diagram again from the modeller.",
    ),
    "bpmn.not-bpmn": (
        "这是 XML，但不是 BPMN 2.0（最外层是“{root}”）。请上传 .bpmn 文件。",
        "This is XML but not BPMN 2.0 (the outermost element is “{root}”). Upload a .bpmn file.",
    ),
    "bpmn.no-process": (
        "文件里有 {count} 个流程，没有一个设为可执行。请在建模器里为要运行的那个勾选“可执行”。",
        "None of the {count} processes in the file is executable. Tick “executable” on the one to run.",
    ),
    "bpmn.many-processes": (
        "文件里有 {count} 个可执行流程（{names}）。请只留一个可执行，其余另存为单独的文件。",
        "{count} processes in the file are executable ({names}). Leave only one of them.",
    ),
    "bpmn.id-missing": (
        "第 {line} 行的“{name}”（{kind}）没有编号。请给它一个唯一的 id。",
        "“{name}” ({kind}) on line {line} has no id. Give it one of its own.",
    ),
    "bpmn.id-form": (
        "第 {line} 行“{name}”的编号不合格。编号只用字母、数字、下划线、点和减号，最长 200 个字符。",
        "The id of “{name}” (line {line}) won't do. Use letters, digits, “_”, “.”, “-”, at most 200.",
    ),
    "bpmn.id-twice": (
        "编号“{where}”用了两次（第 {first} 行和第 {line} 行）。请给“{name}”换一个编号。",
        "The id “{where}” is used twice (lines {first} and {line}). Give “{name}” another one.",
    ),
    "bpmn.dangling-source": (
        "连线“{name}”（第 {line} 行）从不存在的节点“{reference}”出发。请把它接到一个节点上，或删去它。",
        "Flow “{name}” (line {line}) leaves “{reference}”, which isn't there. Connect it or delete it.",
    ),
    "bpmn.dangling-target": (
        "连线“{name}”（第 {line} 行）通向不存在的节点“{reference}”。请把它接到一个节点上，或删去它。",
        "Flow “{name}” (line {line}) leads to “{reference}”, which isn't there. Connect it or delete it.",
    ),
    "bpmn.dangling-default": (
        "“{name}”（第 {line} 行）的默认连线“{reference}”不是从它出发的连线。请重新指定默认连线。",
        "The default flow “{reference}” of “{name}” (line {line}) doesn't leave it. Choose another.",
    ),
    "bpmn.dangling-boundary": (
        "边界事件“{name}”（第 {line} 行）附着在“{reference}”上，那里没有同层的任务。请把它拖到任务边上。",
        "Boundary event “{name}” (line {line}) hangs on “{reference}”, no activity here. Drag it to one.",
    ),
    "bpmn.dangling-event": (
        "“{name}”（第 {line} 行）引用的 {kind}“{reference}”没有定义。请在建模器里选一个或新建一个。",
        "“{name}” (line {line}) refers to the {kind} “{reference}”, which isn't defined. Choose one.",
    ),
    "bpmn.flow-crosses": (
        "连线“{name}”（第 {line} 行）越过了子流程的边界（另一端是“{reference}”）。连线只能在同一层内，"
        "请接到子流程本身。",
        "Flow “{name}” (line {line}) crosses the edge of a sub-process (at “{reference}”). "
        "Connect it to the sub-process itself.",
    ),
}
SHAPE = {
    "lint.nodes": (
        "流程有 {count} 个节点，上限 {limit} 个。请把相对独立的部分拆成单独的流程。",
        "The process has {count} nodes; the limit is {limit}. Move what stands on its own to another process.",
    ),
    "lint.flows": (
        "流程有 {count} 条连线，上限 {limit} 条。请合并条件或改用决策表。",
        "The process has {count} flows; the limit is {limit}. Merge conditions or use a decision table.",
    ),
    "lint.depth": (
        "子流程套了 {count} 层，上限 {limit} 层。请减少层数。",
        "Sub-processes are {count} levels deep; the limit is {limit}. Use fewer levels.",
    ),
    "lint.no-start": (
        "“{name}”没有开始事件，永远不会开始。请画一个开始事件。",
        "“{name}” has no start event and would never begin. Draw one.",
    ),
    "lint.second-start": (
        "“{name}”（第 {line} 行）是第二个开始事件（已有“{first}”）。请只留一个，用网关分支。",
        "“{name}” (line {line}) is a second start event beside “{first}”. Keep one and branch with a gateway.",
    ),
    "lint.no-end": (
        "“{name}”没有结束事件。请在每条路的尽头画一个结束事件。",
        "“{name}” has no end event. Draw one where its ways end.",
    ),
    "lint.no-way-in": (
        "没有连线通向“{name}”（第 {line} 行），永远走不到。请接上连线，或删去它。",
        "No flow leads to “{name}” (line {line}), so it is never reached. Connect it or delete it.",
    ),
    "lint.no-way-out": (
        "没有连线从“{name}”（第 {line} 行）出发，案件会停在这里。请接到下一步或结束事件。",
        "No flow leaves “{name}” (line {line}). Connect it to the next step or to an end event.",
    ),
    "lint.way-into-event": (
        "有连线通向“{name}”（第 {line} 行），但开始事件和边界事件不能从连线进入。请把连线接到任务或网关。",
        "A flow leads into “{name}” (line {line}); start and boundary events have no way in. Lead it elsewhere.",
    ),
    "lint.way-out-of-end": (
        "有连线从结束事件“{name}”（第 {line} 行）出发，永远不会走。请删去，或把它改成中间事件。",
        "A flow leaves the end event “{name}” (line {line}) and is never taken. Delete it.",
    ),
    "lint.many-ways-out": (
        "“{name}”（第 {line} 行）有 {count} 条出线。请在它后面加网关：并行用并行网关，择一用排他网关。",
        "“{name}” (line {line}) has {count} ways out. Put a gateway behind it: parallel or exclusive.",
    ),
    "lint.flow-twice": (
        "从“{source}”到“{target}”有两条连线（第 {line} 行）。请合成一条，条件用 or 连接。",
        "Two flows lead from “{source}” to “{target}” (line {line}). Make them one, joining conditions with or.",
    ),
    "lint.condition-place": (
        "连线“{name}”（第 {line} 行）从“{source}”出发却带条件，条件会被忽略。请在中间加排他网关。",
        "Flow “{name}” (line {line}) from “{source}” has a condition that would be ignored. Add a gateway.",
    ),
    "lint.condition-alone": (
        "“{source}”只有“{name}”（第 {line} 行）一条出线却带条件，条件不成立时无路可走。请去掉条件或加默认连线。",
        "“{name}” (line {line}) is the only way out of “{source}” and has a condition. Remove it or add a default.",
    ),
    "lint.condition-default": (
        "“{name}”（第 {line} 行）是“{source}”的默认连线，它的条件会被忽略。请删去条件。",
        "“{name}” (line {line}) is the default flow of “{source}”; its condition would be ignored. Remove it.",
    ),
    "lint.no-condition": (
        "“{source}”的出线“{name}”（第 {line} 行）没有条件。请写上条件，或把它设为默认连线。",
        "Flow “{name}” (line {line}) from “{source}” has no condition. Write one or make it the default flow.",
    ),
    "lint.no-default": (
        "网关“{name}”（第 {line} 行）没有默认连线，条件都不成立时案件会出错。请把其中一条设为默认。",
        "Gateway “{name}” (line {line}) has no default flow for when no condition holds. Choose one.",
    ),
    "lint.default-place": (
        "“{name}”（第 {line} 行）不是排他或包容网关，默认连线没有意义。请取消默认，或改用排他网关。",
        "“{name}” (line {line}) doesn't choose, so a default flow means nothing. Clear it or use a gateway.",
    ),
    "lint.event-gateway-few": (
        "事件网关“{name}”（第 {line} 行）后面不到两个事件。请补上另一个事件，或直接用中间事件。",
        "Event gateway “{name}” (line {line}) needs at least two events behind it. Add one or do without it.",
    ),
    "lint.event-gateway-target": (
        "“{name}”（第 {line} 行）接在事件网关“{gateway}”后面，只能是捕获事件或接收任务，且别无进线。请改画。",
        "“{name}” (line {line}) behind event gateway “{gateway}” must be a catching event with no other way in.",
    ),
    "lint.restless-loop": (
        "“{names}”构成一个从不等待的循环，案件会在里面一直转。请在循环里放一个用户任务或消息事件。",
        "“{names}” form a loop in which nothing waits; a case would spin in it. Put a user task or a message event into it.",
    ),
}
SOUNDNESS = {
    "soundness.stuck": (
        "案件可能永远停在“{name}”（第 {line} 行）：它等不到从“{missing}”来的连线。"
        "请让前面的分支与汇合配对：择一分支用排他网关汇合，并行分支用并行网关汇合。",
        "A case can wait for ever at “{name}” (line {line}): nothing comes from “{missing}”. "
        "Join with the kind of gateway that split: exclusive after exclusive, parallel after parallel.",
    ),
    "soundness.dead": (
        "“{name}”（第 {line} 行）永远走不到。请检查通向它的连线和网关。",
        "“{name}” (line {line}) is never reached. Check the flows and gateways that lead to it.",
    ),
    "soundness.dead-end": (
        "结束事件“{name}”（第 {line} 行）永远走不到。请检查通向它的连线和网关。",
        "The end event “{name}” (line {line}) is never reached. Check the flows and gateways before it.",
    ),
    "soundness.unbounded": (
        "循环里的并行分支会让“{name}”（第 {line} 行）越积越多。请在连回去之前用并行网关汇合。",
        "A parallel split within a loop piles up work at “{name}” (line {line}) without end. "
        "Join it with a parallel gateway before looping back.",
    ),
    "soundness.crowded": (
        "并行的两条分支会从同一条连线先后进入汇合网关“{name}”（第 {line} 行），后到的会被当成已到而丢失。"
        "请让这两条分支先用并行网关汇合，再接到它。",
        "Two parallel branches can enter the join “{name}” (line {line}) by the same flow; the second would be "
        "taken for the first and be lost. Join these two with a parallel gateway before it.",
    ),
    "soundness.trapped": (
        "走到“{name}”（第 {line} 行）之后，案件再也到不了结束。请从这个循环画一条出路。",
        "Once at “{name}” (line {line}) a case can never end. Draw a way out of the loop.",
    ),
    "soundness.unproven": (
        "流程太复杂，检查了 {count} 种情形后仍不能证明不会卡住。可以部署，但建议拆小后再检查。",
        "The process is too complex: after {count} markings it isn't proven that it can't get stuck. "
        "It may be deployed; splitting it would let it be checked.",
    ),
}
for table in (READING, SHAPE, SOUNDNESS):
    teach(table)
