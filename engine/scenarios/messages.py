"""What scenarios say to their author. Every sentence names the file and line, and the mend."""

from engine.errors import teach

teach(
    {
        "scenarios.nothing": (
            "{where} 里没有场景文件。请给出 .yaml 文件，或含有这种文件的文件夹。",
            "There is no scenario file at {where}. Name a .yaml file or a folder that holds some.",
        ),
        "scenarios.too_large": (
            "{where}：文件超过 {limit} 字节。请拆成几个文件。",
            "{where}: the file is larger than {limit} bytes. Split it.",
        ),
        "scenarios.too_much": (
            "{where}：展开后内容过多（上限 {limit}）。请减少别名、嵌套或重复次数。",
            "{where}: it unfolds to too much (the limit is {limit}). Use fewer aliases, levels or repetitions.",
        ),
        "scenarios.yaml": (
            "{where}：不是正确的 YAML：{reason}。",
            "{where}: not well-formed YAML: {reason}.",
        ),
        "scenarios.twice": (
            "{where}：「{word}」写了两次。请只保留一处。",
            "{where}: {word} is given twice. Keep one.",
        ),
        "scenarios.unknown_word": (
            "{where}：不认识「{word}」。{hint}",
            "{where}: {word} is not a word of scenarios. {hint_en}",
        ),
        "scenarios.wrong_kind": (
            "{where}：「{word}」应写成{wanted}。",
            "{where}: {word} takes {wanted_en}.",
        ),
        "scenarios.missing": (
            "{where}：缺少「{word}」。请补上。",
            "{where}: {word} is missing. Add it.",
        ),
        "scenarios.two_actions": (
            "{where}：一个步骤里有两个动作（{words}）。请分成两步。",
            "{where}: one step holds two actions ({words}). Make two steps of it.",
        ),
        "scenarios.needs_action": (
            "{where}：「{word}」要和动作（{words}）写在同一步。",
            "{where}: {word} belongs in one step with an action ({words}).",
        ),
        "scenarios.moment": (
            "{where}：「{given}」不是时刻。请写成 2026-03-11 16:59（北京时间）。",
            "{where}: {given} is not a moment. Write it as 2026-03-11 16:59 (Asia/Shanghai).",
        ),
        "scenarios.no_day": (
            "「{given}」不是日期。请写成 2027-02-05，几天写成 2027-02-05..2027-02-11。",
            "{given} is no day. Write 2027-02-05, or 2027-02-05..2027-02-11 for several.",
        ),
        "scenarios.no_clock": (
            "{where}：第一步要用 at 说明时间，例如 at: 2026-03-11 09:00。",
            "{where}: the first step must say when it happens, such as at: 2026-03-11 09:00.",
        ),
        "scenarios.no_piece": (
            "{where}：没有名为「{word}」的片段。{hint}",
            "{where}: there is no piece called {word}. {hint_en}",
        ),
        "scenarios.circle": (
            "{where}：片段「{word}」播放了自己。请去掉这一步。",
            "{where}: the piece {word} plays itself. Remove that step.",
        ),
        "scenarios.no_value": (
            "{where}：「${word}」没有给出值。请在 play 的 with 或 repeat 里给出。",
            "{where}: ${word} has no value. Give one in the with of play, or by repeat.",
        ),
        "scenarios.no_account": (
            "没有账号「{word}」。{hint}",
            "There is no account {word}. {hint_en}",
        ),
        "scenarios.no_actor": (
            "还没有说明由谁来做。请加上 as: <账号>。",
            "Nobody acts yet. Add as: <username>.",
        ),
        "scenarios.no_case": (
            "还没有办件。请先用 start 发起。",
            "There is no case yet. Start one first.",
        ),
        "scenarios.no_task": (
            "没有待办任务「{word}」{of}。现在待办的是：{tasks}。",
            "No open task is called {word}{of}. Open now: {tasks}.",
        ),
        "scenarios.none_done": (
            "没有办结的任务「{word}」，无从撤回。请写任务名称或元素标识。",
            "No task called {word} has been done, so none can be taken back. Write its name or element id.",
        ),
        "scenarios.no_assessment": (
            "没有「{word}」的考核。现有的是：{known}。",
            "There is no assessment of the kind {word}. There are: {known}.",
        ),
        "scenarios.no_absence": (
            "「{word}」现在和今后都没有代理安排。请先用 absence 设定。",
            "{word} has no absence now or later. Set one with absence first.",
        ),
        "scenarios.several_tasks": (
            "有 {count} 项待办任务叫「{word}」。请用 of 指明部门或办理人。",
            "{count} open tasks are called {word}. Say which with of: <department or assignee>.",
        ),
        "scenarios.clock_back": (
            "时钟已是 {now}，不能退回 {moment}。请检查步骤的先后。",
            "The clock stands at {now} and cannot go back to {moment}. Check the order of the steps.",
        ),
        "scenarios.not_silent": (
            "{moment} 再次启动时又发生了事情：停机期间到期的应在第一次启动时各触发一次，第二次不应再动。",
            "The second restart at {moment} did something: what fell due during the outage must happen once, at the first.",
        ),
        "scenarios.timer_failed": (
            "定时器「{name}」（{due}）触发失败：{reason}",
            "The timer {name} ({due}) could not fire: {reason}",
        ),
        "scenarios.broke": (
            "这一步出错，流程没有前进：{reason}",
            "This step broke and nothing moved: {reason}",
        ),
        "scenarios.differs": (
            "{what}不符\n    应为：{expected}\n    实为：{actual}",
            "{what} differs\n    expected: {expected}\n    actual:   {actual}",
        ),
        "scenarios.failed": (
            "未通过：{name}\n  {where}：{difference}",
            "FAILED: {name}\n  {where}: {difference}",
        ),
        "scenarios.did_you_mean": ("是不是「{nearest}」？", "Did you mean {nearest}?"),
        "scenarios.choose": ("可用的有：{words}。", "Known are: {words}."),
    }
)
