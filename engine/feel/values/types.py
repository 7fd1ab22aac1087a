"""Types: what `instance of` asks, and what a decision model declares for its variables."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.feel.syntax.tree import TypeName
from engine.feel.values.kinds import Callee, Range, kind

SIMPLE = frozenset(
    {
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)
_SPELLINGS = {
    "dateTime": "date and time",
    "datetime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    "integer": "number",
    "long": "number",
    "double": "number",
}


@dataclass
class Type:
    """A type; `allowed` is the model's further condition on a value (allowed values)."""

    name: str
    elements: tuple["Type", ...] = ()
    fields: dict[str, "Type"] = field(default_factory=dict)
    result: "Type | None" = None
    allowed: Callable[[Any], bool] | None = None


ANY = Type("Any")


def resolve(written: TypeName, own: Mapping[str, Type]) -> Type | None:
    """The type that is written, where `own` are the model's; null when there is no such type."""
    name = _SPELLINGS.get(written.name, written.name)
    if name in own:
        return own[name]
    if name in SIMPLE or name in ("Any", "Null"):
        return Type(name)
    elements = tuple(resolve(one, own) or ANY for one in written.arguments)
    if name == "context":
        fields = {key: resolve(one, own) or ANY for key, one in (written.fields or {}).items()}
        return Type(name, fields=fields)
    if name in ("list", "range"):
        return Type(name, elements or (ANY,))
    if name == "function":
        return Type(name, elements, result=resolve(written.result, own) if written.result else None)
    return None


def is_instance(value: Any, wanted: Type) -> bool:
    """What `instance of` asks: null is of no type, but within a container of every; any value is allowed."""
    if wanted.name == "Any":
        return value is not None
    return value is not None and _of_shape(value, wanted, is_instance)


def conforms(value: Any, wanted: Type) -> bool:
    """Whether a value that is not null is of this type and among its allowed values."""
    if wanted.name == "Any":
        return value is not None
    if value is None or not _of_shape(value, wanted, conforms):
        return False
    return wanted.allowed is None or wanted.allowed(value)


_Check = Callable[[Any, Type], bool]


def _of_shape(value: Any, wanted: Type, check: _Check) -> bool:
    own = kind(value)
    if own != wanted.name:
        return False
    if own == "list" and wanted.elements:
        return all(one is None or check(one, wanted.elements[0]) for one in value)
    if own == "context":
        return all(_has_field(value, key, one, check) for key, one in wanted.fields.items())
    if own == "range":
        return _range_conforms(value, wanted)
    if own == "function":
        return _function_conforms(value, wanted)
    return True


def _has_field(value: dict[str, Any], key: str, wanted: Type, check: _Check) -> bool:
    return key in value and (value[key] is None or check(value[key], wanted))


def _range_conforms(value: Range, wanted: Type) -> bool:
    ends = [end for end in (value.start, value.end) if end is not None]
    return all(conforms(end, wanted.elements[0]) for end in ends) if wanted.elements else True


def _function_conforms(value: Callee, wanted: Type) -> bool:
    """As many parameters; each of them accepts at least what is wanted, the result gives no more."""
    if wanted.result is None and not wanted.elements:
        return True
    own = [one or ANY for one in value.types] or [ANY] * len(value.parameters)
    if len(own) != len(wanted.elements):
        return False
    parameters = all(_accepts(one, other) for one, other in zip(own, wanted.elements, strict=True))
    return parameters and (wanted.result is None or _accepts(wanted.result, value.result or ANY))


def _accepts(wide: Type, narrow: Type) -> bool:
    """Whether every value of `narrow` is one of `wide`."""
    if wide.name == "Any":
        return True
    if wide.name != narrow.name:
        return False
    if wide.name == "context":
        return all(
            key in narrow.fields and _accepts(one, narrow.fields[key]) for key, one in wide.fields.items()
        )
    return all(_accepts(one, other) for one, other in zip(wide.elements, narrow.elements, strict=False))


def fit(value: Any, wanted: Type | None) -> Any:
    """`value` as the declared type has it, with DMN's implicit conversions; null when it does not conform."""
    if wanted is None or wanted.name == "Any" or value is None or conforms(value, wanted):
        return value
    if wanted.name == "date and time" and kind(value) == "date":
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    if wanted.name == "list":
        alone = [value]
        return alone if conforms(alone, wanted) else None
    if kind(value) == "list" and len(value) == 1 and conforms(value[0], wanted):
        return value[0]
    return None
