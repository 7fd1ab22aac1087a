"""Taking a task in hand to add signers to it, to decide or to remove: its case locked, its family read."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from engine import outbox
from engine.bpmn.model import Element
from engine.clock import local
from engine.errors import Conflict
from engine.identity import Actor
from engine.outbox import Notice
from engine.runtime.casework.loading import load_of_task
from engine.runtime.casework.recount import ready
from engine.runtime.casework.stops import guard_running
from engine.runtime.engine import Engine
from engine.runtime.guards import closed_conflict, read_task
from engine.runtime.operations import StepHost
from engine.runtime.signers.family import Family, Row, family
from engine.runtime.write import Loaded


@dataclass
class Taken:
    """An open task under its case's lock. The run was taken out of memory: whoever took it keeps it."""

    case: Loaded
    host: StepHost
    task: Row
    family: Family

    @property
    def element(self) -> Element:
        return self.host.definition.diagram.elements[self.task["element"]]


def taken(engine: Engine, connection: Connection, task_id: str, actor: Actor) -> Taken:
    """The task as it is now. NotFound; Conflict: closed, its case has ended or its clock stands still."""
    case = load_of_task(engine, connection, task_id)
    host = ready(engine, connection, case)
    task = read_task(connection, task_id)  # under the case's lock: it may have changed while we waited
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    if case.row["state"] != "open":
        raise Conflict("runtime.case_ended")
    found = family(connection, task)
    guard_running(case.row, found.root, actor)  # an added signer's time is that of the task
    return Taken(case, host, found.row(task_id), found)


def tell(connection: Connection, at: Taken, template: str, people: Iterable[str]) -> None:
    """Queue a notice to each of these accounts about the step that the family stands at."""
    root, host = at.family.root, at.host
    said = {"step": root["name"]} | ({"due": local(root["due_at"])} if root["due_at"] else {})
    head = f"{root['id']}:{template}:{host.now.isoformat()}"
    queue(connection, at, [Notice(account, template, f"{head}:{account}", said) for account in people])


def queue(connection: Connection, at: Taken, notices: Iterable[Notice]) -> None:
    """Queue notices about the case."""
    row, host = at.case.row, at.host
    case = {"number": row["number"], "title": row["title"]}
    outbox.queue(connection, row["id"], notices, case, host.now, channels=host.channels)
