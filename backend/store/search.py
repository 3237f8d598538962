"""Questions of a search: things of one's part of the world by their names."""

from __future__ import annotations

from datetime import date
from typing import cast

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.access import Scope
from backend.models.regions import Region
from backend.models.segments import Segment
from backend.store.segments import in_force, within

_segment = cast(Table, Segment.__table__)


def reaches(session: Session, scope: Scope, today: date, words: str, limit: int) -> list[AnyRow]:
    """Reaches of every level whose name or code holds these words, by code: code, name, level, region_name."""
    columns = (_segment.c.code, _segment.c.name, _segment.c.level, Region.name.label("region_name"))
    named = or_(
        _segment.c.name.contains(words, autoescape=True), _segment.c.code.contains(words.upper(), autoescape=True)
    )
    question = select(*columns).join(Region, Region.code == _segment.c.region_code)
    question = question.where(within(scope), in_force(today), named).order_by(_segment.c.code).limit(limit)
    return list(session.execute(question).all())
