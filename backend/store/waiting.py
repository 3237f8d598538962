"""Questions about what waits for somebody: each wait is a condition with an index of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, Table, and_, false, func, literal, or_, select, union, union_all
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.hazards import MENDING, OPEN
from backend.models.hazards import Hazard, InterimMeasure
from backend.models.segments import Segment
from backend.store.hazards import in_region

_hazard = cast(Table, Hazard.__table__)
_segment = cast(Table, Segment.__table__)
_IS_DUE = _hazard.c.due_at.is_not(None)
"""What is over has no deadline: the indexes leave it out."""
Wait = tuple[str, ColumnElement[bool]]
"""For what it waits, and where that is so."""


def soonest(session: Session, waits: Sequence[Wait], limit: int) -> list[AnyRow]:
    """What waits, the soonest due first: what is shown of each, and the rank of what it waits for."""
    # One ordered, limited look for each wait, so that each walks its own index; an OR would read everything open.
    looks = [
        select(_hazard.c.seq, literal(rank).label("rank"))
        .where(condition)
        .order_by(_hazard.c.due_at, _hazard.c.seq)
        .limit(limit)
        .subquery()
        for rank, (_, condition) in enumerate(waits)
    ]
    each = union_all(*(select(look.c.seq, look.c.rank) for look in looks)).subquery()
    first = select(each.c.seq, func.min(each.c.rank).label("rank")).group_by(each.c.seq).subquery()
    columns = (getattr(_hazard.c, name) for name in ("id", "kind", "severity", "description", "due_at"))
    question = select(*columns, _segment.c.name.label("segment"), first.c.rank).join(
        first, first.c.seq == _hazard.c.seq
    )
    question = question.join(_segment, _segment.c.id == _hazard.c.segment_id)
    return list(session.execute(question.order_by(_hazard.c.due_at, _hazard.c.seq).limit(limit)).all())


def counted(session: Session, waits: Sequence[Wait], most: int) -> int:
    """How many wait, counted no further than that."""
    return min(most, session.scalar(select(func.count()).select_from(every(waits, most))) or 0)


def every(waits: Sequence[Wait], most: int) -> Subquery:
    """Whatever waits, each once; no more than so many of each wait."""
    looks = [select(_hazard.c.seq).where(condition, _IS_DUE).limit(most).subquery() for _, condition in waits]
    return union(*(select(look.c.seq) for look in looks)).subquery()


def mended_by(people: Sequence[UUID]) -> ColumnElement[bool]:
    """Given to one of these people to be mended."""
    return and_(_hazard.c.assignee_id.in_(people), _hazard.c.state.in_(MENDING), _IS_DUE)


def mended_in(units: Sequence[str]) -> ColumnElement[bool]:
    """Given to one of these units and to nobody in it."""
    here = and_(_hazard.c.unit_code.in_(units), _hazard.c.assignee_id.is_(None))
    return and_(here, _hazard.c.state.in_(MENDING), _IS_DUE)


def standing_in(state: str, regions: Sequence[str]) -> ColumnElement[bool]:
    """In a state, in one of these regions."""
    return and_(_hazard.c.state == state, _in_any(regions), _IS_DUE)


# What follows is rare. That it is due is not said: SQLite would rather go through all that is due by its deadline.
def more_time_asked(regions: Sequence[str], *, but: Sequence[UUID]) -> ColumnElement[bool]:
    """Where more time is asked for in one of these regions, not by these people themselves."""
    asked = and_(_hazard.c.extension_until.is_not(None), _hazard.c.extension_by_id.not_in(but))
    return and_(asked, _hazard.c.state.in_(OPEN), _in_any(regions))


def help_asked(level: int, regions: Sequence[str]) -> ColumnElement[bool]:
    """Where the help of a level is asked for in one of these regions and was not given yet."""
    is_open = and_(_hazard.c.help_asked_at.is_not(None), _hazard.c.help_answered_at.is_(None))
    return and_(is_open, _hazard.c.helped_by_level == level, _hazard.c.state.in_(OPEN), _in_any(regions))


def to_check(people: Sequence[UUID], until: datetime) -> ColumnElement[bool]:
    """With a measure that one of these people watches and whose check is due by then."""
    due = and_(InterimMeasure.watcher_id.in_(people), InterimMeasure.next_check_at <= until)
    return and_(_hazard.c.id.in_(select(InterimMeasure.hazard_id).where(due)), _IS_DUE)


def _in_any(regions: Sequence[str]) -> ColumnElement[bool]:
    return or_(false(), *map(in_region, regions))
