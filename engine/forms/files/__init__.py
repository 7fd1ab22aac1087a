"""Uploaded files: kept only when their content is of an accepted kind, attached once to one case."""

from engine.forms.files.content import recognise, safe_name
from engine.forms.files.store import (
    LIMIT,
    File,
    attach,
    discard_unattached,
    files,
    find,
    keep,
    of_case,
    read,
)

__all__ = [
    "LIMIT",
    "File",
    "attach",
    "discard_unattached",
    "files",
    "find",
    "keep",
    "of_case",
    "read",
    "recognise",
    "safe_name",
]
