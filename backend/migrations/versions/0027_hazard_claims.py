"""Who is handling a hazard right now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcTime

revision = "0027_hazard_claims"
down_revision = "0026_saved_filters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is at one yet."""
    op.create_table(
        "hazard_claim",
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name="fk_hazard_claim_hazard_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_hazard_claim_person_id"),
        sa.PrimaryKeyConstraint("hazard_id", name="pk_hazard_claim"),
    )


def downgrade() -> None:
    """It would have ended in ten minutes."""
    op.drop_table("hazard_claim")
