"""People's accounts, for the system administrator: what hangs on each, stopping and starting one."""

from typing import Any

from engine.runtime import handover
from webui.api.endpoint import Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.routes.people.backups import ACCOUNT
from webui.api.shapes.people.absences import EndBody
from webui.api.shapes.people.backups import AccountPage, AccountQuery, AccountState
from webui.transaction import zhiban

routes = Blueprint("accounts-api", __name__, description="账号管理 · Accounts")
explain(routes)

KEEPERS = ("administrator",)


@get(
    routes,
    "/accounts",
    Told("账号", "The people's accounts with the number of their open tasks. For the system administrator."),
    answer=AccountPage,
    query=AccountQuery,
    readers=KEEPERS,
)
def accounts(call: Call) -> Any:
    limit, offset = call.given["limit"], call.given["offset"]
    rows = handover.accounts_with_tasks(call.connection, limit=limit + 1, offset=offset)
    return {"limit": limit, "offset": offset, "more": len(rows) > limit, "items": rows[:limit]}


@post(
    routes,
    "/accounts/<account>/stop",
    Told(
        "停用账号",
        "Stop a person's account: its sessions and tokens end. 409 while tasks hang on it.",
        (404,),
        (ACCOUNT,),
    ),
    answer=AccountState,
    body=EndBody,
    readers=KEEPERS,
)
def stop(call: Call, account: str) -> Any:
    handover.stop_account(zhiban(), call.connection, actor=call.actor, account=account)
    return {"id": account, "active": False}


@post(
    routes,
    "/accounts/<account>/start",
    Told("启用账号", "Let a stopped account in again.", (404,), (ACCOUNT,)),
    answer=AccountState,
    body=EndBody,
    readers=KEEPERS,
)
def start(call: Call, account: str) -> Any:
    handover.start_account(call.connection, actor=call.actor, account=account)
    return {"id": account, "active": True}
