"""FEEL, the expression language of DMN: parse once into closures, evaluate many times.

Nothing in an expression reaches Python: there is no eval, no attribute access, no import. Errors
in an evaluation are null, as the standard says; length, depth, steps and memory are bounded.
"""

from engine.feel import messages as messages
from engine.feel.expression import (
    Expression,
    Function,
    UnaryTests,
    expression_in,
    parse,
    parse_unary_tests,
)
from engine.feel.literals import Origins, Text, origins, texts
from engine.feel.values.kinds import Callee, Months, Range, normalise
from engine.feel.values.storage import dump, load
from engine.feel.values.text import string_of

__all__ = [
    "Callee",
    "Expression",
    "Function",
    "Months",
    "Origins",
    "Range",
    "Text",
    "UnaryTests",
    "dump",
    "expression_in",
    "load",
    "normalise",
    "origins",
    "parse",
    "parse_unary_tests",
    "string_of",
    "texts",
]
