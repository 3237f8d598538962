"""Hazards are found by the one into which they were merged: every page of a hazard asks for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043_merges"
down_revision = "0042_points"
branch_labels = None
depends_on = None

_IS_MERGED = sa.text("merged_into_id IS NOT NULL")


def upgrade() -> None:
    """Few are merged, so the index is small."""
    op.create_index(
        "ix_hazard_merged_into_id",
        "hazard",
        ["merged_into_id"],
        sqlite_where=_IS_MERGED,
        postgresql_where=_IS_MERGED,
    )


def downgrade() -> None:
    """They are looked for among all."""
    op.drop_index("ix_hazard_merged_into_id", "hazard")
