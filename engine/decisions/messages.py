"""What the decision models say to a person who drew a table or ran into one."""

from engine import errors

errors.teach(
    {
        "decisions.unreadable": (
            "决策文件 {where} 不能使用，共 {count} 处问题。请逐条改正后重新部署。",
            "The decision file {where} cannot be used, {count} problem(s). Correct each and deploy again.",
        ),
        "decisions.xml": (
            "文件不是有效的 XML：{reason}。请用决策表设计器重新导出。",
            "The file is not valid XML: {reason}. Export it again from the decision modeller.",
        ),
        "decisions.doctype": (
            "文件带有 DOCTYPE 声明，出于安全不予读取。请删除该声明。",
            "The file has a DOCTYPE declaration, which is refused for safety. Remove the declaration.",
        ),
        "decisions.too_large": (
            "文件有 {size} 字节，最大 {limit} 字节。请拆成几个决策文件。",
            "The file has {size} bytes, at most {limit} are allowed. Split it into several decision files.",
        ),
        "decisions.not_dmn": (
            "文件的根元素是 {found}，不是 DMN 1.1–1.5 的 definitions。请上传决策模型文件。",
            "The root element is {found}, not the definitions of DMN 1.1–1.5. Upload a decision model.",
        ),
        "decisions.reference": (
            "元素 {where} 引用的 {target} 不存在。请重新连线，或删除这条引用。",
            "Element {where} refers to {target}, which does not exist. Draw the connection again or remove it.",
        ),
        "decisions.cycle": (
            "决策 {where} 的依赖绕成了圈。请断开其中一条连线。",
            "The requirements of decision {where} form a circle. Remove one of the connections.",
        ),
        "decisions.duplicate": (
            "标识 {where} 出现了不止一次。请给每个元素不同的标识。",
            "The id {where} occurs more than once. Give every element an id of its own.",
        ),
        "decisions.expression": (
            "元素 {where}：{reason}",
            "Element {where}: {reason}",
        ),
        "decisions.language": (
            "元素 {where} 使用了表达式语言 {language}。请改写为 FEEL。",
            "Element {where} uses the expression language {language}. Write it in FEEL.",
        ),
        "decisions.external": (
            "元素 {where} 想调用外部程序（{language}），平台不运行外部程序。请改写为 FEEL。",
            "Element {where} wants to call an external program ({language}), which never runs here. "
            "Write it in FEEL.",
        ),
        "decisions.empty": (
            "元素 {where} 没有内容。请填写表达式或决策表。",
            "Element {where} is empty. Give it an expression or a decision table.",
        ),
        "decisions.unknown_element": (
            "元素 {where} 含有不认识的内容 {found}。请改用表达式、决策表、上下文、列表、关系或调用。",
            "Element {where} contains {found}, which is not known. "
            "Use an expression, a table, a context, a list, a relation or an invocation.",
        ),
        "decisions.cells": (
            "第 {rule} 条规则（{where}）有 {found} 个单元格，应为 {expected} 个。请补齐或删除多余的单元格。",
            "Rule {rule} ({where}) has {found} cells instead of {expected}. Add or remove cells.",
        ),
        "decisions.policy": (
            "决策表 {where} 的命中策略 {found} 无效。请选择列表中的命中策略。",
            "The hit policy {found} of table {where} does not exist. Choose one from the list.",
        ),
        "decisions.aggregation": (
            "决策表 {where} 有多个输出列，不能汇总。请只保留一个输出列，或去掉汇总方式。",
            "Table {where} has several outputs and cannot be aggregated. Keep one output or no aggregation.",
        ),
        "decisions.hit_policy": (
            "决策表“{table}”的命中策略 {policy} 被违反：规则 {rules} 同时成立。请修改规则，使其互不冲突。",
            "The hit policy {policy} of the table “{table}” is violated: rules {rules} hold at once. "
            "Change the rules so that they do not contradict each other.",
        ),
        "decisions.not_allowed": (
            "决策表“{table}”的输入“{input}”为 {value}，不在允许的取值之内。请更正数据，或在表中补充该取值。",
            "The input “{input}” of the table “{table}” is {value}, which is not among its allowed values. "
            "Correct the data or add the value to the table.",
        ),
        "decisions.too_deep": (
            "元素 {where} 嵌套超过 {limit} 层。请把里层内容拆成单独的决策。",
            "Element {where} is nested more than {limit} levels deep. Make its inner parts decisions of their own.",
        ),
        "decisions.unknown": (
            "没有名为“{name}”的决策。可用的有：{known}。",
            "There is no decision called “{name}”. There are: {known}.",
        ),
        "decisions.exhausted": (
            "决策“{name}”的计算量超过上限。请缩小列表或简化表达式。",
            "The decision “{name}” needs more steps than one evaluation may take. "
            "Use shorter lists or simpler expressions.",
        ),
    }
)
