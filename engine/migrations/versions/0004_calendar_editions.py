"""The calendar as editions: each change keeps the whole as it stood, so a deadline can be counted as it was."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

from engine.clock import SystemClock
from engine.database import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WHY = "此前的日历 / The calendar until now"

editions = sa.table(
    "calendar_editions",
    sa.column("revision", sa.Integer),
    sa.column("edition", sa.String),
    sa.column("kind", sa.String),
    sa.column("made_at", Moment()),
    sa.column("made_by", sa.String),
    sa.column("reason", sa.String),
    sa.column("content", sa.Text),
)
days = sa.table(
    "calendar_days",
    sa.column("date", sa.Date),
    sa.column("workday", sa.Boolean),
    sa.column("note", sa.String),
    sa.column("source", sa.String),
    sa.column("revision", sa.Integer),
)
years = sa.table(
    "calendar_years",
    sa.column("year", sa.Integer),
    sa.column("source", sa.String),
    sa.column("revision", sa.Integer),
)
row = sa.table(
    "calendar_revision",
    sa.column("id", sa.Integer),
    sa.column("revision", sa.Integer),
    sa.column("edition", sa.String),
    sa.column("opening", sa.String),
    sa.column("closing", sa.String),
)


def upgrade() -> None:
    op.create_table(
        "calendar_editions",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_calendar_editions")),
    )
    _carry_over(op.get_bind())
    op.drop_table("calendar_days")
    op.drop_table("calendar_years")
    op.drop_table("calendar_revision")


def _carry_over(connection: sa.Connection) -> None:
    """What stood in the three tables, as one edition with the revision it had."""
    found = connection.execute(sa.select(row)).one_or_none()
    if found is None:
        return
    arranged = connection.execute(sa.select(days.c.date, days.c.workday, days.c.note).order_by(days.c.date))
    published = connection.execute(sa.select(years.c.year, years.c.source).order_by(years.c.year))
    content = {
        "days": {day.isoformat(): [worked, note] for day, worked, note in arranged},
        "years": {str(year): source for year, source in published},
        "hours": {"opening": found.opening, "closing": found.closing},
        "departments": {},
    }
    connection.execute(
        editions.insert().values(
            revision=max(1, found.revision),
            edition=found.edition,
            kind="seed",
            made_at=SystemClock().now(),
            made_by="system",
            reason=WHY,
            content=json.dumps(content, ensure_ascii=False),
        )
    )


def downgrade() -> None:
    op.create_table(
        "calendar_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(32), nullable=False),
        sa.Column("opening", sa.String(200), nullable=False),
        sa.Column("closing", sa.String(5), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_revision")),
    )
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
    )
    op.create_table(
        "calendar_days",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("workday", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(100), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("date", name=op.f("pk_calendar_days")),
    )
    _carry_back(op.get_bind())
    op.drop_table("calendar_editions")


def _carry_back(connection: sa.Connection) -> None:
    """The newest edition; the older ones, and departments' hours, had no place."""
    found = connection.execute(
        sa.select(editions).order_by(editions.c.revision.desc()).limit(1)
    ).one_or_none()
    if found is None:
        return
    content, number = json.loads(found.content), found.revision
    hours = content["hours"]
    connection.execute(row.insert().values(id=1, revision=number, edition=found.edition, **hours))
    for year, source in content["years"].items():
        connection.execute(years.insert().values(year=int(year), source=source, revision=number))
    for day, (worked, note) in content["days"].items():
        source = content["years"].get(day[:4], "")
        told = {"date": date.fromisoformat(day), "workday": worked, "note": note}
        connection.execute(days.insert().values(**told, source=source, revision=number))
