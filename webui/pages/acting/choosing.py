"""Whom or where an action goes to: what may be chosen, what is chosen, a search where it may be anybody."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine.identity import department
from engine.runtime import actions
from engine.runtime.actions import Offer, Person
from webui.access import the_actor
from webui.edge.language import language

from .ways import Kind

LONG = 12  # people above which a list is searched


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Chooser:
    """What is asked. `text` is what was searched for, where there is a `search`; `found`: just now."""

    label: str
    options: tuple[Option, ...]
    chosen: frozenset[str]
    several: bool = False
    search: bool = False
    text: str = ""
    found: bool = False


def chooser(connection: Connection, kind: Kind, offer: Offer) -> Chooser | None:
    """What the page of this action lets one choose; None where nothing is chosen."""
    chosen = frozenset(request.form.getlist("to"))
    if kind.asks in ("place", "signer"):
        label = _("退回到哪个环节") if kind.asks == "place" else _("撤回加签的人员")
        options = tuple(Option(one.id, one.name) for one in offer.targets)
        only = frozenset({options[0].value}) if len(options) == 1 else frozenset()
        return Chooser(label, options, chosen or only)
    if kind.asks not in ("person", "people"):
        return None
    text = request.form.get("q", "").strip()[:60]
    several, label = kind.asks == "people", _("选择人员")
    sought = "_search" in request.form
    if kind.action in actions.SEARCHED:
        found = actions.colleagues(connection, text or _own_place(connection))
        kept = actions.colleagues(connection, ids=chosen) if chosen else []
        people = {one.id: one for one in (*kept, *found) if one.id != the_actor().id}
        return Chooser(label, _options(list(people.values())), chosen, several, True, text, sought)
    found = [one for one in offer.people if not text or text in f"{one.name} {one.place}" or one.id in chosen]
    return Chooser(label, _options(found), chosen, several, len(offer.people) > LONG, text, sought)


def _own_place(connection: Connection) -> str:
    """The name of the reader's department: whom one asks mostly; blank where there is none."""
    code = the_actor().department
    return department(connection, code).name if code else ""


def _options(people: list[Person]) -> tuple[Option, ...]:
    english = language().startswith("en")
    return tuple(Option(one.id, one.name, one.place_en if english else one.place) for one in people)
