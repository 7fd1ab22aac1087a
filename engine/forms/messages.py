"""What this package says to people: analysts whose form file is wrong, and readers who fill a form in."""

from engine import errors

errors.teach(
    {
        # a form file
        "forms.invalid": (
            "表单文件 {file} 有 {count} 处问题，请按下面的说明逐条修改后重新部署。",
            "The form file {file} has {count} problems. Mend each as told below, then deploy again.",
        ),
        "forms.invalid_folder": (
            "{count} 处表单问题，涉及 {files} 个文件。请逐条修改后重新部署。",
            "{count} problems in {files} form files. Mend each, then deploy again.",
        ),
        "forms.json": (
            "第 {line} 行第 {column} 列不是合法的 JSON（{reason}）。请检查此处的逗号、引号和括号。",
            "Line {line}, column {column} is not JSON ({reason}). Check commas, quotes and brackets there.",
        ),
        "forms.encoding": (
            "文件不是 UTF-8 编码，请另存为 UTF-8 后再部署。",
            "The file is not UTF-8. Save it as UTF-8 and deploy again.",
        ),
        "forms.twice": (
            "同一个对象里“{name}”写了两次，请删去一个。",
            "“{name}” is written twice in one object. Remove one of them.",
        ),
        "forms.too_big": (
            "文件有 {size} 字节，上限 {limit} 字节。请拆成几个表单。",
            "The file has {size} bytes, the limit is {limit}. Split it into several forms.",
        ),
        "forms.too_many": (
            "表单的组件超过 {limit} 个，请拆成几个表单。",
            "The form has more than {limit} components. Split it into several forms.",
        ),
        "forms.too_deep": (
            "嵌套超过 {limit} 层，请把内层的组移到外面。",
            "Nested deeper than {limit}. Move the inner groups out.",
        ),
        "forms.missing": (
            "缺少“{attribute}”，请补上。",
            "“{attribute}” is missing. Add it.",
        ),
        "forms.wrong_kind": (
            "“{attribute}”应为{expected}，请改正。",
            "“{attribute}” must be {expected_en}. Correct it.",
        ),
        "forms.unknown_type": (
            "没有“{type}”这种组件。可用的类型：{known}。",
            "There is no component type “{type}”. Use one of: {known}.",
        ),
        "forms.unknown_subtype": (
            "“{subtype}”不是“{type}”的子类型。可用：{known}。",
            "“{subtype}” is not a subtype of “{type}”. Use one of: {known}.",
        ),
        "forms.unknown_rule": (
            "validate 里不认识“{rule}”，是否拼错？可用：{known}。",
            "“{rule}” in validate is not known; is it misspelt? Use: {known}.",
        ),
        "forms.bad_key": (
            "“{key}”不能作变量名。请用字母、汉字、数字或下划线，以字母或汉字开头，不用 FEEL 的关键字。",
            "“{key}” cannot name a variable. Use letters, digits and underscores, begin with a letter, "
            "and avoid FEEL's keywords.",
        ),
        "forms.reserved_key": (
            "“{key}”是引擎保留的名字，请换一个，例如“{key}_value”。",
            "“{key}” is reserved for the engine. Choose another, for example “{key}_value”.",
        ),
        "forms.duplicate_key": (
            "“{key}”已被 {other} 使用，请换一个变量名。",
            "“{key}” is used by {other} already. Choose another key.",
        ),
        "forms.bad_pattern": (
            "正则表达式“{pattern}”无效：{reason}。请按 RE2 语法书写（不支持前后查找和反向引用）。",
            "The pattern “{pattern}” is wrong: {reason}. Write it in RE2 syntax "
            "(no look-around, no back-references).",
        ),
        "forms.bad_feel": (
            "“{attribute}”的 FEEL 表达式有误：{reason}",
            "The FEEL of “{attribute}” is wrong: {reason_en}",
        ),
        "forms.not_feel": (
            "“{attribute}”应为 FEEL 表达式，请以“=”开头，例如“= amount > 100”。",
            "“{attribute}” must be FEEL. Begin it with “=”, for example “= amount > 100”.",
        ),
        "forms.unknown_function": (
            "“{attribute}”调用了不存在的函数“{function}”，请检查拼写。",
            "“{attribute}” calls “{function}”, which does not exist. Check its spelling.",
        ),
        "forms.looks_ahead": (
            "“{attribute}”用到了“{key}”，而它在后面才填写。请把该字段移到这个组件之前，或改用前面的字段。",
            "“{attribute}” reads “{key}”, which is only filled in later. Move that field before this one.",
        ),
        "forms.no_values": (
            "没有可选项。请填写 values，或用 valuesExpression 给出列表。",
            "There is nothing to choose. Fill in values, or give a list by valuesExpression.",
        ),
        "forms.duplicate_value": (
            "可选值“{value}”出现了两次，请删去一个。",
            "The value “{value}” is offered twice. Remove one of them.",
        ),
        "forms.contradiction": (
            "“{low}”大于“{high}”，没有值能满足。请改正其中一个。",
            "“{low}” is above “{high}”, so no value can pass. Correct one of them.",
        ),
        "forms.readonly_in_list": (
            "可增减的列表里不能有只读字段（行会错位）。请去掉 readonly，或给列表加上 allowAddRemove: false。",
            "A list whose items can be added and removed cannot hold a readonly field. Remove readonly, "
            "or set allowAddRemove: false on the list.",
        ),
        "forms.template": (
            '不支持 {{{{…}}}} 模板，请改写为 FEEL，例如“= "您好，" + name”。',
            '{{{{…}}}} templates are not supported. Write FEEL, for example “= "Hello " + name”.',
        ),
        "forms.bad_default": (
            "默认值“{value}”不能通过本字段自己的校验，请改正。",
            "The default “{value}” does not pass this field's own rules. Correct it.",
        ),
        # what somebody filled in
        "forms.rejected": (
            "有 {count} 处需要修改，请按提示改正后再提交。",
            "{count} answers need mending. Correct them as told and submit again.",
        ),
        "forms.required": ("请填写“{label}”。", "Fill in “{label_en}”."),
        "forms.required_choice": ("请选择“{label}”。", "Choose “{label_en}”."),
        "forms.required_tick": ("请勾选“{label}”后再提交。", "Tick “{label_en}” before you submit."),
        "forms.required_file": ("请上传“{label}”。", "Upload “{label_en}”."),
        "forms.not_text": ("“{label}”应为文字，请重新填写。", "“{label_en}” must be text. Enter it again."),
        "forms.bad_characters": (
            "“{label}”含有无法保存的控制字符，请删去后重新填写（不要从其他软件直接粘贴）。",
            "“{label_en}” holds control characters that cannot be kept. Remove them and enter it again.",
        ),
        "forms.too_short": (
            "“{label}”至少 {limit} 个字，现在 {length} 个，请补充。",
            "“{label_en}” needs at least {limit} characters, it has {length}. Add more.",
        ),
        "forms.too_long": (
            "“{label}”最多 {limit} 个字，现在 {length} 个，请删减。",
            "“{label_en}” may have {limit} characters, it has {length}. Shorten it.",
        ),
        "forms.pattern": (
            "“{label}”的格式不对，请参照说明重新填写。",
            "“{label_en}” does not have the right form. See the hint and enter it again.",
        ),
        "forms.pattern_said": ("{message}", "{message_en}"),
        "forms.not_email": (
            "“{label}”不是邮箱地址，请按 name@example.com 的样式填写。",
            "“{label_en}” is not an e-mail address. Enter one like name@example.com.",
        ),
        "forms.not_number": (
            "“{label}”应为数字，请用阿拉伯数字填写，例如 1250.50。",
            "“{label_en}” must be a number, for example 1250.50.",
        ),
        "forms.digits": (
            "“{label}”最多 {limit} 位小数，请改正。",
            "“{label_en}” may have {limit} decimal places. Correct it.",
        ),
        "forms.too_small": ("“{label}”不能小于 {limit}。", "“{label_en}” must not be below {limit}."),
        "forms.too_large": ("“{label}”不能大于 {limit}。", "“{label_en}” must not be above {limit}."),
        "forms.not_date": (
            "“{label}”不是有效的日期，请按 2026-03-11 的样式填写。",
            "“{label_en}” is not a date. Enter one like 2026-03-11.",
        ),
        "forms.not_time": (
            "“{label}”不是有效的时间，请按 14:30 的样式填写。",
            "“{label_en}” is not a time. Enter one like 14:30.",
        ),
        "forms.not_datetime": (
            "“{label}”不是有效的日期和时间，请按 2026-03-11 14:30 的样式填写。",
            "“{label_en}” is not a date and time. Enter one like 2026-03-11 14:30.",
        ),
        "forms.year": (
            "“{label}”的年份应在 1900 至 2199 之间，请检查。",
            "The year of “{label_en}” must lie between 1900 and 2199. Check it.",
        ),
        "forms.too_early": ("“{label}”不能早于 {limit}。", "“{label_en}” must not be before {limit}."),
        "forms.too_late": ("“{label}”不能晚于 {limit}。", "“{label_en}” must not be after {limit}."),
        "forms.passed": (
            "“{label}”不能是已经过去的时间，请选今天或以后。",
            "“{label_en}” has passed already. Choose today or later.",
        ),
        "forms.not_boolean": (
            "“{label}”只能是或否，请重新勾选。",
            "“{label_en}” is yes or no. Tick it again.",
        ),
        "forms.not_an_option": (
            "“{label}”里没有“{value}”这一项，请从列表中重新选择。",
            "“{label_en}” does not offer “{value}”. Choose from the list again.",
        ),
        "forms.not_a_list": (
            "“{label}”应为列表，请重新填写。",
            "“{label_en}” must be a list. Enter it again.",
        ),
        "forms.not_an_object": (
            "提交的内容应为“字段: 值”的对象，请检查后重新提交。",
            "What is submitted must be an object of “field: value”. Check it and submit again.",
        ),
        "forms.too_few": (
            "“{label}”至少 {limit} 项，现在 {length} 项，请补充。",
            "“{label_en}” needs at least {limit} entries, it has {length}. Add more.",
        ),
        "forms.too_many_items": (
            "“{label}”最多 {limit} 项，现在 {length} 项，请删减。",
            "“{label_en}” may have {limit} entries, it has {length}. Remove some.",
        ),
        "forms.fixed_list": (
            "“{label}”固定为 {limit} 项，不能增加，请删去多余的。",
            "“{label_en}” has exactly {limit} entries. Remove the others.",
        ),
        "forms.not_phone": (
            "“{label}”不是有效的电话号码。请填 11 位手机号，或带区号的固定电话，例如 0763-3361234。",
            "“{label_en}” is not a telephone number. Enter a mobile number of 11 digits, "
            "or a fixed line with its area code.",
        ),
        "forms.not_mobile": (
            "“{label}”不是有效的手机号。请填 11 位、以 1 开头的手机号。",
            "“{label_en}” is not a mobile number. Enter the 11 digits that begin with 1.",
        ),
        "forms.not_identity": (
            "“{label}”不是有效的居民身份证号。请对照证件逐位核对 18 位号码。",
            "“{label_en}” is not a resident identity number. Compare its 18 characters with the card.",
        ),
        "forms.no_such_enterprise": (
            "平台上没有代码为 {value} 的企业。请核对代码，或先让企业登记。",
            "No enterprise with the code {value} is on the platform. Check the code, or register it first.",
        ),
        "forms.no_such_file": (
            "“{label}”里有文件找不到或不属于您，请重新上传。",
            "A file of “{label_en}” does not exist or is not yours. Upload it again.",
        ),
        "forms.file_not_accepted": (
            "“{label}”不接受文件“{name}”，请上传：{accept}。",
            "“{label_en}” does not accept “{name}”. Upload one of: {accept}.",
        ),
        "forms.no_such_material": (
            "材料清单里没有“{value}”，请刷新页面后重新填写。",
            "“{value}” is not on the list of materials. Reload the page and enter it again.",
        ),
        "forms.material_open": (
            "请标明材料“{name}”的状态或上传文件。",
            "State whether the material “{name}” is complete, or upload it.",
        ),
        "forms.unknown_field": (
            "本表单没有字段“{where}”，请删去或检查拼写。",
            "This form has no field “{where}”. Remove it or check its spelling.",
        ),
        # files
        "forms.file_too_big": (
            "文件超过 {limit_mb} MB。请压缩图片或拆成几个文件后再上传。",
            "The file is larger than {limit_mb} MB. Compress or split it and upload again.",
        ),
        "forms.file_empty": (
            "文件是空的，请确认后重新上传。",
            "The file is empty. Check it and upload again.",
        ),
        "forms.file_kind": (
            "不接受“{name}”的格式。请上传 PDF、图片（PNG、JPEG、GIF、WebP）、"
            "Word、Excel、WPS 文档、OFD 或 UTF-8 文本。",
            "“{name}” is not of a kind we accept. Upload PDF, an image (PNG, JPEG, GIF, WebP), a "
            "Word, Excel or WPS document, OFD or UTF-8 text.",
        ),
        "forms.file_mismatch": (
            "“{name}”的内容其实是 {kind}，与扩展名不符。请改用正确的扩展名或重新导出后上传。",
            "The content of “{name}” is {kind}, unlike its extension says. Rename or export it again.",
        ),
        "forms.file_damaged": (
            "“{name}”已损坏或不完整，打不开。请重新导出后上传。",
            "“{name}” is damaged or incomplete. Export it again and upload.",
        ),
        "forms.file_bomb": (
            "“{name}”解开后过大，不能接受。请减少内容后重新上传。",
            "“{name}” grows too large when it is unpacked. Reduce it and upload again.",
        ),
        "forms.file_locked": (
            "“{name}”设有密码，请去掉密码后上传。",
            "“{name}” is protected by a password. Remove it and upload again.",
        ),
        "forms.file_macros": (
            "“{name}”含有宏，不能接受。请另存为不含宏的 DOCX 或 XLSX 后上传。",
            "“{name}” holds macros. Save it without macros as DOCX or XLSX and upload again.",
        ),
        "forms.no_file": (
            "找不到这个文件，可能已被删除。请刷新页面。",
            "This file does not exist; it may have been removed. Reload the page.",
        ),
        "forms.file_taken": (
            "有文件不是您上传的，或已附在别的事项上。请重新上传。",
            "A file was not uploaded by you, or belongs to another case. Upload it again.",
        ),
    }
)
