"""Stations (测站): where the water is measured, every reading, and the latest of each quantity."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shapely import Point
from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Shape
from backend.models.base import Base


class Station(Base):
    """A gauge, sluice or rain gauge that sends its readings with a key of its own or of its gateway."""

    __tablename__ = "station"
    __table_args__ = (Index("ix_station_box", "lon", "lat"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(12))
    river_code: Mapped[str] = mapped_column(ForeignKey("river.code"), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    """Whom it warns; it may stand upstream of that."""
    segment_id: Mapped[UUID | None] = mapped_column(ForeignKey("segment.id"), index=True)
    """The reach it speaks for: the nearest of its river, unless somebody has named another."""
    point: Mapped[Point] = mapped_column(Shape("POINT"))
    lon: Mapped[float]
    lat: Mapped[float]
    warning_m: Mapped[float | None]
    """警戒水位"""
    guaranteed_m: Mapped[float | None]
    """保证水位"""
    datum: Mapped[str] = mapped_column(Text, default="")
    """What its metres are counted from (基面)."""
    hysteresis_m: Mapped[float] = mapped_column(default=0.10)
    silent_after_min: Mapped[int] = mapped_column(default=120)
    key_sha256: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    """Of a long random key, which needs no slow hash; one key may serve several stations."""
    version: Mapped[int] = mapped_column(default=1)
    silent_at: Mapped[datetime | None]
    """When it counts as silent, unless it is heard before; None while it was never heard."""
    silent_since: Mapped[datetime | None]


# Only those that may fall silent are in it.
_SPEAKS = Station.silent_since.is_(None)
Index("ix_station_silent_at", Station.silent_at, sqlite_where=_SPEAKS, postgresql_where=_SPEAKS)


class Reading(Base):
    """What a station measured at a moment; sent again it is the same, sent otherwise it is corrected."""

    __tablename__ = "reading"

    station_id: Mapped[UUID] = mapped_column(ForeignKey("station.id"), primary_key=True)
    quantity: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[float]
    received_at: Mapped[datetime]


class StationValue(Base):
    """The latest value of one quantity of a station; moves forward in time alone."""

    __tablename__ = "station_value"

    station_id: Mapped[UUID] = mapped_column(ForeignKey("station.id"), primary_key=True)
    quantity: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]
    value: Mapped[float]
    rate: Mapped[float | None]
    """Of a level: metres an hour over the last one to three hours."""
    band: Mapped[str] = mapped_column(String(12))
    """In which people were last told that it is: history does not move it."""
    is_fast: Mapped[bool] = mapped_column(default=False)
