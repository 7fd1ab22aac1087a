"""Reads a scenario file: YAML into plain data that knows its lines, within limits.

Guarantees: nothing in the file is executed; a key given twice is refused; aliases cannot unfold to
more than a bounded amount. Scalars are read as JSON reads them: 17:00 is a text, and so is a date.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from engine.errors import Invalid

MAX_BYTES = 512 * 1024
MAX_VALUES = 50_000  # in one document, aliases unfolded
MAX_DEPTH = 24


@dataclass(frozen=True)
class Place:
    """Where something stands, for a person to find it."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{shortened(self.file)}:{self.line}"


def shortened(file: Path) -> str:
    """The file's path, from the current folder on if it lies below it."""
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)


class Table(dict[str, Any]):
    """A mapping that knows where it and each of its keys stands."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: dict[str, Place] = {}

    def put(self, key: str, value: Any, place: Place) -> None:
        self[key] = value
        self.places[key] = place


class Series(list[Any]):
    """A list that knows where it and each of its items stands."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: list[Place] = []

    def add(self, value: Any, place: Place) -> None:
        self.append(value)
        self.places.append(place)


@dataclass(frozen=True)
class Account:
    """`!account market-1`: stands for that account's id, which nobody knows beforehand."""

    username: str


class _Loader(yaml.SafeLoader):
    """The safe loader without YAML 1.1's surprises (yes/no, 17:00 as 1020, dates, octals)."""


_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_Loader.yaml_implicit_resolvers = {
    "<": [(tag, rule) for tag, rule in yaml.SafeLoader.yaml_implicit_resolvers["<"] if tag.endswith(":merge")]
}


def documents(file: Path) -> list[Table]:
    """The documents of a file. Invalid names the line of whatever is wrong with it."""
    content = file.read_bytes()
    if len(content) > MAX_BYTES:
        raise Invalid("scenarios.too_large", where=str(Place(file, 1)), limit=MAX_BYTES)
    found = []
    try:
        for node in yaml.compose_all(content, _Loader):
            tree = _Unfolding(file).value(node, 1)
            if not isinstance(tree, Table):
                where = str(Place(file, _line(node)))
                raise Invalid("scenarios.missing", where=where, word="scenario")
            found.append(tree)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = str(Place(file, mark.line + 1 if mark else 1))
        raise Invalid("scenarios.yaml", where=where, reason=error.problem or error.context) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Invalid("scenarios.yaml", where=str(Place(file, 1)), reason=str(error)) from error
    except RecursionError as error:
        raise Invalid("scenarios.too_much", where=str(Place(file, 1)), limit=MAX_DEPTH) from error
    return found


class _Unfolding:
    """One document's nodes on their way to values, counted."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._count = 0

    def value(self, node: yaml.Node, depth: int) -> Any:
        self._count += 1
        if self._count > MAX_VALUES or depth > MAX_DEPTH:
            limit = MAX_DEPTH if depth > MAX_DEPTH else MAX_VALUES
            raise Invalid("scenarios.too_much", where=str(self._at(node)), limit=limit)
        if isinstance(node, yaml.MappingNode):
            return self._table(node, depth)
        if isinstance(node, yaml.SequenceNode):
            series = Series(self._at(node))
            for item in node.value:
                series.add(self.value(item, depth + 1), self._at(item))
            return series
        return self._scalar(node)

    def _table(self, node: yaml.MappingNode, depth: int) -> Table:
        table = Table(self._at(node))
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in table:
                raise Invalid("scenarios.twice", where=str(self._at(key_node)), word=key)
            table.put(key, self.value(value_node, depth + 1), self._at(key_node))
        for merged in self._merged(node, depth):
            for key, value in merged.items():
                if key not in table:
                    table.put(key, value, merged.places[key])
        return table

    def _merged(self, node: yaml.MappingNode, depth: int) -> Iterator[Table]:
        """What `<<:` brings in; keys that the mapping gives itself win."""
        for key_node, value_node in node.value:
            if key_node.tag != "tag:yaml.org,2002:merge":
                continue
            found = self.value(value_node, depth + 1)
            for one in found if isinstance(found, Series) else [found]:
                if not isinstance(one, Table):
                    where = str(self._at(key_node))
                    raise Invalid("scenarios.yaml", where=where, reason="<< takes a mapping")
                yield one

    def _scalar(self, node: yaml.Node) -> Any:
        text = str(node.value)
        if node.tag == "!account":
            return Account(text)
        if node.tag not in ("tag:yaml.org,2002:str", "!"):
            raise Invalid("scenarios.yaml", where=str(self._at(node)), reason=f"{node.tag} is not known")
        if not isinstance(node, yaml.ScalarNode) or node.style is not None:
            return text
        return _WORDS[text] if text in _WORDS else _number_or_text(text)

    def _at(self, node: yaml.Node) -> Place:
        return Place(self._file, _line(node))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _number_or_text(text: str) -> Any:
    """A JSON number as int or Decimal; anything else (0012, 1e9999, 17:00) stays a text."""
    digits = text.removeprefix("-")
    if not digits[:1].isdigit() or not digits.isascii() or len(text) > 40:
        return text
    if digits.isdigit():
        return int(text) if digits == "0" or not digits.startswith("0") else text
    try:
        return Decimal(text) if set(digits) <= set("0123456789.") else text
    except InvalidOperation:
        return text


def plain(tree: Any) -> Any:
    """The same data as ordinary dicts and lists."""
    if isinstance(tree, dict):
        return {key: plain(value) for key, value in tree.items()}
    return [plain(item) for item in tree] if isinstance(tree, list) else tree
