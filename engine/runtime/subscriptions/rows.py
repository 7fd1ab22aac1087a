"""Keeping the rows of what a case waits to be told, within the step that changes it.

Who may send a message can depend on variables (the department in charge), so that it is looked at
again whenever a step changes one of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.bpmn import stepping
from engine.bpmn.model import Element
from engine.bpmn.stepping import Host, Run, Step
from engine.database import Prepared, new_id
from engine.runtime.subscriptions.tables import subscription_candidates, subscriptions
from engine.runtime.tables import fitting

_at = sa.and_(
    subscriptions.c.case_id == bindparam("key"),
    subscriptions.c.token == bindparam("at"),
    subscriptions.c.element == bindparam("node"),
)
_insert = Prepared(sa.insert(subscriptions).values({c.name: bindparam(c.name) for c in subscriptions.c}))
_insert_candidates = Prepared(
    sa.insert(subscription_candidates).values(
        name=bindparam("name"), subscription_id=bindparam("subscription_id")
    )
)
_find = Prepared(sa.select(subscriptions.c.id).where(_at))
_drop = Prepared(sa.delete(subscriptions).where(_at))
_drop_candidates = Prepared(
    sa.delete(subscription_candidates).where(
        subscription_candidates.c.subscription_id.in_(sa.select(subscriptions.c.id).where(_at))
    )
)


def write_subscriptions(
    connection: Connection, row: Mapping[str, Any], run: Run, step: Step, host: Host
) -> None:
    """Write what the step changed: what is waited for, and who may send what was waited for before.

    `row` is the case's, with its new columns.
    """
    if not run.program.messages:
        return
    case = run.context["case"]
    run.context["case"] = {**case, **{name: row[name] for name in case if name in row}}
    gone = [{"key": row["id"], "at": one.token, "node": one.element.id} for one in step.unsubscribed]
    _drop_candidates.many(connection, gone)
    _drop.many(connection, gone)
    begun = {(one.token, one.element.id): one.element for one in step.subscribed}
    for key, element in begun.items():
        written = _row(row["id"], key[0], element)
        _insert(connection, **written)
        _offer(connection, written["id"], element, stepping.senders(run, key, host))
    for key in _touched(run, step) - begun.keys():
        at = {"key": row["id"], "at": key[0], "node": key[1]}
        _drop_candidates(connection, **at)
        element = run.program.diagram.elements[key[1]]
        _offer(connection, _find(connection, **at)[0][0], element, stepping.senders(run, key, host))


def _touched(run: Run, step: Step) -> set[tuple[int, str]]:
    """What is waited for whose senders depend on what the step changed, the case itself included."""
    changed = {"case", *step.changed}.union(*step.called.values())
    texts = run.program.messages
    if all(text.depends.isdisjoint(changed) for text in texts.values()):
        return set()
    return {key for key in stepping.awaited(run) if not texts[key[1]].depends.isdisjoint(changed)}


def _row(case_id: str, token: int, element: Element) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": case_id,
        "token": token,
        "element": element.id,
        "message": element.awaits[:120],
        "name": (element.properties.get("label") or element.label)[:200],
        "form_key": element.attributes.get("formKey", ""),
        "internal": element.properties.get("internal") == "true",
    }


def _offer(connection: Connection, subscription: str, element: Element, senders: Iterable[str]) -> None:
    column = subscription_candidates.c.name
    groups = dict.fromkeys(fitting(name, column, element.label) for name in senders)
    _insert_candidates.many(connection, [{"name": g, "subscription_id": subscription} for g in groups])
