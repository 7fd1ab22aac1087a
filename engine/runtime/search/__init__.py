"""Finding cases by number, enterprise, title, words and what they may be narrowed by."""

from engine.runtime.queries.cases import rows_of
from engine.runtime.search.asked import DUE, FACETS, SORTS, Asked
from engine.runtime.search.facets import MOST, Choice, Overview, count, overview
from engine.runtime.search.finding import excerpts, find
from engine.runtime.search.renaming import follow_names, rename_enterprise
from engine.runtime.words.spaced import marked, phrases

__all__ = [
    "DUE",
    "FACETS",
    "MOST",
    "SORTS",
    "Asked",
    "Choice",
    "Overview",
    "count",
    "excerpts",
    "find",
    "follow_names",
    "rename_enterprise",
    "rows_of",
    "marked",
    "overview",
    "phrases",
]
