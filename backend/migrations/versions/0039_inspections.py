"""Spot checks: draws, what was drawn, what inspectors saw there, and the hazards that they found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0039_inspections"
down_revision = "0038_training"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has drawn yet."""
    _draws()
    op.create_table(
        "inspection",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("lon", sa.Float(precision=53), nullable=True),
        sa.Column("lat", sa.Float(precision=53), nullable=True),
        sa.Column("report", Json, nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["spot_draw.id"], name="fk_inspection_draw_id"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_inspection_segment_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_inspection_person_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_inspection"),
        sa.UniqueConstraint("id", name="uq_inspection_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inspection_target", "inspection", ["draw_id", "place"], unique=True)
    op.create_index("ix_inspection_region_at", "inspection", ["region_code", "at"])
    op.create_table(
        "inspection_finding",
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name="fk_inspection_finding_hazard_id"),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name="fk_inspection_finding_inspection_id"),
        sa.PrimaryKeyConstraint("hazard_id", name="pk_inspection_finding"),
    )
    op.create_index("ix_inspection_finding_inspection_id", "inspection_finding", ["inspection_id"])


def downgrade() -> None:
    """Nothing is known of draws and inspections; the hazards stay."""
    for table in ("inspection_finding", "inspection", "spot_target", "spot_draw"):
        op.drop_table(table)


def _draws() -> None:
    op.create_table(
        "spot_draw",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("drawn_of", sa.String(length=10), nullable=False),
        sa.Column("drawn_by", sa.String(length=10), nullable=False),
        sa.Column("each", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(length=100), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("frame_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("strata", Json, nullable=False),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_spot_draw_made_by_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_spot_draw_region_code"),
        sa.PrimaryKeyConstraint("seq", name="pk_spot_draw"),
        sa.UniqueConstraint("id", name="uq_spot_draw_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_spot_draw_region_code", "spot_draw", ["region_code"])
    op.create_table(
        "spot_target",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("stratum", sa.String(length=60), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["spot_draw.id"], name="fk_spot_target_draw_id"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_spot_target_segment_id"),
        sa.PrimaryKeyConstraint("draw_id", "place", name="pk_spot_target"),
    )
