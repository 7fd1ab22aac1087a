"""How a run is stored: a few kB of numbers, and the variables beside them.

Ours instead of the stock JSON because (a) no user data can be mistaken for engine data, (b) one
row a token in integers is a tenth of the size, and (c) the variables are stored once.
"""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
import zstandard
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn.stepping.build import Program
from engine.bpmn.stepping.frames import Dated, SubRun
from engine.bpmn.stepping.run import Run
from engine.bpmn.stepping.tokens import Token
from engine.errors import Invalid

_FORMAT = 2
_READ = (1, 2)  # format 1 knew not where dates came from: they stay as they are in a recount
_LIMIT = 64 * 1024 * 1024  # bytes of one stored part, unpacked


class _Packing(threading.local):
    """A thread's own compressors: two threads in one of them crash the process."""

    def __init__(self) -> None:
        self.pack = zstandard.ZstdCompressor(level=1).compress
        self.unpack = zstandard.ZstdDecompressor().decompress


_zstd = _Packing()


def store_tokens(run: Run) -> bytes:
    """The run's tokens. The same run always gives the same bytes."""
    inner = [
        [holder, _scope(run, sub), *([] if sub.own is None else [_dates(sub.own_dated)])]
        for holder, sub in run.subprocesses.items()
    ]
    whole = [_FORMAT, run.issued, _scope(run, run), inner, _dates(run.dated)]
    return _zstd.pack(orjson.dumps(whole))


def _dates(dated: Mapping[str, Dated]) -> list[Any]:
    return [
        [name, d.element, d.index, d.since.isoformat(), _keep(dict(d.seen)), d.basis or 0]
        for name, d in dated.items()
    ]


def _dated(stored: list[Any]) -> dict[str, Dated]:
    return {
        name: Dated(element, index, datetime.fromisoformat(since), _take(seen), basis or None)
        for name, element, index, since, seen, basis in stored
    }


Pieces = dict[Any, tuple[Any, orjson.Fragment]]
Calls = Mapping[int, Mapping[str, Any]]
_NO_CALLS: Calls = {}


def store_variables(
    variables: Mapping[str, Any], pieces: Pieces | None = None, calls: Calls = _NO_CALLS
) -> bytes:
    """The case's variables by name: each its plain JSON, and beside it the types that JSON does not know.

    `pieces` remembers what was written for each value, so that only what changed is written anew:
    a step replaces a variable's value and never alters one in place. `calls` are the variables of the
    called processes that run, by the call's token; they stand behind the case's in a list.
    """
    known: Pieces = {} if pieces is None else pieces
    own = _written(variables, known, 0)
    inner = {str(call): _written(found, known, call) for call, found in calls.items()}
    return _zstd.pack(orjson.dumps([own, inner] if inner else own))


def _written(variables: Mapping[str, Any], known: Pieces, call: int) -> dict[str, orjson.Fragment]:
    if call:
        return {name: _piece((call, name), value, known) for name, value in variables.items()}
    return {
        name: piece[1] if (piece := known.get(name)) and piece[0] is value else _piece(name, value, known)
        for name, value in variables.items()
    }


def _piece(key: Any, value: Any, known: Pieces) -> orjson.Fragment:
    piece = known.get(key)
    if piece is None or piece[0] is not value:
        piece = known[key] = (value, orjson.Fragment(orjson.dumps(feel.dump(value))))
    return piece[1]


def load_variables(stored: bytes, call: int = 0) -> dict[str, Any]:
    """The case's variables that `store_variables` stored; or those of a call that runs, by its token."""
    own, inner = _parts(stored)
    return _read(inner.get(str(call), {}) if call else own)


def _parts(stored: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    found = orjson.loads(_zstd.unpack(stored, max_output_size=_LIMIT))
    own, inner = found if isinstance(found, list) else (found, {})
    return own, inner


def _read(pieces: Mapping[str, Any]) -> dict[str, Any]:
    return {name: feel.load(plain, types) for name, (plain, types) in pieces.items()}


def load(program: Program, context: Mapping[str, Any], tokens: bytes, variables: bytes) -> Run:
    """The run as it was stored. Invalid if it was stored by a format that this code does not read."""
    layout, *stored = orjson.loads(_zstd.unpack(tokens, max_output_size=_LIMIT))
    if layout not in _READ:
        raise Invalid("bpmn.stored_format", format=layout)
    issued, top, inner, *dated = stored
    run = Run(program, context)
    own, calls = _parts(variables)
    run.variables = _read(own)
    _fill(run, run, top)
    for holder, rows, *own_dates in inner:
        parent = run.token(holder)
        assert parent is not None, "a sub-process is stored after the token that holds it"
        kept = _read(calls.get(str(holder), {})) if parent.task_spec.calls else None
        sub = SubRun(run.subprocess_specs[parent.task_spec.spec], parent, run, kept)
        sub.own_dated = _dated(own_dates[0]) if own_dates else {}
        run.subprocesses[holder] = sub
        _fill(run, sub, rows)
    run.issued = issued
    run.dated = _dated(dated[0]) if dated else {}
    return run


def _scope(run: Run, workflow: Any) -> list[Any]:
    numbers = run.program.numbers[workflow.spec.name]
    rows = [
        [
            t.id,
            t._parent,
            t._children,
            numbers[t.task_spec.name],
            t._state,
            t.last_state_change,
            int(t.triggered),
            _keep_own(t.internal_data),
            _keep(t.data),
        ]
        for t in workflow.tasks.values()
    ]
    last = workflow.last_task.id if workflow.last_task is not None else None
    return [int(workflow.completed), int(workflow.success), last, rows]


def _fill(run: Run, workflow: Any, stored: list[Any]) -> None:
    completed, success, last, rows = stored
    order = run.program.order[workflow.spec.name]
    found = workflow.spec.task_specs
    tasks = workflow.tasks
    for row in rows:
        token = Token.__new__(Token)
        token.id, token._parent, token._children, number, token._state, token.last_state_change = row[:6]
        token.workflow = workflow
        token.task_spec = found[order[number]]
        token.thread_id = 0
        token.triggered = bool(row[6])
        token.internal_data = _take(row[7])
        token.data = _take(row[8])
        tasks[token.id] = token
        if token._parent is None:
            workflow.task_tree = token
        if token._state == TaskState.WAITING and isinstance(token.task_spec, CatchingEvent):
            run.event_manager.add_task(token)
    workflow.completed, workflow.success = bool(completed), bool(success)
    workflow.last_task = tasks.get(last)


def _keep_own(data: dict[str, Any]) -> Any:
    """As `_keep`, for what the nodes keep with a token: mostly moments, the same ones step after step."""
    if data and all(type(v) is datetime and v.tzinfo for v in data.values()):
        return [{k: _text(v.astimezone(UTC)) for k, v in data.items()}, {f"/{k}": _MOMENT for k in data}]
    return _keep(data)


@lru_cache(4096)
def _text(moment: datetime) -> str:
    return str(feel.dump(moment)[0])


_MOMENT = feel.dump(datetime(2026, 1, 1, tzinfo=UTC))[1][""]


def _keep(data: dict[str, Any]) -> Any:
    """Nothing for nothing; else the data with its types beside it. Moments are kept in UTC."""
    if not data:
        return 0
    return list(feel.dump({k: _utc(v) for k, v in data.items()}))


def _utc(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value


def _take(stored: Any) -> dict[str, Any]:
    if not stored:
        return {}
    data: dict[str, Any] = feel.load(*stored)
    return data
