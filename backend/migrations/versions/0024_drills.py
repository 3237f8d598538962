"""Lists of drills that are called each month, and by whose word somebody takes part."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcTime

revision = "0024_drills"
down_revision = "0023_risk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No list is called by itself yet; whoever has said something has said it themselves."""
    op.add_column("drill_list", sa.Column("monthly_day", sa.SmallInteger(), nullable=True))
    op.add_column("drill_list", sa.Column("monthly_hour", sa.SmallInteger(), nullable=True))
    op.add_column("drill_list", sa.Column("monthly_since", UtcTime(), nullable=True))
    op.add_column("drill_member", sa.Column("said_by_id", sa.Uuid(), nullable=True))
    op.add_column("drill_member", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE drill_member SET said_by_id = person_id WHERE agreed_at IS NOT NULL OR left_at IS NOT NULL")


def downgrade() -> None:
    """Nobody is called by the month, and papers are forgotten."""
    for name in ("note", "said_by_id"):
        op.drop_column("drill_member", name)
    for name in ("monthly_since", "monthly_hour", "monthly_day"):
        op.drop_column("drill_list", name)
