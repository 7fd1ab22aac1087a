"""Sentences about people who sign together at a task."""

# ruff: noqa: E501 — a sentence is read in one piece

SIGNING = {
    "lint.signing-word": (
        "“{name}”（第 {line} 行）的 signing 是“{value}”，没有这种会签方式。请改为其中之一：{choices}。",
        "“{name}” (line {line}) declares signing “{value}”, which is none of: {choices}. Write one of them.",
    ),
    "lint.signing-place": (
        "“{name}”（第 {line} 行）写了 signing（{value}），只有不带循环和多实例的用户任务可以会签。请移到用户任务上，或去掉循环。",
        "“{name}” (line {line}) declares signing ({value}); only a user task without a loop of its own can. Move it, or remove the loop.",
    ),
    "lint.signing-alone": (
        "“{name}”（第 {line} 行）写了“{property}”，却没有写 signing，会被忽略。请补上会签方式，或删去它。",
        "“{name}” (line {line}) has the property {property} without signing, so it would be ignored. Add signing, or remove it.",
    ),
    "lint.signing-signers": (
        '“{name}”（第 {line} 行）是会签，却没有会签人。请在 signers 里写账号或组的列表，如 = ["leader", "handler@" + department]。',
        '“{name}” (line {line}) is signed together by nobody. List accounts or groups in signers, as = ["leader", "handler@" + department].',
    ),
    "lint.signing-candidates": (
        "“{name}”（第 {line} 行）由 signers 决定谁办，{attribute} 会被忽略。请删去它。",
        "Who does “{name}” (line {line}) is said by signers; its {attribute} would be ignored. Remove it.",
    ),
    "lint.signing-pass": (
        "“{name}”（第 {line} 行）的通过比例是“{value}”。请在 pass 里写大于 0、不超过 100% 的比例，如 60%，或 FEEL 表达式；票签必须写。",
        "The ratio of “{name}” (line {line}) is “{value}”. Write pass above 0 and up to 100%, as 60%, or an expression; a vote needs one.",
    ),
    "lint.signing-any": (
        "“{name}”（第 {line} 行）是或签，谁先出具意见就以谁为准，“{property}”没有意义。请删去它。",
        "“{name}” (line {line}) is decided by whoever is first; {property} means nothing there. Remove it.",
    ),
    "lint.signing-vote": (
        "“{name}”（第 {line} 行）的表单“{form}”没有可用的表决字段“{field}”：要必填，选项为 同意、不同意，可加 弃权。请改表单，或用 vote 指明字段。",
        "The form “{form}” of “{name}” (line {line}) has no field “{field}” to vote in: required, with the three values that docs/lint.md "
        "names for a vote. Mend the form, or name its field in vote.",
    ),
}
