"""Reads one form file, or a folder of them. The only place that knows their encoding and their limits."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine.errors import Invalid, Problem
from engine.forms.form import Form
from engine.forms.model import MAX_BYTES, Words
from engine.forms.reading.attributes import Attributes, Findings
from engine.forms.reading.checks import check_tree
from engine.forms.reading.components import read_components

# The functions that the runtime offers to every expression, `engine.worktime.NAMES`; those with spaces
# in their names must be known before an expression can be read.
HOST_FUNCTIONS = (
    "workdays",
    "workdays before",
    "next workday",
    "fixed date",
    "cutoff",
    "working hours",
    "hours",
    "minutes",
    "rule limit",
    "rule due",
    "late workdays",
)


def read(text: bytes | str, where: str, *, names: Iterable[str] = HOST_FUNCTIONS) -> Form:
    """The form in `text`. `where` names the file for the reader; `names` are the host's functions.

    Raises Invalid("forms.invalid") with every problem of the file.
    """
    findings = Findings(tuple(names))
    form = _read(text, where, findings)
    if findings.problems or form is None:
        problems = findings.problems
        raise Invalid("forms.invalid", problems=problems, file=where, count=len(problems))
    return form


def read_folder(path: Path | str, *, names: Iterable[str] = HOST_FUNCTIONS) -> dict[str, Form]:
    """Each form under `path`, by its key: `appeal/submit.json` is "appeal/submit".

    Raises Invalid("forms.invalid_folder") with the problems of all files together.
    """
    root, forms, problems, files = Path(path), dict[str, Form](), list[Problem](), 0
    for file in sorted(root.rglob("*.json")):
        key = file.relative_to(root).with_suffix("").as_posix()
        try:
            forms[key] = read(file.read_bytes(), key, names=names)
        except Invalid as error:
            files += 1
            problems += [Problem(p.code, f"{key}.json {p.where}".rstrip(), p.facts) for p in error.problems]
    if problems:
        raise Invalid("forms.invalid_folder", problems=problems, count=len(problems), files=files)
    return forms


def _read(text: bytes | str, where: str, findings: Findings) -> Form | None:
    raw = _parse(text, findings)
    if raw is None:
        return None
    top = Attributes(raw, "", findings)
    title = Words(top.text("title", required=True), top.text("title_en"))
    children = raw.get("components")
    if not isinstance(children, list):
        findings.add("forms.missing", "", attribute="components")
        return None
    components = read_components(children, "", findings)
    check_tree(components, findings)
    return Form(id=top.text("id") or where, title=title, components=components)


def _parse(text: bytes | str, findings: Findings) -> dict[str, Any] | None:
    """The JSON object in `text`, or None after telling what is wrong."""
    if len(text) > MAX_BYTES:
        findings.add("forms.too_big", "", size=len(text), limit=MAX_BYTES)
        return None
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        raw = json.loads(decoded, object_pairs_hook=lambda p: _object(p, findings), parse_constant=_refuse)
    except UnicodeDecodeError:
        findings.add("forms.encoding", "")
        return None
    except json.JSONDecodeError as error:
        findings.add("forms.json", "", line=error.lineno, column=error.colno, reason=error.msg)
        return None
    except (ValueError, RecursionError) as error:
        findings.add("forms.json", "", line=1, column=1, reason=str(error))
        return None
    if not isinstance(raw, dict):
        findings.wrong_kind("", "JSON", ("一个对象 {…}", "an object {…}"))
        return None
    return raw


def _object(pairs: list[tuple[str, Any]], findings: Findings) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        if name in result:
            findings.add("forms.twice", "", name=name)
        result[name] = value
    return result


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
