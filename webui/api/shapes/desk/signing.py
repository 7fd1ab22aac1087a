"""What the API answers of those who sign at a task: as its node declares it, and added to it."""

from marshmallow import Schema

from webui.api.shapes.answers import flag, known, listed, moment, nested, plain, text, texts, whole
from webui.api.shapes.cases import TaskDetail


class SigningSaid(Schema):
    who = text("账号", "Account that signed.")
    name = text("姓名", "Its name.")
    signer = text("会签人", "The account or group that was asked.")
    outcome = text("意见", "agree, disagree or abstain.")
    opinion = text("说明", "What was said with it.")
    at = moment("时间", "When it was said.")


class SigningRound(Schema):
    kind = text("方式", "all (会签), any (或签), vote (票签) or turn (依次).")
    asked = whole("会签人数", "How many are asked in all.")
    needed = whole("通过票数", "How many of them must agree.")
    agreed = whole("同意", "How many agree so far.")
    disagreed = whole("不同意", "How many disagree so far.")
    said = listed(SigningSaid, "已签", "Who has signed, in order.")
    awaited = texts("等待谁", "The names whose turn it is.")


class AddedSigner(Schema):
    task_id = text("任务", "Id of the signer's own task.")
    parent = text("上级任务", "Id of the task that waits for it.")
    account = text("账号", "Account of the signer.")
    name = text("姓名", "Its name.")
    how = text("方式", "before (前加签) or after (后加签).")
    state = text("状态", "open or done.")
    waits = flag("在等他人", "Whether it waits for signers whom this one has added.")
    outcome = known("意见", "agree or disagree, once decided.")
    opinion = known("说明", "What was said with it.")
    asked_at = moment("加签时间", "When it was added.")
    decided_at = moment("出具意见的时间", "When it was decided.")


class AskedToSign(Schema):
    by = text("账号", "Account that asked.")
    by_name = text("姓名", "Its name.")
    stead = text("代谁", "The name of whom it acted for, if anybody.")
    how = text("方式", "before (前加签): the owner has yet to decide; after (后加签): the owner has.")
    note = text("说明", "What the asker said.")
    at = moment("时间", "When it was asked.")
    values = plain("办理人填写的内容", "What the owner has approved; null where that is yet to be decided.")


class TaskSheet(TaskDetail):
    may_decide = flag("可出具意见", "Whether the caller may agree or disagree now, as an added signer.")
    signing = nested(SigningRound, "会签", "Who signs at this node, where it says so; null to an enterprise.")
    asked = nested(
        AskedToSign, "加签请求", "What an added signer is asked, at that signer's own task; else null."
    )
    signers = listed(AddedSigner, "加签人", "The signers added at this node; none to an enterprise.")
