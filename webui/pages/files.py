"""Downloads: always as an attachment under its own kind, never shown in our pages' place."""

from io import BytesIO
from typing import Any

from flask import Blueprint, send_file
from sqlalchemy.engine import Connection

from engine import forms
from engine.errors import NotFound
from engine.runtime import queries
from webui import disclosure
from webui.access import access, the_actor
from webui.transaction import reading, zhiban

pages = Blueprint("files", __name__)


@pages.get("/files/<file_id>")
@access("officer", "enterprise")
@reading
def file(connection: Connection, file_id: str) -> Any:
    """The file, for its uploader and for those who may read where it is attached."""
    known = forms.files.find(connection, file_id)
    if known is None:
        raise NotFound("forms.no_file")
    name = known.name if known.uploaded_by == the_actor().id else _called(connection, known)
    _known, content = forms.files.read(connection, file_id)
    answer = send_file(
        BytesIO(content),
        mimetype=known.content_type,
        as_attachment=True,
        download_name=name,
        etag=known.sha256,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _called(connection: Connection, known: forms.files.File) -> str:
    """The file's name for this reader. NotFound where the reader may not have it."""
    actor = the_actor()
    if known.case_id is None:
        raise NotFound("forms.no_file")
    case = queries.case(connection, known.case_id)
    disclosure.guard(connection, actor, case)
    view = disclosure.View(zhiban(), connection, actor, case)
    if not view.may_download(known):
        raise NotFound("forms.no_file")
    return view.plain(known.name)
