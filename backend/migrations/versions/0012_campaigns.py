"""Campaigns: regions, segments that owe an answer, answers, and the hazards they name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0012_campaigns"
down_revision = "0011_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Five tables."""
    _campaigns()
    op.create_table(
        "campaign_answer",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("is_found", sa.Boolean(), nullable=False),
        sa.Column("hazards", Json, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("is_on_behalf", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_campaign_answer_campaign_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_campaign_answer_person_id"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_campaign_answer_segment_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_campaign_answer"),
        sa.UniqueConstraint("id", name="uq_campaign_answer_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_campaign_answer_segment", "campaign_answer", ["campaign_id", "segment_id", "seq"])
    _segments()
    _hazards()


def _campaigns() -> None:
    op.create_table(
        "campaign",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("kinds", Json, nullable=False),
        sa.Column("begins_at", UtcTime(), nullable=False),
        sa.Column("deadline", UtcTime(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name="fk_campaign_ended_by_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_campaign_made_by_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_campaign"),
        sa.UniqueConstraint("id", name="uq_campaign_id"),
        sqlite_autoincrement=True,
    )
    waiting = sa.text("begun_at IS NULL")
    op.create_index("ix_campaign_waiting", "campaign", ["begins_at"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "campaign_region",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_campaign_region_campaign_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_campaign_region_region_code"),
        sa.PrimaryKeyConstraint("campaign_id", "region_code", name="pk_campaign_region"),
    )


def _segments() -> None:
    op.create_table(
        "campaign_segment",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("chief_id", sa.Uuid(), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("said_at", UtcTime(), nullable=True),
        sa.Column("answered_at", UtcTime(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("is_found", sa.Boolean(), nullable=True),
        sa.Column("is_on_behalf", sa.Boolean(), nullable=True),
        sa.Column("excused_at", UtcTime(), nullable=True),
        sa.Column("excuse", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["answer_id"], ["campaign_answer.id"], name="fk_campaign_segment_answer_id"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_campaign_segment_campaign_id"),
        sa.ForeignKeyConstraint(["chief_id"], ["person.id"], name="fk_campaign_segment_chief_id"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_campaign_segment_segment_id"),
        sa.PrimaryKeyConstraint("campaign_id", "segment_id", name="pk_campaign_segment"),
    )
    columns = ["campaign_id", "region_code", "segment_id"]
    op.create_index("ix_campaign_segment_region", "campaign_segment", columns)
    op.create_index("ix_campaign_segment_segment_id", "campaign_segment", ["segment_id"])


def _hazards() -> None:
    op.create_table(
        "campaign_hazard",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_campaign_hazard_campaign_id"),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name="fk_campaign_hazard_hazard_id"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_campaign_hazard_segment_id"),
        sa.PrimaryKeyConstraint("campaign_id", "hazard_id", name="pk_campaign_hazard"),
    )
    columns = ["campaign_id", "region_code", "hazard_id"]
    op.create_index("ix_campaign_hazard_region", "campaign_hazard", columns)
    op.create_index("ix_campaign_hazard_segment", "campaign_hazard", ["campaign_id", "segment_id"])


def downgrade() -> None:
    """Take them away again."""
    for name in ("campaign_hazard", "campaign_segment", "campaign_answer", "campaign_region", "campaign"):
        op.drop_table(name)
