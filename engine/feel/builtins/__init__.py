"""The built-in functions of FEEL, by name."""

from engine.feel.builtins import contexts, dates, intervals, lists, numbers, strings
from engine.feel.builtins.registry import BUILTINS

__all__ = ["BUILTINS", "contexts", "dates", "intervals", "lists", "numbers", "strings"]
