"""Reaches go from one chief to the next, and are cut in two, on record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import Json, UtcTime

revision = "0028_handovers_and_splits"
down_revision = "0027_hazard_claims"
branch_labels = None
depends_on = None
_WAITS = sa.text("settled_at IS NULL")


def upgrade() -> None:
    """Nothing was handed over or cut before on record."""
    _handovers()
    _splits()


def _handovers() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=True),
        sa.Column("taker_id", sa.Uuid(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("settled_at", UtcTime(), nullable=True),
        sa.Column("hazards", Json, nullable=False),
        sa.ForeignKeyConstraint(["giver_id"], ["person.id"], name="fk_handover_giver_id"),
        sa.ForeignKeyConstraint(["taker_id"], ["person.id"], name="fk_handover_taker_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_handover_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
    )
    op.create_index("ix_handover_giver_id", "handover", ["giver_id"])
    op.create_index("ix_handover_taker_id", "handover", ["taker_id"])
    op.create_index("ix_handover_waiting", "handover", ["from_day"], sqlite_where=_WAITS, postgresql_where=_WAITS)
    op.create_table(
        "handover_segment",
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name="fk_handover_segment_handover_id"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_handover_segment_segment_id"),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name="fk_handover_segment_assignment_id"),
        sa.PrimaryKeyConstraint("handover_id", "segment_id", name="pk_handover_segment"),
        sa.UniqueConstraint("assignment_id", name="uq_handover_segment_assignment_id"),
    )


def _splits() -> None:
    op.create_table(
        "split",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("at_m", sa.Double(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("settled_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_split_segment_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_split_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_split"),
        sa.UniqueConstraint("segment_id", name="uq_split_segment_id"),
    )
    op.create_index("ix_split_waiting", "split", ["from_day"], sqlite_where=_WAITS, postgresql_where=_WAITS)
    op.create_table(
        "split_part",
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("split_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_split_part_segment_id"),
        sa.ForeignKeyConstraint(["split_id"], ["split.id"], name="fk_split_part_split_id"),
        sa.PrimaryKeyConstraint("segment_id", name="pk_split_part"),
    )
    op.create_index("ix_split_part_split_id", "split_part", ["split_id"])


def downgrade() -> None:
    """Who answers for what stays; how it came about is lost."""
    for table in ("split_part", "split", "handover_segment", "handover"):
        op.drop_table(table)
