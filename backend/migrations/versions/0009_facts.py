"""The timeline with its proof: facts, personal values beside them, seals; none of its rows can be altered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend import append_only
from backend.db import BigKey, UtcTime

revision = "0009_facts"
down_revision = "0008_alarms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Five tables, and the end of its chain for each hazard; what happened before stays in the record."""
    op.add_column("hazard", sa.Column("facts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("hazard", sa.Column("head", sa.LargeBinary(), nullable=True))
    op.create_table(
        "fact",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("thing_type", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_fact_actor_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_fact"),
        sa.UniqueConstraint("thing_id", "number", "thing_type", name="uq_fact_thing_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_fact_order", "fact", ["transaction_id", "seq"])
    op.create_table(
        "fact_secret",
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("thing_id", "number", "name", name="pk_fact_secret"),
    )
    _seals()
    append_only.close(op.execute, op.get_bind().dialect.name)


def _seals() -> None:
    op.create_table(
        "seal",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("facts", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_seal"),
    )
    op.create_table(
        "seal_leaf",
        sa.Column("seal", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("thing_type", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["seal"], ["seal.number"], name="fk_seal_leaf_seal"),
        sa.PrimaryKeyConstraint("seal", "place", name="pk_seal_leaf"),
    )
    op.create_index("ix_seal_leaf_thing", "seal_leaf", ["thing_id", "number"])
    op.create_table(
        "sealed_until",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_until"),
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("sealed_until", "seal_leaf", "seal", "fact_secret", "fact"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION hezhang_stays()")
    op.drop_column("hazard", "head")
    op.drop_column("hazard", "facts")
