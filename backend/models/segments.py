"""Rivers, their reaches as a tree, who answers for them, and what stands on their banks."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from shapely import LineString, MultiLineString, Point
from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, LargeBinary, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Shape
from backend.domain.signs import new_token
from backend.models.base import Base


class River(Base):
    """A river, canal or lake (河湖)."""

    __tablename__ = "river"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20), default="river")


class Segment(Base):
    """A reach (河段) of one river inside one region; the parents of a reach are its chain of chiefs.

    The box is stored beside the line, so that both databases find it by an ordinary index.
    """

    __tablename__ = "segment"
    __table_args__ = (
        CheckConstraint("length_m > 0", name="has_length"),
        Index("ix_segment_box", "level", "west", "east", "south", "north"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    river_code: Mapped[str] = mapped_column(ForeignKey("river.code"), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    level: Mapped[int]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("segment.id"), index=True)
    width_m: Mapped[float] = mapped_column(Float, default=0.0)
    length_m: Mapped[float]
    from_m: Mapped[float]
    """Where it begins on the river (chainage of the whole river in metres)."""
    to_m: Mapped[float]
    line: Mapped[LineString] = mapped_column(Shape("LINESTRING"))
    levee: Mapped[MultiLineString | None] = mapped_column(Shape("MULTILINESTRING"))
    """Where the levee is walked instead of the bank; an alternative line."""
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    is_synthetic: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


# A county's list is in the order of codes.
Index("ix_segment_county_code", func.substr(Segment.region_code, 1, 6), Segment.code)
# With the widest of a level known, a box asks only for those that begin near it.
Index("ix_segment_width", Segment.level, Segment.east - Segment.west)


class Assignment(Base):
    """A person answers for a segment (责任河段), from – until; every figure uses the assignment of its day."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("until_day IS NULL OR until_day >= from_day", name="days_in_order"),
        Index(
            "uq_assignment_person_segment_duty_from",
            "person_id",
            "segment_id",
            "duty",
            "from_day",
            unique=True,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"), index=True)
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"), index=True)
    """The post that brought the segment; None while somebody acts for a post that is vacant."""
    duty: Mapped[str] = mapped_column(String(10))
    from_day: Mapped[date]
    until_day: Mapped[date | None]


class Checkpoint(Base):
    """A place on a segment where one stops (巡查点): sluice, pump, culvert, weak point, outfall, gauge."""

    __tablename__ = "checkpoint"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    point: Mapped[Point] = mapped_column(Shape("POINT"))
    chainage_m: Mapped[float]


class NoticeBoard(Base):
    """The public sign on the bank (公示牌): where it stands, what it says, and what was printed on it."""

    __tablename__ = "notice_board"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"), index=True)
    point: Mapped[Point] = mapped_column(Shape("POINT"))
    token: Mapped[str] = mapped_column(String(16), unique=True, default=new_token)
    """Stands in the address on the board."""
    place: Mapped[str] = mapped_column(String(120), default="")
    put_up_on: Mapped[date | None]
    taken_down_on: Mapped[date | None]
    office_phone: Mapped[str] = mapped_column(String(40), default="")
    goals: Mapped[str] = mapped_column(Text, default="")
    forbidden: Mapped[str] = mapped_column(Text, default="")
    photo: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The digest of a picture of it."""
    text_on: Mapped[date] = mapped_column(default=date(1970, 1, 1))
    """When telephone, goals or forbidden acts were written last."""
    is_text_newer: Mapped[bool] = mapped_column(default=False)
    """Whether that was after the board was printed."""
    printed_on: Mapped[date | None]
    """None: nobody has said what is on it."""
    printed: Mapped[dict[str, Any] | None]
    printed_segment_id: Mapped[UUID | None] = mapped_column(ForeignKey("segment.id"))
    version: Mapped[int] = mapped_column(default=1)
