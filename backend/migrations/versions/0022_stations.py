"""Stations, what they measure, and the latest of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import Shape, UtcTime

revision = "0022_stations"
down_revision = "0021_signals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No station is known yet."""
    _stations()
    op.create_table(
        "reading",
        sa.Column("station_id", sa.Uuid(), sa.ForeignKey("station.id", name="fk_reading_station_id"), primary_key=True),
        sa.Column("quantity", sa.String(20), primary_key=True),
        sa.Column("at", UtcTime(), primary_key=True),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
    )
    of_station = sa.ForeignKey("station.id", name="fk_station_value_station_id")
    op.create_table(
        "station_value",
        sa.Column("station_id", sa.Uuid(), of_station, primary_key=True),
        sa.Column("quantity", sa.String(20), primary_key=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("rate", sa.Double(), nullable=True),
        sa.Column("band", sa.String(12), nullable=False),
        sa.Column("is_fast", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def _stations() -> None:
    op.create_table(
        "station",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column(
            "river_code", sa.String(40), sa.ForeignKey("river.code", name="fk_station_river_code"), nullable=False
        ),
        sa.Column(
            "region_code", sa.String(12), sa.ForeignKey("region.code", name="fk_station_region_code"), nullable=False
        ),
        sa.Column("segment_id", sa.Uuid(), sa.ForeignKey("segment.id", name="fk_station_segment_id"), nullable=True),
        sa.Column("point", Shape("POINT"), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("warning_m", sa.Double(), nullable=True),
        sa.Column("guaranteed_m", sa.Double(), nullable=True),
        sa.Column("datum", sa.Text(), nullable=False),
        sa.Column("hysteresis_m", sa.Double(), nullable=False),
        sa.Column("silent_after_min", sa.Integer(), nullable=False),
        sa.Column("key_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("silent_at", UtcTime(), nullable=True),
        sa.Column("silent_since", UtcTime(), nullable=True),
        sa.UniqueConstraint("code", name="uq_station_code"),
    )
    for name, columns in (
        ("ix_station_river_code", ["river_code"]),
        ("ix_station_region_code", ["region_code"]),
        ("ix_station_segment_id", ["segment_id"]),
        ("ix_station_key_sha256", ["key_sha256"]),
        ("ix_station_box", ["lon", "lat"]),
    ):
        op.create_index(name, "station", columns)
    speaks = sa.text("silent_since IS NULL")
    op.create_index("ix_station_silent_at", "station", ["silent_at"], sqlite_where=speaks, postgresql_where=speaks)


def downgrade() -> None:
    """Stations and all their readings are forgotten."""
    for name in ("station_value", "reading", "station"):
        op.drop_table(name)
