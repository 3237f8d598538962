"""Questions behind the map: what is drawn in a tile, now or as it was, and whether anything has changed since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Float, ScalarSelect, Select, Table, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from backend.db import UtcTime, days_before
from backend.domain.access import Scope
from backend.domain.flood import Risk
from backend.domain.terms import Level
from backend.models.changes import Incarnation, Record
from backend.models.facts import Fact
from backend.models.flood_events import FloodEvent
from backend.models.patrols import Patrol
from backend.models.risk import RiskChange, SegmentRisk
from backend.models.segments import River
from backend.store import segments, spatial
from backend.store.last_walks import last_walk, last_walk_by
from backend.store.segments import at_level, in_force, in_region, segment
from backend.store.spatial import Layer

SEGMENTS = "segments"
MOST_REACHES = 6_000
"""Of a tile; its bytes are bounded by that, at zooms at which reaches lie upon each other anyway (our judgement)."""
CROWDED = 11
"""Up to this zoom there can be more: a tile of the next has 64 km² with us, and nobody has a hundred reaches on one."""
_river = cast(Table, River.__table__)
_risk = cast(Table, SegmentRisk.__table__)
_change = cast(Table, RiskChange.__table__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the map is asked for: when, and narrowed to a region and a river where these are named."""

    day: date
    until: datetime
    """The end of that day, from which days since a walk are counted."""
    at: datetime | None = None
    """A past moment; None for now."""
    region: str | None = None
    river: str | None = None

    def values(self) -> dict[str, Any]:
        """What a question that was made once is asked with."""
        return {"until": self.until} | ({} if self.at is None else {"at": self.at})

    def kind(self) -> Asked:
        """The same but for the moment: what of it a question is made for."""
        return self if self.at is None else replace(self, at=self.until)


def past() -> ColumnElement[datetime]:
    """The moment that is looked at, which comes with the question."""
    return bindparam("at", type_=UtcTime())


def state(session: Session) -> tuple[Any, ...]:
    """The numbers of the newest walk, act, risk, event and record: each read off the end of an index."""
    return tuple(session.execute(_state()).one())


@cache
def _state() -> Select[*tuple[Any, ...]]:
    numbers = (Patrol.seq, Fact.seq, RiskChange.seq, FloodEvent.seq, Record.seq)
    life = select(Incarnation.id).limit(1).scalar_subquery()
    return select(*(select(func.max(each)).scalar_subquery() for each in numbers), life)


def reaches(dialect: str, scope: Scope, asked: Asked, finest: Level | None, most: int | None) -> Layer:
    """The reaches of a scope: those of a level, higher ones in which none lies, and lower ones that lie in none.

    Of more than `most` the gravest, then the highest and the longest; None for all of them.
    """
    joined = segment.join(_river, _river.c.code == segment.c.river_code)
    risk, walk = (_risk.c.level, last_walk) if asked.at is None else (_past_risk(), last_walk_by(past()))
    if asked.at is None:
        joined = joined.outerjoin(_risk, _risk.c.segment_id == segment.c.id)
    question = (
        select(
            segment.c.code,
            segment.c.name,
            segment.c.level,
            segment.c.region_code.label("region"),
            segment.c.river_code.label("river"),
            _river.c.name.label("river_name"),
            risk.label("risk"),
            days_before(walk, bindparam("until", type_=UtcTime())).label("days"),
        )
        .select_from(joined)
        .where(segments.within(scope), in_force(asked.day), _shown(finest), spatial.meets(dialect, segment))
    )
    if most is not None:
        longest = (segment.c.level.desc(), segment.c.length_m.desc(), segment.c.code)
        question = question.order_by(_gravest(risk), *longest).limit(most)
    if asked.region is not None:
        question = question.where(in_region(asked.region))
    if asked.river is not None:
        question = question.where(segment.c.river_code == asked.river)
    return Layer(SEGMENTS, question, segment.c.line)


def _shown(finest: Level | None) -> ColumnElement[bool]:
    if finest is None:
        return at_level(None)
    higher = and_(segment.c.level > int(finest), at_level(None))
    lower = and_(segment.c.level < int(finest), segment.c.parent_id.is_(None))
    return or_(segment.c.level == int(finest), higher, lower)


def _gravest(risk: ColumnElement[Any] | ScalarSelect[Any]) -> ColumnElement[int]:
    return case({each.value: -each.rank for each in Risk}, value=risk, else_=1)


def _past_risk() -> ScalarSelect[Any]:
    """The last change that had come by then: one look at an index a reach."""
    last = select(_change.c.level).where(_change.c.segment_id == segment.c.id, _change.c.at <= past())
    return last.order_by(_change.c.seq.desc()).limit(1).scalar_subquery()


def around(table: Table) -> ColumnElement[bool]:
    """Points of a box whose `edges` come later."""
    west, south, east, north = (bindparam(edge, type_=Float()) for edge in ("west", "south", "east", "north"))
    return and_(table.c.lat.between(south, north), table.c.lon.between(west, east))
