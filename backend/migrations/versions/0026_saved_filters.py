"""Filters that people keep for their lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcTime

revision = "0026_saved_filters"
down_revision = "0025_web_sessions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has kept one yet."""
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("list", sa.String(20), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("query", sa.String(500), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_saved_filter_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filter"),
    )
    op.create_index("uq_saved_filter_person_id_list_name", "saved_filter", ["person_id", "list", "name"], unique=True)


def downgrade() -> None:
    """The lists stay; their filters are typed again."""
    op.drop_table("saved_filter")
