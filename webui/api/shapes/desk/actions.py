"""What the API takes and answers about the actions on tasks and cases."""

from marshmallow import Schema

from webui.api.shapes.answers import flag, listed, text
from webui.api.shapes.bodies import HandBody
from webui.api.shapes.fields import Body, boolean, choice, many, values
from webui.api.shapes.fields import text as given

OPINION = 2000  # characters


class SayBody(HandBody):
    opinion = given("意见", "Why; mandatory where it is asked for.", least=0, most=OPINION, load_default="")


class HandOnBody(SayBody):
    to = given("交给", "Id of the account it goes to.", most=32, required=True)


class SigningBody(SayBody):
    people = many("加签人", "Ids of the accounts that are asked.", most=30, required=True)


class ApprovingBody(SigningBody):
    values = values("表单的值", "Values of the task's form: the approval that stands.", load_default=None)


class AnswerBody(SayBody):
    values = values("表单的值", "Values for the owner's draft, as they were typed.", load_default=dict)


class CopyBody(HandBody):
    to = many("抄送给", "Ids of the accounts it is shown to.", most=50, required=True)
    note = given("附言", "What they are told.", least=0, most=500, load_default="")


class DecideBody(SayBody):
    outcome = choice("加签意见", "What the signer says.", ("agree", "disagree"), required=True)


class SendBackBody(SayBody):
    to = given("退回到", "Id or name of a node the task was at before.", most=120, required=True)


class TakeBackBody(Body):
    opinion = given("意见", "Why; mandatory where it is asked for.", least=0, most=OPINION, load_default="")


class ReasonBody(Body):
    opinion = given("原因", "Why; it stands in the record.", most=OPINION, required=True)


class FollowBody(Body):
    """Nothing has to be said."""


class OfferQuery(Body):
    q = given("查找", "Part of a name, user name or department, where anybody may be asked.", load_default="")


class Colleague(Schema):
    id = text("账号", "Id of the account.")
    name = text("姓名", "The person's name.")
    place = text("单位", "The department, or the roles of who has none.")


class Destination(Schema):
    id = text("标识", "Id of the node, or of the signer's task.")
    name = text("名称", "What people call it.")


class Offer(Schema):
    action = text("办理方式", "For example `transfer` or `send back`.")
    opinion_required = flag("必填意见", "Whether it must say why.")
    people = listed(Colleague, "人员", "Who may be chosen; for copies and signers those found by `q`.")
    targets = listed(Destination, "去处", "Where it may lead.")


class Offers(Schema):
    items = listed(Offer, "办理方式", "What the caller may do with the task now.")


class Following(Schema):
    case_id = text("办件", "Id of the case.")
    following = flag("关注", "Whether the caller follows the case.")


class DraftBody(HandBody):
    values = values("填写的值", "Values of the task's form by field key, as far as they are.", required=True)


class SeenBody(HandBody):
    leave = boolean("离开", "Whether the caller has closed the task.", load_default=False)
