"""Hazards are listed by their deadline, of one moment the newest first, by indexes that have them in that order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032_soonest"
down_revision = "0031_recordings"
branch_labels = None
depends_on = None

_IS_DUE = sa.text("due_at IS NOT NULL")
_ORDER = (sa.text("due_at"), sa.text("seq DESC"))
_SOONEST = (
    ("ix_hazard_county_soonest", sa.text("substr(region_code, 1, 6)")),
    ("ix_hazard_town_soonest", sa.text("substr(region_code, 1, 9)")),
)


def upgrade() -> None:
    """The index of the auditor goes on to the number."""
    op.drop_index("ix_hazard_due_at", "hazard")
    _made("ix_hazard_due_at", *_ORDER)
    for name, place in _SOONEST:
        _made(name, place, *_ORDER)


def downgrade() -> None:
    """Back to the deadline alone."""
    for name, _ in _SOONEST:
        op.drop_index(name, "hazard")
    op.drop_index("ix_hazard_due_at", "hazard")
    _made("ix_hazard_due_at", _ORDER[0])


def _made(name: str, *columns: sa.TextClause) -> None:
    op.create_index(name, "hazard", list(columns), sqlite_where=_IS_DUE, postgresql_where=_IS_DUE)
