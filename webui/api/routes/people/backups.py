"""A/B 岗: who stands in for whom; and what deputies have for others, given back or taken home."""

from typing import Any

from sqlalchemy.engine import Connection

from engine import identity
from engine.errors import NotAllowed
from engine.identity import absence
from engine.identity.absence import Person
from engine.runtime import handover
from webui.api.endpoint import TASK, Blueprint, Call, Told, get, post, put
from webui.api.problems import explain
from webui.api.shapes.people.absences import EndBody
from webui.api.shapes.people.backups import (
    Backup,
    BackupBody,
    BackupList,
    BackupQuery,
    Deputised,
    Returned,
)
from webui.transaction import zhiban

routes = Blueprint("backups-api", __name__, description="A/B 岗 · Stand-ins")
explain(routes)

ACCOUNT = {"in": "path", "name": "account", "description": "账号 id · Id of the account.", "required": True}
PLACELESS = "-"


@get(
    routes,
    "/backups",
    Told(
        "A/B 岗",
        "Who stands in for the caller (B 岗); with `department` for each of its people, with whom one may "
        "choose: for its administrator, the control centre (`-`) and the system administrator.",
        (404,),
    ),
    answer=BackupList,
    query=BackupQuery,
    readers=("officer",),
)
def backups(call: Call) -> Any:
    place = call.given["department"]
    if not place:
        return {"items": [_own(call)]}
    code = None if place == PLACELESS else identity.department(call.connection, place).code
    if not absence.may_keep(call.actor, Person("", "", "", "person", code, True, frozenset())):
        raise NotAllowed("webui.not_for_you")
    people = absence.people_of(call.connection, code)
    known = absence.backups(call.connection, code)
    return {"items": [_told(call.connection, one, known.get(one.id), people) for one in people]}


def _own(call: Call) -> dict[str, Any]:
    who = absence.person(call.connection, call.actor.id)
    return _told(call.connection, who, absence.backup_of(call.connection, who.id))


def _told(
    connection: Connection, who: Person, backup: str | None, people: list[Person] | None = None
) -> dict[str, Any]:
    near = absence.people_of(connection, who.department) if people is None else people
    return {
        "account": who.id,
        "name": who.name,
        "backup": backup,
        "backup_name": identity.name_of(connection, backup) if backup else None,
        "eligible": [one for one in near if absence.may_deputise(who, one)],
    }


@put(
    routes,
    "/backups/<account>",
    Told(
        "设定 B 岗",
        "Set who stands in for somebody in the caller's charge, or nobody: the deputy of later absences that "
        "name none.",
        (404,),
        (ACCOUNT,),
    ),
    answer=Backup,
    body=BackupBody,
    readers=("officer",),
)
def set_backup(call: Call, account: str) -> Any:
    backup = call.given["backup"] or None
    absence.set_backup(call.connection, actor=call.actor, account=account, backup=backup)
    return _told(call.connection, absence.person(call.connection, account), backup)


@get(
    routes,
    "/deputised",
    Told(
        "代为办理的任务",
        "The open tasks that the caller has for others, and those that deputies have for the caller.",
    ),
    answer=Deputised,
    readers=("officer",),
)
def deputised(call: Call) -> Any:
    return {
        "for_others": handover.deputised(call.connection, holder=call.actor.id),
        "with_others": handover.deputised(call.connection, person=call.actor.id),
    }


@post(
    routes,
    "/tasks/<task>/give-back",
    Told(
        "交还",
        "Give a task back to the person for whom the caller has it. 409 while that person is away.",
        (404,),
        (TASK,),
    ),
    answer=Returned,
    body=EndBody,
    readers=("officer",),
)
def give_back(call: Call, task: str) -> Any:
    handover.give_back(zhiban(), call.connection, actor=call.actor, task_id=task)
    return {"id": task}


@post(
    routes,
    "/tasks/<task>/take-home",
    Told(
        "收回",
        "Take back what a deputy has for the caller. 409 while an absence of the caller's moves tasks.",
        (404,),
        (TASK,),
    ),
    answer=Returned,
    body=EndBody,
    readers=("officer",),
)
def take_home(call: Call, task: str) -> Any:
    handover.take_home(zhiban(), call.connection, actor=call.actor, task_id=task)
    return {"id": task}
