"""The parser's spine: operators by binding power, and what follows a value (`.name`, `[…]`, `(…)`)."""

from collections.abc import Iterable

from engine.errors import Invalid
from engine.feel.syntax import forms
from engine.feel.syntax.cursor import Cursor
from engine.feel.syntax.lexer import MAX_TEXT, Token
from engine.feel.syntax.tree import (
    Between,
    Call,
    Chain,
    Filter,
    In,
    InstanceOf,
    Literal,
    Logic,
    Negate,
    Node,
    Path,
    Test,
)

OR, AND, COMPARISON, SUM, PRODUCT, POWER, NEGATION, INSTANCE = range(1, 9)
_POWERS = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "between", "in"), COMPARISON),
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "**": POWER,
    "instance": INSTANCE,
}
_TEST_SIGNS = ("<", "<=", ">", ">=", "=", "!=")


def parse_expression(text: str, names: Iterable[str] = (), members: Iterable[str] = ()) -> Node:
    """The tree of a whole expression. Raises Invalid("feel.…")."""
    cursor = _cursor(text, names, members)
    node = cursor.expression(0)
    if cursor.token.kind != "end":
        cursor.refuse("〈末尾 end〉")
    return node


def parse_tests(text: str, names: Iterable[str] = (), members: Iterable[str] = ()) -> tuple[bool, list[Node]]:
    """A table's cell -> (negated, tests); `-` and an empty cell give no tests, which is always true."""
    cursor = _cursor(text, names, members)
    if cursor.token.kind == "end" or text.strip() == "-":
        return False, []
    negated = _is_negated(cursor)
    if negated:
        cursor.advance()
        cursor.expect("(")
    tests = forms.tests(cursor)
    if negated:
        cursor.expect(")")
    if cursor.token.kind != "end":
        cursor.refuse("〈末尾 end〉")
    return negated, tests


def _is_negated(cursor: Cursor) -> bool:
    """Whether the cell is `not( … )` as a whole, and not an expression that begins with a call of not."""
    if not cursor.at("not"):
        return False
    stripped = cursor.text.rstrip()
    depth, position = 0, cursor.token.end
    after = cursor.text[position:].lstrip()
    if not after.startswith("(") or not stripped.endswith(")"):
        return False
    for token in _tokens_from(cursor, position):
        if token.kind == "sign":
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                return token.end == len(stripped)
    return False


def _tokens_from(cursor: Cursor, position: int) -> Iterable[Token]:
    probe = Cursor(cursor.text, (), ())
    probe.move_to(position)
    while probe.token.kind != "end":
        yield probe.advance()


def _cursor(text: str, names: Iterable[str], members: Iterable[str]) -> Cursor:
    if len(text) > MAX_TEXT:
        raise Invalid("feel.too_long", length=len(text), limit=MAX_TEXT)
    cursor = Cursor(text, names, members)
    cursor.expression = lambda power: _expression(cursor, power)
    return cursor


def _expression(cursor: Cursor, power: int) -> Node:
    with cursor.nested():
        left = _negated(cursor) if cursor.at("-") else _postfix(cursor, forms.primary(cursor))
        while True:
            own = _POWERS.get(cursor.token.text, 0) if cursor.token.kind in ("sign", "word") else 0
            if own <= power:
                return left
            left = _infix(cursor, left, cursor.advance().text, own)


def _negated(cursor: Cursor) -> Node:
    cursor.advance()
    operand = cursor.expression(NEGATION)
    return Negate(operand)


def _infix(cursor: Cursor, left: Node, sign: str, power: int) -> Node:
    if sign in ("and", "or"):
        return _logic(left, sign, cursor.expression(power))
    if sign == "between":
        low = cursor.expression(COMPARISON)
        cursor.expect("and")
        return Between(left, low, cursor.expression(COMPARISON))
    if sign == "in":
        return In(left, _in_tests(cursor))
    if sign == "instance":
        cursor.expect("of")
        return InstanceOf(left, forms.type_name(cursor))
    right = cursor.expression(power)
    if isinstance(left, Chain):
        left.rest.append((sign, right))
        return left
    return Chain(left, [(sign, right)])


def _logic(left: Node, sign: str, right: Node) -> Node:
    if isinstance(left, Logic) and left.operator == sign:
        left.operands.append(right)
        return left
    return Logic(sign, [left, right])


def _in_tests(cursor: Cursor) -> list[Node]:
    if cursor.at(*_TEST_SIGNS):
        return [Test(cursor.advance().text, cursor.expression(COMPARISON))]
    if not cursor.at("("):
        return [cursor.expression(COMPARISON)]
    start = cursor.position
    cursor.advance()
    with cursor.nested():
        tests = forms.tests(cursor)
    if cursor.at("..") and len(tests) == 1:
        return [forms.range_end(cursor, tests[0], False)]
    if cursor.accept(")") and not cursor.at("[", ".", "("):
        return tests
    cursor.second_try()
    cursor.move_to(start)
    return [cursor.expression(COMPARISON)]


def _postfix(cursor: Cursor, node: Node) -> Node:
    while cursor.token.kind == "sign":
        if cursor.at("."):
            cursor.advance()
            node = Path(node, cursor.member())
        elif cursor.at("[") and cursor.filters_allowed:
            node = _filter(cursor, node)
        elif cursor.at("(") and not isinstance(node, Literal):
            node = _call(cursor, node)
        else:
            break
    return node


def _filter(cursor: Cursor, source: Node) -> Node:
    cursor.advance()
    cursor.in_filter += 1
    condition = forms.inside(cursor, lambda: cursor.expression(0))
    cursor.in_filter -= 1
    cursor.expect("]")
    return Filter(source, condition)


def _call(cursor: Cursor, target: Node) -> Node:
    cursor.advance()
    call = Call(target)
    if not cursor.at(")"):
        forms.inside(cursor, lambda: _arguments(cursor, call))
    cursor.expect(")")
    return call


def _arguments(cursor: Cursor, call: Call) -> None:
    while True:
        name = forms.argument_name(cursor)
        if name is None:
            if call.named is not None:
                cursor.refuse("〈名称 name〉 :")
            call.positional.append(cursor.expression(0))
        else:
            if call.positional:
                cursor.refuse(")")
            call.named = call.named or {}
            call.named[name] = cursor.expression(0)
        if not cursor.accept(","):
            return
