"""Hazards that are not safe in the flood season, and help that was asked of a superior."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcTime

revision = "0015_cases"
down_revision = "0014_pulses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three columns, empty for the hazards that are there."""
    op.add_column("hazard", sa.Column("unsafe_since", UtcTime(), nullable=True))
    op.add_column("hazard", sa.Column("helped_by_level", sa.Integer(), nullable=True))
    op.add_column("hazard", sa.Column("help_asked_by_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("hazard", "help_asked_by_id")
    op.drop_column("hazard", "helped_by_level")
    op.drop_column("hazard", "unsafe_since")
