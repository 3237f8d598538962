"""Training: sessions, whom each asks to come, and who was there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0038_training"
down_revision = "0037_public_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has been trained yet."""
    _sessions()
    op.create_table(
        "training_invitation",
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["training_id"], ["training.id"], name="fk_training_invitation_training_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_training_invitation_region_code"),
        sa.PrimaryKeyConstraint("training_id", "post", "region_code", name="pk_training_invitation"),
    )
    _attendance()


def downgrade() -> None:
    """Nothing is known of training."""
    op.drop_table("training_attendance")
    op.drop_table("training_invitation")
    op.drop_table("training")


def _sessions() -> None:
    op.create_table(
        "training",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("teacher", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("links", Json, nullable=False),
        sa.Column("lon", sa.Float(precision=53), nullable=True),
        sa.Column("lat", sa.Float(precision=53), nullable=True),
        sa.Column("begins_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.Column("hours", sa.Float(precision=53), nullable=False),
        sa.Column("quiz", Json, nullable=True),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_training_made_by_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_training_region_code"),
        sa.PrimaryKeyConstraint("seq", name="pk_training"),
        sa.UniqueConstraint("id", name="uq_training_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_training_region_code", "training", ["region_code"])
    op.create_index("ix_training_begins_at", "training", ["begins_at"])


def _attendance() -> None:
    op.create_table(
        "training_attendance",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=True),
        sa.Column("distance_m", sa.Float(precision=53), nullable=True),
        sa.Column("is_doubtful", sa.Boolean(), nullable=False),
        sa.Column("answers", Json, nullable=True),
        sa.Column("right", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Float(precision=53), nullable=False),
        sa.Column("begins_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["training_id"], ["training.id"], name="fk_training_attendance_training_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_training_attendance_person_id"),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name="fk_training_attendance_noted_by_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_training_attendance"),
        sa.UniqueConstraint("training_id", "person_id", name="uq_training_attendance_person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_training_attendance_person", "training_attendance", ["person_id", "begins_at"])
