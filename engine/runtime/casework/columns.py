"""The case's searchable columns: what the process says of its variables."""

from typing import Any

from engine.bpmn.stepping import Run, Step
from engine.runtime.operations import StepHost
from engine.runtime.tables import cases, fitting

_TEXTS = ("title", "enterprise", "type", "department")


def refresh_columns(row: dict[str, Any], run: Run, step: Step, host: StepHost, *, new: bool) -> None:
    """Bring the case's row up to what the step has made of it."""
    if new or not run.program.watched.isdisjoint({*step.changed, "case"}):
        run.host = host
        said = {name: value.at(run, None) for name, value in run.program.properties.items()}
        run.host = None
        for name in _TEXTS:
            row[name] = str(said.get(name) or "")[: cases.c[name].type.length]  # type: ignore[attr-defined]
        for name in ("urgent", "confidential"):
            row[name] = said.get(name) is True
    row["status"] = fitting(step.status or row["status"], cases.c.status, row["number"])
    row["version"] += 1
    if step.ended:
        row.update(state="ended", ended_at=host.now)
