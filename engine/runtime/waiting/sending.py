"""Sending a case a message: who may, when, with which form; and delivering it as one step.

What the engine itself sends (`deliver`) needs no permission. People send by `send`: the element
that waits names its senders, and without any nobody but the platform may. A message goes to whatever
in the case waits for it and may be sent by this person now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import feel, forms
from engine.bpmn import stepping
from engine.bpmn.model import Diagram, Element
from engine.errors import Conflict, Invalid, NotAllowed, Problem
from engine.history import Event
from engine.identity import Actor
from engine.runtime.casework.loading import host_of, keep, load, look
from engine.runtime.casework.recount import ready
from engine.runtime.engine import Engine
from engine.runtime.operations import StepHost
from engine.runtime.queries.choices import RowChoices, file_ids
from engine.runtime.steps import Done, actor_context
from engine.runtime.subscriptions.tables import subscription_candidates, subscriptions
from engine.runtime.write import Loaded, persist

_ROWS = sa.select(subscriptions).order_by(subscriptions.c.token, subscriptions.c.element)


@dataclass(frozen=True)
class Sendable:
    """A message that somebody may send to a case; `why_not` is the diagram's sentence while not `allowed`.

    `form_key` is empty for a message that is sent without a form. `resumes`: it lets stopped clocks run.
    """

    message: str
    label: str
    form_key: str
    allowed: bool
    why_not: str = ""
    resumes: bool = False


def sendable(engine: Engine, connection: Connection, actor: Actor, case_id: str) -> list[Sendable]:
    """The messages that are `actor`'s to send to the case now, or as soon as their condition holds."""
    rows = _offered(connection, case_id, actor)
    if not rows:
        return []
    case = look(engine, connection, case_id)
    host = host_of(engine, connection, case)
    found: dict[str, Sendable] = {}
    for row in rows:
        one = _judged(case, host, row, actor)
        if row.message not in found or (one.allowed and not found[row.message].allowed):
            found[row.message] = one
    return list(found.values())


def form_variables(
    engine: Engine, connection: Connection, actor: Actor, case_id: str, message: str
) -> dict[str, Any]:
    """What the form of a message sees: the case's variables, and what is local to where it is waited for."""
    case = look(engine, connection, case_id)
    rows = [row for row in _offered(connection, case_id, actor) if row.message == message]
    return _seen(case, rows[0]) if rows else dict(case.run.variables)


def send(
    engine: Engine, connection: Connection, *, actor: Actor, case_id: str, message: str, values: Any
) -> Done:
    """Give the case a message with the values of its form, as one step.

    NotFound: no such case. Conflict: it has ended, does not wait for the message, or not now (the diagram
    says why). NotAllowed: not this person's to send. Invalid: the form's problems.
    """
    case = load(engine, connection, case_id)
    host = ready(engine, connection, case)
    rows = _allowed(connection, case, host, actor, message)
    given, files = _values(case, host, rows[0], values)
    tokens = frozenset(row.token for row in rows)
    done = _deliver(engine, connection, case, host, actor, rows[0], given, tokens)
    forms.files.attach(connection, files, case.id, actor.id)
    return done


def deliver(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    case_id: str,
    message: str,
    values: Mapping[str, Any],
) -> Done:
    """Give a message to all in a running case that waits for it, whoever may send it otherwise.

    Conflict if the case has ended or does not wait for it.
    """
    case = load(engine, connection, case_id)
    _still_open(case)
    row = connection.execute(_ROWS.where(_of(case_id), subscriptions.c.message == message[:120])).first()
    host = ready(engine, connection, case)
    return _deliver(engine, connection, case, host, actor, row or message, dict(values), None)


def _deliver(
    engine: Engine,
    connection: Connection,
    case: Loaded,
    host: StepHost,
    actor: Actor,
    row: Any,
    values: dict[str, Any],
    tokens: frozenset[int] | None,
) -> Done:
    message, element = (row, "") if isinstance(row, str) else (row.message, row.element)
    step = stepping.deliver(case.run, "message", message, values, host, tokens, actor=actor_context(actor))
    trigger = Event("message.received", element, {"message": message, "values": feel.dump(values)[0]})
    opened = persist(connection, case, step, host, trigger, actor.id, {})
    keep(engine, case)
    return Done(case.id, tuple(opened))


def _of(case_id: str) -> sa.ColumnElement[bool]:
    return subscriptions.c.case_id == case_id


def _offered(connection: Connection, case_id: str, actor: Actor) -> list[sa.Row[Any]]:
    """What the case waits for that is this person's to send; the platform itself may send anything."""
    query = _ROWS.where(_of(case_id))
    if actor.kind != "system":
        offered = sa.select(subscription_candidates.c.subscription_id).where(
            subscription_candidates.c.name.in_(sorted(actor.groups | {actor.id}))
        )
        query = query.where(subscriptions.c.id.in_(offered))
    return list(connection.execute(query))


def _still_open(case: Loaded) -> None:
    if case.row["state"] != "open":
        raise Conflict("runtime.case_ended")


def _allowed(
    connection: Connection, case: Loaded, host: StepHost, actor: Actor, message: str
) -> list[sa.Row[Any]]:
    """Where the message is taken from this person now. Raises with the reason if nowhere."""
    _still_open(case)
    waiting = list(connection.execute(_ROWS.where(_of(case.id), subscriptions.c.message == message[:120])))
    if not waiting:
        raise Conflict("bpmn.not_expected", message=message)
    mine = {row.id for row in _offered(connection, case.id, actor)}
    rows = [row for row in waiting if row.id in mine]
    if not rows:
        raise NotAllowed("runtime.not_sender", message=waiting[0].name)
    judged = [(_judged(case, host, row, actor), row) for row in rows]
    found = [row for one, row in judged if one.allowed]
    if not found:
        raise Conflict("runtime.not_now", message=rows[0].name, why=judged[0][0].why_not.rstrip("。."))
    return found


def _judged(case: Loaded, host: StepHost, row: sa.Row[Any], actor: Actor) -> Sendable:
    allowed = stepping.holds(case.run, (row.token, row.element), host, actor_context(actor))
    element = host.definition.diagram.elements[row.element]
    why = "" if allowed else element.properties.get("otherwise", "")
    resumes = _resumes(host.definition.diagram, element)
    return Sendable(row.message, row.name, row.form_key, allowed, why, resumes)


def _resumes(diagram: Diagram, element: Element) -> bool:
    """Whether what the message leads to lets stopped clocks run again."""
    found: set[str] = set()
    ahead = {element.id}
    while ahead:
        key = ahead.pop()
        found.add(key)
        ahead |= {diagram.flows[flow].target for flow in diagram.elements[key].outgoing} - found
    return any(diagram.elements[key].attributes.get("topic") == "resume clock" for key in found)


def _values(case: Loaded, host: StepHost, row: sa.Row[Any], values: Any) -> tuple[dict[str, Any], list[str]]:
    """The form's clean values and its files; without a form, what the diagram lists for the message."""
    form = host.definition.forms.get(row.form_key)
    if form is None:
        return _listed(host, row, values), []
    choices = RowChoices(host.connection)
    seen = {**_seen(case, row), **case.run.context}
    given = form.validate(values, variables=seen, choices=choices, functions=host.functions, now=host.now)
    return given, file_ids(form.components, given)


def _listed(host: StepHost, row: sa.Row[Any], values: Any) -> dict[str, Any]:
    text = host.definition.diagram.elements[row.element].properties.get("variables", "")
    known = {name.strip() for name in text.split(",")} - {""}
    given = dict(values) if isinstance(values, Mapping) else {}
    facts = {"message": row.name, "known": "、".join(sorted(known)) or "—"}
    problems = [Problem("runtime.not_brought", str(key)[:80], facts) for key in given if key not in known]
    if problems:
        raise Invalid("forms.rejected", problems=problems[:100], count=len(problems))
    return given


def _seen(case: Loaded, row: sa.Row[Any]) -> dict[str, Any]:
    token = case.run.token(row.token)
    return {**case.run.variables_at(row.token), **(token.data if token is not None else {})}
