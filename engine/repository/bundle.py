"""A bundle: the diagram, the decision tables and the forms that are deployed together.

Its sha256 is the identity of a definition: the same content is the same version, whatever the
file's date or the order of the folder.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import zstandard

from engine.errors import Invalid, Problem

_LIMIT = 32 * 1024 * 1024  # bytes of a stored bundle, unpacked


@dataclass(frozen=True)
class Bundle:
    """`decisions`: file name -> DMN; `forms`: form key -> JSON. Bytes as they were written."""

    diagram: bytes
    decisions: Mapping[str, bytes] = field(default_factory=dict)
    forms: Mapping[str, bytes] = field(default_factory=dict)

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
        }

    def pack(self) -> bytes:
        parts = {name: b64encode(content).decode() for name, content in self._parts().items()}
        return zstandard.compress(orjson.dumps(parts))


def unpack(stored: bytes) -> Bundle:
    """The bundle that `pack` stored."""
    packed = zstandard.ZstdDecompressor().decompress(stored, max_output_size=_LIMIT)
    parts = {name: b64decode(content) for name, content in orjson.loads(packed).items()}
    return Bundle(
        parts["diagram"],
        {n.removeprefix("decision/"): c for n, c in parts.items() if n.startswith("decision/")},
        {n.removeprefix("form/"): c for n, c in parts.items() if n.startswith("form/")},
    )


def read_bundle(process: Path, forms: Path) -> Bundle:
    """The bundle in the folder `process` (`<key>/<key>.bpmn`, `*.dmn`) and its forms (`<forms>/<key>/`)."""
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
