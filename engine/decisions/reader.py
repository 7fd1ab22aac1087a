"""Reads the expressions of one model: parses the texts, notes problems, and which variables are needed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from lxml import etree

from engine.decisions.itemtypes import ItemTypes
from engine.decisions.xml import child, identity, text_of
from engine.errors import Invalid, Problem
from engine.feel.compiler import Closure
from engine.feel.expression import Expression, UnaryTests, parse, parse_unary_tests
from engine.feel.run import Scope
from engine.feel.values.types import Type, fit

_FEEL_ENDINGS = ("/feel", "/feel/", "feel")


def nothing(scope: Scope) -> None:
    """Stands for an expression that could not be read; the model is refused anyway."""


class Reader:
    """Collects while it reads: problems, free names of the expressions, and their size in steps."""

    def __init__(self, root: etree._Element) -> None:
        self.problems: list[Problem] = []
        self.types = ItemTypes(root, self.problems)
        self.language = root.get("expressionLanguage")
        self.known = tuple(sorted({name.strip() for name in _names_in(root)}))
        self.free: set[str] = set()
        self.size = 0
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
