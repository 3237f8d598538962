"""Hazards, the acts on them and interim measures; units with what they handle."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, Shape, UtcTime

revision = "0006_hazards"
down_revision = "0005_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables, and two columns of units, which handle nothing until their sheet is read again."""
    op.add_column("unit", sa.Column("kind", sa.String(length=40), nullable=True))
    op.add_column("unit", sa.Column("handles", Json, nullable=False, server_default="[]"))
    op.create_table(
        "hazard",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("observed_at", UtcTime(), nullable=False),
        sa.Column("reported_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.Column("patrol_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("river_code", sa.String(length=40), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("chainage_m", sa.Double(), nullable=True),
        sa.Column("point", Shape("POINT"), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("state", sa.String(length=15), nullable=False),
        sa.Column("watch", sa.String(length=10), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("handed_to", sa.String(length=20), nullable=True),
        sa.Column("handed_region", sa.String(length=12), nullable=True),
        sa.Column("assigned_at", UtcTime(), nullable=True),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("done", Json, nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("rebounds", sa.Integer(), nullable=False),
        sa.Column("extension_until", UtcTime(), nullable=True),
        sa.Column("extension_by_id", sa.Uuid(), nullable=True),
        sa.Column("phase_begun_at", UtcTime(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=True),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("deadlines", Json, nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("next_step_at", UtcTime(), nullable=True),
        sa.CheckConstraint("(merged_into_id IS NULL) = (state <> 'merged')", name="ck_hazard_merged_into_something"),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name="fk_hazard_assignee_id"),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name="fk_hazard_done_by_id"),
        sa.ForeignKeyConstraint(["extension_by_id"], ["person.id"], name="fk_hazard_extension_by_id"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["hazard.id"], name="fk_hazard_merged_into_id"),
        sa.ForeignKeyConstraint(["reporter_id"], ["person.id"], name="fk_hazard_reporter_id"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_hazard_segment_id"),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name="fk_hazard_unit_code"),
        sa.PrimaryKeyConstraint("seq", name="pk_hazard"),
        sa.UniqueConstraint("id", name="uq_hazard_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hazard_assignee_seq", "hazard", ["assignee_id", "seq"])
    op.create_index("ix_hazard_county_seq", "hazard", [sa.literal_column("substr(region_code, 1, 6)"), "seq"])
    op.create_index("ix_hazard_handed_seq", "hazard", ["handed_to", "handed_region", "seq"])
    op.create_index("ix_hazard_kind_place", "hazard", ["kind", "lat", "lon"])
    op.create_index(
        "ix_hazard_next_step_at",
        "hazard",
        ["next_step_at", "seq"],
        sqlite_where=sa.text("next_step_at IS NOT NULL"),
        postgresql_where=sa.text("next_step_at IS NOT NULL"),
    )
    op.create_index("ix_hazard_region_seq", "hazard", ["region_code", "seq"])
    op.create_index("ix_hazard_reporter_seq", "hazard", ["reporter_id", "seq"])
    op.create_index("ix_hazard_segment_seq", "hazard", ["segment_id", "seq"])
    op.create_index("ix_hazard_seq_state", "hazard", ["seq", "state"])
    op.create_index("ix_hazard_town_seq", "hazard", [sa.literal_column("substr(region_code, 1, 9)"), "seq"])
    op.create_index("ix_hazard_unit_seq", "hazard", ["unit_code", "seq"])
    op.create_table(
        "hazard_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name="fk_hazard_act_hazard_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_hazard_act_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hazard_act"),
    )
    op.create_index("ix_hazard_act_hazard_id", "hazard_act", ["hazard_id"])
    op.create_table(
        "interim_measure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("watcher_id", sa.Uuid(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("every_h", sa.Integer(), nullable=False),
        sa.Column("next_check_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name="fk_interim_measure_added_by_id"),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name="fk_interim_measure_hazard_id"),
        sa.ForeignKeyConstraint(["watcher_id"], ["person.id"], name="fk_interim_measure_watcher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_interim_measure"),
    )
    op.create_index("ix_interim_measure_hazard_id", "interim_measure", ["hazard_id"])
    op.create_index("ix_interim_measure_next_check_at", "interim_measure", ["next_check_at"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("interim_measure")
    op.drop_table("hazard_act")
    op.drop_table("hazard")
    op.drop_column("unit", "handles")
    op.drop_column("unit", "kind")
