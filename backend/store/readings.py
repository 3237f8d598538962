"""Questions about readings; written in bulk, corrected where they are there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.domain.stations import Quantity
from backend.models.stations import Reading, StationValue

_reading = cast(Table, Reading.__table__)
_value = cast(Table, StationValue.__table__)
_BATCH = 500
Key = tuple[UUID, str, datetime]
"""Of which station, what, and when."""


def keep(session: Session, rows: Sequence[dict[str, Any]]) -> set[Key]:
    """Write readings, or correct those that are there; the keys of those that said something new."""
    new: set[Key] = set()
    for start in range(0, len(rows), _BATCH):
        insertion = insert_for(session)(_reading).values(rows[start : start + _BATCH])
        given = insertion.excluded
        upsert = insertion.on_conflict_do_update(
            index_elements=[_reading.c.station_id, _reading.c.quantity, _reading.c.at],
            set_={"value": given.value, "received_at": given.received_at},
            where=_reading.c.value != given.value,
        ).returning(_reading.c.station_id, _reading.c.quantity, _reading.c.at)
        new.update((station_id, quantity, at) for station_id, quantity, at in session.execute(upsert))
    return new


def level_between(session: Session, station_id: UUID, begin: datetime, end: datetime) -> AnyRow | None:
    """The latest level of a station between two moments: at, value."""
    question = select(_reading.c.at, _reading.c.value).where(
        _reading.c.station_id == station_id,
        _reading.c.quantity == Quantity.LEVEL.value,
        _reading.c.at.between(begin, end),
    )
    return session.execute(question.order_by(_reading.c.at.desc()).limit(1)).one_or_none()


def recent(session: Session, station_id: UUID, begin: datetime, limit: int) -> list[AnyRow]:
    """Readings of a station since a moment, of each quantity the newest first, at most so many of each."""
    found: list[AnyRow] = []
    for quantity in Quantity:
        question = select(_reading).where(
            _reading.c.station_id == station_id, _reading.c.quantity == quantity.value, _reading.c.at >= begin
        )
        found += session.execute(question.order_by(_reading.c.at.desc()).limit(limit)).all()
    return found


def set_latest(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write the latest values; whoever calls holds the stations, and knows that these are later."""
    if not rows:
        return
    insertion = insert_for(session)(_value).values(list(rows))
    changed = {name: insertion.excluded[name] for name in ("at", "value", "rate", "band", "is_fast")}
    session.execute(
        insertion.on_conflict_do_update(index_elements=[_value.c.station_id, _value.c.quantity], set_=changed)
    )
