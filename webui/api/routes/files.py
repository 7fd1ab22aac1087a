"""Files: uploading one for a form's file field, and downloading one of a case."""

from io import BytesIO
from typing import Any

from flask import Response, send_file

from engine import forms
from engine.errors import NotFound
from engine.forms.files import LIMIT
from engine.runtime import queries
from webui.api.endpoint import FILE, Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.reading import needed, uploads
from webui.api.shapes.answers import File
from webui.api.views import view_of
from webui.transaction import zhiban

routes = Blueprint("files-api", __name__, description="文件 · Files")
explain(routes)

_SLACK = 64 * 1024  # bytes of the parts' own headers
_UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary", "description": "一个文件 · One file."}},
}


@post(
    routes,
    "/files",
    Told(
        "上传文件",
        "Keep one file, at most 10 MB, recognised by its content. Its id is then a value of a form's file "
        "field; until a form takes it, only its uploader sees it.",
        upload=_UPLOAD,
    ),
    answer=File,
    status=201,
    limit=LIMIT + _SLACK,
)
def upload(call: Call) -> Any:
    file = needed(uploads({"file": 1})["file"], "file")
    now = zhiban().clock.now()
    return vars(forms.files.keep(call.connection, file.stream, file.filename or "", call.actor.id, now))


@get(
    routes,
    "/files/<file>",
    Told(
        "下载文件",
        "The file's content, as an attachment: to its uploader, and to whoever may see where it is attached.",
        (404,),
        (FILE,),
    ),
    answer=None,
    content_type="application/octet-stream",
)
def download(call: Call, file: str) -> Response:
    known, content = forms.files.read(call.connection, file)
    name = known.name if known.uploaded_by == call.actor.id else _called(call, known)
    answer = send_file(BytesIO(content), mimetype=known.content_type, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _called(call: Call, known: forms.files.File) -> str:
    """The file's name for the caller. NotFound where the caller may not have it."""
    if known.case_id is None:
        raise NotFound("forms.no_file")
    view = view_of(call, queries.case(call.connection, known.case_id))
    if not view.may_download(known):
        raise NotFound("forms.no_file")
    return view.plain(known.name)
