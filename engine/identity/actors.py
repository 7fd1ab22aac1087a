"""Who acts, as the rest of the engine sees them, and what a role opens to them.

Pure: no database. Groups follow from roles: a department's roles become `admin@<code>` and
`handler@<code>`, an enterprise becomes `enterprise@<uscc>`, any other role is a group itself.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "enterprise", "system"]

# role -> (Chinese, English). The order is the order of the administrator's page.
ROLES = {
    "platform": ("服务中心", "Service centre"),
    "control-centre": ("控制中心", "Control centre"),
    "supervisor": ("督办人员", "Supervisor"),
    "leader": ("领导", "Leader"),
    "project-office": ("项目办", "Project office"),
    "liaison": ("包联人", "Liaison officer"),
    "city-team": ("市级专班", "City team"),
    "admin": ("部门管理员", "Department administrator"),
    "handler": ("承办人", "Handler"),
    "administrator": ("系统管理员", "System administrator"),
    "analyst": ("流程分析师", "Process analyst"),
    "auditor": ("审计人员", "Auditor"),
    "enterprise": ("企业", "Enterprise"),
}
DEPARTMENT_ROLES = frozenset({"admin", "handler"})
SEE_ALL_CASES = frozenset({"platform", "control-centre", "supervisor", "leader", "auditor"})
SEE_NO_CASES = frozenset({"administrator", "analyst"})  # they keep the house, not its files


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: a person, an enterprise's account, or the system itself.

    `department` is a department's code, `enterprise` a credit code. `groups` follows from the rest
    when it is left out. `shares` are the desks of others that are shared now, as (account, process; '': all).
    """

    id: str
    name: str
    kind: Kind
    roles: frozenset[str] = frozenset()
    department: str | None = None
    enterprise: str | None = None
    groups: frozenset[str] = frozenset()
    shares: frozenset[tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        if not self.groups:
            object.__setattr__(self, "groups", groups_of(self.roles, self.department, self.enterprise))

    def hands(self, process: str) -> frozenset[str]:
        """The accounts whose tasks in cases of `process` this person may do: the own, and shared ones."""
        return frozenset({self.id, *(who for who, of in self.shares if of in ("", process))})


def groups_of(roles: Iterable[str], department: str | None, enterprise: str | None) -> frozenset[str]:
    """The group ids of somebody with these roles in this department, or of this enterprise."""
    places = {"enterprise": enterprise} | dict.fromkeys(DEPARTMENT_ROLES, department)
    groups = set()
    for role in roles:
        if role not in places:
            groups.add(role)
        elif places[role]:
            groups.add(f"{role}@{places[role]}")
    return frozenset(groups)


SYSTEM = Actor("system", "系统", "system")


def may_start(actor: Actor, starter_groups: Collection[str]) -> bool:
    """Whether `actor` may start a process open to `starter_groups`: roles or groups of one place.

    A role such as `enterprise` or `handler` means anybody who holds it, wherever. No groups: nobody
    but the system.
    """
    if actor.kind == "system":
        return True
    return not (actor.groups | actor.roles).isdisjoint(starter_groups)


def may_see_case(
    actor: Actor,
    *,
    enterprise: str | None,
    department: str | Collection[str] | None,
    confidential: bool = False,
    participants: Collection[str] = (),
) -> bool:
    """Whether `actor` may read a case.

    `enterprise` is the credit code it concerns, `department` the codes it was ever dispatched to,
    `participants` ids of accounts and groups that act or may act on it. A confidential case (保密)
    is closed to a department's people except its administrators and those who take part.
    """
    if actor.kind == "system":
        return True
    if actor.kind == "person" and actor.roles <= SEE_NO_CASES:
        return False
    if actor.id in participants or not actor.groups.isdisjoint(participants):
        return True
    if actor.kind == "enterprise":
        return actor.enterprise is not None and actor.enterprise == enterprise
    if not actor.roles.isdisjoint(SEE_ALL_CASES):
        return True
    dispatched = {department} if isinstance(department, str) else set(department or ())
    needed = {"admin"} if confidential else DEPARTMENT_ROLES
    return actor.department in dispatched and not actor.roles.isdisjoint(needed)
