"""Hazards: what was reported, where it stands, what is due next, and what was done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, String, Text, and_, func
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey, Shape
from backend.models.base import Base
from backend.models.facts import Chained


class Hazard(Chained, Base):
    """One hazard: the report as it came (never altered) and its present standing.

    Everything that happened to it stands in its timeline; what is here is what the next question asks.
    """

    __tablename__ = "hazard"
    __table_args__ = (
        CheckConstraint("(merged_into_id IS NULL) = (state <> 'merged')", name="merged_into_something"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=1)

    reporter_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    observed_at: Mapped[datetime]
    """As the phone said."""
    reported_at: Mapped[datetime]
    """When it was received."""
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    description: Mapped[str] = mapped_column(Text)
    report: Mapped[dict[str, Any]]
    """Place and photos as they were sent, and what the phone says of itself."""
    patrol_id: Mapped[UUID | None]
    """The walk on which it was found; it may come later than the hazard."""

    kind: Mapped[str] = mapped_column(String(30))
    severity: Mapped[str] = mapped_column(String(10))
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"))
    river_code: Mapped[str] = mapped_column(String(40))
    region_code: Mapped[str] = mapped_column(String(12))
    chainage_m: Mapped[float | None]
    point: Mapped[Point | None] = mapped_column(Shape("POINT"))
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    """None where only the segment was named."""

    state: Mapped[str] = mapped_column(String(15))
    watch: Mapped[str] = mapped_column(String(10), default="none")
    """Under whose eyes it is (督办)."""
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    """Who must mend it: proposed by kind and place, then as assigned."""
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("hazard.id"))
    handed_to: Mapped[str | None] = mapped_column(String(20))
    """The post (police or prosecutor) that it was handed over to and that has it now."""
    handed_region: Mapped[str | None] = mapped_column(String(12))
    assigned_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who said that it is mended: somebody else verifies."""
    done: Mapped[list[Any]] = mapped_column(default=list)
    """The photos of the mended place, each with where and when it was taken."""
    closed_at: Mapped[datetime | None]
    returns: Mapped[int] = mapped_column(default=0)
    rebounds: Mapped[int] = mapped_column(default=0)
    extension_until: Mapped[datetime | None]
    """More time that was asked for and not answered yet."""
    extension_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    unsafe_since: Mapped[datetime | None]
    """Since when it is a flood hazard that cannot be mended in time and has no interim measure."""
    helped_by_level: Mapped[int | None]
    """The level whose help was asked for last (请求协调); what was said stands in the timeline."""
    help_asked_by_id: Mapped[UUID | None]
    help_asked_at: Mapped[datetime | None]
    help_answered_at: Mapped[datetime | None]
    helps: Mapped[int] = mapped_column(default=0)
    """How often help was asked for."""

    phase_begun_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """The one deadline it has now; None when nothing is waited for."""
    is_provisional: Mapped[bool] = mapped_column(default=False)
    """The deadline runs into a year whose holidays are not known yet."""
    policy_version: Mapped[int] = mapped_column(default=0)
    """By which version of the policy it is counted and climbs."""
    asked_version: Mapped[int] = mapped_column(default=0)
    """By which version its reporter was told what to show; counting anew leaves that alone."""
    is_pressing: Mapped[bool] = mapped_column(default=False)
    """Whether it was counted for the key window or a response."""
    is_extended: Mapped[bool] = mapped_column(default=False)
    """More time was granted: what is counted anew leaves that alone."""
    deadlines: Mapped[dict[str, Any]]
    """Every deadline that it has had, by phase."""
    rung: Mapped[int] = mapped_column(default=0)
    """How many steps of its ladder were taken in this phase."""
    next_step_at: Mapped[datetime | None]


# Only what still climbs is in it, so a sweep with nothing due reads one page.
Index(
    "ix_hazard_next_step_at",
    Hazard.next_step_at,
    Hazard.seq,
    sqlite_where=Hazard.next_step_at.is_not(None),
    postgresql_where=Hazard.next_step_at.is_not(None),
)
# The auditor and lists of what is late look by the deadline.
Index(
    "ix_hazard_due_at",
    Hazard.due_at,
    Hazard.seq.desc(),
    sqlite_where=Hazard.due_at.is_not(None),
    postgresql_where=Hazard.due_at.is_not(None),
)
# A look-back asks for a few weeks of all that was ever closed.
Index(
    "ix_hazard_closed_at",
    Hazard.closed_at,
    sqlite_where=Hazard.closed_at.is_not(None),
    postgresql_where=Hazard.closed_at.is_not(None),
)
# What waits for somebody's act has a deadline; what is over has none.
_COUNTY, _TOWN = func.substr(Hazard.region_code, 1, 6), func.substr(Hazard.region_code, 1, 9)
_IS_DUE = Hazard.due_at.is_not(None)
Index(
    "ix_hazard_county_due",
    _COUNTY,
    Hazard.state,
    Hazard.due_at,
    sqlite_where=_IS_DUE,
    postgresql_where=_IS_DUE,
)
# Lists go by the deadline, and of one moment the newest first.
for _name, _where in (("ix_hazard_county_soonest", _COUNTY), ("ix_hazard_town_soonest", _TOWN)):
    Index(_name, _where, Hazard.due_at, Hazard.seq.desc(), sqlite_where=_IS_DUE, postgresql_where=_IS_DUE)
Index("ix_hazard_unit_due", Hazard.unit_code, Hazard.due_at, sqlite_where=_IS_DUE, postgresql_where=_IS_DUE)
# Of these there are few, and they are asked for every few minutes.
_WISHED, _UNSAFE = Hazard.extension_until.is_not(None), Hazard.unsafe_since.is_not(None)
_UNHELPED = and_(Hazard.help_asked_at.is_not(None), Hazard.help_answered_at.is_(None))
Index("ix_hazard_extension", _COUNTY, Hazard.extension_until, sqlite_where=_WISHED, postgresql_where=_WISHED)
Index("ix_hazard_unsafe", _COUNTY, Hazard.unsafe_since, sqlite_where=_UNSAFE, postgresql_where=_UNSAFE)
Index("ix_hazard_help", Hazard.helped_by_level, sqlite_where=_UNHELPED, postgresql_where=_UNHELPED)
Index(
    "ix_hazard_merged_into_id",
    Hazard.merged_into_id,
    sqlite_where=Hazard.merged_into_id.is_not(None),
    postgresql_where=Hazard.merged_into_id.is_not(None),
)
Index("ix_hazard_seq_state", Hazard.seq, Hazard.state)
Index("ix_hazard_county_seq", func.substr(Hazard.region_code, 1, 6), Hazard.seq)
Index("ix_hazard_town_seq", func.substr(Hazard.region_code, 1, 9), Hazard.seq)
Index("ix_hazard_region_seq", Hazard.region_code, Hazard.seq)
Index("ix_hazard_segment_seq", Hazard.segment_id, Hazard.seq)
Index("ix_hazard_reporter_seq", Hazard.reporter_id, Hazard.seq)
Index("ix_hazard_assignee_seq", Hazard.assignee_id, Hazard.seq)
Index("ix_hazard_unit_seq", Hazard.unit_code, Hazard.seq)
Index("ix_hazard_kind_place", Hazard.kind, Hazard.lat, Hazard.lon)
Index("ix_hazard_handed_seq", Hazard.handed_to, Hazard.handed_region, Hazard.seq)


class HazardAct(Base):
    """An act that was taken, by the id its client made: handing it in again changes nothing."""

    __tablename__ = "hazard_act"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hazard_id: Mapped[UUID] = mapped_column(ForeignKey("hazard.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    act: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)


class InterimMeasure(Base):
    """What keeps an unmended hazard safe through the flood season (度汛措施), and who watches it."""

    __tablename__ = "interim_measure"
    __table_args__ = (Index("ix_interim_measure_watcher", "watcher_id", "next_check_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hazard_id: Mapped[UUID] = mapped_column(ForeignKey("hazard.id"), index=True)
    what: Mapped[str] = mapped_column(Text)
    watcher_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    added_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    every_h: Mapped[int]
    """Hours from one check to the next."""
    next_check_at: Mapped[datetime | None] = mapped_column(index=True)
    """None when it is over, with the hazard or by a better one."""
