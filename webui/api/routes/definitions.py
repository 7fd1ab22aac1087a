"""Processes: what there is, its start form and diagram, and deploying a bundle."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

import re2
import sqlalchemy as sa
from flask import Response
from sqlalchemy.engine import Connection
from werkzeug.datastructures import FileStorage

from engine import repository, runtime
from engine.errors import Invalid, NotFound, Problem
from engine.identity import SYSTEM
from engine.repository import Bundle, Definition
from engine.repository.tables import definitions
from webui.api.access import printable
from webui.api.endpoint import KEY, Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.reading import needed, uploads
from webui.api.shapes.answers import Definition as DefinitionAnswer
from webui.api.shapes.answers import Definitions, Deployed
from webui.api.shapes.bodies import VersionQuery
from webui.api.sheets import sheet
from webui.edge.language import language
from webui.transaction import zhiban

routes = Blueprint("definitions-api", __name__, description="流程定义 · Process definitions")
explain(routes)

LIMIT = 16 * 1024 * 1024  # bytes of a bundle
MOST = {"bpmn": 1, "dmn": 50, "forms": 200}
_FORM = re2.compile(r"[\w-]{1,60}(/[\w-]{1,60})?")
_UPLOAD = {
    "type": "object",
    "required": ["bpmn"],
    "properties": {
        "bpmn": {"type": "string", "format": "binary", "description": "流程图 · The diagram."},
        "dmn": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "决策表 · Decision tables.",
        },
        "forms": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "表单；文件名 流程/表单.json · Forms, with file names such as appeal/submit.json; "
            "without a folder, that of the diagram's name is taken.",
        },
    },
}


@get(
    routes,
    "/definitions",
    Told("有哪些流程", "The newest version of each process; to an enterprise, of those it may start."),
    answer=Definitions,
)
def definitions_list(call: Call) -> Any:
    return {"items": [_item(call, d, startable) for d, startable in _known(call)]}


def _known(call: Call) -> Iterable[tuple[Definition, bool]]:
    """The newest definitions this caller may know of, each with whether the caller may start it."""
    own = {key for key, _, _ in runtime.startable(call.connection, call.actor)}
    for key, _, definition_id in runtime.startable(call.connection, SYSTEM):
        if key in own or call.actor.kind != "enterprise":
            yield runtime.definition(zhiban(), call.connection, definition_id), key in own


def _item(call: Call, found: Definition, startable: bool) -> dict[str, Any]:
    return {"key": found.key, "name": found.name, "version": found.version, "startable": startable}


@get(
    routes,
    "/definitions/<key>",
    Told("一个流程和它的开始表单", "One process with its start form.", (404,), (KEY,)),
    answer=DefinitionAnswer,
)
def definition(call: Call, key: str) -> Any:
    for found, startable in _known(call):
        if found.key == key:
            return {**_item(call, found, startable), "form": _start_form(call.connection, found)}
    raise NotFound("repository.unknown", key=printable(key))


def _start_form(connection: Connection, found: Definition) -> dict[str, Any] | None:
    begin = found.diagram.start()
    return sheet(connection, found, begin.attributes.get("formKey", ""), {}) if begin is not None else None


@get(
    routes,
    "/definitions/<key>/diagram",
    Told(
        "流程图（BPMN）",
        "The diagram as BPMN 2.0 XML (application/xml). Not for enterprises: it names what is internal.",
        (404,),
        (KEY,),
    ),
    answer=None,
    content_type="application/xml",
    readers=("officer",),
    query=VersionQuery,
)
def diagram(call: Call, key: str) -> Response:
    definition_id = _version(call.connection, key, call.given["version"])
    xml = runtime.definition(zhiban(), call.connection, definition_id).xml
    return Response(xml, mimetype="application/xml", headers={"Cache-Control": "no-store"})


def _version(connection: Connection, key: str, version: int | None) -> str:
    """The id of a version of a process; of the newest where none is named."""
    if version is None:
        return repository.latest(connection, key)
    query = sa.select(definitions.c.id).where(definitions.c.key == key, definitions.c.version == version)
    found = connection.execute(query).scalar()
    if found is None:
        raise NotFound("api.no_version", key=printable(key), version=version)
    return str(found)


@post(
    routes,
    "/definitions",
    Told(
        "部署流程",
        "Deploy a bundle: a diagram, its decision tables and forms, at most 16 MB. Everything is checked "
        "first: what cannot run is refused with each problem's element id, name, line and mend. Unchanged "
        "content keeps its version.",
        upload=_UPLOAD,
    ),
    answer=Deployed,
    status=201,
    readers=("analyst", "administrator"),
    limit=LIMIT,
)
def deploy(call: Call) -> Any:
    done = repository.deploy(
        call.connection,
        _bundle(),
        operations=zhiban().operations,
        actor=call.actor.id,
        now=zhiban().clock.now(),
    )
    return {
        **{name: getattr(done, name) for name in ("id", "key", "version", "unchanged")},
        "warnings": [_warning(problem) for problem in done.warnings],
    }


def _warning(problem: Problem) -> dict[str, Any]:
    return {"where": problem.where, "code": problem.code, "detail": problem.say(language())}


def _bundle() -> Bundle:
    """The bundle in this request's parts."""
    parts = uploads(MOST)
    chart = needed(parts["bpmn"], "bpmn")
    folder = PurePosixPath(chart.filename or "process").stem
    tables = {PurePosixPath(file.filename or "").name: file.read() for file in parts["dmn"]}
    return Bundle(chart.read(), tables, dict(_forms(parts["forms"], folder)))


def _forms(files: list[FileStorage], folder: str) -> Iterable[tuple[str, bytes]]:
    """Each form under its key: its file name without the extension, in `folder` where it names none."""
    for file in files:
        name = (file.filename or "").removesuffix(".json")
        key = name if "/" in name else f"{folder}/{name}"
        if not _FORM.fullmatch(key):
            problem = Problem("api.form_name", "forms", {"name": printable(name)})
            raise Invalid("api.rejected", problems=[problem], count=1)
        yield key, file.read()
