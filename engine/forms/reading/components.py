"""Reads the components of a form file, each with its rules, options, conditions and texts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from engine import feel
from engine.forms.model import (
    MAX_COMPONENTS,
    MAX_DEPTH,
    SATISFACTION,
    TYPES,
    Bound,
    Component,
    Option,
    Rules,
    Type,
    Words,
)
from engine.forms.reading.attributes import Attributes, Findings, as_decimal

SUBTYPES = {
    "datetime": ("date", "time", "datetime"),
    "cn-phone": ("any", "mobile"),
    "textfield": ("", "email", "phone"),
}
_RULES = (
    "required",
    "minLength",
    "maxLength",
    "min",
    "max",
    "pattern",
    "patternMessage",
    "patternMessage_en",
    "minItems",
    "maxItems",
    "validationType",
)


def read_components(raw: list[Any], within: str, findings: Findings, depth: int = 1) -> tuple[Component, ...]:
    """The components in the list `raw`, which stands at the place `within` of the file."""
    if depth > MAX_DEPTH:
        findings.add("forms.too_deep", within, limit=MAX_DEPTH)
        return ()
    found = []
    for index, one in enumerate(raw):
        findings.components += 1
        if findings.components > MAX_COMPONENTS:
            if findings.components == MAX_COMPONENTS + 1:
                findings.add("forms.too_many", within, limit=MAX_COMPONENTS)
            break
        place = f"{within}.components[{index}]" if within else f"components[{index}]"
        component = _read_component(one, place, findings, depth)
        if component is not None:
            found.append(component)
    return tuple(found)


def _read_component(raw: Any, place: str, findings: Findings, depth: int) -> Component | None:
    if not isinstance(raw, dict):
        findings.wrong_kind(place, "component", ("一个对象 {…}", "an object {…}"))
        return None
    attributes = Attributes(raw, _where(raw, place), findings)
    name = attributes.text("type", required=True)
    kind = TYPES.get(name)
    if kind is None:
        if name:
            findings.add("forms.unknown_type", attributes.where, type=name, known=" ".join(TYPES))
        return None
    component = _common(attributes, name, kind)
    if kind.speaks:
        component = _field(attributes, component)
    elif name == "text":
        component = _text(attributes, component)
    if kind.holds:
        inside = attributes.entries("components")
        component = replace(component, children=read_components(inside, place, findings, depth + 1))
    return component


def _where(raw: Mapping[str, Any], place: str) -> str:
    """The component's place, label and key, for the sentence about what is wrong with it."""
    label, key = raw.get("label"), raw.get("key") or raw.get("path")
    words = [place]
    words += [label[:40]] if isinstance(label, str) and label else []
    words += [f"({key[:40]})"] if isinstance(key, str) and key else []
    return " ".join(words)


def _common(attributes: Attributes, name: str, kind: Type) -> Component:
    """What each component may have, whether it sets a value or not."""
    properties = attributes.inner("properties")
    named_by = "path" if kind.holds else "key"
    needs_key = kind.speaks
    return Component(
        type=name,
        key=attributes.text(named_by, required=needs_key) if needs_key or kind.holds else "",
        where=attributes.where,
        label=attributes.words("label"),
        hint=attributes.words("description"),
        hide=attributes.inner("conditional").only_feel("hide"),
        columns=attributes.inner("layout").count("columns"),
        properties=MappingProxyType(dict(properties.raw)),
    )


def _text(attributes: Attributes, component: Component) -> Component:
    words = attributes.words("text")
    if "{{" in words.zh + words.en:
        attributes.findings.add("forms.template", attributes.where)
    return replace(component, text=words, text_from=attributes.perhaps_feel("text"))


def _field(attributes: Attributes, component: Component) -> Component:
    """What a component has that sets a value."""
    if not component.label.zh:
        attributes.findings.add("forms.missing", attributes.where, attribute="label")
    properties = attributes.inner("properties")
    options, options_from = _options(attributes, component)
    hints = component.kind.hints
    return replace(
        component,
        rules=_rules(attributes),
        options=options,
        options_from=options_from,
        within=_within(attributes, component),
        readonly=attributes.perhaps_feel("readonly") or _readonly(attributes),
        default=attributes.raw.get("defaultValue"),
        default_from=attributes.perhaps_feel("defaultValue"),
        subtype=_subtype(attributes, component),
        multiple=attributes.flag("multiple"),
        accept=_accept(attributes),
        digits=attributes.count("decimalDigits"),
        increment=attributes.number("increment"),
        no_past=attributes.flag("disallowPassedDates"),
        fixed=not attributes.flag("allowAddRemove", True),
        repetitions=attributes.count("defaultRepetitions", 1) or 0,
        prefilled=properties.flag("prefill", True),
        rows=properties.count("rows", 4) or 4,
        inputmode=properties.text("inputmode") or hints[0],
        autocomplete=properties.text("autocomplete") or hints[1],
        placeholder=properties.words("placeholder"),
    )


def _readonly(attributes: Attributes) -> bool:
    if isinstance(attributes.raw.get("readonly"), str) and attributes.perhaps_feel("readonly") is None:
        return attributes.only_feel("readonly") is not None
    return attributes.flag("readonly") or attributes.flag("disabled")


def _rules(attributes: Attributes) -> Rules:
    found = attributes.inner("validate")
    for name in found.raw:
        if name not in _RULES:
            facts = {"rule": name, "known": " ".join(_RULES)}
            attributes.findings.add("forms.unknown_rule", attributes.where, **facts)
    rules = Rules(
        required=found.flag("required"),
        min_length=found.count("minLength"),
        max_length=found.count("maxLength"),
        minimum=_bound(found, "min"),
        maximum=_bound(found, "max"),
        pattern=found.pattern("pattern"),
        pattern_message=_pattern_message(attributes, found),
        min_items=found.count("minItems"),
        max_items=found.count("maxItems"),
    )
    pairs: list[tuple[str, Any, str, Any]] = [
        ("minLength", rules.min_length, "maxLength", rules.max_length),
        ("minItems", rules.min_items, "maxItems", rules.max_items),
    ]
    if isinstance(rules.minimum, Decimal) and isinstance(rules.maximum, Decimal):
        pairs.append(("min", rules.minimum, "max", rules.maximum))
    for low, below, high, above in pairs:
        if below is not None and above is not None and below > above:
            attributes.findings.add("forms.contradiction", attributes.where, low=low, high=high)
    return rules


def _pattern_message(attributes: Attributes, found: Attributes) -> Words:
    """The English may stand beside the Chinese, or with the other English texts in `properties`."""
    words = found.words("patternMessage")
    return replace(words, en=words.en or attributes.inner("properties").text("patternMessage_en"))


def _bound(found: Attributes, attribute: str) -> Bound:
    """A number, a date as text, or FEEL."""
    value = found.raw.get(attribute)
    if isinstance(value, str):
        if feel.expression_in(value) is not None:
            return found.expression(attribute, value)
        if value.strip() and as_decimal(value) is None:
            return value.strip()  # a date; `checks` looks whether it is one
    return found.number(attribute)


def _options(
    attributes: Attributes, component: Component
) -> tuple[tuple[Option, ...], feel.Expression | None]:
    if component.type == "satisfaction":
        return tuple(Option(zh, Words(zh, en)) for zh, en in SATISFACTION), None
    if component.type in ("department", "officer"):
        return (), None
    if not component.kind.chooses and component.type != "materials":
        return (), None
    source = attributes.only_feel("valuesExpression")
    if source is None and attributes.text("valuesKey"):
        source = attributes.expression("valuesKey", attributes.text("valuesKey"))
    raw = attributes.entries("values")
    options = tuple(o for i, one in enumerate(raw) if (o := _option(attributes, one, i)) is not None)
    asked = attributes.raw.get("valuesExpression") or attributes.raw.get("valuesKey")
    if not raw and not asked:
        attributes.findings.add("forms.no_values", attributes.where)
    offered = Counter(option.text for option in options)
    for text in sorted(text for text, times in offered.items() if times > 1):
        attributes.findings.add("forms.duplicate_value", attributes.where, value=text)
    return options, source


def _option(attributes: Attributes, raw: Any, index: int) -> Option | None:
    name = f"values[{index}]"
    if not isinstance(raw, dict):
        attributes.findings.wrong_kind(attributes.where, name, ("{label, value}", "{label, value}"))
        return None
    one = Attributes(raw, attributes.where, attributes.findings, name)
    value = raw.get("value")
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = as_decimal(value)
    else:
        value = one.text("value", required=True)
    if value is None or value == "":
        return None
    words = one.words("label")
    label = words if words.zh else Words(str(value), words.en)
    return Option(value, label, core=one.flag("core"), tolerable=one.flag("tolerable"))


def _within(attributes: Attributes, component: Component) -> feel.Expression | str | None:
    """Whose officers: a department's code, or FEEL that gives one."""
    if component.type != "officer":
        return None
    holder = attributes if attributes.raw.get("department") else attributes.inner("properties")
    literal = holder.text("department", required=True)
    if feel.expression_in(literal) is not None:
        return holder.expression("department", literal)
    return literal or None


def _subtype(attributes: Attributes, component: Component) -> str:
    known = SUBTYPES.get(component.type)
    if known is None:
        return ""
    if component.type == "textfield":
        given = attributes.inner("validate").text("validationType").replace("custom", "")
    else:
        given = attributes.text("subtype")
    if given and given not in known:
        facts = {"subtype": given, "type": component.type, "known": " ".join(known).strip()}
        attributes.findings.add("forms.unknown_subtype", attributes.where, **facts)
    return given or known[0]


def _accept(attributes: Attributes) -> tuple[str, ...]:
    if isinstance(attributes.raw.get("accept"), list):
        parts = [one for one in attributes.raw["accept"] if isinstance(one, str)]
    else:
        parts = attributes.text("accept").split(",")
    return tuple(part.strip().lower() for part in parts if part.strip())
