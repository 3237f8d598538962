"""Questions about training: sessions of a part of the world, whom one asks to come, and who was there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from backend.db import AnyRow, among, insert_for
from backend.domain.access import Scope
from backend.domain.regions import LENGTHS
from backend.domain.training import Status, Tally
from backend.models.people import Appointment, Person
from backend.models.regions import Region
from backend.models.training import Training, TrainingAttendance, TrainingInvitation
from backend.store.bulk import insert_all
from backend.store.people import covers
from backend.store.regions import inside

_there = cast(Table, TrainingAttendance.__table__)
_SHOWN = (
    select(*Training.__table__.columns, Person.name.label("made_by"), Region.name.label("region_name"))
    .join(Person, Person.id == Training.made_by_id)
    .join(Region, Region.code == Training.region_code)
)


def add(session: Session, values: dict[str, Any], invited: Iterable[tuple[str, str]]) -> bool:
    """Insert with whom it asks to come, (post, region), or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(Training).on_conflict_do_nothing(index_elements=[Training.id])
    if session.execute(insertion.returning(Training.seq), values).scalar_one_or_none() is None:
        return False
    rows = [{"training_id": values["id"], "post": post, "region_code": region} for post, region in invited]
    insert_all(session, cast(Table, TrainingInvitation.__table__), rows)
    return True


def existing(session: Session, session_id: UUID) -> AnyRow | None:
    """The session of that id with its maker's name, whoever may see it."""
    return session.execute(_SHOWN.where(Training.id == session_id)).one_or_none()


def hold(session: Session, session_id: UUID) -> None:
    """Keep everybody else from altering it until the transaction ends."""
    session.execute(select(Training.seq).where(Training.id == session_id).with_for_update())


def change(session: Session, session_id: UUID, **values: Any) -> None:
    """Alter a session, and raise its version."""
    session.execute(update(Training).where(Training.id == session_id).values(version=Training.version + 1, **values))


def invitations(session: Session, ids: Collection[UUID]) -> list[AnyRow]:
    """Whom sessions ask to come: training_id, post, region_code and its name."""
    columns = (*TrainingInvitation.__table__.columns, Region.name.label("region_name"))
    question = select(*columns).join(Region, Region.code == TrainingInvitation.region_code)
    question = question.where(among(session, TrainingInvitation.training_id, list(ids)))
    order = (TrainingInvitation.region_code, TrainingInvitation.post)
    return list(session.execute(question.order_by(*order)).all())


def listed(session: Session, scope: Scope, day: date, *, limit: int, after: int | None, mine: bool) -> list[AnyRow]:
    """Sessions that touch the scope, and those to which its people are asked or were, the newest first; keyset after a
    number, one more than `limit`. `mine`: only the latter.
    """
    seen = _concerns(scope.people, day) if mine else or_(_touches(scope.regions), _concerns(scope.people, day))
    question = _SHOWN.where(seen)
    if after is not None:
        question = question.where(Training.seq < after)
    return list(session.execute(question.order_by(Training.seq.desc()).limit(limit + 1)).all())


def is_seen(session: Session, session_id: UUID, scope: Scope, day: date) -> bool:
    """Whether a session touches the scope, or concerns its people."""
    seen = or_(_touches(scope.regions), _concerns(scope.people, day))
    return session.execute(select(Training.seq).where(Training.id == session_id, seen)).first() is not None


def tallies(session: Session, days: Sequence[tuple[UUID, date]], regions: Sequence[str]) -> dict[UUID, Tally]:
    """Of sessions, each with its day, the numbers of these regions, where `people` shows who is behind them."""
    if not days:
        return {}
    seat = _placed(days).subquery()
    came, is_asked = _there.c.seq.is_not(None), seat.c.is_asked == 1
    columns = (
        func.count().filter(is_asked),
        func.count().filter(is_asked, came),
        func.count().filter(~is_asked),
        func.count().filter(_there.c.hours > 0),
        func.count().filter(_there.c.is_doubtful),
    )
    same = and_(_there.c.training_id == seat.c.training_id, _there.c.person_id == seat.c.person_id)
    question = select(seat.c.training_id, *columns).outerjoin(_there, same).group_by(seat.c.training_id)
    here = or_(false(), *(inside(seat.c.region_code, region) for region in regions))
    found = {row[0]: Tally(*row[1:]) for row in session.execute(question.where(seat.c.place == 1, here))}
    return {each: found.get(each, Tally()) for each, _ in days}


def attended(session: Session, session_id: UUID) -> int:
    """How many people were there, of wherever they are."""
    return session.execute(select(func.count()).where(_there.c.training_id == session_id)).scalar_one()


def invited(session: Session, session_id: UUID, day: date) -> list[UUID]:
    """Everybody whom a session asks to come, by the posts of a day."""
    question = select(Appointment.person_id).join(Person, Person.id == Appointment.person_id).distinct()
    question = question.where(covers(Appointment, day), Person.is_active, _is_invited(session_id))
    return list(session.scalars(question))


def may_be_ticked(session: Session, region: str, people: Collection[UUID]) -> set[UUID]:
    """Which of these people have held a post in a region at some time."""
    question = select(Appointment.person_id).where(among(session, Appointment.person_id, list(people)))
    return set(session.scalars(question.where(inside(Appointment.region_code, region)).distinct()))


def attendance(session: Session, session_id: UUID, person_id: UUID) -> AnyRow | None:
    """That somebody was there."""
    question = select(*_there.columns).where(_there.c.training_id == session_id, _there.c.person_id == person_id)
    return session.execute(question).one_or_none()


def attend(session: Session, rows: Sequence[dict[str, Any]]) -> list[UUID]:
    """Write down who was there; who of them was not known to be."""
    if not rows:
        return []
    insertion = insert_for(session)(_there).values(list(rows))
    unique = [_there.c.training_id, _there.c.person_id]
    return list(session.scalars(insertion.on_conflict_do_nothing(index_elements=unique).returning(_there.c.person_id)))


def note(session: Session, seq: int, **values: Any) -> None:
    """Write what is known further of somebody who was there."""
    session.execute(update(_there).where(_there.c.seq == seq).values(**values))


def recredit(session: Session, session_id: UUID, hours: float, begins_at: datetime) -> None:
    """Whoever is credited has these hours, and everybody's year is that of this begin."""
    credit = case((_there.c.hours > 0, hours), else_=0.0)
    changed = update(_there).where(_there.c.training_id == session_id).values(hours=credit, begins_at=begins_at)
    session.execute(changed)


def forget(session: Session, session_id: UUID, people: Collection[UUID]) -> list[AnyRow]:
    """Take out that these people were there; the rows as they were."""
    here = (_there.c.training_id == session_id, among(session, _there.c.person_id, list(people)))
    rows = list(session.execute(select(*_there.columns).where(*here)).all())
    session.execute(delete(_there).where(*here))
    return rows


def people(
    session: Session,
    session_id: UUID,
    regions: Sequence[str],
    day: date,
    *,
    status: Status | None,
    limit: int,
    after: tuple[str, UUID] | None,
) -> list[AnyRow]:
    """People of these regions whom a session asks to come by the posts of a day, and those who were there, by region
    and person, one more than `limit`; keyset after (region, person).

    Each in the highest of the posts for which they are asked, else of any that they hold.
    """
    seat = _seats(session_id, day).subquery()
    columns = (seat.c.person_id, seat.c.region_code, seat.c.post, seat.c.is_asked)
    kept = [_there.c[name] for name in ("how", "at", "distance_m", "is_doubtful", "right", "hours")]
    question = (
        select(*columns, Person.name.label("person"), Person.phone_head, Person.phone_tail, *kept)
        .add_columns(Region.name.label("region_name"))
        .join(Person, Person.id == seat.c.person_id)
        .join(Region, Region.code == seat.c.region_code)
        .outerjoin(_there, and_(_there.c.training_id == session_id, _there.c.person_id == seat.c.person_id))
        .where(seat.c.place == 1, or_(seat.c.is_asked == 1, _there.c.seq.is_not(None)))
        .where(or_(false(), *(inside(seat.c.region_code, region) for region in regions)))
    )
    if status is not None:
        question = question.where(_has(status, seat.c.is_asked == 1))
    if after is not None:
        question = question.where(tuple_(seat.c.region_code, seat.c.person_id) > after)
    return list(session.execute(question.order_by(seat.c.region_code, seat.c.person_id).limit(limit + 1)).all())


def _seats(session_id: UUID, day: date) -> Any:
    is_asked = case((_is_invited(session_id), 1), else_=0)
    order = (is_asked.desc(), func.length(Appointment.region_code), Appointment.region_code, Appointment.id)
    place = func.row_number().over(partition_by=Appointment.person_id, order_by=order)
    columns = (Appointment.person_id, Appointment.region_code, Appointment.post)
    question = select(*columns, is_asked.label("is_asked"), place.label("place"))
    return question.join(Person, Person.id == Appointment.person_id).where(covers(Appointment, day), Person.is_active)


def _has(status: Status, is_asked: ColumnElement[bool]) -> ColumnElement[bool]:
    came = _there.c.seq.is_not(None)
    return {
        Status.PRESENT: and_(came, is_asked),
        Status.GUEST: and_(came, ~is_asked),
        Status.ABSENT: _there.c.seq.is_(None),
        Status.DOUBTFUL: _there.c.is_doubtful.is_(True),
        Status.CREDITED: _there.c.hours > 0,
    }[status]


def _lies_in(region: Any, around: Any) -> ColumnElement[bool]:
    return cast(ColumnElement[bool], func.substr(region, 1, func.length(around)) == around)


def _is_invited(session_id: Any) -> ColumnElement[bool]:
    asked = exists().where(
        TrainingInvitation.training_id == session_id,
        TrainingInvitation.post == Appointment.post,
        _lies_in(Appointment.region_code, TrainingInvitation.region_code),
    )
    return asked.correlate(Appointment, Training)


def _placed(days: Sequence[tuple[UUID, date]]) -> Any:
    """Whom sessions ask, and who was there besides, by the posts of their days; in the first `place` as `_seats`."""
    seat = (Appointment.person_id, Appointment.region_code, Appointment.id)
    asked = select(TrainingInvitation.training_id, *seat, literal(1).label("is_asked")).join(
        Appointment,
        and_(
            Appointment.post == TrainingInvitation.post,
            _lies_in(Appointment.region_code, TrainingInvitation.region_code),
        ),
    )
    came = select(_there.c.training_id, *seat, literal(0)).join(
        Appointment, Appointment.person_id == _there.c.person_id
    )
    each = union_all(
        *(
            question.join(Person, Person.id == Appointment.person_id).where(
                Person.is_active, or_(*(and_(column == one, covers(Appointment, day)) for one, day in days))
            )
            for question, column in ((asked, TrainingInvitation.training_id), (came, _there.c.training_id))
        )
    ).subquery()
    order = (each.c.is_asked.desc(), func.length(each.c.region_code), each.c.region_code, each.c.id)
    place = func.row_number().over(partition_by=(each.c.training_id, each.c.person_id), order_by=order)
    return select(each, place.label("place"))


def _touches(prefixes: Iterable[str]) -> ColumnElement[bool]:
    """Whether it is held in one of these regions, or asks somebody of one."""
    parts: list[ColumnElement[bool]] = []
    for prefix in prefixes:
        around = [prefix[:length] for length in LENGTHS.values() if length < len(prefix)]
        here = or_(inside(TrainingInvitation.region_code, prefix), TrainingInvitation.region_code.in_(around))
        parts += [
            inside(Training.region_code, prefix),
            exists().where(TrainingInvitation.training_id == Training.id, here),
        ]
    return or_(false(), *parts)


def _concerns(people: Collection[UUID], day: date) -> ColumnElement[bool]:
    """Whether somebody of these was there, or is asked to come by a post of today."""
    ids = list(people)
    was = exists().where(_there.c.training_id == Training.id, _there.c.person_id.in_(ids))
    is_asked = exists().where(Appointment.person_id.in_(ids), covers(Appointment, day), _is_invited(Training.id))
    return or_(was, is_asked)
