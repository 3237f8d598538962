"""Questions of an estimate (试算): what is there that another rule would have treated otherwise. Nothing is altered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.terms import Duty
from backend.models.flood_events import FloodEvent
from backend.models.hazards import Hazard
from backend.models.patrols import Patrol
from backend.models.segments import Assignment, Segment
from backend.store.people import covers
from backend.store.regions import inside

_hazard, _patrol = cast(Table, Hazard.__table__), cast(Table, Patrol.__table__)
_event = cast(Table, FloodEvent.__table__)
_segment = cast(Table, Segment.__table__)
_DATED = (
    *("kind", "state", "severity", "watch", "region_code", "phase_begun_at", "due_at", "is_provisional"),
    *("rung", "next_step_at", "is_pressing", "is_extended", "policy_version"),
)


def dated(session: Session, limit: int) -> list[AnyRow]:
    """Hazards that wait for something, those due last first: what their deadline and their ladder follow from."""
    question = select(*(_hazard.c[name] for name in _DATED)).where(_hazard.c.due_at.is_not(None))
    return list(session.execute(question.order_by(_hazard.c.due_at.desc(), _hazard.c.seq).limit(limit)).all())


def count_walks(session: Session, since: datetime) -> int:
    """How many walks were begun since a moment and are neither withdrawn nor reviewed."""
    return session.scalar(select(func.count()).select_from(_patrol).where(*_lately(since))) or 0


def walks(session: Session, since: datetime, *, stride: int, limit: int) -> list[AnyRow]:
    """Every stride-th of these walks in the order of receipt, whole, each with its segment: code, length, version."""
    chosen = select(_patrol.c.seq).where(*_lately(since), _patrol.c.seq % stride == 0).limit(limit)
    columns = (
        _segment.c.code.label("segment_code"),
        _segment.c.name.label("segment_name"),
        _segment.c.version.label("surveyed"),
        _segment.c.level.label("segment_level"),
        _segment.c.until_day.label("segment_until"),
    )
    question = select(*_patrol.columns, *columns).join(_segment, _segment.c.id == _patrol.c.segment_id)
    return list(session.execute(question.where(_patrol.c.seq.in_(chosen)).order_by(_patrol.c.seq)).all())


def events(session: Session, since: datetime, limit: int) -> list[AnyRow]:
    """What has happened to the water since a moment, but for exercises, the newest first: kind, what, level, values."""
    columns = (_event.c.kind, _event.c.what, _event.c.level, _event.c["values"], _event.c.at)
    question = select(*columns).where(_event.c.at >= since, _event.c.is_exercise.is_(False))
    return list(session.execute(question.order_by(_event.c.seq.desc()).limit(limit)).all())


def walkers(session: Session, region: str, but: Collection[str], day: date) -> list[AnyRow]:
    """How many people answer for a reach there on a day, by level of the reach and duty: level, duty, people."""
    columns = (Segment.level, Assignment.duty, func.count(Assignment.person_id.distinct()).label("people"))
    question = select(*columns).join(Segment, Segment.id == Assignment.segment_id)
    question = question.where(covers(Assignment, day), _there(Segment.region_code, region, but))
    question = question.where(Assignment.duty.in_([Duty.CHIEF.value, Duty.WARDEN.value]))
    return list(session.execute(question.group_by(Segment.level, Assignment.duty)).all())


def flood_hazards(session: Session, region: str, but: Collection[str], now: datetime) -> int:
    """How many hazards of the flood sort wait for something there, and are not late yet."""
    question = select(func.count()).select_from(_hazard)
    here = _there(_hazard.c.region_code, region, but)
    question = question.where(_hazard.c.kind.startswith("flood."), _hazard.c.due_at > now, here)
    return session.scalar(question.where(_hazard.c.is_extended.is_(False))) or 0


def _lately(since: datetime) -> Sequence[ColumnElement[bool]]:
    return (_patrol.c.walked_at >= since, _patrol.c.withdrawn_at.is_(None), _patrol.c.review_outcome.is_(None))


def _there(column: Any, region: str, but: Collection[str]) -> ColumnElement[bool]:
    """In a region without some inside it."""
    if not but:
        return inside(column, region)
    return and_(inside(column, region), not_(or_(*(inside(column, each) for each in but))))
