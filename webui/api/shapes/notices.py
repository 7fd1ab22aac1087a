"""What the API takes and answers about notices."""

from marshmallow import Schema

from webui.api.shapes.answers import flag, known, listed, moment, whole
from webui.api.shapes.answers import text as said
from webui.api.shapes.bodies import Page
from webui.api.shapes.fields import Body, boolean, many
from webui.api.shapes.fields import text as given


class NoticeQuery(Page):
    unread = boolean("只看未读", "Only those the caller has not read.", load_default=False)


class ReadBody(Body):
    ids = many("通知", "Ids of the notices to mark as read.", most=200)
    newest = given("最新一条", "Marks all up to this one: the newest notice you have seen.", most=32)


class NoticeItem(Schema):
    id = said("通知", "Id of the notice.")
    at = moment("时间", "When it was told.")
    template = said("模板", "Stable key of what it says, for example `late`.")
    text = said("内容", "The sentence in the caller's language; moments in Asia/Shanghai.")
    needs = said("要补充的", "What the enterprise is to supply, as an officer wrote it; mostly empty.")
    number = said("编号", "Number of the case.")
    title = known("标题", "The case's title; null where the caller may not read the case.")
    case_id = known("办件", "Id of the case; null where the caller may not read it.")
    unread = flag("未读", "Whether the caller has not read it.")


class NoticePage(Schema):
    limit = whole("条数", "As asked.")
    offset = whole("跳过", "As asked.")
    more = flag("还有", "Whether there are more behind these.")
    unread = whole("未读数", "How many the caller has not read; 100 means that many or more.")
    items = listed(NoticeItem, "通知", "Newest first.")


class Unread(Schema):
    unread = whole("未读数", "How many are unread now; 100 means that many or more.")


class Sending(Schema):
    id = said("消息", "Id of the message, to send it again.")
    channel = said("渠道", "`in-app` or an outgoing channel.")
    state = said("状态", "queued, delivered or failed.")
    attempts = whole("次数", "How often it was tried.")
    delivered_at = moment("送达", "When it was delivered.")
    problem = known("原因", "Why the last attempt failed.")


class CaseNotice(Schema):
    at = moment("时间", "When it was queued.")
    recipient = said("收件人", "A group's or an account's id.")
    template = said("模板", "Stable key of what it says.")
    text = said("内容", "The sentence in the caller's language.")
    sendings = listed(Sending, "送达情况", "On each channel.")


class CaseNotices(Schema):
    case_id = said("办件", "Id of the case.")
    number = said("编号", "Its number.")
    items = listed(CaseNotice, "通知", "Oldest first.")
