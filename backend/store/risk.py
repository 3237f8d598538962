"""Questions about the risk of reaches: what it is made of, and what becomes of it; always of many reaches at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, func, insert, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, among
from backend.domain.hazards import OPEN, Kind
from backend.domain.regions import LENGTHS
from backend.domain.stations import Quantity
from backend.domain.terms import Level
from backend.models.facts import Fact
from backend.models.flood_events import FloodEvent
from backend.models.hazards import Hazard
from backend.models.patrols import Patrol
from backend.models.risk import RiskChange, RiskPlace, SegmentRisk
from backend.models.segments import Checkpoint
from backend.models.stations import Station, StationValue
from backend.store.bulk import insert_all, update_all
from backend.store.last_walks import last_walk
from backend.store.regions import inside, start
from backend.store.segments import at_level, in_force, segment

_risk = cast(Table, SegmentRisk.__table__)
_change = cast(Table, RiskChange.__table__)
_place = cast(Table, RiskPlace.__table__)
_event = cast(Table, FloodEvent.__table__)
_hazard = cast(Table, Hazard.__table__)
_patrol = cast(Table, Patrol.__table__)
_fact = cast(Table, Fact.__table__)
_point = cast(Table, Checkpoint.__table__)
_station, _value = cast(Table, Station.__table__), cast(Table, StationValue.__table__)
_FLOOD = [kind.value for kind in Kind if kind.is_flood]
_WEAK = "weak_point"
_weak_points = (
    select(func.count())
    .select_from(_point)
    .where(_point.c.segment_id == segment.c.id, _point.c.kind == _WEAK)
    .scalar_subquery()
)
_PRESENT = (
    *(segment.c[name] for name in ("id", "region_code", "river_code", "parent_id")),
    *(_risk.c[name].label(f"risk_{name}") for name in ("level", "score", "factors")),
)
_JOINED = segment.outerjoin(_risk, _risk.c.segment_id == segment.c.id)


def event_before(session: Session, event: AnyRow) -> AnyRow | None:
    """What was said last about the same thing."""
    same = (_event.c.kind == event.kind, _event.c.about_id == event.about_id, _event.c.seq < event.seq)
    return session.execute(select(_event).where(*same).order_by(_event.c.seq.desc()).limit(1)).one_or_none()


def reaches_in(
    session: Session, today: date, regions: Iterable[str], rivers: Collection[str] = ()
) -> list[tuple[UUID, str]]:
    """The lowest reaches of regions, narrowed to rivers where some are named: id and region, down each river."""
    where = or_(*(_in_region(region) for region in regions))
    question = select(segment.c.id, segment.c.region_code).where(where, in_force(today), at_level(None))
    if rivers:
        question = question.where(segment.c.river_code.in_(list(rivers)))
    question = question.order_by(segment.c.river_code, segment.c.from_m)
    return [(segment_id, region) for segment_id, region in session.execute(question).all()]


def regions_of(session: Session, ids: Collection[UUID]) -> list[tuple[UUID, str]]:
    """These reaches with their regions."""
    question = select(segment.c.id, segment.c.region_code).where(among(session, segment.c.id, ids))
    return [(segment_id, region) for segment_id, region in session.execute(question).all()]


def lowest(session: Session, ids: Collection[UUID], today: date) -> list[AnyRow]:
    """Of these the lowest reaches of today: with their last walk, weak points and present risk."""
    columns = (*_PRESENT, last_walk.label("walked_at"), _weak_points.label("weak_points"))
    question = select(*columns).select_from(_JOINED)
    question = question.where(among(session, segment.c.id, ids), in_force(today), at_level(None))
    return list(session.execute(question).all())


def present(session: Session, ids: Collection[UUID]) -> list[AnyRow]:
    """These reaches with their present risk."""
    return list(session.execute(select(*_PRESENT).select_from(_JOINED).where(among(session, segment.c.id, ids))).all())


def risky(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Of these reaches those of high or extreme risk: whoever answers for them is called first."""
    if not ids:
        return set()
    is_high = _risk.c.level.in_(("high", "extreme"))
    return set(session.scalars(select(_risk.c.segment_id).where(among(session, _risk.c.segment_id, ids), is_high)))


def worst_inside(session: Session, ids: Collection[UUID], today: date) -> list[AnyRow]:
    """Of the reaches directly inside each of these the worst: parent_id, level, score, factors."""
    joined = segment.join(_risk, _risk.c.segment_id == segment.c.id)
    place = func.row_number().over(partition_by=segment.c.parent_id, order_by=(_risk.c.score.desc(), segment.c.code))
    ranked = select(segment.c.parent_id, segment.c.id, place.label("place")).select_from(joined)
    ranked = ranked.where(among(session, segment.c.parent_id, ids), in_force(today))
    first = ranked.subquery()
    question = select(first.c.parent_id, _risk.c.level, _risk.c.score, _risk.c.factors)
    question = question.select_from(first.join(_risk, _risk.c.segment_id == first.c.id)).where(first.c.place == 1)
    return list(session.execute(question).all())


def gauges(session: Session, ids: Collection[UUID]) -> list[AnyRow]:
    """Stations that speak for these reaches and were heard at least once: with the band of their level."""
    columns = (_station.c.segment_id, _station.c.code, _station.c.name, _station.c.silent_since)
    joined = _station.join(_value, _value.c.station_id == _station.c.id)
    question = select(*columns, _value.c.band, _value.c.is_fast).select_from(joined)
    question = question.where(_value.c.quantity == Quantity.LEVEL.value, among(session, _station.c.segment_id, ids))
    return list(session.execute(question.order_by(_station.c.code)).all())


def hazards(session: Session, ids: Collection[UUID]) -> list[AnyRow]:
    """Open flood hazards on these reaches: segment_id, severity."""
    question = select(_hazard.c.segment_id, _hazard.c.severity).where(
        among(session, _hazard.c.segment_id, ids), _hazard.c.state.in_(OPEN), _hazard.c.kind.in_(_FLOOD)
    )
    return list(session.execute(question.order_by(_hazard.c.seq)).all())


def walks_since(session: Session, seq: int, limit: int) -> list[AnyRow]:
    """Walks that came in after one: seq, at, segment_id."""
    question = select(_patrol.c.seq, _patrol.c.received_at.label("at"), _patrol.c.segment_id)
    return list(session.execute(question.where(_patrol.c.seq > seq).order_by(_patrol.c.seq).limit(limit)).all())


def acts_since(session: Session, seq: int, limit: int) -> list[AnyRow]:
    """What happened to hazards after a fact: seq, at, and the segment_id of a flood hazard."""
    joined = _fact.outerjoin(_hazard, (_hazard.c.id == _fact.c.thing_id) & _hazard.c.kind.in_(_FLOOD))
    question = select(_fact.c.seq, _fact.c.at, _hazard.c.segment_id).select_from(joined)
    return list(session.execute(question.where(_fact.c.seq > seq).order_by(_fact.c.seq).limit(limit)).all())


def place(session: Session) -> AnyRow | None:
    """Up to where walks and acts were looked at; None before the first look."""
    return session.execute(select(_place)).one_or_none()


def newest(session: Session) -> tuple[int, int]:
    """The numbers of the newest walk and the newest fact."""
    return session.scalar(select(func.max(_patrol.c.seq))) or 0, session.scalar(select(func.max(_fact.c.seq))) or 0


def set_place(session: Session, *, patrol_seq: int, fact_seq: int, rule_version: int) -> None:
    """Go on from there."""
    values = {"patrol_seq": patrol_seq, "fact_seq": fact_seq, "rule_version": rule_version}
    if place(session) is None:
        session.execute(insert(_place).values(id=1, **values))
    else:
        session.execute(update(_place).values(**values))


def write(session: Session, changes: Sequence[dict[str, Any]]) -> None:
    """Write what became another, on record: rows of changes, each with the level before it."""
    kept = ("segment_id", "level", "score", "factors", "at", "rule_version")
    new = [{name: row[name] for name in kept} for row in changes if row["from_level"] is None]
    old = [{name: row[name] for name in kept} for row in changes if row["from_level"] is not None]
    insert_all(session, _risk, new)
    update_all(session, _risk, "segment_id", old)
    insert_all(session, _change, changes)


def _in_region(region: str) -> ColumnElement[bool]:
    """By the index of counties where it is one."""
    if len(region) == LENGTHS[Level.COUNTY]:
        return start(segment.c.region_code, Level.COUNTY) == region
    return inside(segment.c.region_code, region)
