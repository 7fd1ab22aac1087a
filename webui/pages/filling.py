"""A form between the browser and the engine: what was sent, its uploads, and how it is drawn again.

Uploads are kept as soon as they arrive, attached to no case, so that a mistake elsewhere in the form
does not cost the person the upload; the engine attaches them when the form passes.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import re2
from flask import request
from sqlalchemy.engine import Connection
from werkzeug.datastructures import MultiDict

from engine import forms, identity, runtime, worktime
from engine.errors import Invalid, Problem
from engine.forms.model import fields_of
from webui.access import the_actor
from webui.edge.language import language
from webui.transaction import zhiban

REDRAW = ("_refresh", "_add", "_remove")  # buttons that ask for the form again, not for its submission
_STEPS = re2.compile(r"[^.\[\]]+")
_SILENT = frozenset(
    {"checkbox", "checklist", "taglist", "filepicker"}
)  # with nothing chosen they send nothing
_RECORD = ("uscc", "legal_person", "address", "industry", "scale", "contact", "phone")


def wants_redraw() -> bool:
    """Whether the form was sent only to be drawn anew."""
    return any(name in request.form for name in REDRAW)


def receive(connection: Connection, form: forms.Form | None) -> tuple[dict[str, Any], list[Problem]]:
    """What was entered, as raw values by key with the ids of uploads, and what is wrong with the uploads.

    Where no form asks for anything, nothing that was sent is taken.
    """
    if form is None:
        return {}, []
    removed = request.form.get("_remove", "")
    sent: MultiDict[str, str] = MultiDict(
        (name, value)
        for name, value in request.form.items(multi=True)
        if not (removed and name.startswith(f"{removed}."))
    )
    problems = []
    for name, upload in request.files.items(multi=True):
        if not upload.filename:
            continue
        try:
            now = zhiban().clock.now()
            file = forms.files.keep(connection, upload.stream, upload.filename, the_actor().id, now)
            sent.add(name, file.id)
        except Invalid as error:
            problems.append(Problem(error.code, name, error.facts))
        upload.stream.seek(0)
    entered = form.entered(sent, web=True)
    _grow(entered, request.form.get("_add", ""))
    return entered, problems


def refuse(problems: Iterable[Problem]) -> None:
    """Raise Invalid if there are problems."""
    found = tuple(problems)
    if found:
        raise Invalid("forms.rejected", problems=found, count=len(found))


def drawn(
    connection: Connection,
    form: forms.Form | None,
    variables: Mapping[str, Any],
    typed: Mapping[str, Any] | None = None,
    problems: Iterable[Problem] = (),
    known: Mapping[str, Any] | None = None,
) -> list[forms.FieldView]:
    """The fields to show: with what was `typed`, else with what the case and then `known` say."""
    if form is None:
        return []
    now = zhiban().clock.now()
    functions = worktime.functions(worktime.load(connection), now)
    choices = runtime.RowChoices(connection)
    first = form.prefill(variables, functions=functions, now=now, choices=choices)
    typed = {**first, **(known or {})} if typed is None else {**typed, **_newly_asked(form, typed, first)}
    return form.layout(
        typed, variables, choices, language(), functions=functions, now=now, problems=tuple(problems)
    )


def _newly_asked(form: forms.Form, typed: Mapping[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
    """First values of the fields that were not on the page when it was sent.

    A field that was there sends at least a blank, but for those of which nothing may be chosen.
    """
    asked = [c.key for c, _ in fields_of(form.components) if c.type not in _SILENT]
    return {key: first[key] for key in asked if typed.get(key) is None and first.get(key) is not None}


def from_the_record(connection: Connection, form: forms.Form | None) -> dict[str, Any]:
    """What the platform's register says of the enterprise that fills in, for fields named as there."""
    actor = the_actor()
    if form is None or actor.kind != "enterprise" or actor.enterprise is None:
        return {}
    record = identity.enterprise(connection, actor.enterprise)
    fields = form.keys()
    known = {**{name: getattr(record, name) for name in _RECORD}, "enterprise_name": record.name}
    return {key: value for key, value in known.items() if value and key in fields}


def first_of_each(problems: Iterable[Problem]) -> list[Problem]:
    """One problem for each place, in the order of the page."""
    seen: dict[str, Problem] = {}
    for problem in problems:
        seen.setdefault(problem.where, problem)
    return list(seen.values())


def told(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """The problems as the error summary lists them."""
    return [{"where": problem.where, "message": problem.say(language())} for problem in problems]


def _grow(entered: Any, path: str) -> None:
    """One more blank item in the list at `path`, which is spelt as a field's name."""
    steps = _STEPS.findall(path)
    for step in steps[:-1]:
        if isinstance(entered, list):
            entered = entered[int(step)] if step.isdigit() and int(step) < len(entered) else None
        else:
            entered = entered.get(step) if isinstance(entered, dict) else None
    items = entered.get(steps[-1]) if steps and isinstance(entered, dict) else None
    if isinstance(items, list):
        items.append({})
