"""Patrols: what the phone handed in, and what the server made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, LargeBinary, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class Patrol(Base):
    """One walk as handed in (never altered) and its present verdict (altered by rejudging and review)."""

    __tablename__ = "patrol"
    __table_args__ = {"sqlite_autoincrement": True}

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    """The order of receipt; part of the receipt that the phone keeps."""
    id: Mapped[UUID] = mapped_column(unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    duty_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Whose duty it fulfils: the walker's, or that of the person the walker stands in for."""
    entered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    post: Mapped[str] = mapped_column(String(20))
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"))
    named_segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"))
    """The segment the phone named; a lower reach is judged as part of the superior's own."""
    river_code: Mapped[str] = mapped_column(String(40))
    region_code: Mapped[str] = mapped_column(String(12))

    received_at: Mapped[datetime]
    started_at: Mapped[datetime]
    """As the phone said."""
    ended_at: Mapped[datetime]
    walked_at: Mapped[datetime]
    """When it began, after correcting the phone's clock; the moment of receipt when the clock is doubted."""
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    crs: Mapped[str] = mapped_column(String(10))
    track: Mapped[bytes] = mapped_column(LargeBinary)
    """Every point as sent, in the datum it was sent in, packed by `geo.track.pack`."""
    points: Mapped[int]
    sketch: Mapped[bytes | None] = mapped_column(LargeBinary)
    place: Mapped[int | None]
    """The cell in which the middle of the walk lies: copies are looked for around it, on whatever reach."""
    report: Mapped[dict[str, Any]]
    """Check-ins, readings, checklist, note, photos and what the phone says of itself, as sent."""
    sent_at: Mapped[datetime | None]
    """What the phone's clock showed when it sent, as it was read at the door."""
    claims_mock: Mapped[bool] = mapped_column(default=False)
    """Whether the phone itself says that its positions are mocked."""

    outcome: Mapped[str] = mapped_column(String(10))
    counts: Mapped[bool]
    """Whether it fulfils a duty now: its outcome after review, and not withdrawn."""
    covered_m: Mapped[float]
    verdict: Mapped[dict[str, Any]]
    rule_version: Mapped[int]
    segment_version: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    review_outcome: Mapped[str | None] = mapped_column(String(10))
    review_note: Mapped[str | None] = mapped_column(Text)
    reviewed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)


# Lists are asked for by region, segment or person, newest first; an index for each, so that none ever sorts.
Index("ix_patrol_walked_at", Patrol.walked_at, Patrol.seq)
Index("ix_patrol_county_walked_at", func.substr(Patrol.region_code, 1, 6), Patrol.walked_at, Patrol.seq)
Index("ix_patrol_town_walked_at", func.substr(Patrol.region_code, 1, 9), Patrol.walked_at, Patrol.seq)
Index("ix_patrol_region_walked_at", Patrol.region_code, Patrol.walked_at, Patrol.seq)
Index("ix_patrol_segment_walked_at", Patrol.segment_id, Patrol.walked_at, Patrol.seq)
Index("ix_patrol_person_walked_at", Patrol.person_id, Patrol.walked_at, Patrol.seq)
Index("ix_patrol_place_walked_at", Patrol.place, Patrol.walked_at, Patrol.seq)
Index("ix_patrol_duty_of_walked_at", Patrol.duty_of_id, Patrol.walked_at)
