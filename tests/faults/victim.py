"""A process that dies: it takes one step and kills itself just before the n-th thing it says to the database.

Run as a program it reads requests, one JSON object a line, forks a child for each, and answers how
the child ended. Forking costs milliseconds where starting Python costs half a second.
"""

import gc
import json
import os
import signal
import sys
import traceback
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from engine import database, identity, repository, runtime, worktime
from engine.clock import ControlledClock
from engine.repository.tables import definitions


def open_again(url: str, schema: str) -> sa.Engine:
    options = {"connect_args": {"options": f"-csearch_path={schema}"}} if schema else {}
    return database.open_database(url, **options)


LOOKS = {
    "fire": runtime.fire_due,
    "remind": runtime.clocks.remind_due,
    "recount": runtime.clocks.recount_cases,
}
MOVES = {"send back": runtime.moves.send_back, "take back": runtime.moves.take_back}


class Trap:
    """Counts what is said to the database: every statement, each COMMIT, and the moment behind it."""

    def __init__(self, at: int) -> None:
        self.at, self.said = at, 0

    def next(self, what: str) -> None:
        self.said += 1
        if self.said == self.at:
            os.write(2, f"killed before {what}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def arm(self, db: sa.Engine) -> None:
        genuine, commit = database._cursor, db.dialect.do_commit
        trap = self

        class Cursor:
            def __init__(self, cursor: Any) -> None:
                self._cursor = cursor

            def execute(self, sql: str, *given: Any) -> Any:
                trap.next(sql)
                return self._cursor.execute(sql, *given)

            def executemany(self, sql: str, sets: list[Any]) -> Any:
                for number, one in enumerate(sets):
                    if number < 2:  # between the rows of one call as well, but not between all of them
                        trap.next(sql)
                    self._cursor.execute(sql, one)

            def __getattr__(self, name: str) -> Any:
                return getattr(self._cursor, name)

        def do_commit(connection: Any) -> None:
            trap.next("COMMIT")
            commit(connection)
            trap.next("what follows a COMMIT")

        database._cursor = lambda connection: Cursor(genuine(connection))  # type: ignore[assignment]
        db.dialect.do_commit = do_commit  # type: ignore[method-assign]
        event.listen(db, "before_cursor_execute", lambda *given: trap.next(given[2]))


def act(engine: runtime.Engine, actor: identity.Actor, asked: dict[str, Any]) -> None:
    """The step that is asked for, as an edge of the platform would take it: one transaction."""
    kind = asked["act"]
    if kind in LOOKS:
        LOOKS[kind](engine)
        return
    with engine.writing() as connection:
        if kind in MOVES:
            MOVES[kind](engine, connection, actor=actor, task_id=asked["task"], **asked["how"])
        elif kind == "submit":
            submit(engine, connection, actor, asked)
        elif kind == "claim":
            runtime.claim(engine, connection, actor=actor, task_id=asked["task"])
        elif kind == "release":
            runtime.release(engine, connection, actor=actor, task_id=asked["task"])
        elif kind == "complete":
            runtime.complete(engine, connection, actor=actor, task_id=asked["task"], values=asked["values"])
        elif kind == "deliver":
            runtime.deliver(
                engine, connection, actor=actor, case_id=asked["case"], message="撤回", values=asked["values"]
            )
        elif kind == "send":
            given = {"message": "撤回", "values": asked["values"]}
            runtime.send(engine, connection, actor=actor, case_id=asked["case"], **given)
        elif kind == "stop":
            given = {"kind": "补正", "reason": "缺材料"}
            runtime.clocks.stop(engine, connection, actor=actor, case_id=asked["case"], **given)
        elif kind == "resume":
            runtime.clocks.resume(engine, connection, actor=actor, case_id=asked["case"])
        elif kind == "retry":
            runtime.retry(engine, connection, actor=actor, incident_id=asked["incident"])
        else:
            raise ValueError(kind)


def submit(engine: runtime.Engine, connection: Any, actor: identity.Actor, asked: dict[str, Any]) -> None:
    facts = {"key": asked["key"], "actor_id": actor.id, "digest": "d", "now": engine.clock.now()}
    if runtime.once(connection, **facts) is None:
        started = runtime.start_case(
            engine, connection, actor=actor, process=asked["process"], values=asked["values"]
        )
        runtime.remember(connection, answer=started.case_id, **facts)


@dataclass
class Known:
    """What is read before the fork, so that no child has to: it is part of no step."""

    definitions: repository.Definitions
    actors: dict[str, identity.Actor]


def look_around(url: str, schema: str) -> Known:
    """Read what never changes here. No connection may stay open over a fork."""
    known, db = Known(repository.Definitions(), {}), open_again(url, schema)
    with db.begin() as connection:
        for key in connection.execute(sa.select(definitions.c.id)).scalars():
            known.definitions.get(connection, key)
        for account in identity.list_accounts(connection):
            known.actors[account.id] = identity.load_actor(connection, account.id)
        worktime.load(connection)
        for found in gc.get_objects():
            if isinstance(found, database.Prepared):
                found._for(connection)
    db.dispose()
    return known


def child(url: str, schema: str, known: Known, asked: dict[str, Any]) -> None:
    try:
        db = open_again(url, schema)
        engine = runtime.Engine(db, ControlledClock(datetime.fromisoformat(asked["moment"])))
        engine.definitions = known.definitions
        with engine.reading() as connection:  # connecting is not part of the step
            connection.execute(sa.text("SELECT 1"))
        Trap(asked["at"]).arm(db)
        act(engine, known.actors.get(asked.get("actor", ""), identity.SYSTEM), asked)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(3)


def main(url: str, schema: str) -> None:
    known = look_around(url, schema)
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            child(url, schema, known, asked)
        _, status = os.waitpid(pid, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print(json.dumps({"killed": killed, "code": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
