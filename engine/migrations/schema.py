"""Every table of the platform, gathered in one metadata for migrations and tests."""

from engine import database, history, outbox
from engine.forms import files as _files
from engine.identity import tables as _identity
from engine.repository import tables as _repository
from engine.runtime import tables as _runtime
from engine.runtime.desk import tables as _desk
from engine.runtime.ledger import tables as _ledger
from engine.runtime.subscriptions import tables as _subscriptions
from engine.runtime.words import tables as _words
from engine.worktime import tables as _worktime

PACKAGES = (
    history,
    outbox,
    _files,
    _identity,
    _repository,
    _runtime,
    _desk,
    _ledger,
    _subscriptions,
    _words,
    _worktime,
)
metadata = database.metadata
