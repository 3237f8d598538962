"""Settled duty, and assessments (考核) with their figures and appeals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0041_assessments"
down_revision = "0040_cooperation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No day is settled, and nobody was assessed."""
    _duty()
    _assessments()
    _scores()
    _places()
    _appeals()


def downgrade() -> None:
    """As before."""
    for name in ("assessment_appeal", "assessment_place", "assessment_score", "assessment_edition", "assessment"):
        op.drop_table(name)
    op.drop_table("duty_period")
    op.drop_table("duty_day")


def _key() -> sa.Column[int]:
    return sa.Column("seq", BigKey, sa.Identity(always=False), primary_key=True)


def _refers(table: str, name: str, other: str, *, is_key: bool = False, nullable: bool = False) -> sa.Column[object]:
    place = sa.ForeignKey(other, name=f"fk_{table}_{name}")
    return sa.Column(name, sa.Uuid(), place, primary_key=is_key, nullable=nullable)


def _duty() -> None:
    op.create_table(
        "duty_day",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("settled_at", UtcTime(), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=False),
    )
    op.create_table(
        "duty_period",
        _key(),
        _refers("duty_period", "person_id", "person.id"),
        sa.Column("river_code", sa.String(40), nullable=False),
        sa.Column("post", sa.String(20), nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("begin_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("begins_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(10), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("settled_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("person_id", "river_code", "post", "begin_day", name="uq_duty_period_duty_begin"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_duty_period_until", "duty_period", ["until_day", "region_code"])


def _assessments() -> None:
    region = sa.ForeignKey("region.code", name="fk_assessment_region_code")
    op.create_table(
        "assessment",
        _key(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("assessment", "made_by_id", "person.id"),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("region_code", sa.String(12), region, nullable=False),
        sa.Column("posts", Json, nullable=False),
        sa.Column("begin_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcTime(), nullable=True),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.UniqueConstraint("id", name="uq_assessment_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_assessment_region_code", "assessment", ["region_code"])
    op.create_table(
        "assessment_edition",
        _refers("assessment_edition", "assessment_id", "assessment.id", is_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("computed_at", UtcTime(), nullable=False),
        _refers("assessment_edition", "computed_by_id", "person.id"),
        sa.Column("reason", sa.Text(), nullable=False),
    )


def _scores() -> None:
    counts = [f"{name}_{part}" for name in ("patrols", "callouts", "campaigns") for part in ("hits", "size")]
    op.create_table(
        "assessment_score",
        _key(),
        _refers("assessment_score", "assessment_id", "assessment.id"),
        sa.Column("edition", sa.Integer(), nullable=False),
        _refers("assessment_score", "person_id", "person.id"),
        sa.Column("post", sa.String(20), nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*counts, "walks", "counted", "doubtful")),
        sa.Column("covered_m", sa.Float(), nullable=False),
        sa.Column("hazards", sa.Integer(), nullable=False),
        sa.Column("leave_days", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("ranked_of", sa.Integer(), nullable=False),
        sa.Column("score_was", sa.Float(), nullable=True),
        sa.Column("rank_was", sa.Integer(), nullable=True),
        sa.UniqueConstraint(
            "assessment_id", "edition", "person_id", "post", "region_code", name="uq_assessment_score_person"
        ),
        sqlite_autoincrement=True,
    )
    by_region = ["assessment_id", "edition", "region_code", "seq"]
    op.create_index("ix_assessment_score_region", "assessment_score", by_region)
    op.create_index("ix_assessment_score_person", "assessment_score", ["person_id", "assessment_id"])


def _places() -> None:
    op.create_table(
        "assessment_place",
        _refers("assessment_place", "assessment_id", "assessment.id", is_key=True),
        sa.Column("edition", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("region_code", sa.String(12), primary_key=True),
        sa.Column("hazards", sa.Integer(), nullable=False),
        sa.Column("stages", Json, nullable=False),
        sa.Column("reaches", sa.Integer(), nullable=False),
        sa.Column("reaches_m", sa.Float(), nullable=False),
        sa.Column("unwalked", sa.Integer(), nullable=False),
        sa.Column("unwalked_m", sa.Float(), nullable=False),
    )


def _appeals() -> None:
    op.create_table(
        "assessment_appeal",
        _key(),
        sa.Column("id", sa.Uuid(), nullable=False),
        _refers("assessment_appeal", "assessment_id", "assessment.id"),
        sa.Column("edition", sa.Integer(), nullable=False),
        _refers("assessment_appeal", "person_id", "person.id"),
        sa.Column("post", sa.String(20), nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("indicator", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        _refers("assessment_appeal", "decided_by_id", "person.id", nullable=True),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("before", Json, nullable=True),
        sa.Column("after", Json, nullable=True),
        sa.UniqueConstraint("id", name="uq_assessment_appeal_id"),
        sa.UniqueConstraint(
            "assessment_id", "person_id", "post", "region_code", "indicator", name="uq_assessment_appeal_figure"
        ),
        sqlite_autoincrement=True,
    )
