"""The risk of reaches, every change of it, and how the water flows from one to another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0023_risk"
down_revision = "0022_stations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing has been weighed yet."""
    op.create_table(
        "segment_risk",
        sa.Column("segment_id", sa.Uuid(), _segment("segment_risk", "segment_id"), primary_key=True),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("factors", Json, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "risk_change",
        sa.Column("seq", BigKey, sa.Identity(), primary_key=True),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("from_level", sa.String(10), nullable=True),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("factors", Json, nullable=False),
        sa.Column("because", sa.String(40), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_risk_change_segment_seq", "risk_change", ["segment_id", "seq"])
    op.create_table(
        "segment_flow",
        sa.Column("upper_id", sa.Uuid(), _segment("segment_flow", "upper_id"), primary_key=True),
        sa.Column("lower_id", sa.Uuid(), _segment("segment_flow", "lower_id"), primary_key=True),
    )
    op.create_index("ix_segment_flow_lower_id", "segment_flow", ["lower_id"])
    op.create_table(
        "risk_place",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("patrol_seq", sa.BigInteger(), nullable=False),
        sa.Column("fact_seq", sa.BigInteger(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
    )
    # Where a thing held before it moved is found by it.
    op.create_index("ix_flood_event_about", "flood_event", ["kind", "about_id", "seq"])


def downgrade() -> None:
    """Risk is weighed no more."""
    op.drop_index("ix_flood_event_about", "flood_event")
    for name in ("risk_place", "segment_flow", "risk_change", "segment_risk"):
        op.drop_table(name)


def _segment(table: str, column: str) -> sa.ForeignKey:
    return sa.ForeignKey("segment.id", name=f"fk_{table}_{column}")
