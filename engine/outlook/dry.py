"""Operations that do nothing: what a copy of a case may call without anybody noticing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.bpmn.model import Element
from engine.runtime import Operation, Operations, StepHost

PLAUSIBLE: Mapping[str, Mapping[str, Any]] = {  # results that a diagram may not find null
    "find similar": {"numbers": []},
    "issue number": {"number": "…"},
}


def dry_operations(genuine: Operations) -> Operations:
    """The same names with the same parameters; each gives its results as nulls, or as `PLAUSIBLE` says."""
    dry = Operations()
    for operation in genuine.values():
        results = {**dict.fromkeys(operation.results), **PLAUSIBLE.get(operation.name, {})}
        dry.register(replace(operation, run=_Nothing(results), recorded=False))
    return dry


class _Nothing:
    """An operation's function that only returns."""

    def __init__(self, results: Mapping[str, Any]) -> None:
        self._results = results

    def __call__(self, host: StepHost, parameters: Mapping[str, Any], element: Element) -> Mapping[str, Any]:
        return dict(self._results)


__all__ = ["Operation", "dry_operations"]
