"""Small processes that are deployed for real: drawn in a line of text, with one small form."""

import json
from collections.abc import Mapping

from engine import repository
from tests.bpmn.drawing import HEAD, ROOTS, inside, properties

FORM = "small/check"
USER = f"camunda:formKey='{FORM}' camunda:candidateGroups='platform' camunda:dueDate='P3D'"


def form(*keys: str) -> bytes:
    fields = [{"type": "textfield", "id": f"field_{key}", "key": key, "label": key} for key in keys]
    return json.dumps({"type": "default", "id": "check", "title": "核对", "components": fields}).encode()


def task(key: str, inner: str = "") -> str:
    return f"<b:userTask id='{key}' name='{key}' {USER}>{inner}</b:userTask>"


def small(
    ways: str,
    own: Mapping[str, str] | None = None,
    conditions: Mapping[str, str] | None = None,
    key: str = "small",
    said: Mapping[str, str] | None = None,
    forms: Mapping[str, bytes] | None = None,
    decisions: Mapping[str, bytes] | None = None,
) -> repository.Bundle:
    """A bundle of one process. Ids that begin with `u` are tasks of the platform's with the form's keys."""
    drawn = {name: task(name) for way in ways.split() for name in way.split(">") if name[0] == "u"}
    texts = {"number": "S-{seq:04}", "title": "= note", **(said or {})}
    head = f"<b:extensionElements>{properties(**texts)}</b:extensionElements>"
    begin = f"<b:startEvent id='s' camunda:formKey='{FORM}'/>"
    body = inside(ways, {"s": begin, **drawn, **(own or {})}, conditions)
    process = f"<b:process id='{key}' isExecutable='true' camunda:candidateStarterGroups='platform'>"
    xml = f"{HEAD}{ROOTS}{process}{head}{body}</b:process></b:definitions>"
    given = {FORM: form("note", "go")} if forms is None else forms
    return repository.Bundle(xml.encode(), dict(decisions or {}), dict(given))
