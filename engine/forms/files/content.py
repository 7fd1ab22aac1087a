"""Recognises a file by its content, never by what its name or the browser says.

Guarantees: the kind is on the list below, the file begins and ends as that kind does, an archive
unpacks to a bounded size and holds no macros, and the name can neither leave a folder nor deceive.
Does not look for viruses; an operator who wants that puts a scanner behind it.
"""

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath

from engine.errors import Invalid

MAX_PARTS = 5000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_NAME_BYTES = 180
_CHUNK = 64 * 1024

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OFD = "application/ofd"
_OLE = "application/x-ole-storage"  # the older Office and WPS documents, still common in offices

# content type -> the extensions it may carry; the first is given to a file without one
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    _DOCX: ("docx",),
    _XLSX: ("xlsx",),
    _OFD: ("ofd",),
    _OLE: ("doc", "wps", "xls", "et"),
    "text/plain": ("txt",),
}
_PARTS = {"word/document.xml": _DOCX, "xl/workbook.xml": _XLSX, "OFD.xml": _OFD}


def recognise(content: bytes, filename: str) -> tuple[str, str]:
    """The content type and the clean name of a file.

    Raises Invalid with the reason and what to do: forms.file_empty, file_kind, file_mismatch,
    file_damaged, file_bomb, file_locked, file_macros.
    """
    name = safe_name(filename)
    if not content:
        raise Invalid("forms.file_empty")
    kind = _kind(content, name)
    if kind is None:
        raise Invalid("forms.file_kind", name=name)
    allowed = EXTENSIONS[kind]
    extension = PurePosixPath(name).suffix.removeprefix(".").lower()
    if not extension:
        return kind, f"{name}.{allowed[0]}"
    if extension not in allowed:
        raise Invalid("forms.file_mismatch", name=name, kind=allowed[0].upper())
    return kind, name


def safe_name(filename: str) -> str:
    """The last part of `filename`, without control and direction marks, short enough for any disk."""
    last = unicodedata.normalize("NFC", filename.replace("\\", "/")).rpartition("/")[2]
    kept = "".join("_" if c in '<>:"|?*' else c for c in last if unicodedata.category(c)[0] != "C")
    kept = " ".join(kept.split()).rstrip(". ")
    stem, dot, extension = kept.rpartition(".")
    if not dot or len(extension) > 10:
        stem, extension = kept, ""
    ending = f".{extension}" if extension else ""
    stem = stem.encode()[: MAX_NAME_BYTES - len(ending.encode())].decode(errors="ignore").strip(". ")
    return f"{stem or '文件'}{ending}"


def _kind(content: bytes, name: str) -> str | None:
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _older_document(content, name)
    for begins, kind, is_whole in _SIGNATURES:
        if content.startswith(begins):
            if not is_whole(content):
                raise Invalid("forms.file_damaged", name=name)
            return kind
    if content.startswith(b"PK"):
        return _archive(content, name)
    return "text/plain" if _is_text(content) else None


def _older_document(content: bytes, name: str) -> str:
    """A compound file of whole sectors without a macro project, whose name stands in its directory."""
    if len(content) < 1536 or len(content) % 512:
        raise Invalid("forms.file_damaged", name=name)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Invalid("forms.file_macros", name=name)
    return _OLE


def _is_riff(content: bytes) -> bool:
    return content[8:12] == b"WEBP" and int.from_bytes(content[4:8], "little") + 8 <= len(content)


# Phones append their own data behind the end of a picture, so an end may stand before the last byte.
_SIGNATURES: tuple[tuple[bytes, str, Callable[[bytes], bool]], ...] = (
    (b"%PDF-", "application/pdf", lambda c: b"%%EOF" in c[-65536:]),
    (b"\x89PNG\r\n\x1a\n", "image/png", lambda c: c[12:16] == b"IHDR" and b"IEND" in c[-65536:]),
    (b"\xff\xd8\xff", "image/jpeg", lambda c: b"\xff\xd9" in c),
    (b"GIF87a", "image/gif", lambda c: b"\x3b" in c[-65536:]),
    (b"GIF89a", "image/gif", lambda c: b"\x3b" in c[-65536:]),
    (b"RIFF", "image/webp", _is_riff),
)


def _is_text(content: bytes) -> bool:
    """UTF-8 without control characters. Markup is text too: whoever serves it says `text/plain`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f" for c in text)


def _archive(content: bytes, name: str) -> str | None:
    """The kind of a document that is a zip archive, after unpacking it once within bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_parts(parts, name)
            names = {part.filename for part in parts}
            kind = next((kind for part, kind in _PARTS.items() if part in names), None)
            if kind not in (None, _OFD) and "[Content_Types].xml" not in names:
                return None
            if kind is not None:
                _unpack(archive, parts, name)
            return kind
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise Invalid("forms.file_damaged", name=name) from None


def _check_parts(parts: list[zipfile.ZipInfo], name: str) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid("forms.file_locked", name=name)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Invalid("forms.file_bomb", name=name)
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise Invalid("forms.file_macros", name=name)


def _unpack(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str) -> None:
    """Read every part to its end: a part that lies about its size or is damaged shows itself here."""
    unpacked = 0
    for part in parts:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > MAX_UNPACKED:
                    raise Invalid("forms.file_bomb", name=name)
