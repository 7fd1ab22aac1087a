"""The kinds of people of the access table: each role by itself, and each relation to a case by itself.

A relation is held by an account whose role opens nothing, so that the relation alone decides.
"""

from dataclasses import dataclass

from engine.identity import ROLES
from engine.identity.demo import STAFF

BARE = "city-team"  # a role that opens no case
OWN, OTHER = "91441802MA4X1Q2T0K", "91441802MA5A0B1CXQ"  # the credit codes of jingmi and lvneng
DEPARTMENT = "market"


@dataclass(frozen=True)
class Person:
    """A column: its key, its head in the table, and the account that stands for it ("" for nobody)."""

    key: str
    head: str
    username: str


def _role(role: str) -> Person:
    username = next(name for name, _, of in STAFF if of == role)
    return Person(role, ROLES[role][0], username)


PLACED = frozenset({"admin", "handler", "enterprise"})  # roles that mean something at a place only
RELATIONS = (
    Person("holder", "持有人", "m-holder"),
    Person("candidate", "候选人", "m-candidate"),
    Person("performer", "办过的人", "m-performer"),
    Person("copied", "被抄送人", "m-copied"),
    Person("follower", "关注人", "m-follower"),
    Person("deputy", "持有人的代理", "m-deputy"),
    Person("excluded", "须回避人", "m-excluded"),
)
PEOPLE = (
    Person("nobody", "未登录", ""),
    *(_role(role) for role in ROLES if role not in PLACED),
    Person("own admin", "本部门管理员", f"{DEPARTMENT}-admin"),
    Person("own handler", "本部门承办人", f"{DEPARTMENT}-2"),
    Person("other admin", "外部门管理员", "tax-admin"),
    Person("other handler", "外部门承办人", "tax-1"),
    *RELATIONS,
    Person("own enterprise", "本企业", "jingmi"),
    Person("other enterprise", "别的企业", "lvneng"),
)
BY_KEY = {person.key: person for person in PEOPLE}
