"""Alarms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0008_alarms"
down_revision = "0007_policies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "alarm",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("values", Json, nullable=False),
        sa.Column("sounded_at", UtcTime(), nullable=False),
        sa.Column("last_at", UtcTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcTime(), nullable=True),
        sa.Column("seen_at", UtcTime(), nullable=True),
        sa.Column("seen_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["seen_by_id"], ["person.id"], name="fk_alarm_seen_by_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_alarm"),
        sa.UniqueConstraint("id", name="uq_alarm_id"),
        sqlite_autoincrement=True,
    )
    for name, columns, unique, where in (
        ("uq_alarm_kind_about_open", ["kind", "about"], True, "ended_at IS NULL"),
        ("ix_alarm_untold", ["seq"], False, "told_at IS NULL"),
    ):
        op.create_index(
            name, "alarm", columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("alarm")
