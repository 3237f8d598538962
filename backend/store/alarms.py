"""Questions about alarms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Table, and_, case, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for, touched
from backend.domain.access import Scope
from backend.models.alarms import Alarm
from backend.models.regions import Region
from backend.store.regions import inside

_alarm = cast(Table, Alarm.__table__)
_SHOWN = select(_alarm, Region.name.label("region_name")).outerjoin(Region, Region.code == _alarm.c.region_code)
AGAIN = timedelta(hours=6)
"""An alarm that is noticed again after so long a pause, or that nobody has looked at for so long, is told again."""


def sound(session: Session, kind: str, about: str, region: str, values: dict[str, Any], now: datetime) -> None:
    """Note it, or that it is still so."""
    row = {
        "id": uuid4(),
        "kind": kind,
        "about": about,
        "region_code": region,
        "values": values,
        "sounded_at": now,
        "last_at": now,
        "times": 1,
    }
    insertion = insert_for(session)(_alarm).values(row)
    session.execute(
        insertion.on_conflict_do_update(
            index_elements=[_alarm.c.kind, _alarm.c.about],
            index_where=_alarm.c.ended_at.is_(None),
            set_={"last_at": now, "times": _alarm.c.times + 1, "values": values, "told_at": _told_at(now)},
        )
    )


def end(session: Session, kind: str, now: datetime, about: str | None, before: datetime | None) -> int:
    """It is over: one, or all of a kind that were not noticed since; how many were open."""
    over = update(_alarm).where(_alarm.c.kind == kind, _alarm.c.ended_at.is_(None))
    if before is not None:
        over = over.where(_alarm.c.last_at < before)
    if about is not None:
        over = over.where(_alarm.c.about == about)
    return touched(session.execute(over.values(ended_at=now)))


def listed(session: Session, scope: Scope, *, is_open: bool | None, limit: int, after: int | None) -> list[AnyRow]:
    """Alarms of the scope and of the house itself, newest first, one more than `limit` when there are more."""
    question = _SHOWN.where(_within(scope))
    if is_open is not None:
        question = question.where(_alarm.c.ended_at.is_(None) if is_open else _alarm.c.ended_at.is_not(None))
    if after is not None:
        question = question.where(_alarm.c.seq < after)
    return list(session.execute(question.order_by(_alarm.c.seq.desc()).limit(limit + 1)).all())


def marked(session: Session, scope: Scope, alarm_id: UUID, columns: dict[str, Any]) -> AnyRow | None:
    """Fill columns that are empty yet; the alarm as it is then, or None outside the scope."""
    here = (_alarm.c.id == alarm_id, _within(scope))
    empty = (_alarm.c[name].is_(None) for name in columns)
    session.execute(update(_alarm).where(*here, *empty).values(columns))
    return session.execute(_SHOWN.where(*here)).one_or_none()


def untold(session: Session, limit: int) -> list[AnyRow]:
    """Alarms that nobody has been told of, held until the transaction ends."""
    question = select(_alarm).where(_alarm.c.told_at.is_(None)).order_by(_alarm.c.seq).limit(limit)
    return list(session.execute(question.with_for_update(skip_locked=True)).all())


def told(session: Session, seqs: list[int], now: datetime) -> None:
    """Notices of them are queued."""
    session.execute(update(_alarm).where(_alarm.c.seq.in_(seqs)).values(told_at=now))


def _told_at(now: datetime) -> ColumnElement[Any]:
    """Forgotten, so that people are told again, when it was quiet for so long, or nobody has looked after it."""
    long_ago = now - AGAIN
    is_forgotten = or_(_alarm.c.last_at < long_ago, and_(_alarm.c.seen_at.is_(None), _alarm.c.told_at < long_ago))
    return case((is_forgotten, None), else_=_alarm.c.told_at)


def _within(scope: Scope) -> Any:
    """Those of its regions; what is wrong with the house itself concerns whoever keeps it."""
    return or_(_alarm.c.region_code == "", *(inside(_alarm.c.region_code, prefix) for prefix in scope.regions))
