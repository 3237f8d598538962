"""Questions about notice boards: those of a scope, what is printed on them, and what anybody sees of one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, among, insert_for
from backend.domain.access import Scope
from backend.domain.signs import State, last_day
from backend.domain.terms import Duty
from backend.models.people import Appointment, Person
from backend.models.regions import Region
from backend.models.segments import Assignment, NoticeBoard, River
from backend.models.signs import SignName, SignPrint
from backend.store.bulk import insert_all
from backend.store.people import covers
from backend.store.segments import in_region, segment, within

_board = cast(Table, NoticeBoard.__table__)
_name = cast(Table, SignName.__table__)
_print = cast(Table, SignPrint.__table__)
POST = func.coalesce(Appointment.post, "")
"""The post by which somebody answers for a reach; nothing for whoever acts for one that is vacant."""
SHOWN = select(
    *_board.columns,
    segment.c.code.label("segment_code"),
    segment.c.name.label("segment_name"),
    segment.c.from_day.label("reach_since"),
    segment.c.region_code,
    segment.c.river_code,
    River.name.label("river_name"),
    Region.name.label("region_name"),
).select_from(
    _board.join(segment, segment.c.id == _board.c.segment_id)
    .join(River, River.code == segment.c.river_code)
    .join(Region, Region.code == segment.c.region_code)
)


def one(session: Session, code: str, scope: Scope) -> AnyRow | None:
    """The board of that code where its reach lies in the scope."""
    return session.execute(SHOWN.where(_board.c.code == code, within(scope))).one_or_none()


def hold(session: Session, codes: Collection[str], scope: Scope) -> list[AnyRow]:
    """These boards of the scope, kept from everybody else until the transaction ends; in one order everywhere."""
    ids = select(_board.c.id).where(among(session, _board.c.code, codes)).order_by(_board.c.id).with_for_update()
    found = list(session.scalars(ids))
    question = SHOWN.where(among(session, _board.c.id, found), within(scope))
    return list(session.execute(question.order_by(_board.c.code)).all())


def listed(
    session: Session,
    scope: Scope,
    today: date,
    *,
    limit: int,
    after: str = "",
    state: State = State.STANDING,
    region: str | None = None,
    river: str | None = None,
    reach: UUID | str | None = None,
    words: str | None = None,
) -> list[AnyRow]:
    """Boards of the scope by code, one more than `limit` when there are more."""
    question = SHOWN.where(within(scope), _is(state, today), _board.c.code > after)
    if region is not None:
        question = question.where(in_region(region))
    if river is not None:
        question = question.where(segment.c.river_code == river)
    if reach is not None:
        question = question.where(segment.c.id == reach if isinstance(reach, UUID) else segment.c.code == reach)
    if words is not None:
        named = [each.contains(words, autoescape=True) for each in (_board.c.place, segment.c.name, _board.c.code)]
        question = question.where(or_(*named))
    return list(session.execute(question.order_by(_board.c.code).limit(limit + 1)).all())


def chiefs(session: Session, segment_ids: Collection[UUID], day: date) -> list[AnyRow]:
    """Who answers for these reaches on a day: segment_id, person_id, name, post, region_name, from_day; whoever has
    done so longest first.
    """
    question = (
        select(
            Assignment.segment_id,
            Assignment.person_id,
            Person.name,
            POST.label("post"),
            Region.name.label("region_name"),
            Assignment.from_day,
        )
        .join(Person, Person.id == Assignment.person_id)
        .outerjoin(Appointment, Appointment.id == Assignment.appointment_id)
        .outerjoin(Region, Region.code == Appointment.region_code)
        .where(among(session, Assignment.segment_id, segment_ids), is_chief(day))
        .order_by(Assignment.from_day, Person.name, Assignment.id)
    )
    return list(session.execute(question).all())


def names(session: Session, board_ids: Collection[UUID], today: date) -> list[AnyRow]:
    """Whom these boards name as they were printed: board_id, person_id, post, and until_day of who has stopped."""
    question = select(_name.c.board_id, _name.c.person_id, _name.c.post, _stopped(today).label("until_day")).join(
        _board, _board.c.id == _name.c.board_id
    )
    return list(session.execute(question.where(among(session, _name.c.board_id, board_ids))).all())


def prints(session: Session, board_id: UUID, limit: int) -> list[AnyRow]:
    """The sheets that were made for a board, newest first: printed_on, content, said_at, said_by."""
    columns = (_print.c.printed_on, _print.c.content, _print.c.said_at, Person.name.label("said_by"))
    question = select(*columns).outerjoin(Person, Person.id == _print.c.said_by_id)
    question = question.where(_print.c.board_id == board_id).order_by(_print.c.seq.desc()).limit(limit)
    return list(session.execute(question).all())


def unprinted(session: Session) -> list[AnyRow]:
    """Boards of which nobody has said what is on them, wherever they stand."""
    return list(session.execute(SHOWN.where(_board.c.printed_on.is_(None)).order_by(_board.c.code)).all())


def add(session: Session, row: dict[str, Any]) -> bool:
    """Insert; False when the code is taken."""
    insertion = insert_for(session)(_board).values(row).on_conflict_do_nothing(index_elements=[_board.c.code])
    return session.execute(insertion.returning(_board.c.id)).first() is not None


def change(session: Session, board_id: UUID, **columns: Any) -> None:
    """Alter a board, and raise its version."""
    columns |= {"version": _board.c.version + 1}
    session.execute(update(_board).where(_board.c.id == board_id).values(**columns))


def add_prints(session: Session, rows: Sequence[dict[str, Any]], named: Iterable[tuple[UUID, UUID, str]]) -> None:
    """Note that these sheets hang on their boards from now on, and whom each names: (board, person, post)."""
    boards = [row["board_id"] for row in rows]
    session.execute(delete(_name).where(among(session, _name.c.board_id, boards)))
    insert_all(session, _print, rows)
    written = [{"board_id": board, "person_id": person, "post": post} for board, person, post in named]
    insert_all(session, _name, written)


def is_chief(day: date) -> ColumnElement[bool]:
    """Whether an assignment is a chief's, and holds on that day."""
    return and_(Assignment.duty == Duty.CHIEF.value, covers(Assignment, day))


def _is(state: State, today: date) -> ColumnElement[bool]:
    """The same as `domain.signs` decides it of one board."""
    if state is State.TAKEN_DOWN:
        return _board.c.taken_down_on.is_not(None)
    stands = _board.c.taken_down_on.is_(None)
    if state is State.STANDING:
        return stands
    last = last_day(today)
    never = and_(_board.c.printed_on.is_(None), or_(_board.c.put_up_on.is_(None), _board.c.put_up_on <= last))
    wrong = or_(
        and_(_board.c.is_text_newer, _board.c.text_on <= last),
        and_(_board.c.printed_segment_id != _board.c.segment_id, segment.c.from_day <= last),
        _has_new_chief(today, last),
        _has_old_chief(today, last),
    )
    return and_(stands, or_(never, and_(_board.c.printed_on.is_not(None), wrong)))


def _has_new_chief(today: date, last: date) -> ColumnElement[bool]:
    """Somebody has been in charge for too long without being on the board."""
    is_named = exists().where(
        _name.c.board_id == _board.c.id, _name.c.person_id == Assignment.person_id, _name.c.post == POST
    )
    somebody = select(Assignment.id).outerjoin(Appointment, Appointment.id == Assignment.appointment_id)
    here = (Assignment.segment_id == _board.c.segment_id, is_chief(today), Assignment.from_day <= last, ~is_named)
    return somebody.where(*here).correlate(_board).exists()


def _has_old_chief(today: date, last: date) -> ColumnElement[bool]:
    """Somebody on the board has not been in charge for too long."""
    somebody = select(_name.c.person_id).where(_name.c.board_id == _board.c.id, _stopped(today) <= last)
    return somebody.correlate(_board).exists()


def _stopped(today: date) -> ColumnElement[date | None]:
    """Since when somebody whom a board names is not in charge of its reach any more; None while they are."""
    post = select(Assignment.until_day).outerjoin(Appointment, Appointment.id == Assignment.appointment_id)
    same = (
        Assignment.segment_id == _board.c.segment_id,
        Assignment.person_id == _name.c.person_id,
        Assignment.duty == Duty.CHIEF.value,
        _name.c.post == POST,
    )
    still = select(Assignment.id).outerjoin(Appointment, Appointment.id == Assignment.appointment_id)
    is_there = still.where(*same, covers(Assignment, today)).correlate(_board, _name).exists()
    newest = post.where(*same, ~is_there, Assignment.until_day <= today)
    return newest.order_by(Assignment.until_day.desc()).limit(1).correlate(_board, _name).scalar_subquery()
