"""Questions about stations; they are everybody's to see, so a list need not say whose."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, and_, case, select, tuple_, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, among, insert_for
from backend.domain.stations import Band, Quantity
from backend.models.regions import Region
from backend.models.segments import River, Segment
from backend.models.stations import Station, StationValue
from backend.store.regions import inside
from backend.store.segments import at_level, in_force, segment
from backend.store.spatial import Box

_station = cast(Table, Station.__table__)
_value = cast(Table, StationValue.__table__)
_level = _value.alias("level")
_PRESSES = case(
    (_level.c.band == Band.GUARANTEED, 0),
    (_level.c.band == Band.WARNING, 1),
    (_station.c.silent_since.is_not(None), 2),
    else_=3,
)
"""How much a station presses: over the guaranteed level, over the warning level, silent, none of these."""
_SHOWN = select(
    _station,
    segment.c.code.label("segment_code"),
    Region.name.label("region_name"),
    _PRESSES.label("press"),
).select_from(
    _station.outerjoin(segment, segment.c.id == _station.c.segment_id)
    .outerjoin(Region, Region.code == _station.c.region_code)
    .outerjoin(_level, and_(_level.c.station_id == _station.c.id, _level.c.quantity == Quantity.LEVEL))
)


def one(session: Session, code: str) -> AnyRow | None:
    """The station of that code."""
    return session.execute(_SHOWN.where(_station.c.code == code)).one_or_none()


def hold(session: Session, codes: Collection[str]) -> list[AnyRow]:
    """These stations, kept from everybody else's readings until the transaction ends; in one order everywhere."""
    question = select(_station).where(among(session, _station.c.code, codes)).order_by(_station.c.id)
    return list(session.execute(question.with_for_update()).all())


def is_key(session: Session, key_sha256: bytes) -> bool:
    """Whether some station has that key."""
    found = select(_station.c.id).where(_station.c.key_sha256 == key_sha256).limit(1)
    return session.execute(found).first() is not None


def listed(
    session: Session,
    *,
    limit: int,
    after: tuple[int, str] | None,
    by_press: bool = False,
    region: str | None = None,
    river: str | None = None,
    box: Box | None = None,
) -> list[AnyRow]:
    """Stations by code, or first by how they press (`press`, 0 the most), one more than `limit` when there are more;
    keyset after (press, code).
    """
    place = (_PRESSES, _station.c.code) if by_press else (_station.c.code,)
    question = _SHOWN
    if after is not None:
        question = question.where(tuple_(*place) > (after if by_press else after[1:]))
    if region is not None:
        question = question.where(inside(_station.c.region_code, region))
    if river is not None:
        question = question.where(_station.c.river_code == river)
    if box is not None:
        west, south, east, north = box
        question = question.where(_station.c.lon.between(west, east), _station.c.lat.between(south, north))
    return list(session.execute(question.order_by(*place).limit(limit + 1)).all())


def values(session: Session, station_ids: Collection[UUID]) -> list[AnyRow]:
    """The latest value of each quantity of these stations."""
    return list(session.execute(select(_value).where(among(session, _value.c.station_id, station_ids))).all())


def add(session: Session, row: dict[str, Any]) -> bool:
    """Insert; False when the code is taken."""
    insertion = insert_for(session)(_station).values(row).on_conflict_do_nothing(index_elements=[_station.c.code])
    return session.execute(insertion.returning(_station.c.id)).first() is not None


def change(session: Session, station_id: UUID, **columns: Any) -> None:
    """Alter a station, and raise its version."""
    changed = update(_station).where(_station.c.id == station_id)
    session.execute(changed.values(version=_station.c.version + 1, **columns))


def set_key(session: Session, station_ids: Sequence[UUID], key_sha256: bytes) -> None:
    """Give these stations a key; the one they had opens nothing any more."""
    changed = update(_station).where(_station.c.id.in_(station_ids))
    session.execute(changed.values(key_sha256=key_sha256, version=_station.c.version + 1))


def heard(session: Session, station_id: UUID, silent_at: datetime) -> None:
    """It spoke; it counts as silent when nothing is heard until then."""
    changed = update(_station).where(_station.c.id == station_id)
    session.execute(changed.values(silent_at=silent_at, silent_since=None))


def fallen_silent(session: Session, now: datetime, limit: int) -> list[AnyRow]:
    """Stations that should have been heard by now and are not known to be silent, held until the transaction ends."""
    question = select(_station).where(_station.c.silent_since.is_(None), _station.c.silent_at <= now)
    return list(session.execute(question.order_by(_station.c.id).limit(limit).with_for_update(skip_locked=True)).all())


def silenced(session: Session, station_ids: Sequence[UUID], now: datetime) -> None:
    """They are known to be silent."""
    session.execute(update(_station).where(_station.c.id.in_(station_ids)).values(silent_since=now))


def is_river(session: Session, code: str) -> bool:
    """Whether there is such a river."""
    return session.get(River, code) is not None


def reaches_of(session: Session, river: str, today: date, box: Box) -> list[tuple[UUID, Any]]:
    """The lowest reaches of a river whose own box meets a box: id and line."""
    west, south, east, north = box
    question = select(Segment.id, Segment.line).where(
        Segment.river_code == river,
        in_force(today),
        at_level(None),
        Segment.west <= east,
        Segment.east >= west,
        Segment.south <= north,
        Segment.north >= south,
    )
    return [(segment_id, line) for segment_id, line in session.execute(question.order_by(Segment.code))]
