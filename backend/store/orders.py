"""Questions about orders: what was given to whom, and what each of them has said and done since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, false, func, insert, not_, or_, select, update
from sqlalchemy.orm import Session, aliased

from backend.db import AnyRow, insert_for
from backend.domain.access import Scope
from backend.domain.orders import Wanted
from backend.models.hazards import Hazard
from backend.models.orders import Order, OrderAddressee, OrderCorrection, OrderWord
from backend.models.patrols import Patrol
from backend.models.people import Person
from backend.models.regions import Region
from backend.models.segments import Segment
from backend.store.bulk import insert_all
from backend.store.origins import origins
from backend.store.regions import inside

_addressee = cast(Table, OrderAddressee.__table__)
_SHOWN = (
    select(
        *Order.__table__.columns,
        Person.name.label("made_by"),
        Region.name.label("region_name"),
        Segment.code.label("segment_code"),
        Segment.name.label("segment_name"),
    )
    .join(Person, Person.id == Order.made_by_id)
    .outerjoin(Region, Region.code == Order.region_code)
    .outerjoin(Segment, Segment.id == Order.segment_id)
)


def add(session: Session, values: dict[str, Any], addressees: Iterable[dict[str, Any]]) -> bool:
    """Insert with everybody who gets it, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(Order).on_conflict_do_nothing(index_elements=[Order.id])
    if session.execute(insertion.returning(Order.seq), values).scalar_one_or_none() is None:
        return False
    insert_all(session, _addressee, [{"order_id": values["id"]} | each for each in addressees])
    return True


def existing(session: Session, order_id: UUID) -> AnyRow | None:
    """The order of that id with its maker's name, whoever may see it."""
    return session.execute(_SHOWN.where(Order.id == order_id)).one_or_none()


def hold(session: Session, order_id: UUID) -> None:
    """Keep everybody else from altering it until the transaction ends."""
    session.execute(select(Order.seq).where(Order.id == order_id).with_for_update())


def change(session: Session, order_id: UUID, **values: Any) -> None:
    """Alter an order, and raise its version."""
    session.execute(update(Order).where(Order.id == order_id).values(version=Order.version + 1, **values))


def listed(
    session: Session,
    scope: Scope,
    *,
    kind: str | None,
    mine: bool,
    only: Collection[UUID] | None,
    limit: int,
    after: int | None,
) -> list[AnyRow]:
    """Orders of a part of the world and those that these people got, newest first, one more than `limit`.

    Milestones stand with their order, but where they are among those that are asked for (`only`). Keyset after a
    number; `mine`: only those that these people got.
    """
    seen = _got(scope.people) if mine else or_(_got(scope.people), _touches(scope.regions))
    question = _SHOWN.where(seen, Order.part_of_id.is_(None) if only is None else Order.id.in_(list(only)))
    if kind is not None:
        question = question.where(Order.kind == kind)
    if after is not None:
        question = question.where(Order.seq < after)
    return list(session.execute(question.order_by(Order.seq.desc()).limit(limit + 1)).all())


def parts_of(session: Session, order_id: UUID) -> list[AnyRow]:
    """The milestones of work points, the soonest due first."""
    question = _SHOWN.where(Order.part_of_id == order_id).order_by(Order.due_at, Order.seq)
    return list(session.execute(question).all())


def is_seen(session: Session, order_id: UUID, scope: Scope) -> bool:
    """Whether an order touches the scope, or somebody of it got it."""
    seen = or_(_got(scope.people), _touches(scope.regions))
    return session.execute(select(Order.seq).where(Order.id == order_id, seen)).first() is not None


def rows(session: Session, order_ids: Sequence[UUID], scope: Scope) -> list[AnyRow]:
    """Addressees of orders that lie in the scope or are of it, by order and region, with what they have said and done.

    With the names of person and holder, the masked number, the first walk that fulfils it and the first report.
    """
    here = [inside(OrderAddressee.region_code, prefix) for prefix in scope.regions]
    question = _facts().where(OrderAddressee.order_id.in_(order_ids), or_(_is_of(scope.people), *here))
    order = (OrderAddressee.order_id, OrderAddressee.region_code, OrderAddressee.seq)
    return list(session.execute(question.order_by(*order)).all())


def standings(session: Session, order_ids: Sequence[UUID], prefixes: Iterable[str]) -> list[AnyRow]:
    """The same of orders' addressees in some regions, in no order and without names: to be counted."""
    here = [inside(OrderAddressee.region_code, prefix) for prefix in prefixes]
    question = _standing().where(OrderAddressee.order_id.in_(order_ids), or_(false(), *here))
    return list(session.execute(question).all())


def waiting_for(session: Session, people: Collection[UUID], *, until: datetime) -> list[AnyRow]:
    """What these people got, was not withdrawn and no word of theirs has done, the soonest due first.

    With the order's title, wanted and due_at. Of milestones those that are due until then; whether a walk or a report
    has done it, the facts of each say.
    """
    is_near = or_(Order.part_of_id.is_(None), Order.due_at <= until)
    question = _facts().where(_is_of(people), Order.withdrawn_at.is_(None), is_near, not_(_is_said()))
    return list(session.execute(question.order_by(Order.due_at, Order.seq, OrderAddressee.seq)).all())


def say(session: Session, seqs: Collection[int], **values: Any) -> None:
    """Write what addressees have said."""
    session.execute(update(_addressee).where(_addressee.c.seq.in_(list(seqs))).values(**values))


def word_of(session: Session, word_id: UUID) -> AnyRow | None:
    """The word of that id, with the name of whoever said it."""
    question = select(*OrderWord.__table__.columns, Person.name.label("person_name"))
    question = question.join(Person, Person.id == OrderWord.person_id)
    return session.execute(question.where(OrderWord.id == word_id)).one_or_none()


def add_word(session: Session, values: dict[str, Any]) -> bool:
    """Insert, or nothing when the phone's id is taken; whether it is new."""
    insertion = insert_for(session)(OrderWord).on_conflict_do_nothing(index_elements=[OrderWord.id])
    return session.execute(insertion.returning(OrderWord.seq), values).scalar_one_or_none() is not None


def corrections(session: Session, order_id: UUID) -> list[AnyRow]:
    """What was put right of an order, the first first, with the name of whoever did it."""
    question = select(*OrderCorrection.__table__.columns, Person.name.label("made_by"))
    question = question.join(Person, Person.id == OrderCorrection.made_by_id)
    question = question.where(OrderCorrection.order_id == order_id).order_by(OrderCorrection.seq)
    return list(session.execute(question).all())


def correction_of(session: Session, correction_id: UUID) -> AnyRow | None:
    """The correction of that id."""
    question = select(*OrderCorrection.__table__.columns).where(OrderCorrection.id == correction_id)
    return session.execute(question).one_or_none()


def add_correction(session: Session, values: dict[str, Any]) -> None:
    """Write down what is put right."""
    session.execute(insert(OrderCorrection), values)


def claim_due(session: Session, now: datetime, limit: int) -> list[AnyRow]:
    """Orders whose next step is due, the most overdue first; nobody else takes it until the transaction ends."""
    due = select(*Order.__table__.columns).where(Order.next_step_at.is_not(None), Order.next_step_at <= now)
    due = due.order_by(Order.next_step_at, Order.seq).limit(limit)
    return list(session.execute(due.with_for_update(skip_locked=True)).all())


def advance(session: Session, order_id: UUID, *, next_step_at: datetime | None, rung: int | None = None) -> None:
    """How far its ladder was climbed; what it says stays as it is."""
    values: dict[str, Any] = {"next_step_at": next_step_at} | ({} if rung is None else {"rung": rung})
    session.execute(update(Order).where(Order.id == order_id).values(**values))


def _standing() -> Select[*tuple[Any, ...]]:
    """What says how far an addressee is, and no names: of a page of orders to a whole city there are very many."""
    walk = aliased(Patrol)
    columns = (
        *_addressee.columns,
        *(getattr(Order, name) for name in ("title", "kind", "wanted", "due_at", "text_at", "made_at")),
        walk.id.label("patrol_id"),
        walk.walked_at,
        walk.started_at.label("walked_from"),
        walk.ended_at.label("walked_until"),
        _reported().label("reported_at"),
    )
    return (
        select(*columns)
        .select_from(OrderAddressee)
        .join(Order, Order.id == OrderAddressee.order_id)
        .outerjoin(walk, walk.seq == _walked())
    )


def _facts() -> Select[*tuple[Any, ...]]:
    holder, place, own = aliased(Person), aliased(Region), aliased(Segment)
    columns = (
        Person.name.label("person"),
        Person.phone_head,
        Person.phone_tail,
        holder.name.label("holder"),
        place.name.label("region_name"),
        own.code.label("segment_code"),
        own.name.label("segment_name"),
    )
    return (
        _standing()
        .add_columns(*columns)
        .join(Person, Person.id == OrderAddressee.person_id)
        .join(holder, holder.id == OrderAddressee.holder_id)
        .outerjoin(place, place.code == OrderAddressee.region_code)
        .outerjoin(own, own.id == func.coalesce(Order.segment_id, OrderAddressee.segment_id))
    )


def _walked() -> Any:
    """The first walk since the issue that counts for the holder's duty: on the reach that is named, or on any.

    Of a reach that was cut since, a walk on either part is one.
    """
    whole = origins()
    parts = select(whole.c.segment_id).where(whole.c.origin_id == Order.segment_id).correlate(Order)
    here = [
        or_(walked == Order.segment_id, walked.in_(parts)) for walked in (Patrol.segment_id, Patrol.named_segment_id)
    ]
    named = or_(Order.segment_id.is_(None), *here)
    first = select(Patrol.seq).where(
        Order.wanted == Wanted.PATROL.value,
        Patrol.duty_of_id == OrderAddressee.holder_id,
        Patrol.walked_at >= Order.made_at,
        Patrol.counts,
        named,
    )
    first = first.order_by(Patrol.walked_at, Patrol.seq).limit(1)
    return first.correlate(Order, OrderAddressee).scalar_subquery()


def _reported() -> Any:
    """When the holder, or whoever got it for them, first reported something in their part of the world since then."""
    place = func.substr(Hazard.region_code, 1, func.length(OrderAddressee.region_code))
    first = select(func.min(Hazard.reported_at)).where(
        Order.wanted == Wanted.REPORT.value,
        or_(Hazard.reporter_id == OrderAddressee.holder_id, Hazard.reporter_id == OrderAddressee.person_id),
        Hazard.reported_at >= Order.made_at,
        place == OrderAddressee.region_code,
    )
    return first.correlate(Order, OrderAddressee).scalar_subquery()


def _is_said() -> ColumnElement[bool]:
    """Whether what is expected is a word, and the addressee has said it: years of such orders are not asked further."""
    read = and_(Order.wanted == Wanted.READ.value, func.coalesce(OrderAddressee.read_at >= Order.text_at, false()))
    signed = and_(Order.wanted == Wanted.SIGN.value, func.coalesce(OrderAddressee.signed_at >= Order.text_at, false()))
    answers = (Wanted.REPORT.value, Wanted.ANSWER.value)
    return or_(read, signed, and_(Order.wanted.in_(answers), OrderAddressee.answered_at.is_not(None)))


def _is_of(people: Collection[UUID]) -> ColumnElement[bool]:
    ids = list(people)
    return or_(OrderAddressee.person_id.in_(ids), OrderAddressee.holder_id.in_(ids))


def _got(people: Collection[UUID]) -> ColumnElement[bool]:
    got = select(OrderAddressee.seq).where(OrderAddressee.order_id == Order.id, _is_of(people))
    return got.exists()


def _touches(prefixes: Iterable[str]) -> ColumnElement[bool]:
    """Whether it was given from a region inside one of these, or to somebody there."""
    own = [inside(Order.region_code, prefix) for prefix in prefixes]
    there = [inside(OrderAddressee.region_code, prefix) for prefix in prefixes]
    got = select(OrderAddressee.seq).where(OrderAddressee.order_id == Order.id, or_(false(), *there))
    return or_(false(), *own, got.exists())
