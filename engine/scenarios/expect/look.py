"""The case as one look at it finds it, and what is unlike the expected."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import outbox, runtime
from engine.runtime import queries
from engine.runtime.ledger.recording import TOLD
from engine.runtime.tables import deadlines
from engine.scenarios.stage import Stage


@dataclass(frozen=True)
class Unlike:
    """Two texts that should be alike, and what they say something about."""

    what: str
    expected: str
    actual: str


class Look:
    """The case as one transaction sees it."""

    def __init__(self, stage: Stage, connection: Connection) -> None:
        self.stage, self.connection = stage, connection
        self.case = queries.case(connection, stage.case())
        definition = runtime.definition(stage.engine, connection, self.case.definition_id)
        self.labels = {key: element.label for key, element in definition.diagram.elements.items()}
        rows = queries.history(connection, self.case.id, self.labels)
        self.history = [row for row in rows if row.seq > stage.seen_history]
        of_deadlines = sa.select(deadlines.c.id).where(deadlines.c.case_id == self.case.id)
        reminding = set(
            connection.execute(of_deadlines).scalars()
        )  # a reminder's key begins with one of these
        told = outbox.of_case(connection, self.case.id)[stage.seen_notices :]
        self.told = len(told)
        self.reminders = [row for row in told if row.dedupe.partition(":")[0] in reminding]
        of_faults = [row for row in told if row.dedupe.startswith(TOLD)]
        self.notices = [row for row in told if row not in self.reminders and row not in of_faults]

    def who(self, account_id: str | None) -> str:
        return self.stage.usernames.get(account_id or "", account_id or "none")
