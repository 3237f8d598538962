"""Work points: an order may be a milestone of another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035_work_points"
down_revision = "0034_signs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No order was a part of another."""
    op.add_column("river_order", sa.Column("part_of_id", sa.Uuid(), nullable=True))
    op.create_index("ix_river_order_part_of_id", "river_order", ["part_of_id"])


def downgrade() -> None:
    """Milestones become orders like others."""
    op.drop_index("ix_river_order_part_of_id", table_name="river_order")
    op.drop_column("river_order", "part_of_id")
