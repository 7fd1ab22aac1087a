"""What reading a diagram and exploring its markings say to a person; lint has its own sentences."""

from engine.errors import teach

teach(
    {
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
)
