"""What the FEEL language says to a person who wrote an expression."""

from engine import errors

errors.teach(
    {
        "feel.syntax": (
            "表达式“{text}”第 {position} 个字符处写法不对："
            "这里应为 {expected}，实际是 {found}。请改正后再保存。",
            "The expression “{text}” cannot be read at character {position}: "
            "{expected} is expected, not {found}. Correct it and save again.",
        ),
        "feel.fullwidth": (
            "表达式“{text}”第 {position} 个字符是全角符号 {found}。请改用半角符号 {expected}。",
            "Character {position} of the expression “{text}” is the full-width sign {found}. "
            "Type the half-width sign {expected} instead.",
        ),
        "feel.too_long": (
            "表达式有 {length} 个字符，最多 {limit} 个。请拆成几个变量或改用决策表。",
            "The expression has {length} characters, at most {limit} are allowed. "
            "Split it into several variables or use a decision table.",
        ),
        "feel.too_deep": (
            "表达式“{text}”嵌套超过 {limit} 层。请拆成几个变量或改用决策表。",
            "The expression “{text}” is nested more than {limit} levels deep. "
            "Split it into several variables or use a decision table.",
        ),
        "feel.external": (
            "表达式“{text}”想调用外部程序（external），平台不运行外部程序。请改用平台提供的函数。",
            "The expression “{text}” wants to call an external program, which never runs here. "
            "Use one of the functions the platform offers.",
        ),
        "feel.unstorable": (
            "{where} 的值（{kind}）不能保存。请改存数字、文字、日期、列表或上下文。",
            "The value at {where} ({kind}) cannot be stored. "
            "Store a number, a text, a date, a list or a context instead.",
        ),
        "feel.unreadable": (
            "{where} 保存的值不是有效的{kind}。请联系管理员核对这条数据。",
            "What is stored at {where} is not a valid {kind}. Ask the administrator to check this record.",
        ),
    }
)
