"""Item definitions: the model's own types, with their allowed values."""

from collections.abc import Callable
from typing import Any

from lxml import etree

from engine.decisions.xml import child, children, identity, text_of
from engine.errors import Invalid, Problem
from engine.feel.expression import UnaryTests, parse_unary_tests, start_run
from engine.feel.run import HostScope
from engine.feel.syntax.tree import TypeName
from engine.feel.values.types import ANY, Type, resolve


class ItemTypes:
    """The types of one model by name; a name that is not known means any value."""

    def __init__(self, root: etree._Element, problems: list[Problem]) -> None:
        self._elements = {one.get("name", ""): one for one in children(root, "itemDefinition")}
        self._problems = problems
        self._reading: set[str] = set()
        self.by_name: dict[str, Type] = {}
        self.allowed: dict[str, UnaryTests] = {}
        for name in self._elements:
            self.named(name)

    def add_imported(self, prefix: str, other: "ItemTypes") -> None:
        for name, known in other.by_name.items():
            self.by_name[f"{prefix}.{name}"] = known

    def named(self, reference: str | None) -> Type | None:
        """The type that a `typeRef` means; prefixes of DMN 1.1 (`feel:number`) do not matter."""
        name = (reference or "").strip()
        name = name.rpartition(":")[2] if ":" in name else name
        if not name:
            return None
        if name in self.by_name:
            return self.by_name[name]
        if name in self._elements and name not in self._reading:
            self._reading.add(name)
            made = self.by_name[name] = self._read(self._elements[name], name)
            return made
        return resolve(TypeName(name), self.by_name)

    def _read(self, element: etree._Element, name: str) -> Type:
        base = self._base(element)
        tests = self._tests(element)
        if tests is not None:
            self.allowed[name] = tests
            base = _restricted(base, tests)
        return Type("list", (base,)) if element.get("isCollection") == "true" else base

    def _base(self, element: etree._Element) -> Type:
        components = children(element, "itemComponent")
        if components:
            fields = {one.get("name", ""): self._read(one, one.get("name", "")) for one in components}
            return Type("context", fields=fields)
        function = child(element, "functionItem")
        if function is not None:
            parameters = tuple(
                self.named(one.get("typeRef")) or ANY for one in children(function, "parameters")
            )
            return Type("function", parameters, result=self.named(function.get("outputTypeRef")))
        reference = child(element, "typeRef")
        return self.named(element.get("typeRef") or text_of(reference)) or ANY

    def _tests(self, element: etree._Element) -> UnaryTests | None:
        allowed = child(element, "allowedValues")
        if allowed is None or not text_of(allowed):
            return None
        try:
            return parse_unary_tests(text_of(allowed))
        except Invalid as error:
            where = identity(element)
            self._problems.append(Problem("decisions.expression", where, {"reason": error.say()}))
            return None


def _restricted(base: Type, tests: UnaryTests) -> Type:
    return Type(base.name, base.elements, base.fields, base.result, _checker(tests, base.allowed))


def _checker(tests: UnaryTests, before: Callable[[Any], bool] | None) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        if before is not None and not before(value):
            return False
        return tests.within(value, HostScope({}, start_run())) is True

    return check
