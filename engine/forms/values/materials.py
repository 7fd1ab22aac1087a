"""The list of materials (材料清单): each 主审要件 or not, 可容缺 or not, with its state and its files.

What the list holds comes from the form file or from the case; the reader states only the state and
the files. Source of the two marks: the tolerance rules (容缺受理), domain process P11.
"""

from collections.abc import Mapping
from typing import Any

from engine.errors import Problem
from engine.forms.model import MATERIAL_STATES, Component, Option
from engine.forms.values import cleaning
from engine.forms.values.cleaning import Rejected, rejected
from engine.forms.visit import Visit

_STATES = frozenset(state for state, _ in MATERIAL_STATES)
_NAMES = frozenset(("code", "name", "core", "tolerable", "state", "files"))


def clean(component: Component, raw: Any, visit: Visit, *, required: bool = True) -> Any:
    """The FEEL value of what was entered for any component. Blank is null (an empty list, False).

    Raises Rejected. With `required=False` a blank passes whatever the rules say.
    """
    if component.type == "materials":
        return _clean_list(component, raw, visit, required and component.rules.required)
    return cleaning.clean(component, raw, visit, required=required)


def _clean_list(component: Component, raw: Any, visit: Visit, required: bool) -> list[dict[str, Any]]:
    """A row for each material. Without a stated state, one with a file is 齐全, one without is 缺件."""
    options = visit.options(component)
    given, problems = match(raw), _strangers(component, raw, options)
    rows = []
    for index, option in enumerate(options):
        place, entry = given.get(option.text, (index, {}))
        try:
            rows.append(_clean_one(component, option, entry, visit, required))
        except Rejected as error:
            problems += [Problem(p.code, f"[{place}]{p.where}", p.facts) for p in error.problems]
    if problems:
        raise Rejected(*problems)
    return rows


def match(raw: Any) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """The entries that were given, by their material's code, each with its place in the list."""
    listed = raw if isinstance(raw, list) else []
    entries = [(i, one) for i, one in enumerate(listed) if isinstance(one, Mapping)]
    return {str(one.get("code")): (i, one) for i, one in entries}


def _strangers(component: Component, raw: Any, options: tuple[Option, ...]) -> list[Problem]:
    """What was given and is no material of this list."""
    if raw is None or raw == "":
        return []
    if not isinstance(raw, list):
        return list(rejected(component, "forms.not_a_list").problems)
    codes, problems = {option.text for option in options}, []
    for index, one in enumerate(raw):
        if not isinstance(one, Mapping):
            problems.append(Problem("forms.not_an_object", f"[{index}]"))
        elif str(one.get("code")) not in codes:
            value = str(one.get("code"))[:60].encode(errors="replace").decode()
            facts = {**component.facts(), "value": value}
            problems.append(Problem("forms.no_such_material", f"[{index}].code", facts))
        else:
            problems += [Problem("forms.unknown_field", f"[{index}].{k}") for k in one if k not in _NAMES]
    return problems


def _clean_one(
    component: Component, option: Option, entry: Mapping[str, Any], visit: Visit, required: bool
) -> dict[str, Any]:
    state, files = entry.get("state"), entry.get("files")
    try:
        ids = [] if cleaning.is_blank(files) else cleaning.clean_files(component, files, visit)
    except Rejected as error:
        raise Rejected(*(Problem(p.code, ".files", p.facts) for p in error.problems)) from None
    if cleaning.is_blank(state):
        if required and not ids:
            problem = rejected(component, "forms.material_open", name=option.label.zh).problems[0]
            raise Rejected(Problem(problem.code, ".state", problem.facts))
        state = "齐全" if ids else "缺件"
    if not isinstance(state, str) or state not in _STATES:
        facts = {**component.facts(), "value": str(state)[:60].encode(errors="replace").decode()}
        raise Rejected(Problem("forms.not_an_option", ".state", facts))
    marks = {"core": option.core, "tolerable": option.tolerable}
    return {"code": option.value, "name": option.label.zh, **marks, "state": state, "files": ids}
