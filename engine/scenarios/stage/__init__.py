"""The stage on which a scenario is played: one engine, one clock, and who acts on which case.

Nothing is simulated but the time, see `passing`; what somebody does is in `acts`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import history, identity, runtime
from engine.clock import ControlledClock
from engine.runtime import queries
from engine.scenarios.checking import hints
from engine.scenarios.reading import Account
from engine.scenarios.stage import acts, passing
from engine.scenarios.stage.mistakes import Mistake
from engine.scenarios.words import Step

__all__ = ["Stage"]


class Stage:
    """Plays the steps of one scenario. It follows the case that was started last."""

    def __init__(
        self, engine: runtime.Engine, clock: ControlledClock, departments: Mapping[str, str]
    ) -> None:
        self.engine, self.clock = engine, clock
        self.actor: identity.Actor | None = None
        self.case_id: str | None = None
        self.seen_history = 0  # what the last `expect` looked at already
        self.seen_notices = 0
        with engine.writing() as connection:
            for code, name in departments.items():
                _add_department(connection, code, name, clock.now())
            accounts = identity.list_accounts(connection)
        self.ids = {account.username: account.id for account in accounts}
        self.usernames = {account.id: account.username for account in accounts}

    def play(self, step: Step) -> None:
        """Move the clock and act as the step says. ZhibanError if the platform, or the stage, refuses."""
        if step.at is not None and step.outage:
            passing.fail_until(self, step.at)
        elif step.at is not None:
            passing.move_to(self, step.at)
        if step.actor is not None:
            self.actor = self.account(step.actor)
        if step.action:
            acts.act(self, step)
            passing.move_to(self, self.clock.now())

    def account(self, username: str) -> identity.Actor:
        """The actor of that username; `system` is the platform itself."""
        if username == identity.SYSTEM.id:
            return identity.SYSTEM
        with self.engine.reading() as connection:
            return identity.load_actor(connection, self.id_of(username), now=self.clock.now())

    def id_of(self, username: str) -> str:
        if username not in self.ids:
            raise Mistake("scenarios.no_account", word=username, **hints(username, self.ids))
        return self.ids[username]

    def case(self) -> str:
        """The id of the case that was started last."""
        if self.case_id is None:
            raise Mistake("scenarios.no_case")
        return self.case_id

    def number(self, connection: Connection) -> str:
        """The number of the case that was started last."""
        return queries.case(connection, self.case()).number

    def resolved(self, value: Any) -> Any:
        """`value` with each `!account` replaced by the account's id."""
        if isinstance(value, Account):
            return self.id_of(value.username)
        if isinstance(value, dict):
            return {key: self.resolved(one) for key, one in value.items()}
        return [self.resolved(one) for one in value] if isinstance(value, list) else value

    def label(self, element: str) -> str:
        """What the diagram calls an element of the present case."""
        with self.engine.reading() as connection:
            case = queries.case(connection, self.case())
            found = runtime.definition(self.engine, connection, case.definition_id).diagram.elements
        return found[element].label if element in found else element

    def flows(self) -> frozenset[str]:
        """Every sequence flow that any case has passed so far."""
        with self.engine.reading() as connection:
            chains = connection.execute(sa.select(history.events.c.chain).distinct()).scalars()
            rows = [row for chain in chains for row in queries.history(connection, chain)]
        return frozenset(flow for row in rows if row.kind == "path" for flow in row.data["flows"])


def _add_department(connection: Connection, code: str, name: str, now: datetime) -> None:
    """A department with an administrator and a handler, named as those of the demonstration are."""
    identity.create_department(connection, code=code, name=name)
    for username, role in ((f"{code}-admin", "admin"), (f"{code}-1", "handler")):
        identity.create_account(
            connection, username=username, name=username, now=now, roles=[role], department=code
        )
