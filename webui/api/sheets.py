"""A form as a program reads it: JSON Schema of its fields as they stand, and the values it begins with."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.engine import Connection

from engine import feel, runtime, worktime
from engine.forms import FieldView, Form
from engine.repository import Definition
from webui.edge.language import language
from webui.transaction import zhiban

SILENT = frozenset({"text-block", "separator", "spacer"})
FORMATS = {"date": "date", "time": "time", "datetime-local": "date-time"}


def sheet(
    connection: Connection, definition: Definition, key: str, variables: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The form `key` with the values it shows at first, for one case's variables. None without a form."""
    form = definition.forms.get(key)
    return None if form is None else shaped(connection, form, key, variables)


def shaped(connection: Connection, form: Form, key: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a form in hand."""
    now = zhiban().clock.now()
    functions = worktime.functions(worktime.load(connection), now)
    choices = runtime.RowChoices(connection)
    values = form.prefill(variables, functions=functions, now=now, choices=choices)
    views = form.layout(values, variables, choices, language(), functions=functions, now=now)
    return {
        "key": key,
        "title": form.title.within(language()),
        "schema": _object(views),
        "values": plain(values),
    }


def _object(views: Iterable[FieldView]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for view in _fields(views):
        properties[view.key] = _described(view)
        if view.required and not view.hidden and not view.readonly:
            required.append(view.key)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _fields(views: Iterable[FieldView]) -> Iterable[FieldView]:
    """The fields of a scope; a group without a key is not a scope of its own."""
    for view in views:
        if view.widget == "group" and not view.key:
            yield from _fields(view.children)
        elif view.key and view.widget not in SILENT:
            yield view


def _described(view: FieldView) -> dict[str, Any]:
    told: dict[str, Any] = {"title": view.label, "description": view.hint, "x-type": view.type}
    if view.hidden:
        told["x-hidden"] = True
    if view.readonly:
        told["readOnly"] = True
    if view.refreshes:
        told["x-refreshes"] = True  # what else is shown depends on it: ask again after it has changed
    return {name: value for name, value in told.items() if value != ""} | _shape(view)


def _shape(view: FieldView) -> dict[str, Any]:
    if view.widget == "group":
        return _object(view.children)
    if view.widget == "list":
        items = view.template or (view.children[0] if view.children else None)
        return {"type": "array", "items": _object(items.children) if items else {"type": "object"}}
    if view.widget == "materials":
        return {"type": "array", "items": _material(view)}
    if view.widget == "checkbox":
        return {"type": "boolean"}
    if view.widget == "file":
        many = {} if view.multiple else {"maxItems": 1}
        return {"type": "array", "items": {"type": "string"}, "x-accept": view.accept, **many}
    one = _choice(view) if view.options else _value(view)
    return {"type": "array", "items": one, "uniqueItems": True} if view.multiple else one


def _choice(view: FieldView) -> dict[str, Any]:
    return {"type": "string", "oneOf": [{"const": o.value, "title": o.label} for o in view.options]}


def _material(view: FieldView) -> dict[str, Any]:
    codes = [{"const": row.key, "title": row.label} for row in view.children]
    files = {"type": "array", "items": {"type": "string"}}
    states = [o.value for o in view.children[0].children[1].options] if view.children else []
    properties = {"code": {"oneOf": codes}, "state": {"enum": [*states, None]}, "files": files}
    return {"type": "object", "properties": properties, "required": ["code"]}


def _value(view: FieldView) -> dict[str, Any]:
    if view.type == "number":
        limits = {"minimum": _number(view.min), "maximum": _number(view.max)}
        bound = {name: limit for name, limit in limits.items() if limit is not None}
        return {"type": ["number", "string"], **bound}  # a text where a double would not be exact
    shape: dict[str, Any] = {"type": "string"}
    if view.widget in FORMATS:
        shape["format"] = FORMATS[view.widget]
        bounds = {"formatMinimum": view.min, "formatMaximum": view.max}
        return shape | {name: bound for name, bound in bounds.items() if bound}
    lengths = {"minLength": view.minlength, "maxLength": view.maxlength}
    return shape | {name: length for name, length in lengths.items() if length is not None}


def _number(text: str) -> int | float | None:
    try:
        value = Decimal(text) if text else None
    except ArithmeticError:
        return None
    return None if value is None else int(value) if value == value.to_integral_value() else float(value)


def plain(value: Any) -> Any:
    """A FEEL value as JSON that the form takes back: dates and moments as ISO 8601 texts."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, Decimal):
        exact = value == value.to_integral_value() and abs(value) < 2**53
        return int(value) if exact else str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta | feel.Months):
        return feel.dump(value)[0]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
