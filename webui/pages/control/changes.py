"""What one document of rules says otherwise than another, in sentences."""

from collections.abc import Iterator

from flask_babel import gettext as _

from engine.worktime.rules import Limit, ReminderStep, Rules

from . import words


def changes(before: Rules, after: Rules) -> list[str]:
    """Every difference, the limits first."""
    return [*_limits(before, after), *_reminders(before, after)]


def _limits(before: Rules, after: Rules) -> Iterator[str]:
    old, new = _by_conditions(before), _by_conditions(after)
    for key, limit in new.items():
        if key not in old:
            yield _("新增：%(what)s", what=_said(limit))
        elif _length(old[key]) != _length(limit):
            yield _(
                "%(what)s，由 %(was)s 改为 %(now)s",
                what=_whose(limit),
                was=_length(old[key]),
                now=_length(limit),
            )
    for key, limit in old.items():
        if key not in new:
            yield _("删除：%(what)s", what=_said(limit))
    kept = [key for key in old if key in new]
    if kept != [key for key in new if key in old]:
        yield _("调整了时限各行的先后")


def _by_conditions(rules: Rules) -> dict[tuple[object, ...], Limit]:
    """By what each row is for; of two for the same only the first ever counts."""
    found: dict[tuple[object, ...], Limit] = {}
    for limit in rules.limits:
        found.setdefault((limit.name, limit.process, limit.type, limit.complexity, limit.urgent), limit)
    return found


def _reminders(before: Rules, after: Rules) -> Iterator[str]:
    for name in dict.fromkeys([*before.reminders, *after.reminders]):
        if name not in after.reminders:
            yield _("删除提醒方案“%(name)s”", name=words.policy_name(name))
            continue
        if name not in before.reminders:
            yield _("新增提醒方案“%(name)s”", name=words.policy_name(name))
        yield from _steps(name, before, after)


def _steps(name: str, before: Rules, after: Rules) -> Iterator[str]:
    old = {step.name: step for step in before.reminders.get(name, ())}
    new = {step.name: step for step in after.reminders[name]}
    policy = words.policy_name(name)
    for key, step in new.items():
        if key not in old:
            yield _("%(policy)s：新增提醒，%(step)s", policy=policy, step=_step(step))
        elif old[key] != step:
            was, now = _step(old[key]), _step(step)
            yield _("%(policy)s：提醒由“%(was)s”改为“%(now)s”", policy=policy, was=was, now=now)
    for key, step in old.items():
        if key not in new:
            yield _("%(policy)s：删除提醒，%(step)s", policy=policy, step=_step(step))


def _whose(limit: Limit) -> str:
    return _("%(name)s（%(who)s）", name=words.limit_name(limit.name), who=words.conditions(limit))


def _length(limit: Limit) -> str:
    return _("%(n)s，可延期", n=words.amount(limit)) if limit.extendable else words.amount(limit)


def _said(limit: Limit) -> str:
    return _("%(what)s %(length)s", what=_whose(limit), length=_length(limit))


def _step(step: ReminderStep) -> str:
    return _(
        "%(when)s提醒%(to)s：%(what)s",
        when=words.when(step),
        to=words.to(step),
        what=words.template(step.template),
    )
