"""What identity says to people: at sign-in, and to whoever keeps accounts and departments."""

from engine import errors

errors.teach(
    {
        # signing in
        "identity.wrong_password": (
            "用户名或密码不对。请检查大小写后重试；连续输错 {limit} 次，账号会锁定 {minutes} 分钟。",
            "The username or the password is wrong. Check capitals and try again; after {limit} wrong "
            "attempts the account is locked for {minutes} minutes.",
        ),
        "identity.locked": (
            "账号因连续输错密码已锁定。请在 {until} 后再试，或请系统管理员解锁。",
            "The account is locked after wrong passwords. Try again after {until}, or ask the system "
            "administrator to unlock it.",
        ),
        "identity.inactive": (
            "该账号已停用。如需继续使用，请联系系统管理员。",
            "This account is not active. Ask the system administrator if you need it.",
        ),
        "identity.session_ended": (
            "登录已失效（密码、角色或账号状态有变动）。请重新登录。",
            "You have been signed out, because the password, roles or state of the account changed. "
            "Sign in again.",
        ),
        "identity.token": (
            "访问令牌无效、已过期或已撤销。请在“我的账号”里新建一个。",
            "The access token is unknown, expired or revoked. Make a new one under “My account”.",
        ),
        # accounts
        "identity.account": (
            "账号信息有误，请按提示改正。",
            "The account has mistakes; correct what is marked.",
        ),
        "identity.username": (
            "用户名应为 2 至 64 个字符，不含空格。请换一个。",
            "A username has 2 to 64 characters and no spaces. Choose another.",
        ),
        "identity.username_taken": (
            "用户名“{username}”已被使用。请换一个。",
            "The username “{username}” is taken. Choose another.",
        ),
        "identity.name": ("请填写名称。", "Fill in the name."),
        "identity.password_length": (
            "密码应为 {shortest} 至 {longest} 个字符。请加长。",
            "A password has {shortest} to {longest} characters. Make it longer.",
        ),
        "identity.password_obvious": (
            "这个密码太容易被猜到。请用几个不相干的词，或字母与数字的无规律组合。",
            "This password is easy to guess. Use a few unrelated words, or letters "
            "and digits without a pattern.",
        ),
        "identity.role": (
            "没有“{role}”这个角色。请从列表中选择。",
            "There is no role “{role}”. Choose one from the list.",
        ),
        "identity.no_role": ("请至少选择一个角色。", "Choose at least one role."),
        "identity.role_needs_department": (
            "部门管理员和承办人须属于一个部门。请选择部门。",
            "A department administrator or handler belongs to a department. Choose one.",
        ),
        "identity.enterprise_only": (
            "企业账号不能担任工作人员角色或属于部门。请另建个人账号。",
            "An enterprise's account holds no staff role and no department. Make a separate account.",
        ),
        "identity.no_account": (
            "没有这个账号，可能已被删除。请返回列表重新选择。",
            "There is no such account. Go back to the list and choose again.",
        ),
        "identity.token_days": (
            "令牌有效期应为 1 至 {longest} 天。请重新填写。",
            "A token is valid for 1 to {longest} days. Enter another number.",
        ),
        "identity.no_token": (
            "没有这个令牌，可能已经撤销。请刷新列表。",
            "There is no such token. Reload the list.",
        ),
        # departments and enterprises
        "identity.no_department": (
            "没有编码为“{code}”的部门。请先建立部门，或从列表中选择。",
            "There is no department “{code}”. Create it first, or choose one from the list.",
        ),
        "identity.department_code": (
            "部门编码由小写字母、数字和连字符组成，不超过 40 个字符。请改正。",
            "A department's code has lower-case letters, digits and hyphens, 40 at most. Correct it.",
        ),
        "identity.department_level": (
            "部门层级应为 city（市）、county（县）或 town（镇）。请重新选择。",
            "A department's level is city, county or town. Choose one.",
        ),
        "identity.department": ("部门信息有误，请按提示改正。", "The department has mistakes; correct them."),
        "identity.department_exists": (
            "编码“{code}”已有部门使用。请换一个编码，或修改已有部门。",
            "A department with the code “{code}” exists. Choose another code, or change that department.",
        ),
        "identity.enterprise": ("企业信息有误，请按提示改正。", "The enterprise has mistakes; correct them."),
        "identity.no_enterprise": (
            "平台上没有统一社会信用代码为 {uscc} 的企业。请先登记企业。",
            "No enterprise with the credit code {uscc} is registered. Register it first.",
        ),
        "identity.enterprise_exists": (
            "统一社会信用代码 {uscc} 已登记。请直接使用已有企业。",
            "The credit code {uscc} is registered already. Use that enterprise.",
        ),
    }
)
