"""Kinds of input fields: each checks one value, says what is wrong by a code, and describes itself."""

from collections.abc import Callable
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from engine.errors import Problem

Said = dict[str, str | list[Any] | dict[Any, Any]]

MOST = 2**31 - 1  # what an integer column holds


class Body(Schema):
    """A body or a query. It refuses what it does not know."""

    error_messages = {"unknown": "api.unknown_field", "type": "api.not_an_object"}

    class Meta:
        unknown = RAISE


def _told(chinese: str, english: str, **more: Any) -> dict[str, Any]:
    return {"title": chinese, "description": english, **more}


def text(chinese: str, english: str, *, least: int = 1, most: int = 200, **options: Any) -> fields.String:
    """A text of `least` to `most` characters."""
    said: Said = {"required": "api.required", "null": "api.required", "invalid": "api.not_text"}
    bounds = {"minLength": least, "maxLength": most}
    check = _within(lambda value: least <= len(value) <= most, "api.length", least=least, most=most)
    return fields.String(
        metadata=_told(chinese, english, **bounds), error_messages=said, validate=check, **options
    )


def number(chinese: str, english: str, *, least: int, most: int = MOST, **options: Any) -> fields.Integer:
    """A whole number within bounds, written as one."""
    wrong = [Problem("api.not_number", facts={"least": least, "most": most})]
    said: dict[str, Any] = dict.fromkeys(("invalid", "null", "too_large"), wrong) | {
        "required": "api.required"
    }
    check = _within(lambda value: least <= value <= most, "api.not_number", least=least, most=most)
    bounds = {"minimum": least, "maximum": most}
    return Whole(metadata=_told(chinese, english, **bounds), error_messages=said, validate=check, **options)


class Whole(fields.Integer):
    """An integer; of JSON neither a text, a fraction nor a boolean is one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and (len(value) > 12 or not value.isascii()):
            raise self.make_error("invalid")
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


def choice(chinese: str, english: str, choices: tuple[str, ...], **options: Any) -> fields.String:
    """One of a few words."""
    said: Said = {"required": "api.required", "null": "api.required", "invalid": "api.not_text"}
    check = _within(lambda value: value in choices, "api.one_of", choices=", ".join(choices))
    told = _told(chinese, english, enum=list(choices))
    return fields.String(metadata=told, error_messages=said, validate=check, **options)


def boolean(chinese: str, english: str, **options: Any) -> fields.Boolean:
    """true or false."""
    said: Said = {"required": "api.required", "null": "api.not_boolean", "invalid": "api.not_boolean"}
    return fields.Boolean(metadata=_told(chinese, english), error_messages=said, **options)


def many(chinese: str, english: str, *, most: int, **options: Any) -> fields.List[Any]:
    """A list of 1 to `most` texts."""
    said: Said = {"required": "api.required", "null": "api.required", "invalid": "api.not_a_list"}
    told = _told(chinese, english, minItems=1, maxItems=most)
    check = _within(lambda value: 1 <= len(value) <= most, "api.not_so_many", most=most)
    one = text(chinese, english, most=200)
    return fields.List(one, metadata=told, error_messages=said, validate=check, **options)


def several(chinese: str, english: str, choices: tuple[str, ...], **options: Any) -> fields.List[Any]:
    """Any number of a few words; in an address the name is written once for each."""
    said: Said = {"null": "api.not_a_list", "invalid": "api.not_a_list"}
    one = choice(chinese, english, choices)
    return fields.List(one, metadata=_told(chinese, english), error_messages=said, **options)


def values(chinese: str, english: str, **options: Any) -> fields.Dict:
    """A form's values by key; the form itself judges them."""
    said: Said = {"required": "api.required", "null": "api.required", "invalid": "api.not_an_object"}
    told = _told(chinese, english, additionalProperties=True)
    return fields.Dict(
        keys=fields.String(), metadata=told, error_messages=said, validate=_plain_names, **options
    )


def _plain_names(given: dict[str, Any]) -> None:
    """A web form spells nested fields `a.b` and `a[0]`; here they are nested objects and lists."""
    wrong = {name: ["api.unknown_field"] for name in given if "." in name or "[" in name}
    if wrong:
        raise ValidationError(wrong)


def _within(holds: Callable[[Any], bool], code: str, **facts: Any) -> Callable[[Any], None]:
    def check(value: Any) -> None:
        if not holds(value):
            raise ValidationError([Problem(code, facts=facts)])

    return check
