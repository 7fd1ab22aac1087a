"""What the API takes and answers about stand-ins and about accounts."""

from marshmallow import Schema

from webui.api.shapes.answers import flag, known, listed, moment, whole
from webui.api.shapes.answers import text as said
from webui.api.shapes.bodies import Page
from webui.api.shapes.fields import Body, text
from webui.api.shapes.people.absences import ReceiverItem


class BackupQuery(Body):
    department = text(
        "部门编码", "Of a department's people, or `-` of who belongs to none.", most=40, load_default=""
    )


class BackupBody(Body):
    backup = text("B 岗账号", "Who stands in; empty for nobody.", least=0, most=32, required=True)


class Backup(Schema):
    account = said("账号", "Whom it is about.")
    name = said("姓名", "Their name.")
    backup = known("B 岗账号", "Who stands in for them; null where nobody does.")
    backup_name = known("B 岗", "Their name.")
    eligible = listed(ReceiverItem, "可选的人", "Who may stand in for them.")


class BackupList(Schema):
    items = listed(Backup, "A/B 岗", "By name.")


class Away(Schema):
    id = said("任务", "Id of the task.")
    case_id = said("办件", "Id of its case.")
    number = said("编号", "Number of its case.")
    name = said("环节", "Name of the step.")
    due_at = moment("期限", "When it is due.")
    version = whole("版本", "Its version.")
    holder = said("代理人账号", "Who has it.")
    holder_name = said("代理人", "Their name.")
    person = said("被代理人账号", "For whom.")
    person_name = said("被代理人", "Their name.")


class Deputised(Schema):
    for_others = listed(Away, "我代别人办的", "What the caller has for others.")
    with_others = listed(Away, "别人代我办的", "What deputies have for the caller.")


class Returned(Schema):
    id = said("任务", "Id of the task: somebody else has it now, or the caller.")


class AccountQuery(Page):
    """The page of the list."""


class AccountItem(Schema):
    id = said("账号", "Id of the account.")
    username = said("用户名", "Its user name.")
    name = said("姓名", "The person's name.")
    department = known("部门编码", "Code of the department.")
    department_name = known("部门", "Its name.")
    active = flag("启用", "Whether the person may sign in.")
    open = whole("待办", "How many open tasks hang on it.")


class AccountPage(Schema):
    limit = whole("条数", "As asked.")
    offset = whole("跳过", "As asked.")
    more = flag("还有", "Whether there are more behind these.")
    items = listed(AccountItem, "账号", "By department and name.")


class AccountState(Schema):
    id = said("账号", "Id of the account.")
    active = flag("启用", "Whether the person may sign in.")
