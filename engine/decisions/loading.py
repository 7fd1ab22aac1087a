"""From bytes to decisions: the file and the files it imports are read, checked and linked."""

from collections.abc import Iterable, Mapping

from lxml import etree

from engine.decisions.graph import Decision, GraphReader, in_order, missing_references
from engine.decisions.model import Decisions
from engine.decisions.xml import children, parse, refused
from engine.errors import Problem


def read(xml: bytes, where: str, imported: Iterable[bytes] = ()) -> Decisions:
    """The decisions of a DMN file; `imported` are the files that it may import, by their namespace.

    Raises Invalid("decisions.unreadable") with a problem for each thing that is wrong: the element's
    id, why, and what to do.
    """
    root = parse(xml, where)
    others = {one.get("namespace") or "": one for one in (parse(other, where) for other in imported)}
    readers = _read_all(root, others)
    own = readers[root.get("namespace") or ""]
    elements = {key: one for reader in readers.values() for key, one in reader.elements.items()}
    problems = [problem for reader in readers.values() for problem in reader.reader.problems]
    for element, key in missing_references(elements):
        problems.append(Problem("decisions.reference", element.id, {"target": key.rpartition("#")[2]}))
    for element in elements.values():
        if isinstance(element, Decision):
            order = in_order(element, elements)
            if order is None:
                problems.append(Problem("decisions.cycle", element.id))
            element.order = order or ()
    if problems:
        raise refused(where, *problems)
    return Decisions(own.namespace, elements, own.reader.types.by_name)


def _read_all(root: etree._Element, others: Mapping[str, etree._Element]) -> dict[str, GraphReader]:
    """Read the file and whatever it imports, directly or not, each once."""
    readers: dict[str, GraphReader] = {}
    waiting = [root]
    while waiting:
        current = waiting.pop()
        namespace = current.get("namespace") or ""
        if namespace in readers:
            continue
        prefixes = _prefixes(current)
        readers[namespace] = GraphReader(current, prefixes)
        waiting += [others[one] for one in prefixes if one in others]
    for reader in readers.values():
        for namespace, prefix in reader.prefixes.items():
            if namespace in readers:
                reader.reader.types.imported[prefix] = readers[namespace].reader.types
    for reader in readers.values():
        reader.read()
    return readers


def _prefixes(root: etree._Element) -> dict[str, str]:
    """The name under which each imported namespace is known."""
    return {
        one.get("namespace") or "": " ".join((one.get("name") or "").split())
        for one in children(root, "import")
        if one.get("namespace")
    }
