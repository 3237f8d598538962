"""Orders: what was given to whom, what they said of it, and what was put right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0033_orders"
down_revision = "0032_soonest"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has given one."""
    _orders()
    _addressees()
    op.create_table(
        "river_order_word",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("said", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["river_order.id"], name="fk_river_order_word_order_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_river_order_word_person_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_river_order_word"),
        sa.UniqueConstraint("id", name="uq_river_order_word_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_river_order_word_order", "river_order_word", ["order_id", "seq"])
    op.create_table(
        "river_order_correction",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["river_order.id"], name="fk_river_order_correction_order_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_river_order_correction_made_by_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_river_order_correction"),
        sa.UniqueConstraint("id", name="uq_river_order_correction_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_river_order_correction_order", "river_order_correction", ["order_id", "at"])


def _orders() -> None:
    op.create_table(
        "river_order",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked", Json, nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=True),
        sa.Column("is_safe", sa.Boolean(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("text_at", UtcTime(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("vacant", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("chased_from", UtcTime(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("next_step_at", UtcTime(), nullable=True),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_river_order_made_by_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_river_order_region_code"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_river_order_segment_id"),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["person.id"], name="fk_river_order_withdrawn_by_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_river_order"),
        sa.UniqueConstraint("id", name="uq_river_order_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_river_order_region_code", "river_order", ["region_code"])
    waits = sa.text("next_step_at IS NOT NULL")
    columns = ["next_step_at"]
    op.create_index("ix_river_order_next_step", "river_order", columns, sqlite_where=waits, postgresql_where=waits)


def _addressees() -> None:
    name = "river_order_addressee"
    op.create_table(
        name,
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=True),
        sa.Column("read_at", UtcTime(), nullable=True),
        sa.Column("signed_at", UtcTime(), nullable=True),
        sa.Column("answered_at", UtcTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("said_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["river_order.id"], name="fk_river_order_addressee_order_id"),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name="fk_river_order_addressee_holder_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_river_order_addressee_person_id"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_river_order_addressee_segment_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_river_order_addressee"),
        sa.UniqueConstraint("order_id", "holder_id", name="uq_river_order_addressee_holder"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_river_order_addressee_region", name, ["order_id", "region_code", "seq"])
    op.create_index("ix_river_order_addressee_holder_id", name, ["holder_id"])
    op.create_index("ix_river_order_addressee_person_id", name, ["person_id"])


def downgrade() -> None:
    """Take them away again."""
    for name in ("river_order_correction", "river_order_word", "river_order_addressee", "river_order"):
        op.drop_table(name)
