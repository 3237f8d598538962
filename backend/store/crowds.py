"""Questions of a played night: who could be called, people who are invented for it, and what the calls came to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, and_, func, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.terms import Level
from backend.models.callouts import Callout
from backend.models.notices import Letter, Notice
from backend.models.people import Appointment, Person
from backend.models.segments import Assignment, Segment
from backend.store.bulk import insert_all
from backend.store.regions import inside, start

_callout = cast(Table, Callout.__table__)
_notice, _letter = cast(Table, Notice.__table__), cast(Table, Letter.__table__)
Rows = Sequence[dict[str, Any]]


def reaches(session: Session, regions: Sequence[str]) -> list[tuple[UUID, str]]:
    """The lowest reaches of these regions, in the order of their codes: id, town."""
    here = or_(*(inside(Segment.region_code, region) for region in regions))
    question = select(Segment.id, start(Segment.region_code, Level.TOWN)).where(
        here, Segment.level == int(Level.VILLAGE)
    )
    return [(row[0], row[1]) for row in session.execute(question.order_by(Segment.code))]


def add(session: Session, people: Rows, appointments: Rows, assignments: Rows) -> None:
    """Write people with their posts and reaches."""
    for kind, rows in ((Person, people), (Appointment, appointments), (Assignment, assignments)):
        insert_all(session, cast(Table, kind.__table__), rows)


def accepted(session: Session, root_id: UUID) -> list[AnyRow]:
    """The first letters of the first calls of a roll: channel, when they were wanted, when a provider took them."""
    columns = (_letter.c.channel, _notice.c.not_before, _letter.c.accepted_at)
    return list(session.execute(_first(select(*columns), root_id)).all())


def round_ended_at(session: Session, root_id: UUID) -> datetime | None:
    """When the last of the first calls by voice was over; None where none is."""
    ended = func.max(func.coalesce(_letter.c.answered_at, _letter.c.delivered_at, _letter.c.failed_at))
    return session.scalar(_first(select(ended), root_id).where(_letter.c.channel == "voice"))


def _first(question: Select[*tuple[Any, ...]], root_id: UUID) -> Select[*tuple[Any, ...]]:
    """Of the letters of first calls on a roll."""
    its = and_(_notice.c.about_id == _callout.c.id, _notice.c.person_id == _callout.c.person_id)
    question = question.select_from(_letter).join(_notice, _notice.c.id == _letter.c.notice_id).join(_callout, its)
    first = (_notice.c.about_type == "callout", _notice.c.key == "callout", _notice.c.number == 1)
    return question.where(_callout.c.root_id == root_id, *first)
