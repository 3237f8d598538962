"""Under which policy and season the deadline of a hazard was counted, so that a change counts it anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_policies"
down_revision = "0006_hazards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three columns; hazards that are there were counted under the built-in policy."""
    op.add_column("hazard", sa.Column("policy_version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("hazard", sa.Column("is_pressing", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("hazard", sa.Column("is_extended", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("hazard", "is_extended")
    op.drop_column("hazard", "is_pressing")
    op.drop_column("hazard", "policy_version")
