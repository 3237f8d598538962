"""What anybody sees of a notice board, in one question: it is asked for every look, so it is made once."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import Date, ScalarSelect, Select, String, Table, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from backend.db import AnyRow
from backend.domain.hazards import OPEN
from backend.domain.terms import Duty
from backend.models.hazards import Hazard
from backend.models.people import Appointment, Person
from backend.models.regions import Region
from backend.models.risk import SegmentRisk
from backend.models.segments import Assignment, NoticeBoard, River, Segment
from backend.store.last_walks import last_walk
from backend.store.public_cases import is_told
from backend.store.segments import segment

_board = cast(Table, NoticeBoard.__table__)


def look(session: Session, token: str, day: date) -> list[AnyRow]:
    """A row for each chief of today, one without a name where there is none; nothing for a code of no board there.

    Columns: code, place, office_phone, goals, forbidden, river, reach, region, length_m, risk, hazards,
    walked_at, name, post, chief_region.
    """
    return list(session.execute(_question(), {"token": token, "day": day}).all())


@cache
def _question() -> Select[*tuple[Any, ...]]:
    day, post_region = bindparam("day", type_=Date()), aliased(Region)
    of_today = and_(
        Assignment.segment_id == segment.c.id,
        Assignment.duty == Duty.CHIEF.value,
        Assignment.from_day <= day,
        or_(Assignment.until_day.is_(None), Assignment.until_day > day),
    )
    return (
        select(
            _board.c.code,
            _board.c.place,
            _board.c.office_phone,
            _board.c.goals,
            _board.c.forbidden,
            River.name.label("river"),
            segment.c.name.label("reach"),
            Region.name.label("region"),
            segment.c.length_m,
            SegmentRisk.level.label("risk"),
            _hazards().label("hazards"),
            last_walk.label("walked_at"),
            Person.name,
            func.coalesce(Appointment.post, "").label("post"),
            post_region.name.label("chief_region"),
        )
        .select_from(_board)
        .join(segment, segment.c.id == _board.c.segment_id)
        .join(River, River.code == segment.c.river_code)
        .join(Region, Region.code == segment.c.region_code)
        .outerjoin(SegmentRisk, SegmentRisk.segment_id == segment.c.id)
        .outerjoin(Assignment, of_today)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .outerjoin(Appointment, Appointment.id == Assignment.appointment_id)
        .outerjoin(post_region, post_region.code == Appointment.region_code)
        .where(_board.c.token == bindparam("token", type_=String()), _board.c.taken_down_on.is_(None))
        .order_by(Assignment.from_day, Person.name, Assignment.id)
    )


def _hazards() -> ScalarSelect[int]:
    """How many hazards of which anybody may be told are open on the reach of the board and on those that lie in it."""
    of_board = bindparam("token", type_=String())
    tree = select(_board.c.segment_id.label("id")).where(_board.c.token == of_board).cte("tree", recursive=True)
    tree = tree.union_all(select(Segment.id).join(tree, Segment.parent_id == tree.c.id))
    count = select(func.count(Hazard.seq)).join(tree, Hazard.segment_id == tree.c.id)
    return count.where(Hazard.state.in_(OPEN), is_told()).scalar_subquery()
