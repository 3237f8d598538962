"""Who did what, found by person, act and moment; and what each check of the timelines has found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcTime

revision = "0029_audit"
down_revision = "0028_handovers_and_splits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was noted of the checks before; the next night checks again."""
    op.create_table(
        "proof_check",
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("chains", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.BigInteger(), nullable=False),
        sa.Column("seals", sa.Integer(), nullable=False),
        sa.Column("broken", sa.String(length=80), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("at", name="pk_proof_check"),
    )
    op.create_index("ix_record_actor", "record", ["actor_id", "at", "seq"])
    op.create_index("ix_record_act", "record", ["act", "at", "seq"])
    op.create_index("ix_fact_at", "fact", ["at", "seq"])
    op.create_index("ix_fact_actor", "fact", ["actor_id", "at", "seq"])


def downgrade() -> None:
    """The timelines themselves stay."""
    op.drop_index("ix_fact_actor", "fact")
    op.drop_index("ix_fact_at", "fact")
    op.drop_index("ix_record_act", "record")
    op.drop_index("ix_record_actor", "record")
    op.drop_table("proof_check")
