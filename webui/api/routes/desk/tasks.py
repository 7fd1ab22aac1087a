"""What may be done with a task besides claiming and completing it: offered, and done."""

from typing import Any

from engine import runtime
from engine.runtime import actions, moves, signers
from webui.api.endpoint import TASK, Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.shapes.cases import Done, Held
from webui.api.shapes.desk.actions import (
    AnswerBody,
    ApprovingBody,
    CopyBody,
    DecideBody,
    HandOnBody,
    OfferQuery,
    Offers,
    SayBody,
    SendBackBody,
    SigningBody,
    TakeBackBody,
)
from webui.api.views import done_answer, opened
from webui.edge.language import language
from webui.transaction import zhiban

routes = Blueprint("desk-tasks-api", __name__, description="办理方式 · Actions on tasks")
explain(routes)
WHY = "403 where the node does not offer it or the task is another's; 409 says who was faster, and when."


def _told(title: str, description: str) -> Told:
    return Told(title, f"{description} {WHY}", (404,), (TASK,))


@get(
    routes,
    "/tasks/<task>/actions",
    Told("可用的办理方式", "What the caller may do with the task now, to whom and where.", (404,), (TASK,)),
    answer=Offers,
    query=OfferQuery,
)
def offered(call: Call, task: str) -> Any:
    opened(call, task)
    found = actions.offers(zhiban(), call.connection, call.actor, task)
    asked = call.given["q"].strip()
    searched = actions.colleagues(call.connection, asked) if asked else []
    return {
        "items": [
            {
                **vars(offer),
                "people": _people(searched if offer.action in actions.SEARCHED else offer.people),
            }
            for offer in found
        ]
    }


def _people(found: Any) -> list[dict[str, str]]:
    english = language().startswith("en")
    return [{"id": p.id, "name": p.name, "place": p.place_en if english else p.place} for p in found]


@post(
    routes,
    "/tasks/<task>/transfer",
    _told("转办", "Give the task to somebody else for good; the first owner stays recorded."),
    answer=Held,
    body=HandOnBody,
    readers=("officer",),
)
def transfer(call: Call, task: str) -> Any:
    return _held(call, task, actions.transfer)


@post(
    routes,
    "/tasks/<task>/delegate",
    _told("委派", "Let somebody prepare the task; that answer returns it."),
    answer=Held,
    body=HandOnBody,
    readers=("officer",),
)
def delegate(call: Call, task: str) -> Any:
    return _held(call, task, actions.delegate)


@post(
    routes,
    "/tasks/<task>/answer",
    _told("交回委派", "Return a delegated task with values for its owner's draft; nothing completes."),
    answer=Held,
    body=AnswerBody,
    readers=("officer",),
)
def answer(call: Call, task: str) -> Any:
    return _held(call, task, actions.answer_delegate)


@post(
    routes,
    "/tasks/<task>/recall",
    _told("收回委派", "Take a delegated task back before it is answered; the delegate is told."),
    answer=Held,
    body=SayBody,
    readers=("officer",),
)
def recall(call: Call, task: str) -> Any:
    return _held(call, task, actions.recall)


@post(
    routes,
    "/tasks/<task>/urge",
    _told("催办", "Ask for a task that somebody else has; once an hour at most, else 409 says when again."),
    answer=Held,
    body=SayBody,
)
def urge(call: Call, task: str) -> Any:
    return _held(call, task, actions.urge)


@post(
    routes,
    "/tasks/<task>/copy",
    _told("抄送", "Show the task's case to other officers: they may read it from then on."),
    answer=Held,
    body=CopyBody,
    readers=("officer",),
)
def copy(call: Call, task: str) -> Any:
    return _held(call, task, actions.copy)


@post(
    routes,
    "/tasks/<task>/sign-before",
    _told("前加签", "Ask others first; when all have decided, the task returns."),
    answer=Held,
    body=SigningBody,
    readers=("officer",),
)
def sign_before(call: Call, task: str) -> Any:
    return _held(call, task, signers.add_signers, how="before")


@post(
    routes,
    "/tasks/<task>/sign-after",
    _told("后加签", "Approve with the form's values, and ask others: it completes once all agree."),
    answer=Held,
    body=ApprovingBody,
    readers=("officer",),
)
def sign_after(call: Call, task: str) -> Any:
    return _held(call, task, signers.add_signers, how="after")


def _held(call: Call, task: str, verb: Any, **facts: Any) -> dict[str, Any]:
    """Do it with what the body gives; the task stays open, in a new version."""
    opened(call, task)
    given = {**call.given, **facts}
    version = verb(zhiban(), call.connection, actor=call.actor, task_id=task, **given)
    return {"id": task, "version": version}


@post(
    routes,
    "/tasks/<task>/remove-signer",
    _told("减签", "Take away the added signer whose task this is, and what hangs below it."),
    answer=Done,
    body=SayBody,
    readers=("officer",),
)
def remove_signer(call: Call, task: str) -> Any:
    return led(call, task, signers.remove_signer)


@post(
    routes,
    "/tasks/<task>/decide",
    _told("加签意见", "Agree or disagree as an added signer; a disagreement says why."),
    answer=Done,
    body=DecideBody,
    readers=("officer",),
)
def decide(call: Call, task: str) -> Any:
    return led(call, task, signers.decide)


@post(
    routes,
    "/tasks/<task>/send-back",
    _told("退回", "Send the task back to a node it was at before; what followed is cancelled."),
    answer=Done,
    body=SendBackBody,
    readers=("officer",),
)
def send_back(call: Call, task: str) -> Any:
    return led(call, task, moves.send_back)


@post(
    routes,
    "/tasks/<task>/reject",
    _told("驳回", "Reject: the case goes where the node declares, or ends."),
    answer=Done,
    body=SayBody,
    readers=("officer",),
)
def reject(call: Call, task: str) -> Any:
    return led(call, task, moves.reject)


@post(
    routes,
    "/tasks/<task>/take-back",
    _told("撤回", "Open one's own finished task again, while nobody has gone on."),
    answer=Done,
    body=TakeBackBody,
    readers=("officer",),
)
def take_back(call: Call, task: str) -> Any:
    return led(call, task, moves.take_back)


def led(call: Call, task: str, verb: Any) -> dict[str, Any]:
    """Do it with what the body gives, and say what it led to."""
    opened(call, task)
    given = {"opinion": "", **call.given}  # a body may be left out
    done: runtime.Done = verb(zhiban(), call.connection, actor=call.actor, task_id=task, **given)
    return done_answer(call, done.case_id, done.opened)
