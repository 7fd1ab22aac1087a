"""From what was typed to clean FEEL values: each type's own rules, and nothing about conditions."""

from engine.forms.values.cleaning import Rejected, is_blank, rejected
from engine.forms.values.materials import clean, match
from engine.forms.values.quantities import date_bound, shown

__all__ = ["Rejected", "clean", "date_bound", "is_blank", "match", "rejected", "shown"]
