"""What the public reports stands beside the hazards that it becomes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcTime

revision = "0037_public_reports"
down_revision = "0036_stats"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has reported anything."""
    op.create_table(
        "public_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("is_joined", sa.Boolean(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("via", sa.String(length=10), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("reported_at", UtcTime(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("is_satisfied", sa.Boolean(), nullable=True),
        sa.Column("answered_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name="fk_public_report_hazard_id"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_public_report_segment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_public_report"),
        sa.UniqueConstraint("code", name="uq_public_report_code"),
    )
    op.create_index("ix_public_report_at", "public_report", ["reported_at"])
    op.create_index("ix_public_report_hazard_id", "public_report", ["hazard_id"])
    op.create_index("ix_public_report_phone_index", "public_report", ["phone_index"])


def downgrade() -> None:
    """The hazards stay; by which code their citizens follow them is lost."""
    op.drop_table("public_report")
