"""What the API takes and answers when several tasks are acted on at once."""

from marshmallow import Schema, ValidationError, fields

from engine.errors import Problem
from webui.api.shapes.answers import flag, known, listed, whole
from webui.api.shapes.answers import text as said
from webui.api.shapes.desk.actions import OPINION
from webui.api.shapes.fields import Body, choice, number, text

MOST = 200  # tasks of one request


class BulkTask(Body):
    id = text("任务", "Id of the task.", most=32, required=True)
    version = number("任务版本", "The version you saw; a task changed since then is refused.", least=1)


def _some(given: list[object]) -> None:
    if not 1 <= len(given) <= MOST:
        raise ValidationError([Problem("api.not_so_many", facts={"most": MOST})])  # type: ignore[list-item]


class BulkBody(Body):
    act = choice("做什么", "What to do with each.", ("claim", "release", "transfer", "urge"), required=True)
    tasks = fields.List(
        fields.Nested(BulkTask),
        required=True,
        validate=_some,
        error_messages={"required": "api.required", "null": "api.required", "invalid": "api.not_a_list"},
        metadata={"title": "任务", "description": "The tasks.", "minItems": 1, "maxItems": MOST},
    )
    to = text("交给", "When they are transferred: id of the account.", most=32, load_default="")
    opinion = text("意见", "Why; mandatory where it is asked for.", least=0, most=OPINION, load_default="")


class BulkItem(Schema):
    task_id = said("任务", "Id of the task.")
    number = said("编号", "Number of its case; empty where it is not the caller's to see.")
    title = said("标题", "Title of its case; likewise.")
    done = flag("已办", "Whether it was done, now or when the same request came before.")
    version = whole("版本", "Its version since; null where it was not done.", allow_none=True)
    code = known("代码", "The stable code of why not, for example `runtime.task_changed`.")
    why = known("未办原因", "Why not, in the caller's language: who was faster, and when.")


class BulkAnswer(Schema):
    done = whole("已办", "How many were done.")
    failed = whole("未办", "How many were not.")
    items = listed(BulkItem, "结果", "A result for each task, in the order asked.")
