"""Questions about posts: who holds which where, which segments they bring, and who acts for a vacant one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, case, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, among
from backend.domain.absences import Circle
from backend.domain.access import Seat
from backend.domain.terms import Duty, Post
from backend.models.people import Absence, Appointment, Person, Unit
from backend.models.regions import Region
from backend.models.segments import Assignment, Segment
from backend.store.people import covers
from backend.store.regions import inside

_HELD = (Assignment.id, Assignment.segment_id, Segment.parent_id, Assignment.duty)


def of_person(session: Session, person_id: UUID) -> list[AnyRow]:
    """Every appointment of a person, past ones too, with the names of region and unit."""
    columns = (
        Appointment.id,
        Appointment.person_id,
        Appointment.post,
        Appointment.region_code,
        Region.name.label("region_name"),
        Appointment.unit_code,
        Unit.name.label("unit_name"),
        Appointment.from_day,
        Appointment.until_day,
        Appointment.substitute_id,
    )
    question = select(*columns).join(Region, Region.code == Appointment.region_code)
    question = question.outerjoin(Unit, Unit.code == Appointment.unit_code)
    question = question.where(Appointment.person_id == person_id).order_by(Appointment.from_day, Appointment.id)
    return list(session.execute(question).all())


def seats_on(session: Session, person_id: UUID, day: date) -> list[Seat]:
    """The posts a person holds on a day."""
    columns = (Appointment.post, Appointment.region_code, Appointment.unit_code)
    rows = session.execute(select(*columns).where(Appointment.person_id == person_id, covers(Appointment, day)))
    return [Seat(Post(post), region, unit) for post, region, unit in rows]


def of_people(session: Session, people: Iterable[UUID], day: date) -> list[AnyRow]:
    """The posts of these people on a day: person_id, post, region_code, unit_code."""
    columns = (Appointment.person_id, Appointment.post, Appointment.region_code, Appointment.unit_code)
    question = select(*columns).where(among(session, columns[0], list(people)), covers(Appointment, day))
    return list(session.execute(question.order_by(Appointment.region_code, Appointment.person_id)).all())


def in_circle(session: Session, circle: Circle, day: date) -> dict[UUID, str]:
    """Everybody with an open account who holds one of these posts there on a day, with their names."""
    places = [Appointment.region_code.in_(circle.regions), *(inside(Appointment.region_code, e) for e in circle.within)]
    question = select(Person.id, Person.name).join(Appointment, Appointment.person_id == Person.id)
    question = question.where(Appointment.post.in_([post.value for post in circle.posts]), or_(*places))
    question = question.where(covers(Appointment, day), Person.is_active).distinct()
    return {row.id: row.name for row in session.execute(question)}


def one(session: Session, appointment_id: UUID) -> Appointment | None:
    """The appointment of that id, held until the transaction ends."""
    return session.scalars(select(Appointment).where(Appointment.id == appointment_id).with_for_update()).one_or_none()


def add(session: Session, row: Appointment | Assignment) -> None:
    """Write a new row."""
    session.add(row)
    session.flush()


def brought_by(session: Session, appointment_id: UUID) -> set[str]:
    """The codes of every segment an appointment has ever brought."""
    question = select(Segment.code).join(Assignment, Assignment.segment_id == Segment.id)
    return set(session.scalars(question.where(Assignment.appointment_id == appointment_id)))


def held_by(session: Session, appointment_id: UUID, day: date) -> list[AnyRow]:
    """The segments an appointment brings on a day or later: assignment id, segment_id, parent_id, duty."""
    question = select(*_HELD).join(Segment, Segment.id == Assignment.segment_id)
    return list(session.execute(question.where(Assignment.appointment_id == appointment_id, _not_over(day))).all())


def acted_for(session: Session, person_id: UUID, region: str, day: date) -> list[AnyRow]:
    """The segments in a region for which somebody acts on a day or later: the same columns."""
    question = select(*_HELD).join(Segment, Segment.id == Assignment.segment_id)
    question = question.where(Assignment.person_id == person_id, Assignment.appointment_id.is_(None), _not_over(day))
    return list(session.execute(question.where(inside(Segment.region_code, region))).all())


def within(session: Session, region: str, day: date) -> list[AnyRow]:
    """The posts in a region that are not over on a day, the widest region first: person_id, post, region_code."""
    question = select(Appointment.person_id, Appointment.post, Appointment.region_code).distinct()
    question = question.where(inside(Appointment.region_code, region), _not_over(day, Appointment))
    return list(session.execute(question.order_by(Appointment.region_code, Appointment.post)).all())


def segments_within(session: Session, region: str, day: date) -> list[AnyRow]:
    """Who answers for which segment in a region on a day or later: person_id, code."""
    question = select(Assignment.person_id, Segment.code).join(Segment, Segment.id == Assignment.segment_id)
    question = question.where(inside(Segment.region_code, region), _not_over(day))
    return list(session.execute(question.order_by(Segment.code)).all())


def end(session: Session, appointment_id: UUID, until: date) -> None:
    """End an appointment."""
    session.execute(update(Appointment).where(Appointment.id == appointment_id).values(until_day=until))


def end_assignments(session: Session, ids: Iterable[UUID], until: date) -> None:
    """Let these end on a day; those that would have begun later never begin."""
    last = case((Assignment.from_day > until, Assignment.from_day), else_=until)
    question = update(Assignment).where(Assignment.id.in_(list(ids)), _not_over(until)).values(until_day=last)
    session.execute(question.execution_options(synchronize_session=False))


def acting(session: Session, segment_ids: Iterable[UUID], since: date) -> list[AnyRow]:
    """Who acts as chief of these segments on a day or later: id, person_id, segment_id."""
    question = select(Assignment.id, Assignment.person_id, Assignment.segment_id).where(
        Assignment.segment_id.in_(list(segment_ids)),
        Assignment.appointment_id.is_(None),
        Assignment.duty == Duty.CHIEF.value,
        _not_over(since),
    )
    return list(session.execute(question).all())


def chiefs_of(session: Session, segment_id: UUID, day: date) -> list[UUID]:
    """Who answers for a segment as its chief on a day."""
    question = select(Assignment.person_id).where(
        Assignment.segment_id == segment_id, Assignment.duty == Duty.CHIEF.value, covers(Assignment, day)
    )
    return list(session.scalars(question.order_by(Assignment.from_day, Assignment.id)))


def held_on(session: Session, day: date) -> set[tuple[UUID, UUID]]:
    """Everybody with each of their segments on a day; for imports, which compare before and after."""
    rows = session.execute(select(Assignment.person_id, Assignment.segment_id).where(covers(Assignment, day)))
    return {(person_id, segment_id) for person_id, segment_id in rows}


def in_office(session: Session, person_ids: Iterable[UUID], day: date) -> set[UUID]:
    """Which of these people hold any post on a day, with an account that is open."""
    question = select(Person.id).where(
        Person.id.in_(list(person_ids)),
        Person.is_active,
        exists().where(Appointment.person_id == Person.id, covers(Appointment, day)),
    )
    return set(session.scalars(question))


def parent_of(session: Session, segment_id: UUID) -> UUID | None:
    """The reach around a segment."""
    return session.scalar(select(Segment.parent_id).where(Segment.id == segment_id))


def hand_over(session: Session, person_id: UUID, segment_id: UUID, duty: Duty, since: date) -> None:
    """Let somebody act for a segment from a day on, unless they answer for it already."""
    mine = and_(Assignment.person_id == person_id, Assignment.segment_id == segment_id, Assignment.duty == duty.value)
    if session.scalar(select(exists().where(mine, covers(Assignment, since)))):
        return
    again = update(Assignment).where(mine, Assignment.from_day == since, Assignment.appointment_id.is_(None))
    if session.scalars(again.values(until_day=None).returning(Assignment.id)).first() is not None:
        return
    values = {"person_id": person_id, "segment_id": segment_id, "duty": duty.value, "from_day": since}
    session.execute(insert(Assignment).values(id=uuid4(), **values))


def turned(session: Session, person_id: UUID, since: date, today: date) -> set[UUID]:
    """The segments of which a first or last day of somebody's, or of those they look after, came since."""

    def has_come(row: type[Assignment | Absence]) -> ColumnElement[bool]:
        return or_(row.from_day.between(since, today), row.until_day.between(since, today))

    own = select(Assignment.segment_id).where(Assignment.person_id == person_id, has_come(Assignment))
    looked_after = (
        select(Assignment.segment_id)
        .join(Absence, Absence.person_id == Assignment.person_id)
        .where(Absence.substitute_id == person_id, or_(has_come(Assignment), has_come(Absence)))
    )
    return set(session.scalars(own)) | set(session.scalars(looked_after))


def segments_by_code(session: Session, codes: Sequence[str]) -> dict[str, AnyRow]:
    """Segments by code: id, code, region_code, level."""
    columns = (Segment.id, Segment.code, Segment.region_code, Segment.level)
    return {row.code: row for row in session.execute(select(*columns).where(Segment.code.in_(codes)))}


def span(session: Session, day: date) -> tuple[str, str] | None:
    """The first and the last region code, in order, of every reach; of every post of that day where there is none."""
    for question in (
        select(func.min(Segment.region_code), func.max(Segment.region_code)),
        select(func.min(Appointment.region_code), func.max(Appointment.region_code)).where(covers(Appointment, day)),
    ):
        first, last = session.execute(question).one()
        if first is not None:
            return first, last
    return None


def _not_over(day: date, row: type[Appointment | Assignment] = Assignment) -> ColumnElement[bool]:
    return or_(row.until_day.is_(None), row.until_day > day)
