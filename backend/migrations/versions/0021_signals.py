"""Signals of the weather office, and the feeds that bring them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, Shape, UtcTime

revision = "0021_signals"
down_revision = "0020_seasons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No signal has come yet."""
    _signals()
    _feeds()


def _signals() -> None:
    op.create_table(
        "signal",
        sa.Column("seq", BigKey, sa.Identity(), primary_key=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("sender", sa.String(200), nullable=False),
        sa.Column("identifier", sa.String(200), nullable=False),
        sa.Column("sent", UtcTime(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("is_exercise", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("conflicts_with_id", sa.Uuid(), nullable=True),
        sa.Column("colour", sa.String(10), nullable=True),
        sa.Column("colour_from", sa.String(10), nullable=True),
        sa.Column("said", Json, nullable=False),
        sa.Column("danger", sa.String(12), nullable=False),
        sa.Column("over_at", UtcTime(), nullable=False),
        sa.Column("is_over_before_it_began", sa.Boolean(), nullable=False),
        sa.Column("shown", Json, nullable=False),
        sa.Column("infos", Json, nullable=False),
        sa.Column("regions", Json, nullable=False),
        sa.Column("segments", Json, nullable=False),
        sa.Column("unmatched", Json, nullable=False),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("feed", sa.String(40), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("id", name="uq_signal_id"),
        sa.ForeignKeyConstraint(["conflicts_with_id"], ["signal.id"], name="fk_signal_conflicts_with_id"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name="fk_signal_entered_by_id"),
        sqlite_autoincrement=True,
    )
    active = sa.text("state = 'active'")
    op.create_index("ix_signal_active", "signal", ["over_at"], sqlite_where=active, postgresql_where=active)
    op.create_index("ix_signal_conflicts_with_id", "signal", ["conflicts_with_id"])
    op.create_table(
        "signal_reference",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("to", Json, nullable=False),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name="fk_signal_reference_signal_id"),
        sa.PrimaryKeyConstraint("signal_id", "to_id", name="pk_signal_reference"),
    )
    op.create_index("ix_signal_reference_to_id", "signal_reference", ["to_id"])
    op.create_table(
        "signal_area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(12), nullable=True),
        sa.Column("shape", Shape("GEOMETRY"), nullable=True),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name="fk_signal_area_signal_id"),
        sa.PrimaryKeyConstraint("id", name="pk_signal_area"),
    )
    op.create_index("ix_signal_area_signal_id", "signal_area", ["signal_id"])
    op.create_index("ix_signal_area_region_code", "signal_area", ["region_code"])


def _feeds() -> None:
    op.create_table(
        "feed",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("form", sa.String(10), nullable=False),
        sa.Column("url", sa.String(1000), nullable=True),
        sa.Column("every_s", sa.Integer(), nullable=False),
        sa.Column("silent_s", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("key_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kept_at", UtcTime(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(200), nullable=True),
        sa.Column("heard_at", UtcTime(), nullable=True),
        sa.Column("etag", sa.String(300), nullable=True),
        sa.Column("last_modified", sa.String(100), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_feed"),
        sa.UniqueConstraint("key_sha256", name="uq_feed_key_sha256"),
    )
    op.create_index("ix_feed_due_at", "feed", ["due_at"])
    op.create_table(
        "feed_entry",
        sa.Column("feed", sa.String(40), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("url", sa.String(1000), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("first_at", UtcTime(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(["feed"], ["feed.name"], name="fk_feed_entry_feed"),
        sa.PrimaryKeyConstraint("feed", "digest", name="pk_feed_entry"),
    )
    waits = sa.text("due_at IS NOT NULL")
    op.create_index("ix_feed_entry_due", "feed_entry", ["feed", "due_at"], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    """Signals and feeds are forgotten."""
    for table in ("feed_entry", "feed", "signal_area", "signal_reference", "signal"):
        op.drop_table(table)
