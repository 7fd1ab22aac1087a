"""What the repository says to a person."""

from engine.errors import teach

teach(
    {
        "repository.refused": (
            "流程没有部署：有 {count} 处需要修改，请按下面的说明改好后重新部署。",
            "The process was not deployed: {count} places must be mended. Mend them as said below and deploy again.",
        ),
        "repository.no_diagram": (
            "找不到流程图 {where}。流程文件夹里须有一个与文件夹同名的 .bpmn 文件。",
            "There is no diagram {where}. A process folder holds a .bpmn file of the folder's name.",
        ),
        "repository.unknown": (
            "没有流程「{key}」。请先部署，或检查流程标识。",
            "There is no process {key}. Deploy it first, or check its key.",
        ),
        "repository.busy": (
            "有人同时部署了流程「{key}」。请刷新后重试。",
            "Somebody deployed the process {key} at the same time. Look again, then retry.",
        ),
        "repository.same_decision": (
            "决策「{decision}」在两个 DMN 文件里都有。请只保留一个。",
            "The decision {decision} stands in two DMN files. Keep one.",
        ),
        "repository.two_forms": (
            "表单「{form}」在被调用的流程「{process}」里是另一个版本。请先重新部署「{process}」，使两边一致。",
            "The form {form} is a different one in the called process {process}. Deploy {process} again, so that both agree.",
        ),
        "repository.other_process": (
            "文件夹「{process}」里的流程图标识是「{found}」。请让流程标识与文件夹同名，才能被调用。",
            "The diagram in the folder {process} has the key {found}. Give it the folder's name, so that it can be called.",
        ),
    }
)
