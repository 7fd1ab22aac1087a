"""One small process with a task of the platform's, and shorthand for what people do with its signers."""

import json
from typing import Any

import sqlalchemy as sa

from engine import runtime
from engine.runtime import signers
from engine.runtime.tables import tasks
from tests.bpmn.drawing import boundary
from tests.bpmn.game import timer
from tests.runtime.agreement import agree
from tests.runtime.small import FORM, small, task
from tests.runtime.stage import Platform

OWNER = "platform"
_NEEDED = {"validate": {"required": True}}
_FIELDS = [{"type": "textfield", "id": f"f_{k}", "key": k, "label": k, **_NEEDED} for k in ("note", "go")]
SHEET = json.dumps({"type": "default", "id": "check", "title": "核对", "components": _FIELDS}).encode()


class Desk:
    """A case whose task `u1` is with its owner, and the signers around it, by username."""

    def __init__(self, platform: Platform, said: str = "") -> None:
        self.platform = platform
        inner = f"<b:extensionElements>{said}</b:extensionElements>" if said else ""
        drawn = {"u1": task("u1", inner), "b": boundary("b", "u1", timer("P30D"))}
        platform.deploy(small("s>u1>e b>e2", drawn, forms={FORM: SHEET}))
        self.case_id = platform.start("platform", "small", note="n", go="1")
        self.root = platform.one(self.case_id).id

    def id(self, username: str) -> str:
        return self.platform.actors[username].id

    def row(self, task_id: str = "") -> Any:
        (row,) = self.platform.rows(tasks, tasks.c.id == (task_id or self.root))
        return row

    def of(self, username: str) -> str:
        """The open signer's task of this person."""
        mine = (tasks.c.assignee == self.id(username), tasks.c.state == "open", tasks.c.parent.is_not(None))
        (row,) = self.platform.rows(tasks, *mine)
        return str(row.id)

    def add(self, by: str, *people: str, how: str = "before", task: str = "", **more: Any) -> int:
        named = [self.id(p) if p in self.platform.actors else p for p in people]
        return int(self._do(signers.add_signers, by, task or self.root, people=named, how=how, **more))

    def decide(self, by: str, outcome: str = "agree", opinion: str = "", task: str = "") -> Any:
        return self._do(signers.decide, by, task or self.of(by), outcome=outcome, opinion=opinion)

    def remove(self, by: str, whom: str) -> Any:
        return self._do(signers.remove_signer, by, self.of(whom))

    def complete(self, by: str = OWNER, **values: Any) -> Any:
        return self._do(runtime.complete, by, self.root, values=values or {"note": "ok", "go": "1"})

    def act(self, verb: Any, by: str, **more: Any) -> Any:
        return self._do(verb, by, self.root, **more)

    def _do(self, verb: Any, by: str, task_id: str, **more: Any) -> Any:
        engine = self.platform.engine
        with engine.writing() as connection:
            done = verb(engine, connection, actor=self.platform.actors[by], task_id=task_id, **more)
        agree(engine, self.case_id)
        return done

    def open(self) -> dict[str, str]:
        """Who has which open task: the process's own, or an added one, and what it waits for."""
        rows = self.platform.rows(tasks, tasks.c.case_id == self.case_id, tasks.c.state == "open")
        names = {actor.id: username for username, actor in self.platform.actors.items()}
        return {names.get(row.assignee, "-"): row.held for row in rows}

    def ended(self) -> bool:
        return self.platform.case(self.case_id).state == "ended"

    def completions(self) -> int:
        return self.platform.kinds(self.case_id).count("task.completed")

    def last(self, kind: str) -> dict[str, Any]:
        return [row.data for row in self.platform.history(self.case_id) if row.kind == kind][-1]

    def count(self, *conditions: sa.ColumnElement[bool]) -> int:
        return self.platform.count(tasks, tasks.c.case_id == self.case_id, *conditions)
