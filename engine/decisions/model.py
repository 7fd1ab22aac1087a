"""A decision model that was read, and its evaluation.

A decision sees the host's variables, and over them the values of what it requires. A service and a
knowledge model see only their own parameters and requirements.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from engine.decisions.graph import Decision, Element, InputData, Knowledge, Service
from engine.errors import Invalid, NotFound
from engine.feel.calls import bind
from engine.feel.expression import Function, start_run
from engine.feel.run import Exhausted, HostScope, Run, Scope, missing
from engine.feel.values.kinds import Callee
from engine.feel.values.types import Type, fit

_NO_FUNCTIONS: Mapping[str, Function] = {}


class Decisions:
    """The decisions of one file (and of what it imports). Immutable; may be evaluated from many threads."""

    def __init__(self, namespace: str, elements: Mapping[str, Element], types: Mapping[str, Type]) -> None:
        self._namespace = namespace
        self._elements = elements
        self._types = types
        self._own = {one.id: one for key, one in elements.items() if key.rpartition("#")[0] == namespace}
        self._callees = {
            key: one.callee if isinstance(one, Knowledge) else self._service_function(one)
            for key, one in elements.items()
            if isinstance(one, Knowledge | Service)
        }
        for one in elements.values():
            if isinstance(one, Knowledge) and one.scope is not None:
                one.scope.values[one.name] = one.callee
                for key, prefix in one.knows:
                    self._place(one.scope.values, prefix, elements[key].name, self._callees[key])

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the decisions, as in the file."""
        return tuple(one.id for one in self._own.values() if isinstance(one, Decision))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the decisions, as in the file."""
        return tuple(one.title for one in self._own.values() if isinstance(one, Decision))

    def evaluate(
        self,
        decision: str,
        variables: Mapping[str, Any],
        functions: Mapping[str, Function] = _NO_FUNCTIONS,
        now: dt.datetime | None = None,
    ) -> Any:
        """The value of a decision (or service) by id or name, `now` being the present moment in UTC.

        One output of a table is its value, several are a context; OUTPUT ORDER, RULE ORDER and COLLECT
        give lists. Raises NotFound("decisions.unknown"), Invalid("decisions.hit_policy") with
        table and rule numbers, Invalid("decisions.not_allowed" | "decisions.empty" | "decisions.exhausted").
        """
        found = self._find(decision)
        run = start_run(functions, now, self._types)
        try:
            if isinstance(found, Service):
                return self._serve(found, HostScope(variables, run))
            assert isinstance(found, Decision)
            if not found.written:
                raise Invalid("decisions.empty", where=found.id)
            value = self._value(found, HostScope(variables, run), {})
            run.weigh(value)
            return value
        except (Exhausted, RecursionError):
            raise Invalid("decisions.exhausted", name=decision) from None

    def inputs(self, decision: str) -> frozenset[str]:
        """The variables and host functions that a decision needs from outside."""
        found = self._find(decision)
        if isinstance(found, Service):
            return frozenset(self._elements[key].name for key in found.inputs)
        assert isinstance(found, Decision)
        needed: set[str] = set()
        for key in found.order:
            element = self._elements[key]
            if isinstance(element, InputData):
                needed.add(element.name)
            elif isinstance(element, Decision):
                given = {self._bound_name(one, prefix) for one, prefix in (*element.requires, *element.knows)}
                needed |= element.free - given
                needed |= self._needed_by_knowledge(element)
        return frozenset(needed)

    def _needed_by_knowledge(self, element: Decision | Knowledge) -> set[str]:
        needed: set[str] = set()
        seen: set[str] = set()
        waiting = [key for key, _ in element.knows]
        while waiting:
            key = waiting.pop()
            knowledge = self._elements[key]
            if key in seen or not isinstance(knowledge, Knowledge):
                continue
            seen.add(key)
            waiting += [one for one, _ in knowledge.knows]
            given = {self._bound_name(one, prefix) for one, prefix in knowledge.knows}
            needed |= knowledge.free - given - {knowledge.name}
        return needed

    def _bound_name(self, key: str, prefix: str) -> str:
        return prefix or self._elements[key].name

    def _find(self, wanted: str) -> Element:
        callable_ones = [one for one in self._own.values() if isinstance(one, Decision | Service)]
        for one in callable_ones:
            if one.id == wanted:
                return one
        for one in callable_ones:
            if " ".join(wanted.split()) in (one.title, one.name):
                return one
        raise NotFound("decisions.unknown", name=wanted, known=", ".join(self.ids))

    def _value(self, decision: Decision, outer: Scope, given: dict[str, Any]) -> Any:
        """Evaluate what the decision needs, each once, then itself; `given` are values known already."""
        values = dict(given)
        for key in decision.order:
            element = self._elements[key]
            if key in values:
                continue
            if isinstance(element, Decision):
                outer.run.spend(1)
                values[key] = element.logic(self._scope_of(element, values, outer))
            else:
                found = outer.find(element.name)
                values[key] = None if missing(found) else fit(found, element.type)
        return values[decision.key]

    def _scope_of(self, decision: Decision, values: dict[str, Any], outer: Scope) -> Scope:
        inner: dict[str, Any] = {}
        for key, prefix in decision.requires:
            self._place(inner, prefix, self._elements[key].name, values[key])
        for key, prefix in decision.knows:
            self._place(inner, prefix, self._elements[key].name, self._callees[key])
        return Scope(inner, outer, outer.run)

    @staticmethod
    def _place(scope: dict[str, Any], prefix: str, name: str, value: Any) -> None:
        """Imported elements are members of a context with the import's name."""
        if prefix:
            scope.setdefault(prefix, {})[name] = value
        else:
            scope[name] = value

    def _serve(self, service: Service, outer: Scope) -> Any:
        """A service called by the host: its parameters are among the host's variables."""
        values = {}
        for key in service.inputs:
            found = outer.find(self._elements[key].name)
            values[key] = None if missing(found) else fit(found, self._elements[key].type)
        return self._run_service(service, values, outer.run)

    def _run_service(self, service: Service, given: dict[str, Any], run: Run) -> Any:
        results = {}
        for key in service.outputs:
            decision = self._elements[key]
            if isinstance(decision, Decision):
                results[decision.name] = self._value(decision, Scope({}, None, run), given)
        return next(iter(results.values()), None) if len(service.outputs) == 1 else results

    def _service_function(self, service: Service) -> Callee:
        names = tuple(self._elements[key].name for key in service.inputs)

        def invoke(run: Run, positional: list[Any], named: dict[str, Any] | None) -> Any:
            bound = bind(names, positional, named)
            if bound is None:
                return None
            values = {
                key: fit(bound[self._elements[key].name], self._elements[key].type) for key in service.inputs
            }
            if any(values[key] is None and bound[self._elements[key].name] is not None for key in values):
                return None
            run.enter()
            try:
                return self._run_service(service, values, run)
            finally:
                run.leave()

        return Callee(service.name, names, invoke)
