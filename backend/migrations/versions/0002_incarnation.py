"""Incarnation: a mark of its own for every life of the database, so that a phone notices a restored one."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0002_incarnation"
down_revision = "0001_base"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table and its one row."""
    table = op.create_table(
        "incarnation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incarnation"),
    )
    op.bulk_insert(table, [{"id": uuid4()}])


def downgrade() -> None:
    """Without it."""
    op.drop_table("incarnation")
