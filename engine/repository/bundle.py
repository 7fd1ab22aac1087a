"""A bundle: the diagram, the decision tables and the forms that are deployed together, and those of
every process that the diagram calls.

Its sha256 is the identity of a definition: the same content is the same version, whatever the
file's date or the order of the folder.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson
import zstandard

from engine.bpmn import calls
from engine.bpmn.read import read
from engine.errors import Invalid, Problem

_LIMIT = 32 * 1024 * 1024  # bytes of a stored bundle, unpacked


@dataclass(frozen=True)
class Bundle:
    """`decisions`: file name -> DMN; `forms`: form key -> JSON. Bytes as they were written.

    `called`: the bundles of all processes called from here on, by key; these hold no further ones.
    """

    diagram: bytes
    decisions: Mapping[str, bytes] = field(default_factory=dict)
    forms: Mapping[str, bytes] = field(default_factory=dict)
    called: Mapping[str, "Bundle"] = field(default_factory=dict)

    def sha256(self) -> str:
        digest = hashlib.sha256()
        for name, content in sorted(self._parts().items()):
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    def _parts(self) -> dict[str, bytes]:
        return {
            "diagram": self.diagram,
            **{f"decision/{name}": content for name, content in self.decisions.items()},
            **{f"form/{key}": content for key, content in self.forms.items()},
            **{
                f"called/{key}/{name}": content
                for key, inner in self.called.items()
                for name, content in inner._parts().items()
            },
        }

    def pack(self) -> bytes:
        parts = {name: b64encode(content).decode() for name, content in self._parts().items()}
        return zstandard.compress(orjson.dumps(parts))


def unpack(stored: bytes) -> Bundle:
    """The bundle that `pack` stored."""
    packed = zstandard.ZstdDecompressor().decompress(stored, max_output_size=_LIMIT)
    parts = {name: b64decode(content) for name, content in orjson.loads(packed).items()}
    inner: dict[str, dict[str, bytes]] = {}
    for name, content in _below("called/", parts).items():
        key, _, rest = name.partition("/")
        inner.setdefault(key, {})[rest] = content
    return replace(_of_parts(parts), called={key: _of_parts(given) for key, given in inner.items()})


def _of_parts(parts: Mapping[str, bytes]) -> Bundle:
    return Bundle(parts["diagram"], _below("decision/", parts), _below("form/", parts))


def _below(prefix: str, parts: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name.removeprefix(prefix): part for name, part in parts.items() if name.startswith(prefix)}


def closed(bundle: Bundle, find: Callable[[str], Bundle | None]) -> Bundle:
    """The bundle with every process called from it that `find` knows and that it does not hold yet."""
    found = dict(bundle.called)
    left = [bundle.diagram, *(inner.diagram for inner in found.values())]
    while left:
        for key in _calls(left.pop()):
            inner = find(key) if key not in found else None
            if inner is not None:
                found[key] = replace(inner, called={})
                left.append(inner.diagram)
    return replace(bundle, called=found)


def _calls(diagram: bytes) -> tuple[str, ...]:
    """What a diagram calls, itself left out; nothing where it can't be read: checking says why."""
    try:
        read_ = read(diagram)
    except Invalid:
        return ()
    return tuple(key for key in calls.keys(read_) if key != read_.process)


def read_bundle(process: Path, forms: Path) -> Bundle:
    """The bundle in the folder `process` (`<key>/<key>.bpmn`, `*.dmn`) and its forms (`<forms>/<key>/`).

    What it calls is taken from the folders beside it.
    """
    beside = {folder.name for folder in process.resolve().parent.iterdir()}

    def find(key: str) -> Bundle | None:
        folder = process.resolve().parent / key
        known = key in beside and (folder / f"{key}.bpmn").is_file()
        return _read_folder(folder, forms) if known else None

    return closed(_read_folder(process, forms), find)


def _read_folder(process: Path, forms: Path) -> Bundle:
    diagram = process / f"{process.name}.bpmn"
    if not diagram.is_file():
        raise Invalid(
            "repository.no_diagram",
            problems=[Problem("repository.no_diagram", str(diagram))],
            where=str(diagram),
        )
    own = forms / process.name
    shared = forms / "shared"
    found = [*sorted(own.glob("*.json")), *sorted(shared.glob("*.json"))]
    return Bundle(
        diagram.read_bytes(),
        {p.name: p.read_bytes() for p in sorted(process.glob("*.dmn"))},
        {p.relative_to(forms).with_suffix("").as_posix(): p.read_bytes() for p in found},
    )


def bundles_in(processes: Path, forms: Path) -> list[Bundle]:
    """All bundles below `processes`, by name. A folder without a diagram of its name is refused."""
    return [read_bundle(p, forms) for p in sorted(processes.iterdir()) if p.is_dir()]
