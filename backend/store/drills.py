"""Questions about drill lists: who may be called in an exercise, and whose number leads nowhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, and_, func, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for, touched
from backend.domain.access import Scope
from backend.models.callouts import Callout
from backend.models.flood_warnings import DrillList, DrillMember
from backend.models.notices import Letter, Notice
from backend.models.people import Person
from backend.store.bulk import insert_missing
from backend.store.regions import inside

_member = cast(Table, DrillMember.__table__)
_IN = and_(DrillMember.agreed_at.is_not(None), DrillMember.left_at.is_(None))


def add(session: Session, values: dict[str, Any]) -> bool:
    """Insert, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(DrillList).on_conflict_do_nothing(index_elements=[DrillList.id])
    return session.execute(insertion.returning(DrillList.id), values).scalar_one_or_none() is not None


def existing(session: Session, list_id: UUID) -> AnyRow | None:
    """The list of that id, whoever may see it."""
    return session.execute(select(*DrillList.__table__.columns).where(DrillList.id == list_id)).one_or_none()


def ask(session: Session, list_id: UUID, people: Sequence[UUID], now: datetime) -> None:
    """Ask people whether they take part; who was asked before is not asked again."""
    rows = [{"list_id": list_id, "person_id": person, "asked_at": now} for person in people]
    insert_missing(session, _member, rows)


def agree(session: Session, person: UUID, now: datetime, lists: Collection[UUID] | None = None) -> int:
    """They take part in the lists that asked them, or in some of them; in how many anew."""
    mine = update(DrillMember).where(DrillMember.person_id == person, or_(~_IN, DrillMember.agreed_at.is_(None)))
    if lists is not None:
        mine = mine.where(DrillMember.list_id.in_(lists))
    return touched(session.execute(mine.values(agreed_at=now, left_at=None)))


def leave(session: Session, person: UUID, list_id: UUID, now: datetime) -> int:
    """They are called in drills of that list no more."""
    mine = update(DrillMember).where(DrillMember.person_id == person, DrillMember.list_id == list_id)
    return touched(session.execute(mine.where(DrillMember.left_at.is_(None)).values(left_at=now)))


def listed(session: Session, scope: Scope) -> list[AnyRow]:
    """Lists of a part of the world, with how many were asked and how many take part."""
    asked = func.count(DrillMember.person_id).label("asked")
    agreed = func.count(DrillMember.person_id).filter(_IN).label("agreed")
    question = select(*DrillList.__table__.columns, asked, agreed)
    question = question.outerjoin(DrillMember, DrillMember.list_id == DrillList.id)
    question = question.where(or_(*(inside(DrillList.region_code, prefix) for prefix in scope.regions)))
    question = question.group_by(*DrillList.__table__.columns).order_by(DrillList.made_at.desc(), DrillList.id)
    return list(session.execute(question).all())


def members(session: Session, list_id: UUID, *, limit: int, after: UUID | None) -> list[AnyRow]:
    """People of a list: person_id, name, asked_at, agreed_at, left_at; keyset after a person."""
    question = select(*_member.c, Person.name).join(Person, Person.id == _member.c.person_id)
    question = question.where(_member.c.list_id == list_id)
    if after is not None:
        question = question.where(_member.c.person_id > after)
    return list(session.execute(question.order_by(_member.c.person_id).limit(limit + 1)).all())


def of_person(session: Session, person: UUID) -> list[AnyRow]:
    """Lists that asked somebody: id, name, asked_at, agreed_at, left_at."""
    columns = (DrillList.id, DrillList.name, DrillMember.asked_at, DrillMember.agreed_at, DrillMember.left_at)
    question = select(*columns).join(DrillMember, DrillMember.list_id == DrillList.id)
    return list(session.execute(question.where(DrillMember.person_id == person).order_by(DrillMember.asked_at)).all())


def dead_numbers(session: Session, root_id: UUID) -> list[AnyRow]:
    """People of a roll whom nothing reached: person_id, name, region_code, phone_head, phone_tail, failure, channel."""
    failed = (
        select(Notice.about_id, func.max(Letter.failure).label("failure"), func.max(Letter.channel).label("channel"))
        .join(Letter, Letter.notice_id == Notice.id)
        .where(Notice.about_type == "callout", Letter.state == "failed")
        .group_by(Notice.about_id)
        .subquery()
    )
    columns = (Callout.person_id, Person.name, Callout.region_code, Person.phone_head, Person.phone_tail)
    question = select(*columns, failed.c.failure, failed.c.channel).join(Person, Person.id == Callout.person_id)
    question = question.join(failed, failed.c.about_id == Callout.id)
    question = question.where(Callout.root_id == root_id, Callout.reached_at.is_(None), Callout.answered_at.is_(None))
    return list(session.execute(question.order_by(Callout.region_code, Callout.seq)).all())
