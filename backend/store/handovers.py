"""Questions about handovers: what somebody answers for, what hangs on it, and what was agreed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, func, insert, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.domain.hazards import OPEN
from backend.models.handovers import Handover, HandoverSegment
from backend.models.hazards import Hazard, InterimMeasure
from backend.models.people import Person
from backend.models.regions import Region
from backend.models.segments import Assignment, Segment
from backend.store.people import covers
from backend.store.segments import in_force

_handover = cast(Table, Handover.__table__)
_person = cast(Table, Person.__table__)
_giver, _taker, _maker = (_person.alias(name) for name in ("giver", "taker", "maker"))
_REACH = (
    Segment.id,
    Segment.code,
    Segment.name,
    Segment.region_code,
    Region.name.label("region_name"),
    Segment.level,
    Segment.length_m,
)


def held(session: Session, person_id: UUID, day: date) -> list[AnyRow]:
    """What somebody answers for on a day, by code: the reach, assignment_id, duty, appointment_id (None: acting)."""
    columns = (*_REACH, Assignment.id.label("assignment_id"), Assignment.duty, Assignment.appointment_id)
    question = select(*columns).select_from(Assignment).join(Segment, Segment.id == Assignment.segment_id)
    question = question.join(Region, Region.code == Segment.region_code)
    question = question.where(Assignment.person_id == person_id, covers(Assignment, day), in_force(day))
    return list(session.execute(question.order_by(Segment.code, Assignment.duty)).all())


def reaches(session: Session, codes: Collection[str], day: date) -> list[AnyRow]:
    """The reaches of these codes that are in force on a day, by code."""
    question = select(*_REACH).join(Region, Region.code == Segment.region_code)
    question = question.where(Segment.code.in_(list(codes)), in_force(day))
    return list(session.execute(question.order_by(Segment.code)).all())


def chiefs(session: Session, ids: Iterable[UUID], day: date) -> list[AnyRow]:
    """Who answers for these reaches on a day or later, and whoever began on that very day, whatever became of it.

    Columns: segment_id, person_id, name, duty, appointment_id, from_day, until_day.
    """
    columns = (
        Assignment.segment_id,
        Assignment.person_id,
        Person.name,
        Assignment.duty,
        Assignment.appointment_id,
        Assignment.from_day,
        Assignment.until_day,
    )
    question = select(*columns).join(Person, Person.id == Assignment.person_id)
    question = question.where(Assignment.segment_id.in_(list(ids)), or_(_not_over(day), Assignment.from_day == day))
    return list(session.execute(question.order_by(Assignment.from_day, Assignment.id)).all())


def open_on(session: Session, ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many open hazards lie on each of these reaches."""
    question = select(Hazard.segment_id, func.count()).where(Hazard.segment_id.in_(list(ids)), Hazard.state.in_(OPEN))
    return {row[0]: row[1] for row in session.execute(question.group_by(Hazard.segment_id))}


def to_mend(session: Session, person_id: UUID, ids: Iterable[UUID]) -> list[AnyRow]:
    """Open hazards on these reaches that somebody has to mend, the oldest first; `held` keeps others from them."""
    columns = (
        *(getattr(Hazard, name) for name in ("seq", "id", "kind", "severity", "state", "due_at", "facts", "head")),
        Segment.code.label("segment_code"),
        Segment.name.label("segment_name"),
    )
    question = select(*columns).join(Segment, Segment.id == Hazard.segment_id)
    mine = (Hazard.assignee_id == person_id, Hazard.segment_id.in_(list(ids)), Hazard.state.in_(OPEN))
    return list(session.execute(question.where(*mine).order_by(Hazard.seq)).all())


def hold_hazards(session: Session, ids: Sequence[UUID]) -> None:
    """Keep everybody else from altering these hazards until the transaction ends."""
    session.execute(select(Hazard.seq).where(Hazard.id.in_(ids)).order_by(Hazard.seq).with_for_update())


def watched(session: Session, person_id: UUID, ids: Iterable[UUID]) -> list[UUID]:
    """The interim measures on these reaches that somebody watches now."""
    question = select(InterimMeasure.id).join(Hazard, Hazard.id == InterimMeasure.hazard_id)
    mine = (InterimMeasure.watcher_id == person_id, InterimMeasure.next_check_at.is_not(None))
    return list(session.scalars(question.where(*mine, Hazard.segment_id.in_(list(ids)))))


def give_watch(session: Session, measures: Sequence[UUID], person_id: UUID) -> None:
    """Let somebody else watch these measures."""
    session.execute(update(InterimMeasure).where(InterimMeasure.id.in_(measures)).values(watcher_id=person_id))


def existing(session: Session, handover_id: UUID) -> Any:
    """The handover of that id, with the names of its people; None where there is none."""
    return session.execute(_shown().where(_handover.c.id == handover_id)).one_or_none()


def listed(session: Session, person_id: UUID, limit: int) -> list[AnyRow]:
    """What somebody gave or took, the newest first."""
    mine = or_(_handover.c.giver_id == person_id, _handover.c.taker_id == person_id)
    return list(session.execute(_shown().where(mine).order_by(_handover.c.made_at.desc()).limit(limit)).all())


def segments_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, list[AnyRow]]:
    """The reaches of these handovers, by code: segment_id, code, name, region_code."""
    columns = (HandoverSegment.handover_id, Segment.id, Segment.code, Segment.name, Segment.region_code)
    question = select(*columns).join(Segment, Segment.id == HandoverSegment.segment_id)
    found: dict[UUID, list[AnyRow]] = {}
    for row in session.execute(question.where(HandoverSegment.handover_id.in_(list(ids))).order_by(Segment.code)):
        found.setdefault(row.handover_id, []).append(row)
    return found


def add(session: Session, values: dict[str, Any], given: Iterable[tuple[UUID, UUID]]) -> None:
    """Write a handover with its reaches: (segment, the taker's assignment)."""
    session.execute(insert_for(session)(_handover).values(values))
    rows = [{"handover_id": values["id"], "segment_id": one, "assignment_id": other} for one, other in given]
    session.execute(insert(HandoverSegment), rows)


def waiting(session: Session, today: date, limit: int) -> list[UUID]:
    """Handovers whose day has come and whose hazards have not gone over."""
    question = select(Handover.id).where(Handover.settled_at.is_(None), Handover.from_day <= today)
    return list(session.scalars(question.order_by(Handover.from_day, Handover.id).limit(limit)))


def taken(session: Session, handover_id: UUID) -> Handover | None:
    """A handover that waits, held until the transaction ends; None where it does not, or somebody else is at it."""
    question = select(Handover).where(Handover.id == handover_id, Handover.settled_at.is_(None))
    return session.scalars(question.with_for_update(skip_locked=True)).one_or_none()


def settled(session: Session, handover_id: UUID, hazards: Sequence[UUID], now: datetime) -> None:
    """Its hazards have gone over."""
    values = {"settled_at": now, "hazards": [str(each) for each in hazards]}
    session.execute(update(Handover).where(Handover.id == handover_id).values(**values))


def _shown() -> Select[*tuple[Any, ...]]:
    joined = _handover.join(_taker, _taker.c.id == _handover.c.taker_id)
    joined = joined.join(_maker, _maker.c.id == _handover.c.made_by_id)
    joined = joined.outerjoin(_giver, _giver.c.id == _handover.c.giver_id)
    names = (
        _giver.c.name.label("giver_name"),
        _taker.c.name.label("taker_name"),
        _maker.c.name.label("maker_name"),
    )
    return select(*_handover.columns, *names).select_from(joined)


def _not_over(day: date) -> ColumnElement[bool]:
    return or_(Assignment.until_day.is_(None), Assignment.until_day > day)
