"""Whoever is signed in at a desk, and second factors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcTime

revision = "0025_web_sessions"
down_revision = "0024_drills"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is signed in at a desk yet."""
    op.create_table(
        "web_session",
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("proved_at", UtcTime(), nullable=False),
        sa.Column("code_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["family_id"], ["login_family.id"], name="fk_web_session_family_id"),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_web_session"),
    )
    op.create_index("ix_web_session_family_id", "web_session", ["family_id"])
    op.create_index("ix_web_session_begun_at", "web_session", ["begun_at"])
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", UtcTime(), nullable=True),
        sa.Column("used_step", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_second_factor_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_second_factor"),
    )


def downgrade() -> None:
    """Everybody signs in anew."""
    op.drop_table("second_factor")
    op.drop_table("web_session")
