"""Questions about interim measures (度汛措施): what is watched, by whom, and when it is looked at next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Select, Table, exists, insert, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, touched
from backend.domain.hazards import MENDING
from backend.models.hazards import Hazard, InterimMeasure
from backend.models.segments import Segment

_hazard = cast(Table, Hazard.__table__)


@dataclass(frozen=True, slots=True)
class Measure:
    """What keeps a hazard safe, who watches it, and how many hours lie between two looks."""

    id: UUID
    hazard_id: UUID
    what: str
    watcher_id: UUID
    every_h: int


def add(session: Session, measure: Measure, *, by: UUID, now: datetime) -> None:
    """Begin to watch it."""
    session.execute(
        insert(InterimMeasure).values(
            id=measure.id,
            hazard_id=measure.hazard_id,
            what=measure.what,
            watcher_id=measure.watcher_id,
            every_h=measure.every_h,
            added_by_id=by,
            added_at=now,
            next_check_at=now + timedelta(hours=measure.every_h),
        )
    )


def watched(session: Session, hazard_id: UUID) -> dict[UUID, UUID]:
    """The measures of a hazard that are watched now, each with its watcher."""
    question = select(InterimMeasure.id, InterimMeasure.watcher_id).where(
        InterimMeasure.hazard_id == hazard_id, InterimMeasure.next_check_at.is_not(None)
    )
    return {row.id: row.watcher_id for row in session.execute(question)}


def watched_by(people: Sequence[UUID]) -> Select[UUID]:
    """The hazards with a measure that one of these people watches now."""
    question = select(InterimMeasure.hazard_id)
    return question.where(InterimMeasure.watcher_id.in_(people), InterimMeasure.next_check_at.is_not(None))


def of_hazard(session: Session, hazard_id: UUID) -> list[InterimMeasure]:
    """Every measure of a hazard, the oldest first."""
    question = select(InterimMeasure).where(InterimMeasure.hazard_id == hazard_id)
    return list(session.scalars(question.order_by(InterimMeasure.added_at, InterimMeasure.id)))


def due(session: Session, since: datetime, until: datetime) -> list[AnyRow]:
    """Measures whose check fell due in a time, with the reach: id, hazard_id, watcher_id, next_check_at, segment."""
    columns = (
        InterimMeasure.id,
        InterimMeasure.hazard_id,
        InterimMeasure.watcher_id,
        InterimMeasure.next_check_at,
        Segment.name.label("segment"),
    )
    question = select(*columns).join(Hazard, Hazard.id == InterimMeasure.hazard_id)
    question = question.join(Segment, Segment.id == Hazard.segment_id)
    question = question.where(InterimMeasure.next_check_at > since, InterimMeasure.next_check_at <= until)
    return list(session.execute(question.order_by(InterimMeasure.next_check_at)).all())


def mark_unsafe(session: Session, now: datetime) -> int:
    """Flood hazards under pressure whose time to mend is over and that have no measure; how many are new."""
    is_watched = exists().where(InterimMeasure.hazard_id == _hazard.c.id, InterimMeasure.next_check_at.is_not(None))
    late = update(_hazard).where(
        _hazard.c.due_at <= now,
        _hazard.c.state.in_(MENDING),
        _hazard.c.is_pressing,
        _hazard.c.kind.startswith("flood."),
        _hazard.c.unsafe_since.is_(None),
        ~is_watched,
    )
    return touched(session.execute(late.values(unsafe_since=_hazard.c.due_at, version=_hazard.c.version + 1)))


def unsafe(session: Session) -> list[AnyRow]:
    """Flood hazards without a measure that need one, with the name of their reach."""
    names = ("id", "kind", "region_code", "unit_code", "assignee_id", "unsafe_since")
    question = select(*(_hazard.c[name] for name in names), Segment.name.label("segment"))
    question = question.join(Segment, Segment.id == _hazard.c.segment_id).where(_hazard.c.unsafe_since.is_not(None))
    return list(session.execute(question.order_by(_hazard.c.seq)).all())


def checked(session: Session, measure_id: UUID, *, now: datetime) -> None:
    """Somebody has looked; the next look is due after its hours."""
    row = session.get_one(InterimMeasure, measure_id)
    row.next_check_at = now + timedelta(hours=row.every_h)
    session.flush()


def end(session: Session, hazard_id: UUID) -> None:
    """Nothing of this hazard needs watching any more."""
    ended = update(InterimMeasure).where(InterimMeasure.hazard_id == hazard_id)
    session.execute(ended.values(next_check_at=None).execution_options(synchronize_session=False))


def erase(session: Session, hazard_id: UUID) -> None:
    """Take out what was written of the measures of a hazard."""
    session.execute(update(InterimMeasure).where(InterimMeasure.hazard_id == hazard_id).values(what=""))
