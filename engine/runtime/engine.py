"""What a running platform is made of: the database, the clock, the operations, and warm cases.

The engine holds no truth. A warm case is a run kept in memory under the hash of its last event;
it is used only if the database still says the same hash, so a step that was rolled back, or made
by another process, can never be continued from memory.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock

from sqlalchemy.engine import Connection
from sqlalchemy.engine import Engine as Database

from connectors.base import Channel
from engine import database as db
from engine.bpmn.stepping import Run
from engine.clock import Clock, SystemClock
from engine.repository import Definitions
from engine.runtime.operations import Operations, standard_operations


class Engine:
    """One process's engine. Safe to share between threads."""

    def __init__(
        self,
        database: Database,
        clock: Clock | None = None,
        operations: Operations | None = None,
        warm: int = 2000,
        channels: Mapping[str, Channel] | None = None,
    ) -> None:
        self.database = database
        self.clock = clock or SystemClock()
        self.operations = operations or standard_operations()
        self.definitions = Definitions()
        self.warm = Warm(warm)
        self.channels = dict(channels or {})  # outgoing ones, by name

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that may write; it commits at the end and rolls back on any exception."""
        with db.writing(self.database) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with db.reading(self.database) as connection:
            yield connection


class Warm:
    """The last runs stepped in this process, by case. Taking one removes it: two steps never share it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._runs: OrderedDict[str, tuple[str, Run]] = OrderedDict()
        self._lock = Lock()

    def take(self, case_id: str, history_hash: str) -> Run | None:
        with self._lock:
            known = self._runs.pop(case_id, None)
        return known[1] if known is not None and known[0] == history_hash else None

    def keep(self, case_id: str, history_hash: str, run: Run) -> None:
        with self._lock:
            self._runs[case_id] = (history_hash, run)
            while len(self._runs) > self._limit:
                self._runs.popitem(last=False)
