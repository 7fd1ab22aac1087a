"""What the API itself says to whoever writes or runs a script. Each sentence tells what to do next."""

from engine.errors import teach

TITLES = {
    400: ("请求读不懂", "The request cannot be read"),
    401: ("需要有效的令牌", "A valid token is needed"),
    403: ("不允许", "Not allowed"),
    404: ("没有找到", "Not found"),
    405: ("不支持这种方法", "Method not allowed"),
    409: ("与现状冲突", "Conflict"),
    413: ("内容太大", "Too large"),
    415: ("内容类型不对", "Wrong content type"),
    422: ("内容有误", "The content is wrong"),
    429: ("请求太频繁", "Too many requests"),
    500: ("系统出错", "Internal error"),
    503: ("暂时不可用", "Unavailable for now"),
}

teach(
    {
        "api.400": (
            "请求读不懂。请检查请求的格式后重新发送。",
            "The request cannot be read. Check its format and send it again.",
        ),
        "api.404": (
            "没有这个地址或这个对象，或它不对您开放。请检查地址。",
            "There is no such address or thing, or it is not open to you. Check the address.",
        ),
        "api.405": (
            "这个地址不支持 {method}。请改用：{allowed}。",
            "This address does not take {method}. Use: {allowed}.",
        ),
        "api.413": (
            "内容太大：上限 {limit} 字节。请缩小或拆分后重新发送。",
            "The content is too large: the limit is {limit} bytes. Make it smaller or split it.",
        ),
        "api.415": (
            "内容类型应为 {expected}。请设置 Content-Type 后重新发送。",
            "The content type must be {expected}. Set Content-Type and send it again.",
        ),
        "api.429": (
            "请求太频繁。请等一分钟后再试。",
            "Too many requests. Wait a minute and try again.",
        ),
        "api.500": (
            "系统出了问题，什么也没有保存。请稍后重试；如仍不行，请把 instance 告诉管理员。",
            "Something went wrong and nothing was saved. Try again later; if it happens again, tell the administrator the instance.",
        ),
        "api.503": (
            "系统正忙，什么也没有保存。请几秒后用同一个 Idempotency-Key 重试。",
            "The platform is busy and nothing was saved. Retry in a few seconds with the same Idempotency-Key.",
        ),
        "api.no_token": (
            "缺少令牌。请在 Authorization 头里写 Bearer 和令牌；令牌用 POST /api/v1/token 取得。",
            "A token is missing. Send it as “Authorization: Bearer …”; POST /api/v1/token gives one.",
        ),
        "api.not_for_you": (
            "您的账号不能做这件事。需要角色：{readers}。如工作需要，请联系系统管理员。",
            "Your account may not do this. It needs the role: {readers}. Ask the administrator if your work needs it.",
        ),
        "api.not_json": (
            "请求体不是合法的 JSON（第 {line} 行第 {column} 列）。请检查后重新发送。",
            "The body is not JSON (line {line}, column {column}). Correct it and send it again.",
        ),
        "api.too_deep": (
            "JSON 嵌套超过 {limit} 层。请减少层数。",
            "The JSON is nested deeper than {limit}. Flatten it.",
        ),
        "api.twice": (
            "同一个对象里“{name}”写了两次。请删去一个。",
            "“{name}” is written twice in one object. Remove one of them.",
        ),
        "api.rejected": (
            "请求有 {count} 处需要修改，请按 problems 逐条改正。",
            "{count} places of the request need mending. Correct each of the problems.",
        ),
        "api.not_an_object": ("这里应为一个 JSON 对象。", "This must be a JSON object."),
        "api.unknown_field": (
            "没有字段“{where}”。请删去或检查拼写。",
            "There is no field “{where}”. Remove it or check its spelling.",
        ),
        "api.required": ("缺少“{where}”。请补上。", "“{where}” is missing. Add it."),
        "api.not_text": ("“{where}”应为文字。", "“{where}” must be a text."),
        "api.not_number": (
            "“{where}”应为 {least} 至 {most} 的整数。",
            "“{where}” must be a whole number from {least} to {most}.",
        ),
        "api.length": (
            "“{where}”应为 {least} 至 {most} 个字符。",
            "“{where}” must have {least} to {most} characters.",
        ),
        "api.one_of": ("“{where}”应为其中之一：{choices}。", "“{where}” must be one of: {choices}."),
        "api.bad_characters": (
            "“{where}”含有无法保存的字符（空字符或不完整的代理对）。请删去。",
            "“{where}” holds characters that cannot be kept (NUL or half a surrogate pair). Remove them.",
        ),
        "api.bad_key": (
            "Idempotency-Key 应为 1 至 100 个可见的 ASCII 字符，例如一个 UUID。请换一个。",
            "An Idempotency-Key has 1 to 100 visible ASCII characters, a UUID for example. Choose another.",
        ),
        "api.at_the_same_time": (
            "同一时刻有另一个相同的操作。请重新发送。",
            "Another request did the same at the same moment. Send yours again.",
        ),
        "api.not_boolean": ("应为 true 或 false。请改正。", "This has to be true or false. Correct it."),
        "api.not_a_list": ("应为列表。请改正。", "This has to be a list. Correct it."),
        "api.not_so_many": ("应有 1 至 {most} 项。请改正。", "This takes 1 to {most} entries. Correct it."),
        "api.ids_or_newest": (
            "请给出 ids 或 newest，二者只取其一。",
            "Give either ids or newest, not both.",
        ),
        "api.no_upload": (
            "缺少文件。请以 multipart/form-data 的字段“{where}”上传。",
            "A file is missing. Send it as the field “{where}” of multipart/form-data.",
        ),
        "api.too_many_uploads": (
            "“{where}”最多 {most} 个文件。请减少。",
            "“{where}” takes {most} files at most. Send fewer.",
        ),
        "api.form_name": (
            "“{name}”不能作表单的键。请用 流程/表单.json 这样的文件名，由字母、数字、连字符和下划线组成。",
            "“{name}” cannot name a form. Use a file name such as process/form.json of letters, digits, - and _.",
        ),
        "api.no_draft": (
            "您没有这项任务的草稿。",
            "You have kept no draft of this task.",
        ),
        "api.no_version": (
            "流程「{key}」没有第 {version} 版。请检查版本号。",
            "The process {key} has no version {version}. Check the number.",
        ),
        "api.message_not_yours": (
            "您不能向这个办件发送消息「{message}」。可发送的消息：{known}。",
            "You may not send the message {message} to this case. You may send: {known}.",
        ),
    }
)
