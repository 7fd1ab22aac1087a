"""Takes the attributes of one JSON object with the type each must have, and notes what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import re2

from engine import feel
from engine.errors import Invalid, Problem
from engine.forms.model import Words

_TEXT = ("文字", "text")
_FLAG = ("true 或 false", "true or false")
_COUNT = ("非负整数", "a whole number, 0 or more")
_NUMBER = ("数字", "a number")
_OBJECT = ("一个对象 {…}", "an object {…}")
_LIST = ("一个列表 […]", "a list […]")


@dataclass
class Findings:
    """The problems found so far, and the functions that expressions may call."""

    functions: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    components: int = 0

    def add(self, code: str, where: str, **facts: Any) -> None:
        self.problems.append(Problem(code, where, facts))

    def wrong_kind(self, where: str, attribute: str, expected: tuple[str, str]) -> None:
        zh, en = expected
        self.add("forms.wrong_kind", where, attribute=attribute, expected=zh, expected_en=en)


@dataclass(frozen=True)
class Attributes:
    """One JSON object of the file, at a place that `where` names. `within` is its name in its parent."""

    raw: Mapping[str, Any]
    where: str
    findings: Findings
    within: str = ""

    def _name(self, attribute: str) -> str:
        return f"{self.within}.{attribute}" if self.within else attribute

    def _wrong(self, attribute: str, expected: tuple[str, str]) -> None:
        self.findings.wrong_kind(self.where, self._name(attribute), expected)

    def inner(self, attribute: str) -> "Attributes":
        value = self.raw.get(attribute)
        if value is not None and not isinstance(value, dict):
            self._wrong(attribute, _OBJECT)
        inner = value if isinstance(value, dict) else {}
        return Attributes(inner, self.where, self.findings, self._name(attribute))

    def entries(self, attribute: str) -> list[Any]:
        value = self.raw.get(attribute)
        if value is not None and not isinstance(value, list):
            self._wrong(attribute, _LIST)
        return value if isinstance(value, list) else []

    def text(self, attribute: str, *, required: bool = False) -> str:
        value = self.raw.get(attribute)
        if value is not None and (not isinstance(value, str) or not is_clean(value)):
            self._wrong(attribute, _TEXT)
            return ""
        if required and not (value or "").strip():
            self.findings.add("forms.missing", self.where, attribute=self._name(attribute))
        return (value or "").strip()

    def flag(self, attribute: str, default: bool = False) -> bool:
        value = self.raw.get(attribute)
        if isinstance(value, str) and value.lower() in ("true", "false"):  # form-js writes properties as text
            return value.lower() == "true"
        if value is not None and not isinstance(value, bool):
            self._wrong(attribute, _FLAG)
        return value if isinstance(value, bool) else default

    def count(self, attribute: str, default: int | None = None) -> int | None:
        value = self.raw.get(attribute)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        if value is None or value == "":
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
            self._wrong(attribute, _COUNT)
            return default
        return value

    def number(self, attribute: str) -> Decimal | None:
        value = self.raw.get(attribute)
        if value is None or value == "":
            return None
        number = as_decimal(value)
        if number is None:
            self._wrong(attribute, _NUMBER)
        return number

    def words(self, attribute: str) -> Words:
        """A text, with its English from `properties.<attribute>_en` or `<attribute>_en`."""
        english = self.raw.get(f"{attribute}_en")
        properties = self.raw.get("properties")
        if english is None and isinstance(properties, dict):
            english = properties.get(f"{attribute}_en")
        return Words(self.text(attribute), english.strip() if isinstance(english, str) else "")

    def only_feel(self, attribute: str) -> feel.Expression | None:
        """An attribute that must be FEEL when it is there."""
        text = self.text(attribute)
        if not text:
            return None
        if feel.expression_in(text) is None:
            self.findings.add("forms.not_feel", self.where, attribute=self._name(attribute))
            return None
        return self.expression(attribute, text)

    def perhaps_feel(self, attribute: str) -> feel.Expression | None:
        """The FEEL of an attribute that may also be a literal."""
        text = self.raw.get(attribute)
        if not isinstance(text, str) or feel.expression_in(text) is None:
            return None
        return self.expression(attribute, text)

    def expression(self, attribute: str, text: str) -> feel.Expression | None:
        name = self._name(attribute)
        source = feel.expression_in(text)
        try:
            parsed = feel.parse(source if source is not None else text, self.findings.functions)
        except Invalid as error:
            facts = {"attribute": name, "reason": error.say("zh"), "reason_en": error.say("en")}
            self.findings.add("forms.bad_feel", self.where, **facts)
            return None
        for function in sorted(parsed.calls - set(self.findings.functions)):
            self.findings.add("forms.unknown_function", self.where, attribute=name, function=function)
        return parsed

    def pattern(self, attribute: str) -> Any:
        """An RE2 pattern, which takes linear time whatever the analyst wrote and the reader typed."""
        text = self.text(attribute)
        if not text:
            return None
        options = re2.Options()
        options.log_errors = False
        try:
            return re2.compile(text, options)
        except re2.error as error:
            reason = error.args[0] if error.args else ""
            reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
            self.findings.add("forms.bad_pattern", self.where, pattern=text, reason=reason)
            return None


def as_decimal(value: Any) -> Decimal | None:
    """A JSON number, or a text that is one, as a finite decimal."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(value if isinstance(value, int) else str(value).strip())
    except ArithmeticError:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 30 else None


def is_clean(text: str) -> bool:
    """Whether `text` can be stored: no lone surrogates, no NUL."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
