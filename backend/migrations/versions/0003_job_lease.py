"""Job lease: a job of many transactions holds its turn for a while, so that a killed run is taken up again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcTime

revision = "0003_job_lease"
down_revision = "0002_incarnation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody holds a turn yet."""
    op.add_column("job_slot", sa.Column("lease_until", UtcTime(), nullable=True))


def downgrade() -> None:
    """Turns that are held are lost: the slot stays to be done."""
    with op.batch_alter_table("job_slot") as table:
        table.drop_column("lease_until")
