"""Uploads: recognised by content, kept whole, attached once."""

import hashlib
import io
import struct
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.database import writing
from engine.errors import Invalid, NotAllowed, NotFound
from engine.forms import files

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(17) + b"\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + bytes(40) + b"\xff\xd9"


def archive(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2040)
DOCX = archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
XLSX = archive(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"})
OFD = archive(**{"OFD.xml": "<OFD/>"})


@pytest.fixture
def connection(database):
    with writing(database) as connection:
        yield connection


def keep(connection, content=PDF, name="说明.pdf", actor="u1", **rest):
    return files.keep(connection, io.BytesIO(content), name, actor, NOW, **rest)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "a.pdf", "application/pdf"),
        (PNG, "a.PNG", "image/png"),
        (JPEG, "a.jpeg", "image/jpeg"),
        (JPEG + b"trailer of a phone", "a.jpg", "image/jpeg"),
        (b"GIF89a" + bytes(20) + b"\x3b", "a.gif", "image/gif"),
        (b"RIFF" + struct.pack("<I", 12) + b"WEBPVP8 " + bytes(4), "a.webp", "image/webp"),
        (DOCX, "a.docx", files.content._DOCX),
        (OLE, "旧通知.wps", files.content._OLE),
        (XLSX, "a.xlsx", files.content._XLSX),
        (OFD, "a.ofd", "application/ofd"),
        ("中文说明\r\n".encode(), "a.txt", "text/plain"),
    ],
)
def test_the_accepted_kinds_are_recognised_by_their_content(content, name, kind):
    assert files.recognise(content, name) == (kind, name)


def refused(content, name):
    with pytest.raises(Invalid) as error:
        files.recognise(content, name)
    assert "{" not in error.value.say("zh") + error.value.say("en")
    return error.value.code


def bomb():
    return archive(**{"[Content_Types].xml": "x", "word/document.xml": bytes(files.content.MAX_UNPACKED + 1)})


def liar():
    """An archive whose directory says that a large part is small."""
    honest = archive(**{"[Content_Types].xml": "x", "word/document.xml": bytes(5_000_000)})
    size = struct.pack("<I", 5_000_000)
    return honest.replace(size, struct.pack("<I", 10))


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "forms.file_empty"),
        (b"<html><script>alert(1)</script>", "a.pdf", "forms.file_mismatch"),
        (b"<html>", "a.html", "forms.file_mismatch"),
        (PDF, "a.docx", "forms.file_mismatch"),
        (PDF, "a.pdf.exe", "forms.file_mismatch"),
        (b"%PDF-1.7 cut off", "a.pdf", "forms.file_damaged"),
        (PNG[:30], "a.png", "forms.file_damaged"),
        (b"MZ\x90\x00" + bytes(50), "a.txt", "forms.file_kind"),
        (OLE[:-1], "old.doc", "forms.file_damaged"),
        (OLE.replace(bytes(24), "_VBA_PROJECT".encode("utf-16-le"), 1), "old.doc", "forms.file_macros"),
        ("中文".encode("gbk"), "a.txt", "forms.file_kind"),
        (archive(**{"a.txt": "x"}), "a.zip", "forms.file_kind"),
        (archive(**{"word/document.xml": "x"}), "a.docx", "forms.file_kind"),
        (DOCX[:-30], "a.docx", "forms.file_damaged"),
        (
            archive(**{"[Content_Types].xml": "", "word/document.xml": "", "word/vbaProject.bin": ""}),
            "a.docx",
            "forms.file_macros",
        ),
        (archive(**{"OFD.xml": "", **{f"p{i}": "" for i in range(5001)}}), "a.ofd", "forms.file_bomb"),
    ],
)
def test_what_is_not_accepted_is_refused_with_its_reason(content, name, code):
    assert refused(content, name) == code


def test_an_archive_that_unpacks_too_large_is_refused():
    made = bomb()
    assert len(made) < 1_000_000
    assert refused(made, "a.docx") == "forms.file_bomb"


def test_an_archive_that_lies_about_its_size_is_refused():
    assert refused(liar(), "a.docx") == "forms.file_damaged"


def test_a_locked_archive_is_refused():
    locked = bytearray(DOCX)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := DOCX.find(mark, start)) >= 0:
            locked[start + at] |= 1
            start += 4
    assert refused(bytes(locked), "a.docx") == "forms.file_locked"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\张三\\营业执照.pdf", "营业执照.pdf"),
        ("a\0b\r\n.pdf", "ab.pdf"),
        ("发票\u202efdp.exe.pdf", "发票fdp.exe.pdf"),
        ('a"<b>.pdf', "a__b_.pdf"),
        ("..", "文件.pdf"),
        ("", "文件.pdf"),
        (".pdf", "文件.pdf"),
        ("说明", "说明.pdf"),
    ],
)
def test_a_name_cannot_leave_its_folder_or_deceive(given_name, kept):
    assert files.recognise(PDF, given_name)[1] == kept


@given(st.text())
def test_every_name_becomes_a_short_one_without_paths(name):
    safe = files.safe_name(name)
    assert safe and "/" not in safe and "\\" not in safe and safe not in (".", "..")
    assert len(safe.encode()) <= 200 and len(files.recognise(b"text", "x")[1]) > 0


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"RIFF", b"%PDF-", DOCX[:40]]))
def test_no_content_breaks_the_recognition(content, begins):
    try:
        files.recognise(begins + content, "a.docx")
    except Invalid as error:
        assert error.code.startswith("forms.file_")


@given(st.integers(0, len(DOCX) - 1), st.integers(0, 255))
def test_no_damage_breaks_the_recognition(at, value):
    damaged = bytearray(DOCX)
    damaged[at] = value
    try:
        files.recognise(bytes(damaged), "a.docx")
    except Invalid as error:
        assert error.code.startswith("forms.file_")


def test_a_file_is_kept_whole(connection):
    kept = keep(connection)
    found, content = files.read(connection, kept.id)
    assert found == kept and content == PDF
    assert (kept.sha256, kept.size, kept.case_id) == (hashlib.sha256(PDF).hexdigest(), len(PDF), None)
    assert kept.uploaded_at == NOW and files.find(connection, "none") is None
    with pytest.raises(NotFound):
        files.read(connection, "none")


def test_reading_stops_at_the_limit(connection):
    class Endless:
        given = 0

        def read(self, size):
            self.given += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(Invalid) as error:
        files.keep(connection, stream, "a.txt", "u1", NOW, limit=1024 * 1024)
    assert error.value.code == "forms.file_too_big" and "1 MB" in error.value.say("zh")
    assert stream.given <= 1024 * 1024 + 65536


def test_a_file_goes_to_one_case_and_only_by_its_uploader(connection):
    mine, other = keep(connection), keep(connection, actor="u2")
    files.attach(connection, [mine.id], "case1", "u1")
    files.attach(connection, [mine.id], "case1", "u1")
    files.attach(connection, [], "case1", "u1")
    assert [file.id for file in files.of_case(connection, "case1")] == [mine.id]
    for id, case in ((mine.id, "case2"), (other.id, "case1"), ("none", "case1")):
        with pytest.raises(NotAllowed):
            files.attach(connection, [id], case, "u1")


def test_uploads_that_no_case_took_can_be_discarded(connection):
    kept, stale = keep(connection), keep(connection)
    files.attach(connection, [kept.id], "case1", "u1")
    assert files.discard_unattached(connection, NOW) == 0
    assert files.discard_unattached(connection, NOW + timedelta(days=1)) == 1
    assert files.find(connection, stale.id) is None and files.find(connection, kept.id) is not None


def test_damage_inside_a_part_is_found():
    start = DOCX.find(b"word/document.xml") + len("word/document.xml")
    broken = bytearray(DOCX)
    broken[start] ^= 0xFF
    assert refused(bytes(broken), "a.docx") == "forms.file_damaged"
