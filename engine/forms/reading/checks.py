"""Checks of the whole tree: names, the order of conditions, readonly fields in lists, defaults, dates."""

import unicodedata
from collections.abc import Iterable

from engine import feel
from engine.forms.model import Component, NoChoices, fields_of
from engine.forms.reading.attributes import Findings
from engine.forms.values import Rejected, clean, date_bound
from engine.forms.visit import Visit

RESERVED = frozenset(("case", "task", "actor", "item", "loopCounter", "partial"))
_KEYWORDS = frozenset(
    ("and", "or", "not", "in", "if", "then", "else", "for", "return", "some", "every", "satisfies")
    + ("between", "true", "false", "null", "function", "external", "instance", "of")
)
_HOST_TYPES = ("department", "officer", "enterprise", "filepicker", "materials", "dynamiclist", "group")


def check_tree(components: tuple[Component, ...], findings: Findings) -> None:
    """Note what is wrong between components; each by itself has been read already."""
    _check_names(components, findings)
    _check_order(components, findings)
    for component in components:
        _check_one(component, findings)


def _check_one(component: Component, findings: Findings, in_list: bool = False) -> None:
    if in_list and component.readonly is not False:
        findings.add("forms.readonly_in_list", component.where)
    _check_default(component, findings)
    for attribute, bound in (("min", component.rules.minimum), ("max", component.rules.maximum)):
        if isinstance(bound, str) and (component.type != "datetime" or date_bound(bound) is None):
            facts = {"expected": "数字、日期或以“=”开头的 FEEL", "expected_en": "a number, a date or FEEL"}
            findings.add("forms.wrong_kind", component.where, attribute=f"validate.{attribute}", **facts)
    growing = component.type == "dynamiclist" and not component.fixed
    for child in component.children:
        _check_one(child, findings, growing or (in_list and component.type != "dynamiclist"))


def _check_default(component: Component, findings: Findings) -> None:
    """A literal default must pass the field's own rules, or the reader starts with an error."""
    literal = component.default
    if literal is None or component.default_from is not None or component.options_from is not None:
        return
    if component.type in _HOST_TYPES or component.type not in ("checkbox",) and literal == "":
        return
    try:
        clean(component, literal, Visit({}, NoChoices(), {}, None), required=False)
    except Rejected:
        findings.add("forms.bad_default", component.where, value=str(literal)[:60])


def _check_names(components: tuple[Component, ...], findings: Findings) -> None:
    """Names must be usable in FEEL, not reserved, and used once in their scope."""
    seen: dict[str, Component] = {}
    for component, _ in fields_of(components):
        key, where = component.key, component.where
        if key in RESERVED or key.startswith(("_", "zhiban")):
            findings.add("forms.reserved_key", where, key=key)
        elif not _is_name(key):
            findings.add("forms.bad_key", where, key=key)
        elif key in seen:
            findings.add("forms.duplicate_key", where, key=key, other=seen[key].where)
        seen.setdefault(key, component)
        if component.children:
            _check_names(component.children, findings)


def _is_name(key: str) -> bool:
    plain = unicodedata.normalize("NFKC", key) == key and key.isidentifier() and len(key) <= 64
    return plain and key not in _KEYWORDS


def _check_order(
    components: tuple[Component, ...], findings: Findings, outside: frozenset[str] = frozenset()
) -> None:
    """A condition may read what was filled in before it, for fields are judged in their order."""
    later = {component.key for component, _ in fields_of(components)} | outside
    _walk(components, later, findings)


def _walk(components: Iterable[Component], later: set[str], findings: Findings) -> None:
    for component in components:
        for attribute, expression in _conditions(component):
            for name in sorted(expression.names & later):
                findings.add("forms.looks_ahead", component.where, attribute=attribute, key=name)
        if not component.key:
            _walk(component.children, later, findings)
        elif component.children:
            _check_order(component.children, findings, frozenset(later))
        later.discard(component.key)


def _conditions(component: Component) -> list[tuple[str, feel.Expression]]:
    pairs = (
        ("conditional.hide", component.hide),
        ("readonly", component.readonly),
        ("valuesExpression", component.options_from),
        ("department", component.within),
        ("validate.min", component.rules.minimum),
        ("validate.max", component.rules.maximum),
    )
    return [(name, found) for name, found in pairs if isinstance(found, feel.Expression)]
