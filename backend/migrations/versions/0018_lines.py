"""Who is told first among those who are told the same, and calls that hold a line of their provider."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcTime

revision = "0018_lines"
down_revision = "0017_flood_events"
branch_labels = None
depends_on = None

_PARTIAL = (
    ("ix_notice_urgent", "notice", ["priority", "not_before"], "lane = 'urgent' AND addressed_at IS NULL"),
    (
        "ix_letter_urgent",
        "letter",
        ["channel", "priority", "next_try_at"],
        "lane = 'urgent' AND next_try_at IS NOT NULL",
    ),
    ("ix_letter_calling", "letter", ["channel", "calling_until"], "calling_until IS NOT NULL"),
)


def upgrade() -> None:
    """What is there has the ordinary priority, and nobody is being called."""
    for table in ("notice", "letter"):
        op.add_column(table, sa.Column("priority", sa.SmallInteger(), nullable=False, server_default="5"))
    op.add_column("letter", sa.Column("calling_until", UtcTime(), nullable=True))
    for name, table, columns, where in _PARTIAL:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """Everybody waits in the order of time again."""
    for name, table, _, _ in reversed(_PARTIAL):
        op.drop_index(name, table)
    op.drop_column("letter", "calling_until")
    for table in ("letter", "notice"):
        op.drop_column(table, "priority")
