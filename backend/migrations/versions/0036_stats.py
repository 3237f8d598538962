"""Figures by day and region are kept as rows; every day that has something to count is owed to them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, UtcTime

revision = "0036_stats"
down_revision = "0035_work_points"
branch_labels = None
depends_on = None

_KEYS: dict[str, tuple[tuple[str, Any], ...]] = {
    "patrol": (),
    "hazard": (("kind", sa.String(30)), ("severity", sa.String(10))),
    "callout": (("is_drill", sa.SmallInteger()),),
    "campaign": (),
}
_FIGURES = {
    "patrol": ("handed_in", "counted", "doubtful", "not_counted", "withdrawn", "metres", "seconds"),
    "hazard": (
        *("reported", "standing", "cleared", "rejected", "merged"),
        *("accepted", "rectified", "closed", "returned", "reopened"),
    ),
    "callout": ("called", "answered", "in_time"),
    "campaign": ("answered", "late", "found", "on_behalf"),
}
_INDEXES = (
    ("ix_hazard_reported_at", "hazard", "reported_at"),
    ("ix_hazard_act_at", "hazard_act", "at"),
    ("ix_callout_begun_at", "callout", "begun_at"),
    ("ix_campaign_segment_answered_at", "campaign_segment", "answered_at"),
)
_OWED = (
    ("patrols", "patrol", "walked_at"),
    ("hazards", "hazard", "reported_at"),
    ("hazards", "hazard_act", "at"),
    ("callouts", "callout", "begun_at"),
    ("campaigns", "campaign_segment", "answered_at"),
)
_DAY = {"postgresql": "CAST({moment} AT TIME ZONE 'UTC' AS date)", "sqlite": "date({moment})"}


def upgrade() -> None:
    """Tables of figures, and a debt for each day on which something happened."""
    op.create_table(
        "rollup_debt",
        sa.Column("seq", BigKey, sa.Identity(always=False), primary_key=True),
        sa.Column("noun", sa.String(10), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        sqlite_autoincrement=True,
    )
    for noun, figures in _FIGURES.items():
        name = f"rollup_{noun}"
        op.create_table(
            name,
            sa.Column("region_code", sa.String(12), primary_key=True),
            sa.Column("is_total", sa.Boolean(), primary_key=True),
            sa.Column("day", sa.Date(), primary_key=True),
            sa.Column("level", sa.String(10), primary_key=True),
            *(sa.Column(key, kind, primary_key=True, autoincrement=False) for key, kind in _KEYS[noun]),
            *(sa.Column(figure, sa.BigInteger(), nullable=False) for figure in figures),
        )
        op.create_index(f"ix_{name}_day", name, ["day"])
    for index, table, column in _INDEXES:
        op.create_index(index, table, [column])
    for noun, table, moment in _OWED:
        _owe(noun, table, moment)


def downgrade() -> None:
    """Figures are counted when asked for."""
    for index, table, _ in _INDEXES:
        op.drop_index(index, table)
    for noun in _FIGURES:
        op.drop_table(f"rollup_{noun}")
    op.drop_table("rollup_debt")


def _owe(noun: str, table: str, moment: str) -> None:
    """A day of UTC touches two business days at most: its first and its last moment name both."""
    day = _DAY[op.get_bind().dialect.name].format(moment=moment)
    for end in ("min", "max"):
        known = f"FROM {table} WHERE {moment} IS NOT NULL GROUP BY {day}"
        op.execute(f"INSERT INTO rollup_debt (noun, at, region_code) SELECT '{noun}', {end}({moment}), '' {known}")
