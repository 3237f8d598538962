"""Help that was asked for is kept when it was given, and what waits for somebody is found by indexes of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcTime

revision = "0016_waits"
down_revision = "0015_cases"
branch_labels = None
depends_on = None

_COUNTY = sa.text("substr(region_code, 1, 6)")
_PARTIAL: tuple[tuple[str, list[str | sa.TextClause], str], ...] = (
    ("ix_hazard_county_due", [_COUNTY, "state", "due_at"], "due_at IS NOT NULL"),
    ("ix_hazard_unit_due", ["unit_code", "due_at"], "due_at IS NOT NULL"),
    ("ix_hazard_extension", [_COUNTY, "extension_until"], "extension_until IS NOT NULL"),
    ("ix_hazard_unsafe", [_COUNTY, "unsafe_since"], "unsafe_since IS NOT NULL"),
    ("ix_hazard_help", ["helped_by_level"], "help_asked_at IS NOT NULL AND help_answered_at IS NULL"),
)


def upgrade() -> None:
    """Help that waits for an answer counts as asked for once, when the present phase began."""
    op.add_column("hazard", sa.Column("help_asked_at", UtcTime(), nullable=True))
    op.add_column("hazard", sa.Column("help_answered_at", UtcTime(), nullable=True))
    op.add_column("hazard", sa.Column("helps", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE hazard SET help_asked_at = phase_begun_at, helps = 1 WHERE helped_by_level IS NOT NULL")
    op.add_column("hazard", sa.Column("asked_version", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE hazard SET asked_version = policy_version")
    for name, columns, where in _PARTIAL:
        op.create_index(name, "hazard", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("ix_interim_measure_watcher", "interim_measure", ["watcher_id", "next_check_at"])


def downgrade() -> None:
    """What was answered is not kept."""
    op.drop_index("ix_interim_measure_watcher", "interim_measure")
    for name, _, _ in reversed(_PARTIAL):
        op.drop_index(name, "hazard")
    op.execute("UPDATE hazard SET helped_by_level = NULL, help_asked_by_id = NULL WHERE help_answered_at IS NOT NULL")
    for name in ("asked_version", "helps", "help_answered_at", "help_asked_at"):
        op.drop_column("hazard", name)
