"""Questions about drill lists: who may be called in an exercise, and whose number leads nowhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, and_, false, func, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, among, insert_for
from backend.domain.access import Scope
from backend.models.callouts import Callout
from backend.models.flood_warnings import DrillList, DrillMember
from backend.models.notices import Letter, Notice
from backend.models.people import Appointment, Person
from backend.models.regions import Region
from backend.store.bulk import insert_missing
from backend.store.people import covers
from backend.store.regions import inside

_member = cast(Table, DrillMember.__table__)
_callout = cast(Table, Callout.__table__)
_notice, _letter = cast(Table, Notice.__table__), cast(Table, Letter.__table__)
_IN = and_(DrillMember.agreed_at.is_not(None), DrillMember.left_at.is_(None))

_SHOWN = (
    select(*_member.c, DrillList.name.label("list_name"), DrillList.region_code, Person.name)
    .join(DrillList, DrillList.id == _member.c.list_id)
    .join(Person, Person.id == _member.c.person_id)
)


def add(session: Session, values: dict[str, Any]) -> bool:
    """Insert, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(DrillList).on_conflict_do_nothing(index_elements=[DrillList.id])
    return session.execute(insertion.returning(DrillList.id), values).scalar_one_or_none() is not None


def existing(session: Session, list_id: UUID) -> AnyRow | None:
    """The list of that id with the name of its region, whoever may see it."""
    columns = (*DrillList.__table__.columns, Region.name.label("region_name"))
    question = select(*columns).outerjoin(Region, Region.code == DrillList.region_code)
    return session.execute(question.where(DrillList.id == list_id)).one_or_none()


def held(session: Session, list_id: UUID) -> AnyRow | None:
    """The same, and nobody else alters it until the transaction ends."""
    session.execute(select(DrillList.id).where(DrillList.id == list_id).with_for_update())
    return existing(session, list_id)


def change(session: Session, list_id: UUID, **values: Any) -> None:
    """Alter a list."""
    session.execute(update(DrillList).where(DrillList.id == list_id).values(**values))


def ask(session: Session, list_id: UUID, people: Sequence[UUID], now: datetime) -> None:
    """Ask people whether they take part; who was asked before is not asked again."""
    rows = [{"list_id": list_id, "person_id": person, "asked_at": now, "note": ""} for person in people]
    insert_missing(session, _member, rows)


def how_many(session: Session, list_id: UUID) -> int:
    """How many people stand on it, whatever they have said."""
    question = select(func.count()).select_from(_member).where(_member.c.list_id == list_id)
    return session.scalar(question) or 0


def member(session: Session, list_id: UUID, person: UUID) -> AnyRow | None:
    """What somebody has said to a list; nobody else says anything for them until the transaction ends."""
    one = and_(_member.c.list_id == list_id, _member.c.person_id == person)
    session.execute(select(_member.c.person_id).where(one).with_for_update())
    return session.execute(_SHOWN.where(one)).one_or_none()


def say(session: Session, list_id: UUID, person: UUID, **values: Any) -> None:
    """Keep what they say: agreed_at, left_at, said_by_id, note."""
    mine = update(_member).where(_member.c.list_id == list_id, _member.c.person_id == person)
    session.execute(mine.values(**values))


def let_go(session: Session, list_id: UUID, person: UUID, now: datetime) -> None:
    """What drills of a list still have to say to somebody is not said, and the sweep finds that they have left."""
    of_list = select(Callout.id).where(Callout.drill_list_id == list_id)
    roots = select(Callout.root_id).where(Callout.drill_list_id == list_id)
    its = or_(
        and_(_notice.c.about_type == "callout", _notice.c.about_id.in_(of_list)),
        and_(_notice.c.about_type == "warning", _notice.c.about_id.in_(roots)),
    )
    theirs = and_(_notice.c.person_id == person, _notice.c.is_drill.is_(True), its, _notice.c.key != "warning_sign")
    unsent = _letter.c.notice_id.in_(select(_notice.c.id).where(theirs))
    session.execute(update(_letter).where(unsent, _letter.c.state == "pending").values(expires_at=now))
    session.execute(update(_notice).where(theirs, _notice.c.addressed_at.is_(None)).values(expires_at=now))
    open_still = and_(_callout.c.drill_list_id == list_id, _callout.c.person_id == person)
    session.execute(update(_callout).where(open_still, _callout.c.next_at.is_not(None)).values(next_at=now))


def people_there(session: Session, people: Collection[UUID], region: str, day: date) -> set[UUID]:
    """Those of them who hold a post in a region on that day."""
    question = select(Appointment.person_id).join(Person, Person.id == Appointment.person_id)
    question = question.where(among(session, Appointment.person_id, people), inside(Appointment.region_code, region))
    return set(session.scalars(question.where(covers(Appointment, day), Person.is_active.is_(True))))


def monthly(session: Session) -> list[AnyRow]:
    """Lists that are called by the month and on which somebody takes part."""
    takes_part = select(_member.c.person_id).where(_member.c.list_id == DrillList.id, _IN).exists()
    question = select(*DrillList.__table__.columns).where(DrillList.monthly_day.is_not(None), takes_part)
    return list(session.execute(question.order_by(DrillList.id)).all())


def listed(session: Session, scope: Scope) -> list[AnyRow]:
    """Lists of a part of the world, with how many were asked and how many take part."""
    where = or_(false(), *(inside(DrillList.region_code, prefix) for prefix in scope.regions))
    return list(session.execute(_counted().where(where).order_by(DrillList.made_at.desc(), DrillList.id)).all())


def counted(session: Session, list_id: UUID) -> AnyRow | None:
    """One list, counted like those."""
    return session.execute(_counted().where(DrillList.id == list_id)).one_or_none()


def _counted() -> Select[Any]:
    asked = func.count(DrillMember.person_id).label("asked")
    agreed = func.count(DrillMember.person_id).filter(_IN).label("agreed")
    columns = (*DrillList.__table__.columns, Region.name.label("region_name"))
    question = select(*columns, asked, agreed).outerjoin(Region, Region.code == DrillList.region_code)
    return question.outerjoin(DrillMember, DrillMember.list_id == DrillList.id).group_by(*columns)


def members(session: Session, list_id: UUID, *, limit: int, after: UUID | None) -> list[AnyRow]:
    """People of a list with what they have said, one more than `limit`; keyset after a person."""
    question = _SHOWN.where(_member.c.list_id == list_id)
    if after is not None:
        question = question.where(_member.c.person_id > after)
    return list(session.execute(question.order_by(_member.c.person_id).limit(limit + 1)).all())


def of_person(session: Session, person: UUID) -> list[AnyRow]:
    """Lists that asked somebody, with what they have said."""
    question = _SHOWN.where(_member.c.person_id == person).order_by(_member.c.asked_at, _member.c.list_id)
    return list(session.execute(question).all())


def unreached(session: Session, root_id: UUID, parts: Sequence[str]) -> list[AnyRow]:
    """People of a roll, in these regions, who were called and whom nothing reached, by region."""
    columns = (_callout.c.id, _callout.c.person_id, _callout.c.region_code, _callout.c.post, Person.name)
    question = select(*columns, Person.phone_head, Person.phone_tail).join(Person, Person.id == _callout.c.person_id)
    here = or_(false(), *(inside(_callout.c.region_code, part) for part in parts))
    is_unreached = and_(_callout.c.reached_at.is_(None), _callout.c.answered_at.is_(None))
    question = question.where(_callout.c.root_id == root_id, _callout.c.called_at.is_not(None), is_unreached, here)
    return list(session.execute(question.order_by(_callout.c.region_code, _callout.c.seq)).all())


def failures(session: Session, callouts: Collection[UUID]) -> dict[UUID, set[tuple[str, str]]]:
    """By which channels the calls of these people failed, and why."""
    question = select(_callout.c.id, _letter.c.channel, _letter.c.failure).distinct()
    question = question.join(_notice, and_(_notice.c.about_id == _callout.c.id, _notice.c.about_type == "callout"))
    question = question.join(_letter, _letter.c.notice_id == _notice.c.id)
    question = question.where(
        among(session, _callout.c.id, callouts),
        _notice.c.person_id == _callout.c.person_id,
        _letter.c.failure.is_not(None),
    )
    found: dict[UUID, set[tuple[str, str]]] = {each: set() for each in callouts}
    for row in session.execute(question):
        found[row.id].add((row.channel, row.failure))
    return found
