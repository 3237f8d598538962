"""Notices, letters, devices, preferences, and how the channels stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import Json, UtcTime

revision = "0011_notices"
down_revision = "0010_due"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Five tables."""
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("values", Json, nullable=False),
        sa.Column("lane", sa.String(length=10), nullable=False),
        sa.Column("channels", sa.String(length=60), nullable=False),
        sa.Column("about_type", sa.String(length=20), nullable=True),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("not_before", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=True),
        sa.Column("addressed_at", UtcTime(), nullable=True),
        sa.Column("digest_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_notice_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )
    op.create_index("ix_notice_person_created", "notice", ["person_id", "created_at", "id"])
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_device_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
        sa.UniqueConstraint("address_index", name="uq_device_address_index"),
    )
    op.create_index("ix_device_person_id", "device", ["person_id"])
    op.create_table(
        "notice_preference",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("channels", Json, nullable=False),
        sa.Column("muted", Json, nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_notice_preference_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_notice_preference"),
    )
    _letters()
    op.create_table(
        "bucket",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("resting_until", UtcTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_bucket"),
    )
    for name, table, columns, where in (
        ("ix_notice_waiting", "notice", ["lane", "not_before"], "addressed_at IS NULL"),
        ("ix_letter_due", "letter", ["lane", "channel", "next_try_at"], "next_try_at IS NOT NULL"),
        ("ix_letter_lease", "letter", ["lease_until"], "lease_until IS NOT NULL"),
        ("ix_letter_reference", "letter", ["channel", "reference"], "reference IS NOT NULL"),
        ("ix_letter_dead", "letter", ["failed_at", "id"], "state = 'failed' AND passed_to IS NULL"),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _letters() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("lane", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("next_try_at", UtcTime(), nullable=True),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("expires_at", UtcTime(), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("passed_to", sa.String(length=20), nullable=True),
        sa.Column("accepted_at", UtcTime(), nullable=True),
        sa.Column("delivered_at", UtcTime(), nullable=True),
        sa.Column("answered_at", UtcTime(), nullable=True),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("failed_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_letter_notice_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
    )
    op.create_index("ix_letter_notice_id", "letter", ["notice_id"])


def downgrade() -> None:
    """Take them away again; what was not sent is not sent."""
    for table in ("bucket", "letter", "notice_preference", "device", "notice"):
        op.drop_table(table)
