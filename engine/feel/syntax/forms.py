"""The forms of FEEL that stand where a value is expected: literals, lists, ranges, contexts, if, for …"""

from collections.abc import Callable
from typing import TypeVar

from engine.errors import Invalid
from engine.feel.syntax.cursor import Cursor
from engine.feel.syntax.lexer import KnownNames, shown, string_value, token_at
from engine.feel.syntax.tree import (
    ContextOf,
    For,
    FunctionOf,
    If,
    ListOf,
    Literal,
    Name,
    Node,
    Quantified,
    RangeOf,
    Test,
    TypeName,
)
from engine.feel.values.kinds import NUMBERS
from engine.feel.values.temporal import parse_any

_CONJUNCTIONS = KnownNames(("date and time", "years and months duration", "days and time duration"))
_TEST_SIGNS = ("<", "<=", ">", ">=", "=", "!=")
_CONSTANTS = {"true": True, "false": False, "null": None}
_T = TypeVar("_T")


def primary(cursor: Cursor) -> Node:
    """Whatever can begin a value."""
    token = cursor.token
    if token.kind == "number":
        cursor.advance()
        return Literal(_number(token.text))
    if token.kind == "string":
        cursor.advance()
        return Literal(string_value(token, cursor.text))
    if token.kind == "at":
        cursor.advance()
        return Literal(parse_any(string_value(token, cursor.text)))
    if token.kind == "word":
        return _word(cursor)
    form = _SIGNS.get(token.text)
    if form is None:
        cursor.refuse("〈表达式 expression〉")
    return form(cursor)


def _number(text: str) -> object:
    try:
        return NUMBERS.create_decimal(text)
    except ArithmeticError:
        return None


def _word(cursor: Cursor) -> Node:
    token = cursor.token
    known = cursor.known_name() or _called_conjunction(cursor)
    if known and known[1] > token.end:
        cursor.move_to(known[1])
        return Name(known[0])
    if token.text in _CONSTANTS:
        cursor.advance()
        return Literal(_CONSTANTS[token.text])
    form = _WORDS.get(token.text)
    return form(cursor) if form else Name(cursor.name())


def _called_conjunction(cursor: Cursor) -> tuple[str, int] | None:
    """`date and time(`: without the call it is two variables of the author's, not the function."""
    found = _CONJUNCTIONS.longest_at(cursor.text, cursor.position)
    if found and token_at(cursor.text, found[1]).text == "(":
        return found
    return None


def inside(cursor: Cursor, read: Callable[[], _T]) -> _T:
    """Read something between brackets, where a `[` is a filter again."""
    before, cursor.filters_allowed = cursor.filters_allowed, True
    try:
        return read()
    finally:
        cursor.filters_allowed = before


def tests(cursor: Cursor) -> list[Node]:
    """Positive unary tests: `1, < 5, [7..9]`."""
    found: list[Node] = []
    while True:
        if cursor.at(*_TEST_SIGNS):
            found.append(Test(cursor.advance().text, inside(cursor, lambda: cursor.expression(3))))
        else:
            found.append(inside(cursor, lambda: cursor.expression(0)))
        if not cursor.accept(","):
            return found


def _parenthesis(cursor: Cursor) -> Node:
    cursor.advance()
    if cursor.at(*_TEST_SIGNS):
        test = Test(cursor.advance().text, inside(cursor, lambda: cursor.expression(3)))
        cursor.expect(")")
        return test
    node = inside(cursor, lambda: cursor.expression(0))
    if cursor.at(".."):
        return range_end(cursor, node, False)
    cursor.expect(")")
    return node


def _bracket(cursor: Cursor) -> Node:
    cursor.advance()
    if cursor.accept("]"):
        return ListOf([])
    first = inside(cursor, lambda: cursor.expression(0))
    if cursor.at(".."):
        return range_end(cursor, first, True)
    items = [first]
    while cursor.accept(","):
        items.append(inside(cursor, lambda: cursor.expression(0)))
    cursor.expect("]")
    return ListOf(items)


def _open_range(cursor: Cursor) -> Node:
    cursor.advance()
    start = inside(cursor, lambda: cursor.expression(0))
    if not cursor.at(".."):
        cursor.refuse("..")
    return range_end(cursor, start, False)


def range_end(cursor: Cursor, start: Node, included: bool) -> Node:
    """After `..`. A `[` may close the range or open a filter: the filter is tried first."""
    cursor.expect("..")
    place = cursor.position
    try:
        end = inside(cursor, lambda: cursor.expression(0))
        if not cursor.at("]", ")", "["):
            cursor.refuse("]")
    except Invalid:
        cursor.second_try()
        cursor.move_to(place)
        before, cursor.filters_allowed = cursor.filters_allowed, False
        try:
            end = cursor.expression(0)
        finally:
            cursor.filters_allowed = before
        if not cursor.at("]", ")", "["):
            cursor.refuse("]")
    return RangeOf(start, end, included, cursor.advance().text == "]")


def _context(cursor: Cursor) -> Node:
    cursor.advance()
    entries: list[tuple[str, Node]] = []
    while not cursor.at("}"):
        key = _context_key(cursor)
        cursor.expect(":")
        entries.append((key, inside(cursor, lambda: cursor.expression(0))))
        if not cursor.accept(","):
            break
    cursor.expect("}")
    return ContextOf(entries)


def _context_key(cursor: Cursor) -> str:
    if cursor.token.kind == "string":
        key = string_value(cursor.advance(), cursor.text)
        cursor.known.add(key)
        return key
    return cursor.new_name(":")


def _if(cursor: Cursor) -> Node:
    branches: list[tuple[Node, Node]] = []
    while cursor.accept("if"):
        condition = cursor.expression(0)
        cursor.expect("then")
        branches.append((condition, cursor.expression(0)))
        cursor.expect("else")
    return If(branches, cursor.expression(0))


def _for(cursor: Cursor) -> Node:
    cursor.advance()
    iterators = _iterators(cursor, "return")
    cursor.known.add("partial")
    return For(iterators, cursor.expression(0))


def _quantified(cursor: Cursor) -> Node:
    every = cursor.advance().text == "every"
    iterators = _iterators(cursor, "satisfies")
    return Quantified(every, iterators, cursor.expression(0))


def _iterators(cursor: Cursor, closer: str) -> list[tuple[str, Node, Node | None]]:
    found: list[tuple[str, Node, Node | None]] = []
    while True:
        name = cursor.new_name("in")
        cursor.expect("in")
        domain = cursor.expression(0)
        until = cursor.expression(0) if cursor.accept("..") else None
        found.append((name, domain, until))
        if not cursor.accept(","):
            cursor.expect(closer)
            return found


def _function(cursor: Cursor) -> Node:
    cursor.advance()
    cursor.expect("(")
    parameters: list[tuple[str, TypeName | None]] = []
    while not cursor.at(")"):
        name = cursor.new_name(":", ",", ")")
        parameters.append((name, type_name(cursor) if cursor.accept(":") else None))
        if not cursor.accept(","):
            break
    cursor.expect(")")
    if cursor.at("external"):
        raise Invalid("feel.external", text=shown(cursor.text))
    return FunctionOf(parameters, cursor.expression(0))


def argument_name(cursor: Cursor) -> str | None:
    """The name of a named argument, or None where a positional one stands."""
    if cursor.token.kind != "word":
        return None
    start, end = cursor.position, cursor.position
    while cursor.token.kind in ("word", "number") or cursor.at(*"+-*/'"):
        end = cursor.advance().end
    if cursor.at(":") and end > start:
        cursor.advance()
        return " ".join(cursor.text[start:end].split())
    cursor.move_to(start)
    return None


def type_name(cursor: Cursor) -> TypeName:
    """A type: `number`, `list<T>`, `context<a: T>`, `function<T> -> T`, or a name of the model's own."""
    with cursor.nested():
        conjunction = _CONJUNCTIONS.longest_at(cursor.text, cursor.position)
        if cursor.accept("function"):
            name = "function"
        elif conjunction:
            name = conjunction[0]
            cursor.move_to(conjunction[1])
        else:
            name = cursor.name()
        while cursor.accept("."):
            name += "." + cursor.name()
        found = TypeName(name)
        if cursor.accept("<"):
            _type_arguments(cursor, found)
        if name == "function" and cursor.accept("->"):
            found.result = type_name(cursor)
        return found


def _type_arguments(cursor: Cursor, found: TypeName) -> None:
    while not cursor.at(">"):
        if found.name == "context":
            field = cursor.new_name(":")
            cursor.expect(":")
            found.fields = {**(found.fields or {}), field: type_name(cursor)}
        else:
            found.arguments.append(type_name(cursor))
        if not cursor.accept(","):
            break
    cursor.expect(">")


_SIGNS: dict[str, Callable[[Cursor], Node]] = {
    "(": _parenthesis,
    "[": _bracket,
    "]": _open_range,
    "{": _context,
}
_WORDS: dict[str, Callable[[Cursor], Node]] = {
    "if": _if,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "function": _function,
}
