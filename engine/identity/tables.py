"""The tables of people, departments, enterprises, their roles and their API tokens."""

import sqlalchemy as sa

from engine.database import Moment, metadata

departments = sa.Table(
    "departments",
    metadata,
    sa.Column("code", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("parent", sa.ForeignKey("departments.code"), nullable=True),
    sa.Column("level", sa.String(10), nullable=False),  # city, county or town
    sa.Column("duties", sa.JSON, nullable=False),  # 职责词条: a list of words
)

enterprises = sa.Table(
    "enterprises",
    metadata,
    sa.Column("uscc", sa.String(18), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("type", sa.String(60), nullable=False),
    sa.Column("legal_person", sa.String(60), nullable=False),
    sa.Column("address", sa.String(300), nullable=False),
    sa.Column("industry", sa.String(100), nullable=False),  # GB/T 4754
    sa.Column("scale", sa.String(10), nullable=False),  # 大 中 小 微
    sa.Column("contact", sa.String(60), nullable=False),
    sa.Column("phone", sa.String(30), nullable=False),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("username", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("password_hash", sa.String(200), nullable=False),  # empty: cannot sign in by password
    sa.Column("kind", sa.String(10), nullable=False),  # person or enterprise
    sa.Column("department", sa.ForeignKey("departments.code"), nullable=True, index=True),
    sa.Column("enterprise", sa.ForeignKey("enterprises.uscc"), nullable=True, index=True),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("failed_attempts", sa.Integer, nullable=False),
    sa.Column("locked_until", Moment, nullable=True),
    sa.Column("session_version", sa.Integer, nullable=False),  # a change ends every session
    sa.Column("created_at", Moment, nullable=False),
)

account_roles = sa.Table(
    "account_roles",
    metadata,
    sa.Column("account_id", sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("role", sa.String(30), primary_key=True, index=True),
)

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),  # sha256; the secret is nowhere
    sa.Column("label", sa.String(100), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment, nullable=True),
    sa.Column("last_used", Moment, nullable=True),
)

absences = sa.Table(  # 代理: who takes over what arrives for somebody in a period
    "absences",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("account", sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("deputy", sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("how", sa.String(5), nullable=False),  # move | share
    sa.Column("process", sa.String(80), nullable=False),  # only cases of this process; '': all
    sa.Column("since_at", Moment, nullable=False),
    sa.Column("until_at", Moment, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("made_by", sa.String(64), nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("ended_at", Moment, nullable=True),  # taken back before its time
    sa.Column("told_at", Moment, nullable=True),  # when those concerned were told that it holds
    sa.Index("ix_absences_account", "account", "until_at"),
    sa.Index("ix_absences_deputy", "deputy", "until_at"),
)
_untold = absences.c.told_at.is_(None)
sa.Index("ix_absences_untold", absences.c.since_at, sqlite_where=_untold, postgresql_where=_untold)

backups = sa.Table(  # A/B 岗: who stands in for somebody whose absence names nobody
    "backups",
    metadata,
    sa.Column("account", sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("backup", sa.ForeignKey("accounts.id"), nullable=False, index=True),
)
