"""What forms may offer and check against rows: departments, officers, enterprises, files."""

from typing import Any

from sqlalchemy.engine import Connection

from engine import forms, identity
from engine.errors import ZhibanError


class RowChoices:
    """The choices of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def departments(self) -> list[tuple[str, str]]:
        """(code, name) of every department."""
        return [(d.code, d.name) for d in identity.all_departments(self._connection)]

    def officers(self, department: str | None) -> list[tuple[str, str]]:
        """(account id, name) of the people who handle cases in `department`."""
        members = identity.handlers_of(self._connection, department) if department else []
        return [(m.id, m.name) for m in members]

    def enterprise(self, uscc: str) -> str | None:
        """The registered name behind a credit code; None if it is not registered here."""
        try:
            return identity.enterprise(self._connection, uscc).name
        except ZhibanError:
            return None

    def file(self, file_id: str) -> Any:
        return forms.files.find(self._connection, file_id)


def file_ids(components: tuple[forms.Component, ...], given: dict[str, Any]) -> list[str]:
    """The ids of the files in a form's values, in groups and lists too."""
    found: list[str] = []
    for component in components:
        if component.type == "filepicker":
            found += given.get(component.key) or []
        elif component.type == "dynamiclist":
            for item in given.get(component.key) or []:
                found += file_ids(component.children, item)
        else:
            found += file_ids(component.children, given)
    return found
