"""Reads the texts of one model: its own types (item definitions), its expressions and cells.

Notes every problem with the element's id, and which variables are needed from outside.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from lxml import etree

from engine.decisions.xml import child, children, identity, text_of
from engine.errors import Invalid, Problem
from engine.feel.compiler import Closure
from engine.feel.expression import Expression, UnaryTests, parse, parse_unary_tests, start_run
from engine.feel.run import HostScope, Scope
from engine.feel.syntax.tree import TypeName
from engine.feel.values.types import ANY, Type, fit, resolve

_FEEL_ENDINGS = ("/feel", "/feel/", "feel")


def nothing(scope: Scope) -> None:
    """Stands for an expression that could not be read; the model is refused anyway."""


class ItemTypes:
    """The types of one model by name; a name that is not known means any value."""

    def __init__(self, root: etree._Element, problems: list[Problem]) -> None:
        self._elements = {one.get("name", ""): one for one in children(root, "itemDefinition")}
        self._problems = problems
        self._reading: set[str] = set()
        self.by_name: dict[str, Type] = {}
        self.allowed: dict[str, UnaryTests] = {}
        self.imported: dict[str, ItemTypes] = {}

    def read(self) -> None:
        """Read all of them, those of imported models under their prefix."""
        for name in self._elements:
            self.named(name)
        for prefix, other in self.imported.items():
            for name in other._elements:
                self.named(f"{prefix}.{name}")

    def named(self, reference: str | None) -> Type | None:
        """The type that a `typeRef` means; prefixes of DMN 1.1 (`feel:number`) do not matter."""
        name = (reference or "").strip()
        name = name.rpartition(":")[2] if ":" in name else name
        if not name:
            return None
        if name in self.by_name:
            return self.by_name[name]
        if name in self._reading:
            return None
        if name in self._elements:
            self._reading.add(name)
            made = self.by_name[name] = self._read(self._elements[name], name)
            return made
        prefix, _, rest = name.rpartition(".")
        if prefix in self.imported:
            imported = self.imported[prefix].named(rest)
            if imported is not None:
                self.by_name[name] = imported
            return imported
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


class Reader:
    """Collects while it reads: problems, free names of the expressions, and their size in steps."""

    def __init__(self, root: etree._Element) -> None:
        self.problems: list[Problem] = []
        self.types = ItemTypes(root, self.problems)
        self.language = root.get("expressionLanguage")
        self.known = tuple(sorted({name.strip() for name in _names_in(root)}))
        self.free: set[str] = set()
        self.size = 0
        self.depth = 0
        self._bound: list[str] = []

    def problem(self, code: str, element: etree._Element, **facts: Any) -> None:
        self.problems.append(Problem(code, identity(element), facts))

    @contextmanager
    def binding(self, names: Iterable[str]) -> Iterator[None]:
        """Names that the model itself gives a value, and so does not need from outside."""
        names = list(names)
        self._bound += names
        yield
        del self._bound[len(self._bound) - len(names) :]

    def expression(self, text: str, element: etree._Element) -> Closure:
        """The closure of a FEEL text; a problem when it cannot be read."""
        if not self._is_feel(element):
            return nothing
        try:
            read = parse(text, self.known, self.known)
        except Invalid as error:
            self.problem("decisions.expression", element, reason=error.say())
            return nothing
        self._note(read)
        return read.closure

    def tests(self, element: etree._Element | None, names: Iterable[str] = ()) -> UnaryTests:
        """The unary tests of a cell, or of allowed values; no text is always true."""
        text = text_of(element)
        if element is not None and text and self._is_feel(element):
            try:
                read = parse_unary_tests(text, (*self.known, *names), self.known)
            except Invalid as error:
                self.problem("decisions.expression", element, reason=error.say())
            else:
                self._note(read)
                return read
        return parse_unary_tests("-")

    def _note(self, read: Expression | UnaryTests) -> None:
        self.size += read.size
        self.free |= (read.names | read.calls) - set(self._bound)

    def _is_feel(self, element: etree._Element) -> bool:
        language = element.get("expressionLanguage") or self.language
        if language is None or language.lower().endswith(_FEEL_ENDINGS):
            return True
        self.problem("decisions.language", element, language=language)
        return False

    def declared(self, element: etree._Element | None) -> Type | None:
        """The type that a variable, parameter or expression declares."""
        return None if element is None else self.types.named(element.get("typeRef"))


def fitted(closure: Closure, wanted: Type | None) -> Closure:
    """The closure, its value brought to the declared type; null when it does not conform."""
    if wanted is None or wanted.name == "Any":
        return closure
    return lambda scope: fit(closure(scope), wanted)


def variable_name(element: etree._Element) -> str:
    """What the element is called in expressions: its variable's name, else its own."""
    variable = child(element, "variable")
    name = (variable.get("name") if variable is not None else None) or element.get("name") or ""
    return " ".join(name.split())


def _names_in(root: etree._Element) -> Iterator[str]:
    for element in root.iter("{*}*"):
        if isinstance(element.tag, str) and etree.QName(element).namespace == etree.QName(root).namespace:
            if element.get("name"):
                yield " ".join(element.get("name", "").split())
            if element.get("iteratorVariable"):
                yield element.get("iteratorVariable", "")
