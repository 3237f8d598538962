"""Questions about assignments (责任河段) of one reach: everybody who ever answered for it, and how it came to them."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.handovers import Handover, HandoverSegment
from backend.models.people import Appointment, Person
from backend.models.segments import Assignment

_person = cast(Table, Person.__table__)
_giver, _maker = _person.alias("giver"), _person.alias("maker")


def of_segment(session: Session, segment_id: UUID) -> list[AnyRow]:
    """Who answers for a reach, who did and who will, the newest first; spans without a day are left out.

    Columns: person_id, name, duty, from_day, until_day, post (None: acting), and of the handover by which it came
    handover_id, giver_name, reason, maker_name and made_at.
    """
    columns = (
        Assignment.person_id,
        _person.c.name,
        Assignment.duty,
        Assignment.from_day,
        Assignment.until_day,
        Appointment.post,
        Handover.id.label("handover_id"),
        _giver.c.name.label("giver_name"),
        Handover.reason,
        _maker.c.name.label("maker_name"),
        Handover.made_at,
    )
    question = (
        select(*columns)
        .select_from(Assignment)
        .join(_person, _person.c.id == Assignment.person_id)
        .outerjoin(Appointment, Appointment.id == Assignment.appointment_id)
        .outerjoin(HandoverSegment, HandoverSegment.assignment_id == Assignment.id)
        .outerjoin(Handover, Handover.id == HandoverSegment.handover_id)
        .outerjoin(_giver, _giver.c.id == Handover.giver_id)
        .outerjoin(_maker, _maker.c.id == Handover.made_by_id)
    )
    lasted = or_(Assignment.until_day.is_(None), Assignment.until_day > Assignment.from_day)
    question = question.where(Assignment.segment_id == segment_id, lasted)
    return list(session.execute(question.order_by(Assignment.from_day.desc(), Assignment.duty, Assignment.id)).all())
