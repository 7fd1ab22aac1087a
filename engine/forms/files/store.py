"""The files that people uploaded, kept in the database with the case they belong to.

A file belongs to nobody's case until its uploader submits a form that names it; from then on it
belongs to that case alone. Its content never changes: `sha256` is that of what was uploaded.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Moment, metadata, new_id
from engine.errors import Invalid, NotAllowed, NotFound
from engine.forms.files.content import recognise

LIMIT = 10 * 1024 * 1024  # bytes
_CHUNK = 64 * 1024

files = sa.Table(
    "files",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("case_id", sa.String(32), nullable=True, index=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("content_type", sa.String(100), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("uploaded_by", sa.String(64), nullable=False),
    sa.Column("uploaded_at", Moment, nullable=False),
)
_described = [column for column in files.c if column.name != "content"]


class Stream(Protocol):
    """Something to read bytes from: an upload, an open file."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class File:
    """What is known of an uploaded file, without its content. `size` in bytes, `uploaded_at` in UTC."""

    id: str
    case_id: str | None
    sha256: str
    name: str
    content_type: str
    size: int
    uploaded_by: str
    uploaded_at: datetime


def keep(
    connection: Connection, stream: Stream, filename: str, actor_id: str, now: datetime, limit: int = LIMIT
) -> File:
    """Store one upload, attached to no case yet. Reads at most one chunk more than `limit` bytes.

    Raises Invalid: forms.file_too_big, or what `recognise` raises for content that is not accepted.
    """
    content = _receive(stream, limit)
    content_type, name = recognise(content, filename)
    file = File(
        id=new_id(),
        case_id=None,
        sha256=hashlib.sha256(content).hexdigest(),
        name=name,
        content_type=content_type,
        size=len(content),
        uploaded_by=actor_id,
        uploaded_at=now,
    )
    connection.execute(files.insert().values(**vars(file), content=content))
    return file


def _receive(stream: Stream, limit: int) -> bytes:
    parts, size = [], 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise Invalid("forms.file_too_big", limit_mb=f"{limit / 1024 / 1024:g}")
        parts.append(chunk)
    return b"".join(parts)


def find(connection: Connection, file_id: str) -> File | None:
    """What is known of the file, or None. Whether the reader may see it is the caller's question."""
    row = connection.execute(sa.select(*_described).where(files.c.id == file_id)).one_or_none()
    return None if row is None else _file(row)


def read(connection: Connection, file_id: str) -> tuple[File, bytes]:
    """The file and its content. Raises NotFound."""
    found = find(connection, file_id)
    if found is None:
        raise NotFound("forms.no_file", file=file_id)
    content = connection.execute(sa.select(files.c.content).where(files.c.id == file_id)).scalar_one()
    return found, bytes(content)


def of_case(connection: Connection, case_id: str) -> list[File]:
    """The files of a case, in the order of their upload."""
    query = sa.select(*_described).where(files.c.case_id == case_id)
    return [_file(row) for row in connection.execute(query.order_by(files.c.uploaded_at, files.c.id))]


def attach(connection: Connection, file_ids: Sequence[str], case_id: str, actor_id: str) -> None:
    """Give the files to the case: those `actor_id` uploaded and nobody attached.

    Those that the case has already, whoever uploaded them, stay: a form may be sent with them again.
    Raises NotAllowed("forms.file_taken") when one of them is somebody else's or in another case.
    """
    wanted = set(file_ids)
    if not wanted:
        return
    mine = files.update().where(files.c.id.in_(wanted), files.c.uploaded_by == actor_id)
    connection.execute(mine.where(files.c.case_id.is_(None)).values(case_id=case_id))
    count = sa.select(sa.func.count()).where(files.c.id.in_(wanted), files.c.case_id == case_id)
    if connection.execute(count).scalar_one() != len(wanted):
        raise NotAllowed("forms.file_taken")


def discard_unattached(connection: Connection, before: datetime, spared: Collection[str] = ()) -> int:
    """Delete the uploads older than `before` that no case took and that are not `spared`; how many."""
    old = sa.and_(files.c.case_id.is_(None), files.c.uploaded_at < before)
    stale = set(connection.execute(sa.select(files.c.id).where(old)).scalars()) - set(spared)
    for one in stale:
        connection.execute(files.delete().where(files.c.id == one, files.c.case_id.is_(None)))
    return len(stale)


def _file(row: sa.Row[Any]) -> File:
    return File(**row._mapping)
