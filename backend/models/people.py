"""People, their posts with dates, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class Person(Base):
    """Somebody with an account; the phone number is sealed and found again by its keyed index."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_name", "name", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    phone_tail: Mapped[str | None] = mapped_column(String(4))
    """The last four digits, which everybody with need may see (138****1234)."""
    phone_head: Mapped[str | None] = mapped_column(String(3))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    token_version: Mapped[int] = mapped_column(default=1)
    """Raised whenever a post, password or number changes: older access tokens die at once."""
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Appointment(Base):
    """A person holds a post (任职) over a region, from – until (the first day no longer held)."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("until_day IS NULL OR until_day >= from_day", name="days_in_order"),
        Index("ix_appointment_region_post", "region_code", "post"),
        Index("ix_appointment_post_region", "post", "region_code"),
        Index(
            "uq_appointment_person_post_region_from",
            "person_id",
            "post",
            "region_code",
            "from_day",
            unique=True,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    substitute_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who takes over when it ends, or acts when its holder is away."""
    from_day: Mapped[date]
    until_day: Mapped[date | None]


class Absence(Base):
    """Somebody is away; the substitute (代理) acts for them under an account of their own."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("until_day IS NULL OR until_day >= from_day", name="days_in_order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    substitute_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    body_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)


class Unit(Base):
    """A responsible unit (责任单位): the department, town or company that must fix a hazard."""

    __tablename__ = "unit"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    kind: Mapped[str | None] = mapped_column(String(40))
    """What sort of office it is (water_bureau); the same in every county."""
    handles: Mapped[list[Any]] = mapped_column(default=list)
    """The kinds of hazard that it has to mend."""
