"""How a run is stored: a few kB of numbers, and the variables beside them.

Ours instead of the stock JSON because (a) no user data can be mistaken for engine data, (b) one
row a token in integers is a tenth of the size, and (c) the variables are stored once.
"""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import zstandard
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn.stepping.build import Program
from engine.bpmn.stepping.run import Run, SubRun
from engine.bpmn.stepping.tokens import Token
from engine.errors import Invalid

_FORMAT = 1
_LIMIT = 64 * 1024 * 1024  # bytes of one stored part, unpacked


class _Packing(threading.local):
    """A thread's own compressors: two threads in one of them crash the process."""

    def __init__(self) -> None:
        self.pack = zstandard.ZstdCompressor(level=1).compress
        self.unpack = zstandard.ZstdDecompressor().decompress


_zstd = _Packing()


def store_tokens(run: Run) -> bytes:
    """The run's tokens. The same run always gives the same bytes."""
    inner = [[holder, _scope(run, sub)] for holder, sub in run.subprocesses.items()]
    whole = [_FORMAT, run.issued, _scope(run, run), inner]
    return _zstd.pack(orjson.dumps(whole))


Pieces = dict[str, tuple[Any, orjson.Fragment]]


def store_variables(variables: Mapping[str, Any], pieces: Pieces | None = None) -> bytes:
    """The case's variables by name: each its plain JSON, and beside it the types that JSON does not know.

    `pieces` remembers what was written for each value, so that only what changed is written anew:
    a step replaces a variable's value and never alters one in place.
    """
    known: Pieces = {} if pieces is None else pieces
    for name, value in variables.items():
        piece = known.get(name)
        if piece is None or piece[0] is not value:
            known[name] = (value, orjson.Fragment(orjson.dumps(feel.dump(value))))
    return _zstd.pack(orjson.dumps({name: known[name][1] for name in variables}))


def load_variables(stored: bytes) -> dict[str, Any]:
    """The variables that `store_variables` stored."""
    pieces = orjson.loads(_zstd.unpack(stored, max_output_size=_LIMIT))
    return {name: feel.load(plain, types) for name, (plain, types) in pieces.items()}


def load(program: Program, context: Mapping[str, Any], tokens: bytes, variables: bytes) -> Run:
    """The run as it was stored. Invalid if it was stored by a format that this code does not read."""
    layout, issued, top, inner = orjson.loads(_zstd.unpack(tokens, max_output_size=_LIMIT))
    if layout != _FORMAT:
        raise Invalid("bpmn.stored_format", format=layout)
    run = Run(program, context)
    run.variables = load_variables(variables)
    _fill(run, run, top)
    for holder, rows in inner:
        parent = run.token(holder)
        assert parent is not None, "a sub-process is stored after the token that holds it"
        sub = SubRun(run.subprocess_specs[parent.task_spec.spec], parent, run)
        run.subprocesses[holder] = sub
        _fill(run, sub, rows)
    run.issued = issued
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
            _keep(t.internal_data),
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
