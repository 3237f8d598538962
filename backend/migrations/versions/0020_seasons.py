"""Seasons by region and year, responses, the roster of duty, and the news of all these."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0020_seasons"
down_revision = "0019_warnings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has set, declared or entered anything."""
    _seasons()
    _responses()
    _roster()
    _news()


def _seasons() -> None:
    op.create_table(
        "flood_season",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("begin_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=False),
        sa.Column("window_begin", sa.Date(), nullable=False),
        sa.Column("window_end", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.String(120), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_flood_season_region_code"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_flood_season_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_flood_season"),
        sa.UniqueConstraint("region_code", "year", "version", name="uq_flood_season_version"),
    )
    op.create_table(
        "flood_phase",
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("phase", sa.String(10), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_flood_phase_region_code"),
        sa.PrimaryKeyConstraint("region_code", name="pk_flood_phase"),
    )


def _responses() -> None:
    op.create_table(
        "flood_response",
        sa.Column("seq", BigKey, sa.Identity(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(4), nullable=False),
        sa.Column("regions", Json, nullable=False),
        sa.Column("rivers", Json, nullable=False),
        sa.Column("is_safe", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.String(120), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_flood_response_made_by_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_flood_response"),
        sa.UniqueConstraint("id", name="uq_flood_response_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_flood_response_ended_at", "flood_response", ["ended_at"])


def _roster() -> None:
    op.create_table(
        "flood_shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", UtcTime(), nullable=False),
        sa.Column("until_at", UtcTime(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_flood_shift_region_code"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_flood_shift_person_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_flood_shift_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_flood_shift"),
    )
    op.create_index("ix_flood_shift_region", "flood_shift", ["region_code", "until_at"])


def _news() -> None:
    op.create_table(
        "flood_news",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("values", Json, nullable=False),
        sa.Column("lane", sa.String(10), nullable=False),
        sa.Column("channels", Json, nullable=False),
        sa.Column("regions", Json, nullable=False),
        sa.Column("but", Json, nullable=False),
        sa.Column("rivers", Json, nullable=False),
        sa.Column("about_type", sa.String(20), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("told_until", sa.Uuid(), nullable=True),
        sa.Column("told_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_flood_news"),
    )
    where = sa.text("told_at IS NULL")
    op.create_index("ix_flood_news_untold", "flood_news", ["at", "id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """What was set is forgotten."""
    for name in ("flood_news", "flood_shift", "flood_response", "flood_phase", "flood_season"):
        op.drop_table(name)
