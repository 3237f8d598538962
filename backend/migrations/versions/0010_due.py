"""Hazards by their deadline, for the auditor and lists of what is late."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_due"
down_revision = "0009_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index over those that have a deadline."""
    where = sa.text("due_at IS NOT NULL")
    op.create_index("ix_hazard_due_at", "hazard", ["due_at"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_hazard_due_at", "hazard")
