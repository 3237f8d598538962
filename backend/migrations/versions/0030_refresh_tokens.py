"""Refresh tokens know their order in the family, and which of them was passed over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcTime

revision = "0030_refresh_tokens"
down_revision = "0029_audit"
branch_labels = None
depends_on = None

_NUMBERED = """
    UPDATE refresh_token SET number = ordered.number FROM (
        SELECT token_sha256, row_number() OVER (PARTITION BY family_id ORDER BY issued_at, token_sha256) AS number
        FROM refresh_token
    ) AS ordered WHERE ordered.token_sha256 = refresh_token.token_sha256
"""


def upgrade() -> None:
    """Those that are there are in the order of their moments; none was passed over."""
    op.add_column("refresh_token", sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("refresh_token", sa.Column("voided_at", UtcTime(), nullable=True))
    op.execute(_NUMBERED)
    with op.batch_alter_table("refresh_token") as table:
        table.drop_index("ix_refresh_token_family_id")
        table.alter_column("number", existing_type=sa.Integer(), nullable=False)
        table.create_unique_constraint("uq_refresh_token_family_id", ["family_id", "number"])


def downgrade() -> None:
    """One that was passed over is as good as one that was replaced long ago."""
    op.execute("UPDATE refresh_token SET replaced_at = issued_at WHERE voided_at IS NOT NULL AND replaced_at IS NULL")
    with op.batch_alter_table("refresh_token") as table:
        table.drop_constraint("uq_refresh_token_family_id", type_="unique")
        table.drop_column("voided_at")
        table.drop_column("number")
        table.create_index("ix_refresh_token_family_id", ["family_id"])
