"""Points of citizens: a ledger that only grows, beside the reports that earned them; and training as an indicator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, UtcTime

revision = "0042_points"
down_revision = "0041_assessments"
branch_labels = None
depends_on = None

_FIGURES = ("training_hits", "training_size")


def upgrade() -> None:
    """Nobody has earned any; of assessments that are counted already nobody owed any training."""
    for name in _FIGURES:
        op.add_column("assessment_score", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "point_entry",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("deed_id", sa.Uuid(), nullable=True),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["public_report.id"], name="fk_point_entry_report_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_point_entry_by_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_point_entry"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_point_entry_report", "point_entry", ["report_id", "number"], unique=True)
    op.create_index("ix_point_entry_region", "point_entry", ["region_code", "seq"])
    op.create_index("ix_point_entry_deed", "point_entry", ["deed_id"], unique=True)


def downgrade() -> None:
    """What was earned and spent is forgotten; the reports stay."""
    op.drop_table("point_entry")
    for name in _FIGURES:
        op.drop_column("assessment_score", name)
