"""Keeping the words by which a case is found, within the transaction of the step that changes them.

A step that changes nothing that is searched writes nothing here and reads nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import feel, forms
from engine.bpmn.stepping import Run, Step
from engine.database import Prepared
from engine.identity.tables import enterprises
from engine.repository import Definition
from engine.runtime.operations import StepHost
from engine.runtime.tables import case_departments
from engine.runtime.words.spaced import indexed, marked, phrases, together, words
from engine.runtime.words.tables import case_index, case_words

COLUMNS = ("title", "enterprise", "type", "confidential", "department")  # what the words are made of
MOST = 20_000  # characters of a case's text that are kept
NUMBER = 7  # digits that make a number of somebody's, not one of things
MOBILE = 11  # digits of a mobile number without its country
_as_words = bindparam("said", type_=case_index.c.words.type)
_stored = Prepared(
    sa.select(case_words.c.n, case_words.c.text).where(case_words.c.case_id == bindparam("key"))
)
_insert = Prepared(
    sa.insert(case_words)
    .values(case_id=bindparam("key"), text=bindparam("text", type_=sa.Text))
    .returning(case_words.c.n)
)
_update = Prepared(
    sa.update(case_words)
    .where(case_words.c.n == bindparam("at"))
    .values(text=bindparam("text", type_=sa.Text))
)
_insert_words = Prepared(sa.insert(case_index).values(rowid=bindparam("at"), words=_as_words))
_update_words = Prepared(
    sa.update(case_index).where(case_index.c.rowid == bindparam("at")).values(words=_as_words)
)
_departments = Prepared(
    sa.select(case_departments.c.department)
    .where(case_departments.c.case_id == bindparam("key"))
    .order_by(case_departments.c.department)
)
_registered = Prepared(sa.select(enterprises.c.name).where(enterprises.c.uscc == bindparam("code")))


def searched(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the case's row says in the columns that are searched."""
    return tuple(row[name] for name in COLUMNS)


def keep_words(
    connection: Connection,
    row: Mapping[str, Any],
    run: Run,
    step: Step,
    host: StepHost,
    before: tuple[Any, ...] | None,
) -> None:
    """Write the case's text and words if the step changed them.

    `before` is what `searched` said of the row as it is stored; None of a new case.
    """
    if before == searched(row) and not _speaks(run, step, host):
        return
    said = own_words(host.definition, {**run.context, **run.variables}, host.functions, host.now)
    text = text_of(connection, row, said, host.definition, run.variables)
    write_text(connection, row["id"], text, None if before is None else stored_text(connection, row["id"]))


def stored_text(connection: Connection, case_id: str) -> tuple[int, str] | None:
    """The number of the case's words in the index, and its text; None if it has none."""
    return next(((n, text) for n, text in _stored(connection, key=case_id)), None)


def write_text(
    connection: Connection, case_id: str, text: str, stored: tuple[int, str] | None = None
) -> None:
    """Make `text` what the case is found by, in place of what is `stored` (its n and its text)."""
    said = indexed(text, [code for (code,) in _departments(connection, key=case_id)])
    if stored is None:
        ((at,),) = _insert(connection, key=case_id, text=text)
        _insert_words(connection, at=at, said=said)
        return
    if stored[1] != text:
        _update(connection, at=stored[0], text=text)
    _update_words(connection, at=stored[0], said=said)


def _speaks(run: Run, step: Step, host: StepHost) -> bool:
    """Whether the step changed a variable that the process's words are made of."""
    value = run.program.properties.get("words")
    if value is None:
        return not _free(host.definition).isdisjoint(step.changed)
    return not frozenset(getattr(value.expression, "names", ())).isdisjoint(step.changed)


def _free(definition: Definition) -> frozenset[str]:
    form = _first_form(definition)
    return form.free if form is not None else frozenset()


def _first_form(definition: Definition) -> forms.Form | None:
    begin = definition.diagram.start()
    return definition.forms.get(begin.attributes.get("formKey", "")) if begin else None


def own_words(
    definition: Definition,
    variables: Mapping[str, Any],
    functions: Mapping[str, feel.Function],
    now: datetime,
) -> list[str] | None:
    """The words as the process itself names them; None where it leaves that to us."""
    value = definition.program.properties.get("words")
    if value is None:
        return None
    expression = value.expression
    said = value.literal if expression is None else expression.evaluate(variables, functions, now)
    return [str(one) for one in (said if isinstance(said, list) else [said]) if one is not None]


def text_of(
    connection: Connection,
    row: Mapping[str, Any],
    said: Iterable[str] | None,
    definition: Definition,
    variables: Mapping[str, Any],
) -> str:
    """The case's text, a field a line. Of a confidential case without what tells who the contact is."""
    form = _first_form(definition)
    if said is None:
        said = forms.written(form.components, variables) if form is not None else ()
    name = [found for (found,) in _registered(connection, code=row["enterprise"])]
    lines = dict.fromkeys([row["number"], row["title"], row["type"], *name, *said])
    text = "\n".join(filter(None, lines))[:MOST]
    return without(text, _people(definition, variables)) if row["confidential"] else text


def _people(definition: Definition, variables: Mapping[str, Any]) -> set[str]:
    """Names and numbers that any form of the process asked for."""
    every = (forms.about_people(form.components, variables) for form in definition.forms.values())
    return {text for texts in every for text in texts if words(text)}


def without(text: str, names: Iterable[str]) -> str:
    """The text with each of these names, however it is written, cut out of it."""
    known = list(names)
    sought = [phrase for name in known for phrase in (" ".join(words(name)), *phrases(name)) if phrase]
    pieces = marked(text, sought, {number for name in known if (number := _number(name))})
    return "\n".join(piece for piece, named in pieces if not named)


def _number(name: str) -> str:
    """A number of a telephone or a card as one word, without the country's prefix; '' if it is none."""
    found = together(name)
    if sum(map(str.isdigit, found)) < NUMBER:
        return ""
    return found.removeprefix("00").removeprefix("86") if len(found) > MOBILE else found
