"""What happened to the water is written down when it happens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0017_flood_events"
down_revision = "0016_waits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing has happened yet."""
    op.create_table(
        "flood_event",
        sa.Column("seq", BigKey, sa.Identity(), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(12), nullable=True),
        sa.Column("regions", Json, nullable=False),
        sa.Column("rivers", Json, nullable=False),
        sa.Column("segments", Json, nullable=False),
        sa.Column("values", Json, nullable=False),
        sa.Column("is_exercise", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("ruled_at", UtcTime(), nullable=True),
        sa.Column("weighed_at", UtcTime(), nullable=True),
        sqlite_autoincrement=True,
    )
    for name, mark in (("ix_flood_event_unruled", "ruled_at"), ("ix_flood_event_unweighed", "weighed_at")):
        where = sa.text(f"{mark} IS NULL")
        op.create_index(name, "flood_event", ["seq"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """What happened is forgotten."""
    op.drop_table("flood_event")
