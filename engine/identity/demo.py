"""Demonstration data: departments, enterprises and accounts, all fictional, with one shared password.

Nothing loads this but the demo command: a platform with these accounts is open to everybody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.identity import passwords
from engine.identity.accounts import create_account
from engine.identity.directory import create_department, create_enterprise
from engine.identity.tables import accounts, departments, enterprises

PASSWORD = "zhiban-demo-2026"

# code, name, 职责词条, and the names of its administrator and two handlers
DEPARTMENTS = (
    ("market", "市场监督管理局", ("营业执照", "食品经营", "特种设备", "价格"), ("周敏", "吴强", "郑洁")),
    ("hrss", "人力资源和社会保障局", ("用工", "社会保险", "人才", "培训补贴"), ("孙丽", "钱波", "冯雪")),
    ("tax", "税务局", ("发票", "退税", "税收优惠", "申报"), ("陈刚", "褚燕", "卫东")),
    ("housing", "住房和城乡建设局", ("施工许可", "消防验收", "供水", "厂房"), ("蒋涛", "沈梅", "韩松")),
    ("industry", "工业和信息化局", ("技术改造", "用电", "融资", "惠企政策"), ("杨帆", "朱琳", "秦川")),
    ("ecology", "生态环境局", ("环评", "排污许可", "噪声", "固废"), ("尤静", "许峰", "何苗")),
)

# username, name, role
STAFF = (
    ("platform", "李娜", "platform"),
    ("platform-2", "王磊", "platform"),
    ("control", "赵军", "control-centre"),
    ("supervisor", "刘洋", "supervisor"),
    ("leader", "张建国", "leader"),
    ("project-office", "马俊", "project-office"),
    ("liaison", "罗敏", "liaison"),
    ("city-team", "徐涛", "city-team"),
    ("administrator", "黄伟", "administrator"),
    ("analyst", "林晓", "analyst"),
    ("auditor", "高远", "auditor"),
)

# username, uscc, name, legal representative, address, industry, scale, contact, phone
ENTERPRISES = (
    ("jingmi", "91441802MA4X1Q2T0K", "清远晶密电子有限公司", "罗文", "清远高新区创业路 8 号",
     "电子元件制造", "中", "罗婷", "13800000001"),
    ("lvneng", "91441802MA5A0B1CXQ", "清远绿能新材料有限公司", "梁浩", "清远高新区科技大道 21 号",
     "新材料制造", "小", "梁静", "13800000002"),
    ("haifeng", "91371082MA3T7H9K4N", "荣成海丰食品有限公司", "宋海", "荣成市滨海路 66 号",
     "水产品加工", "大", "宋佳", "13800000003"),
    ("yuanhang", "91371082MA94K6P28T", "荣成远航船舶配件有限公司", "唐勇", "荣成市港湾大道 102 号",
     "船舶配套制造", "中", "唐欣", "13800000004"),
    ("yunqi", "91440106MA59D3F848", "广州云启软件有限公司", "曹阳", "广州市天河区软件路 15 号",
     "软件开发", "小", "曹颖", "13800000005"),
    ("boda", "91130983MA0F5G7R7P", "黄骅博达模具有限公司", "彭凯", "黄骅市开发区兴业街 3 号",
     "模具制造", "微", "彭莉", "13800000006"),
)  # fmt: skip


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration, as the command prints it."""

    username: str
    name: str
    roles: tuple[str, ...]
    department: str | None = None
    enterprise: str | None = None


def demo_accounts() -> list[DemoAccount]:
    """Every account of the demonstration, in the order in which a reader meets them."""
    found = [DemoAccount(username, name, (role,)) for username, name, role in STAFF]
    for code, _, _, (admin, *handlers) in DEPARTMENTS:
        found.append(DemoAccount(f"{code}-admin", admin, ("admin",), code))
        found += [DemoAccount(f"{code}-{n}", name, ("handler",), code) for n, name in enumerate(handlers, 1)]
    found += [DemoAccount(row[0], row[7], (), None, row[1]) for row in ENTERPRISES]
    return found


SINCE = timedelta(days=120)  # the accounts are older than the demonstration's cases, whose notices they have


def load_demo(connection: Connection, now: datetime) -> list[DemoAccount]:
    """Add what is missing of the demonstration and return all its accounts. Does not commit."""
    present = set(connection.execute(sa.select(departments.c.code)).scalars())
    for code, name, duties, _ in DEPARTMENTS:
        if code not in present:
            create_department(connection, code=code, name=name, duties=duties)
    _load_enterprises(connection)
    known = set(connection.execute(sa.select(accounts.c.username)).scalars())
    everybody = demo_accounts()
    for account in everybody:
        if account.username not in known:
            create_account(connection, now=now - SINCE, password_hash=_hash(), **account.__dict__)
    return everybody


def _load_enterprises(connection: Connection) -> None:
    present = set(connection.execute(sa.select(enterprises.c.uscc)).scalars())
    for _, code, name, legal_person, address, industry, scale, contact, phone in ENTERPRISES:
        if code not in present:
            create_enterprise(
                connection,
                uscc=code,
                name=name,
                type="有限责任公司",
                legal_person=legal_person,
                address=address,
                industry=industry,
                scale=scale,
                contact=contact,
                phone=phone,
            )


@cache
def _hash() -> str:
    """Hashed once: thirty accounts with one known password gain nothing from thirty salts."""
    return passwords.hashed(PASSWORD)
