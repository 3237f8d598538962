"""Signs of life of the parts of the house."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcTime

revision = "0014_pulses"
down_revision = "0013_lookbacks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "pulse",
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("part", name="pk_pulse"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("pulse")
