"""Look-backs: draws, their candidates, and checks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0013_lookbacks"
down_revision = "0012_campaigns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables, and an index by which what was closed in a window is found."""
    closed = sa.text("closed_at IS NOT NULL")
    op.create_index("ix_hazard_closed_at", "hazard", ["closed_at"], sqlite_where=closed, postgresql_where=closed)
    op.create_table(
        "lookback",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("share", sa.Float(53), nullable=False),
        sa.Column("seed", sa.String(length=100), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("candidates_sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_lookback_made_by_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_lookback_region_code"),
        sa.PrimaryKeyConstraint("seq", name="pk_lookback"),
        sa.UniqueConstraint("id", name="uq_lookback_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_lookback_region_code", "lookback", ["region_code"])
    op.create_table(
        "lookback_check",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lookback_id", sa.Uuid(), nullable=False),
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name="fk_lookback_check_hazard_id"),
        sa.ForeignKeyConstraint(["lookback_id"], ["lookback.id"], name="fk_lookback_check_lookback_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_lookback_check_person_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_lookback_check"),
        sa.UniqueConstraint("id", name="uq_lookback_check_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lookback_hazard",
        sa.Column("lookback_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=True),
        sa.Column("check_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["check_id"], ["lookback_check.id"], name="fk_lookback_hazard_check_id"),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name="fk_lookback_hazard_hazard_id"),
        sa.ForeignKeyConstraint(["lookback_id"], ["lookback.id"], name="fk_lookback_hazard_lookback_id"),
        sa.PrimaryKeyConstraint("lookback_id", "place", name="pk_lookback_hazard"),
    )
    op.create_index("ix_lookback_hazard_hazard", "lookback_hazard", ["lookback_id", "hazard_id"], unique=True)
    op.create_index("ix_lookback_hazard_hazard_id", "lookback_hazard", ["hazard_id"])


def downgrade() -> None:
    """Take them away again."""
    for name in ("lookback_hazard", "lookback_check", "lookback"):
        op.drop_table(name)
    op.drop_index("ix_hazard_closed_at", "hazard")
