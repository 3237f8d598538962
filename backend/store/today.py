"""Questions of the first page: how many hazards stand open, walks came today, and reaches are at which risk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, case, func, or_, select
from sqlalchemy.orm import Session

from backend.domain.access import Scope
from backend.domain.hazards import OPEN, SEVERE
from backend.models.hazards import Hazard
from backend.models.patrols import Patrol
from backend.models.risk import SegmentRisk
from backend.store.hazards import within
from backend.store.regions import inside
from backend.store.segments import in_force, segment

_hazard, _patrol, _risk = (cast(Table, each.__table__) for each in (Hazard, Patrol, SegmentRisk))


def hazards(session: Session, scope: Scope, now: datetime) -> tuple[int, int, int]:
    """Of what is open: how many, how many of them late, how many major or critical."""
    columns = (
        func.count(),
        func.count(case((_hazard.c.due_at < now, 1))),
        func.count(case((_hazard.c.severity.in_(SEVERE), 1))),
    )
    question = select(*columns).select_from(_hazard).where(_hazard.c.state.in_(OPEN), within(scope))
    every, late, severe = session.execute(question).one()
    return every, late, severe


def walks(session: Session, regions: Sequence[str], since: datetime) -> tuple[int, int]:
    """How many walks came in since then, and how many of them count."""
    here = or_(*(inside(_patrol.c.region_code, region) for region in regions))
    columns = (func.count(), func.count(case((_patrol.c.counts, 1))))
    question = select(*columns).select_from(_patrol).where(_patrol.c.walked_at >= since, here)
    every, counted = session.execute(question).one()
    return every, counted


def risk(session: Session, regions: Sequence[str], day: date) -> dict[str, int]:
    """How many reaches are at which risk, of those at more than none."""
    here = or_(*(inside(segment.c.region_code, region) for region in regions))
    question = select(_risk.c.level, func.count().label("reaches")).join(segment, segment.c.id == _risk.c.segment_id)
    question = question.where(here, in_force(day)).group_by(_risk.c.level)
    return {row.level: row.reaches for row in session.execute(question).all()}
