"""Every table of the platform, gathered in one metadata for migrations and tests."""

from engine import database, history, outbox
from engine.forms import files as _files
from engine.identity import tables as _identity
from engine.repository import tables as _repository
from engine.runtime import tables as _runtime
from engine.worktime import tables as _worktime

PACKAGES = (history, outbox, _files, _identity, _repository, _runtime, _worktime)
metadata = database.metadata
