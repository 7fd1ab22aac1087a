"""The steps ahead of a case, as far as its reader may know them, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime

from engine import identity, outlook
from engine.identity import ROLES, Member
from engine.outlook import Ahead
from engine.worktime import Stop
from webui.disclosure import Names, View, hidden_statuses


@dataclass(frozen=True)
class Told:
    """One step still to come: `who` in words, `assumed` what is taken to be chosen. Moments in UTC.

    `people` is how many may do it; 0 for an enterprise, for a step that waits for one person, and for none.
    """

    element: str
    name: str
    who: tuple[str, ...]
    people: int
    due: datetime | None
    at: datetime
    provisional: bool
    missed: bool
    timer: bool
    assumed: tuple[str, ...]
    task_id: str | None


@dataclass(frozen=True)
class Foresight:
    """`ends` and `status` are None and empty where the end is not foreseen; `why` then says why.

    `stop` holds the case's clocks; the dates are as if they ran again from now on.
    """

    steps: tuple[Told, ...]
    ends: datetime | None
    status: str
    why: str
    stop: Stop | None = None


def foresight(view: View) -> Foresight:
    """What is ahead of the case that `view` has opened, if each step is done on its last day."""
    found = outlook.outlook(view.engine, view.connection, view.row.id)
    steps = tuple(_told(view, step) for step in found.steps if view.visible(step.element))
    hidden = view.outward and found.status in hidden_statuses(view.diagram)
    return Foresight(steps, found.ends, "" if hidden else found.status, found.why, found.stop)


def _told(view: View, step: Ahead) -> Told:
    mine = view.actor.id in step.groups or not view.actor.groups.isdisjoint(step.groups)
    groups = [group for group in step.groups if group.partition("@")[0] in ROLES]
    return Told(
        element=step.element,
        name=step.name,
        who=tuple(dict.fromkeys(_name(view, group) for group in step.groups)),
        people=0 if view.outward else len({m.id for g in groups for m in _members(view, g)}),
        due=step.due,
        at=step.at,
        provisional=step.provisional,
        missed=step.missed,
        timer=step.timer,
        assumed=_assumed(view, step),
        task_id=step.task_id if mine or not view.outward else None,
    )


def _members(view: View, group: str) -> list[Member]:
    """Who is in the group, read once a view."""
    if group not in view.members:
        view.members[group] = identity.members_of(view.connection, group)
    return view.members[group]


def _name(view: View, group: str) -> str:
    """A group, or a person, in words: to an enterprise, departments and offices."""
    if view.outward:
        return Names(view.connection, view.actor, view.language).group(group)
    if group.partition("@")[0] in ROLES:
        return identity.group_name(view.connection, group, view.language)
    return identity.name_of(view.connection, group)


def _assumed(view: View, step: Ahead) -> tuple[str, ...]:
    """Choices in words. Not for an enterprise: it would read them as promised."""
    if view.outward:
        return ()
    return tuple(one.en if view.language.startswith("en") else one.zh for one in step.assumed)
