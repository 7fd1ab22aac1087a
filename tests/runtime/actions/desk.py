"""Small cases whose nodes say what they offer, and shorthand for what people do with their tasks."""

from collections.abc import Callable
from typing import Any

from engine.runtime.queries import TaskRow
from tests.runtime.small import USER, small
from tests.runtime.stage import Platform


def node(key: str, groups: str = "platform", **said: str) -> str:
    """A task of the platform's two people, or other groups', with properties of its own."""
    drawn = "".join(f"<camunda:property name='{k.replace('_', ' ')}' value='{v}'/>" for k, v in said.items())
    inner = f"<b:extensionElements><camunda:properties>{drawn}</camunda:properties></b:extensionElements>"
    waits = USER.replace("='platform'", f"='{groups}'")
    return f"<b:userTask id='{key}' name='{key}' {waits}>{inner}</b:userTask>"


class Desk:
    """Small cases on a platform, and people at work on them."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def begin(self, ways: str = "s>u1 u1>u2 u2>e", said: dict[str, str] | None = None, **nodes: str) -> str:
        """A case of a process drawn anew, with these nodes in place of the plain ones."""
        self.platform.deploy(small(ways, own=nodes, said=said))
        return self.platform.start("platform", process="small")

    def do(self, verb: Callable[..., Any], who: str, **facts: Any) -> Any:
        engine = self.platform.engine
        with engine.writing() as connection:
            return verb(engine, connection, actor=self.platform.actors[who], **facts)

    def look(self, query: Callable[..., Any], who: str, *facts: Any) -> Any:
        engine = self.platform.engine
        with engine.reading() as connection:
            return query(engine, connection, self.platform.actors[who], *facts)

    def task(self, case_id: str, element: str = "") -> TaskRow:
        return self.platform.one(case_id, element)

    def id(self, who: str) -> str:
        return self.platform.actors[who].id

    def events(self, case_id: str, kind: str) -> list[Any]:
        return [row for row in self.platform.history(case_id) if row.kind == kind]
