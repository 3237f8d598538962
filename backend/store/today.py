"""The question of the first page: how many hazards stand open, walks are of today, and reaches are at which risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Integer, Select, Table, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from backend.domain.access import Scope
from backend.domain.hazards import OPEN, SEVERE
from backend.models.hazards import Hazard
from backend.models.patrols import Patrol
from backend.models.risk import SegmentRisk
from backend.store.hazards import within
from backend.store.regions import inside
from backend.store.segments import in_force, segment
from backend.store.waiting import Wait, every

_hazard, _patrol, _risk = (cast(Table, each.__table__) for each in (Hazard, Patrol, SegmentRisk))
HAZARDS, WALKS, WAITING = "hazards", "walks", "waiting"
Numbers = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be counted, and where; nothing where there is no place for it."""

    hazards: Scope | None
    walks: Sequence[str]
    risk: Sequence[str]
    waits: Sequence[Wait]
    """For what hazards may wait."""
    now: datetime
    since: datetime
    """Midnight."""
    day: date
    most: int
    """What waits is counted no further than that."""


def counts(session: Session, asked: Asked) -> dict[str, Numbers]:
    """The numbers by name, in one question: of HAZARDS those that are open, late of them, and severe of them; of WALKS
    all and those that count; of WAITING all; of each risk the reaches.
    """
    parts = []
    if asked.hazards is not None:
        parts.append(_hazards(asked.hazards, asked.now))
    if asked.walks:
        parts.append(_walks(asked.walks, asked.since))
    if asked.risk:
        parts.append(_reaches(asked.risk, asked.day))
    if asked.waits:
        waiting = every(asked.waits, asked.most)
        parts.append(_numbers(literal(WAITING), func.count()).select_from(waiting))
    rows = session.execute(union_all(*parts)).all() if parts else []
    return {name: (many, of_these, of_those) for name, many, of_these, of_those in rows}


def _hazards(scope: Scope, now: datetime) -> Select[Any]:
    late, severe = func.count(case((_hazard.c.due_at < now, 1))), func.count(case((_hazard.c.severity.in_(SEVERE), 1)))
    question = _numbers(literal(HAZARDS), func.count(), late, severe).select_from(_hazard)
    return question.where(_hazard.c.state.in_(OPEN), within(scope))


def _walks(regions: Sequence[str], since: datetime) -> Select[Any]:
    here = or_(*(inside(_patrol.c.region_code, region) for region in regions))
    question = _numbers(literal(WALKS), func.count(), func.count(case((_patrol.c.counts, 1)))).select_from(_patrol)
    return question.where(_patrol.c.walked_at >= since, here)


def _reaches(regions: Sequence[str], day: date) -> Select[Any]:
    here = or_(*(inside(segment.c.region_code, region) for region in regions))
    question = _numbers(_risk.c.level, func.count()).join(segment, segment.c.id == _risk.c.segment_id)
    return question.where(here, in_force(day)).group_by(_risk.c.level)


def _numbers(name: Any, many: Any, of_these: Any = None, of_those: Any = None) -> Select[Any]:
    nothing = literal(0, Integer)
    columns = (many, nothing if of_these is None else of_these, nothing if of_those is None else of_those)
    return select(name.label("name"), *(column.label(f"n{at}") for at, column in enumerate(columns)))
