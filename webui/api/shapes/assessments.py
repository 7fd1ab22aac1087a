"""What the API takes and answers about assessments."""

from marshmallow import Schema

from engine.runtime.ledger.reading import STATES
from webui.api.shapes.answers import known, listed, moment, whole
from webui.api.shapes.answers import text as said
from webui.api.shapes.bodies import Page
from webui.api.shapes.fields import Body, choice, text


class AssessmentQuery(Page):
    kind = text("考核事项", "Of this kind only, for example `late_handling`.", most=40, load_default="")
    answerable = text("责任方", "`platform`, or a department's code.", most=40, load_default="")
    state = choice("状态", "In this state only.", STATES, load_default="")
    text = text("编号", "Part of a case's number.", most=40, load_default="")


class ObjectionBody(Body):
    text = text("申诉理由", "Why the assessment is wrong.", most=2000, required=True)


class DecisionBody(Body):
    choice = choice("结论", "Uphold the assessment, or revoke it.", ("uphold", "revoke"), required=True)
    text = text("裁定理由", "Reasons of the decision.", most=2000, required=True)


class Assessment(Schema):
    id = said("考核记录", "Id of the assessment.")
    case_id = said("办件", "Id of the case.")
    number = said("编号", "The case's number.")
    title = said("标题", "The case's title.")
    round = whole("轮次", "The case's round, where one was named.", allow_none=True)
    kind = said("考核事项", "The fault, for example `late_handling`.")
    answerable = said("责任方编码", "`platform`, or a department's code.")
    answerable_name = said("责任方", "The department's name.")
    person = known("责任人账号", "Account of the person, where one is known.")
    person_name = known("责任人", "Their name.")
    element = said("节点", "Id of the diagram's node that recorded it.")
    due_at = moment("期限", "The moment that was missed.")
    done_at = moment("办结", "When it was done; null while it is not.")
    late_days = whole("超期工作日", "Working days late, up to now while it is not done.")
    at = moment("记录时间", "When it was recorded.")
    state = said("状态", "standing, objected, upheld or revoked.")
    objection = known("申诉理由", "Reasons of the objection.")
    objected_by = known("申诉人账号", "Account that objected.")
    objected_at = moment("申诉时间", "When it objected.")
    decision = known("裁定理由", "Reasons of the decision.")
    decided_by = known("裁定人账号", "Account that decided.")
    decided_at = moment("裁定时间", "When it decided.")


class AssessmentPage(Schema):
    total = whole("总数", "How many there are.")
    limit = whole("条数", "As asked.")
    offset = whole("跳过", "As asked.")
    items = listed(Assessment, "考核记录", "Newest first.")
