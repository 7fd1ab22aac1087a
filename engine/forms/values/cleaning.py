"""From what was typed to a clean FEEL value, one function a type. Raises Rejected with the reason.

Input may come from a web form (texts), from JSON (texts, numbers, booleans, lists) or from Python
(FEEL values). What is clean already stays as it is.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from engine import uscc
from engine.errors import Problem
from engine.forms.model import MAX_FILES, MAX_ITEMS, Attached, Component, Option, as_text
from engine.forms.values import identifiers, quantities
from engine.forms.visit import Visit

_BROKEN = frozenset(("Cc", "Cs"))


class Rejected(ValidationError):
    """A value that its component does not accept. A problem's `where` is relative to the component."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(list(problems))
        self.problems = problems


def rejected(component: Component, code: str, **facts: Any) -> Rejected:
    """What to raise when this component's value is refused for one reason, `code`."""
    return Rejected(Problem(code, facts={**component.facts(), **facts}))


def clean(component: Component, raw: Any, visit: Visit, *, required: bool = True) -> Any:
    """The FEEL value of what was entered for `component`. Blank is null (an empty list, False).

    Raises Rejected. With `required=False` a blank passes whatever the rules say.
    """
    if is_blank(raw):
        if required and component.rules.required:
            raise rejected(component, _REQUIRED.get(component.kind.widget, "forms.required"))
        return _nothing(component)
    if isinstance(raw, str) and any("\ud800" <= c <= "\udfff" for c in raw):
        raise rejected(component, "forms.bad_characters")
    value = _CLEANERS[component.type](component, raw, visit)
    if value is False and required and component.rules.required:
        raise rejected(component, "forms.required_tick")
    return value


_REQUIRED = {
    "radio": "forms.required_choice",
    "select": "forms.required_choice",
    "checkboxes": "forms.required_choice",
    "tags": "forms.required_choice",
    "checkbox": "forms.required_tick",
    "file": "forms.required_file",
}


def _nothing(component: Component) -> Any:
    if component.type == "checkbox":
        return False
    return [] if component.several else None


def is_blank(raw: Any) -> bool:
    """Nothing that a reader could see: null, spaces, invisible marks, a list of such."""
    if isinstance(raw, str):
        return all(c.isspace() or unicodedata.category(c) in ("Cf", "Cc") for c in raw)
    return raw is None or (isinstance(raw, list) and all(one is None or one == "" for one in raw))


def _as_string(component: Component, raw: Any) -> str:
    """A text; a whole number is taken for one, since codes and telephone numbers look like numbers."""
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**30:
        return str(raw)
    if not isinstance(raw, str):
        raise rejected(component, "forms.not_text")
    return raw


def _text(component: Component, raw: Any, _visit: Visit) -> str:
    text = _as_string(component, raw).replace("\r\n", "\n").replace("\r", "\n")
    if component.type != "textarea":
        text = text.replace("\n", " ").replace("\t", " ")
    text = text.strip()
    if any(unicodedata.category(c) in _BROKEN and c not in "\n\t" for c in text):
        raise rejected(component, "forms.bad_characters")
    rules, length = component.rules, len(text)
    most = component.kind.length if rules.max_length is None else rules.max_length
    if length > most:
        raise rejected(component, "forms.too_long", limit=most, length=length)
    if rules.min_length is not None and length < rules.min_length:
        raise rejected(component, "forms.too_short", limit=rules.min_length, length=length)
    if rules.pattern is not None and rules.pattern.fullmatch(text) is None:
        raise _pattern_problem(component)
    return _typed_text(component, text)


def _pattern_problem(component: Component) -> Rejected:
    said = component.rules.pattern_message
    if said.zh:
        return rejected(component, "forms.pattern_said", message=said.zh, message_en=said.en or said.zh)
    return rejected(component, "forms.pattern")


def _typed_text(component: Component, text: str) -> str:
    """A text field that asks for an e-mail address or a telephone number (form-js's validationType)."""
    if component.subtype == "email":
        return _or_reject(component, identifiers.email(text), "forms.not_email")
    if component.subtype == "phone":
        return _or_reject(component, identifiers.phone(text), "forms.not_phone")
    return text


def _or_reject(component: Component, value: str | None, code: str) -> str:
    if value is None:
        raise rejected(component, code)
    return value


def _phone(component: Component, raw: Any, _visit: Visit) -> str:
    mobile = component.subtype == "mobile"
    number = identifiers.phone(_as_string(component, raw), mobile=mobile)
    return _or_reject(component, number, "forms.not_mobile" if mobile else "forms.not_phone")


def _identity(component: Component, raw: Any, _visit: Visit) -> str:
    return _or_reject(component, identifiers.identity(_as_string(component, raw)), "forms.not_identity")


def _uscc(component: Component, raw: Any, _visit: Visit) -> str:
    code = uscc.normalise(identifiers.plain(_as_string(component, raw)))
    problem = uscc.problem(code)
    if problem is not None:
        raise Rejected(problem)
    return code


def _enterprise(component: Component, raw: Any, visit: Visit) -> str:
    code = _uscc(component, raw, visit)
    if visit.choices.enterprise(code) is None:
        raise rejected(component, "forms.no_such_enterprise", value=code)
    return code


def _quantity(component: Component, raw: Any, visit: Visit) -> Any:
    """A number, a date, a time or a moment, within its bounds."""
    try:
        value = quantities.read(component, raw)
        quantities.check(component, value, visit)
    except quantities.OutOfRange as error:
        raise rejected(component, error.code, **error.facts) from None
    return value


def _boolean(component: Component, raw: Any, _visit: Visit) -> bool:
    text = raw.strip().lower() if isinstance(raw, str) else raw
    if text is True or text in ("true", "on", "yes", "1"):
        return True
    if text is False or text in ("false", "off", "no", "0"):
        return False
    raise rejected(component, "forms.not_boolean")


def _choice(component: Component, raw: Any, visit: Visit) -> Any:
    options = visit.options(component)
    if not component.several:
        return _chosen(component, raw, options)
    chosen = _unique(_chosen(component, one, options) for one in _listed(component, raw))
    return _counted(component, chosen, MAX_ITEMS)


def _chosen(component: Component, raw: Any, options: Iterable[Option]) -> Any:
    known = isinstance(raw, str | int | float | Decimal) and not isinstance(raw, bool)
    text = as_text(raw) if known else None
    for option in options:
        if known and (option.text == text or option.value == raw):
            return option.value
    shown = text if text is not None else type(raw).__name__
    raise rejected(component, "forms.not_an_option", value=shown[:60].encode(errors="replace").decode())


def _listed(component: Component, raw: Any) -> list[Any]:
    if isinstance(raw, list):
        return [one for one in raw if one is not None and one != ""]
    if isinstance(raw, str):
        return [raw]
    raise rejected(component, "forms.not_a_list")


def _unique(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def _counted(component: Component, values: list[Any], limit: int) -> list[Any]:
    """`values`, when there are neither too few nor too many of them."""
    rules, length = component.rules, len(values)
    most = limit if rules.max_items is None else min(rules.max_items, limit)
    if length > most:
        raise rejected(component, "forms.too_many_items", limit=most, length=length)
    if length < (rules.min_items or 0):
        raise rejected(component, "forms.too_few", limit=rules.min_items, length=length)
    return values


def clean_files(component: Component, raw: Any, visit: Visit) -> list[str]:
    """The ids of files that exist, are for this reader, and are of an accepted kind."""
    ids = _unique(_as_string(component, one) for one in _listed(component, raw))
    several = component.multiple or component.type == "materials"
    for id in _counted(component, ids, MAX_FILES if several else 1):
        found = visit.choices.file(id) if id.isascii() and len(id) <= 64 else None
        if found is None:
            raise rejected(component, "forms.no_such_file")
        if not accepts(component.accept, found):
            accept = " ".join(component.accept)
            raise rejected(component, "forms.file_not_accepted", name=found.name, accept=accept)
    return ids


def accepts(accept: tuple[str, ...], file: Attached) -> bool:
    """Whether `file` is of a kind that an HTML `accept` list names: `.pdf`, `image/*`, `text/plain`."""
    name, kind = file.name.lower(), file.content_type.lower()
    for one in accept:
        family = one.removesuffix("*") if one.endswith("/*") else None
        if (one.startswith(".") and name.endswith(one)) or one == kind or one == "*/*":
            return True
        if family is not None and kind.startswith(family):
            return True
    return not accept


_CLEANERS: Mapping[str, Callable[[Component, Any, Visit], Any]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _quantity,
    "datetime": _quantity,
    "checkbox": _boolean,
    "checklist": _choice,
    "radio": _choice,
    "select": _choice,
    "taglist": _choice,
    "filepicker": clean_files,
    "uscc": _uscc,
    "cn-phone": _phone,
    "cn-id": _identity,
    "department": _choice,
    "officer": _choice,
    "enterprise": _enterprise,
    "satisfaction": _choice,
}
