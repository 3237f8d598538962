"""Questions about letters: which are due, who is sending them, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from backend.db import AnyRow, UtcTime, among, touched
from backend.domain.access import Scope
from backend.domain.lanes import Lane
from backend.domain.letters import EXPIRED, IMPATIENT, THROTTLED, State, sources
from backend.models.notices import Letter, Notice
from backend.store.bulk import insert_missing
from backend.store.clockwork import real_now
from backend.store.notices import within

_letter, _notice = cast(Table, Letter.__table__), cast(Table, Notice.__table__)
_MISTAKEN = timedelta(hours=1)
"""A lease that runs so far ahead was taken before the clock was set back."""
_LATEST = timedelta(hours=12)
"""A try is put off by hours at most: one that lies further ahead was put off before the clock was set back."""
DEAD = and_(_letter.c.state == State.FAILED.value, _letter.c.passed_to.is_(None), _letter.c.failure != EXPIRED)
"""What no channel took. What was of no use any more is none of it."""
Row = dict[str, Any]


def add_all(session: Session, rows: Sequence[Row]) -> None:
    """Write letters; one that is there already stays as it is."""
    insert_missing(session, _letter, rows)


def is_any_due(session: Session, lanes: Collection[Lane], now: datetime) -> bool:
    """Whether a letter of these lanes waits for a try, or somebody who was sending one is gone."""
    due = select(literal(1)).where(_in(lanes), _is_due(now))
    return session.execute(due.limit(1)).first() is not None or _is_any_left(session)


def _is_any_left(session: Session) -> bool:
    left = select(literal(1)).where(_has_run_out(real_now(session))).limit(1)
    return session.execute(left).first() is not None


def recover(session: Session, now: datetime) -> int:
    """Letters whose sender was cut off in mid-send: nobody knows whether they got through; how many."""
    if not _is_any_left(session):
        return 0
    cut = update(_letter).where(_has_run_out(real_now(session)))
    values = {"state": State.UNKNOWN.value, "repeats": _letter.c.repeats + 1, "lease_until": None, "next_try_at": now}
    return touched(session.execute(cut.values(values)))


def due(
    session: Session,
    lane: Lane,
    channel: str,
    now: datetime,
    limit: int,
    calling: tuple[datetime, datetime] | None = None,
) -> list[AnyRow]:
    """Letters to be tried now, the oldest first, of urgent ones those that press most.

    With `calling` only those that may hold a line from the first to the second moment. Nobody else takes them until
    the transaction ends.
    """
    columns = (_letter, _notice.c.person_id)
    question = select(*columns).join(_notice, _notice.c.id == _letter.c.notice_id)
    is_in_lane = _letter.c.lane == literal_column(f"'{lane.value}'")  # written out, so that a partial index fits
    question = question.where(is_in_lane, _letter.c.channel == channel, _letter.c.next_try_at.is_not(None))
    order = (_letter.c.priority, _letter.c.next_try_at) if lane is Lane.URGENT else (_letter.c.next_try_at,)
    question = question.where(_is_due(now)).order_by(*order).limit(limit)
    if calling is not None:
        question = question.where(_holds_line(*calling))
    return list(session.execute(question.with_for_update(skip_locked=True, of=_letter)).all())


def of_other_channels(session: Session, channels: Collection[str], limit: int) -> list[AnyRow]:
    """Letters that wait for a channel that is none of these, with whom they are for."""
    columns = (_letter, _notice.c.person_id)
    question = select(*columns).join(_notice, _notice.c.id == _letter.c.notice_id)
    question = question.where(_letter.c.next_try_at.is_not(None), _letter.c.channel.not_in(channels)).limit(limit)
    return list(session.execute(question.with_for_update(skip_locked=True, of=_letter)).all())


def under_way(session: Session, channel: str, calling: tuple[datetime, datetime]) -> int:
    """How many calls may hold a line from the first moment on; beyond the second none is believed to."""
    question = select(func.count()).select_from(_letter)
    return session.scalar(question.where(_letter.c.channel == channel, _holds_line(*calling))) or 0


def lease(session: Session, ids: Collection[UUID], lasting: timedelta, calling_until: datetime | None = None) -> None:
    """Hold them for sending, by the database's clock; each is tried once more, and may hold a line so long."""
    held = update(_letter).where(_letter.c.id.in_(ids))
    until = real_now(session) + lasting
    values = {"state": State.SENDING.value, "tries": _letter.c.tries + 1, "next_try_at": None, "lease_until": until}
    session.execute(held.values(values | {"calling_until": calling_until}))


_TO: ColumnElement[Any] = bindparam("to", type_=String())
_AT: ColumnElement[Any] = bindparam("at", type_=UtcTime())
_KNOWN_BETTER = or_(*(_letter.c.state == state.value for state in (State.DELIVERED, State.ANSWERED, State.FAILED)))
_ACCEPT = (
    update(_letter)
    .where(_letter.c.id == bindparam("of"))
    .values(
        # A receipt may have been quicker than whoever sent it.
        state=case((_KNOWN_BETTER, _letter.c.state), else_=_TO),
        accepted_at=func.coalesce(_letter.c.accepted_at, _AT),
        delivered_at=func.coalesce(_letter.c.delivered_at, case((literal(State.DELIVERED.value) == _TO, _AT))),
        reference=func.coalesce(bindparam("by", type_=String()), _letter.c.reference),
        next_try_at=None,
        lease_until=None,
        calling_until=case((_KNOWN_BETTER, None), else_=bindparam("until", type_=UtcTime())),
    )
)
_FAIL = (
    update(_letter)
    .where(_letter.c.id == bindparam("of"))
    .values(
        state=_TO,
        next_try_at=bindparam("next", type_=UtcTime()),
        lease_until=None,
        # A try that was cut off may be a call by now.
        calling_until=case((bindparam("cut", type_=Integer()) > 0, _letter.c.calling_until), else_=None),
        failure=bindparam("why"),
        passed_to=bindparam("passed"),
        repeats=_letter.c.repeats + bindparam("cut", type_=Integer()),
        tries=_letter.c.tries - bindparam("forgiven"),
        failed_at=bindparam("failed", type_=UtcTime()),
    )
)


def accept(session: Session, rows: Sequence[Row]) -> None:
    """The provider took them: of, to (accepted or delivered), at, by (its reference), until (when a call is over)."""
    if rows:
        session.connection().execute(_ACCEPT, rows)


def fail(session: Session, rows: Sequence[Row]) -> None:
    """They did not go out: of, to, next, why, passed, cut, forgiven, failed."""
    if rows:
        session.connection().execute(_FAIL, rows)


def sending(session: Session, tried: Iterable[tuple[UUID, int]]) -> list[AnyRow]:
    """Of these (letter, try) those that nobody else has taken up meanwhile, with whom they are for."""
    held = dict(tried)
    question = select(_letter, _notice.c.person_id).join(_notice, _notice.c.id == _letter.c.notice_id)
    question = question.where(_letter.c.id.in_(held), _letter.c.state == State.SENDING.value)
    rows = session.execute(question.order_by(_letter.c.id).with_for_update(of=_letter)).all()
    return [row for row in rows if row.tries == held[row.id]]


def of_notices(session: Session, ids: Iterable[UUID]) -> list[AnyRow]:
    """Every letter of these notices: notice_id, channel, device_id, state, failure."""
    columns = (_letter.c.notice_id, _letter.c.channel, _letter.c.device_id, _letter.c.state, _letter.c.failure)
    return list(session.execute(select(*columns).where(_letter.c.notice_id.in_(list(ids)))).all())


def take_back(session: Session, notice_id: UUID, now: datetime) -> str | None:
    """Try a channel again that was left for another one; which, if there is any."""
    left = select(_letter.c.id, _letter.c.channel).where(
        _letter.c.notice_id == notice_id,
        _letter.c.state == State.FAILED.value,
        _letter.c.failure.in_((THROTTLED, IMPATIENT)),
    )
    found = session.execute(left.limit(1)).first()
    if found is not None:
        _again(session, _letter.c.id == found.id, now)
    return found.channel if found else None


def retry(session: Session, notice_id: UUID, now: datetime) -> int:
    """Try the dead letters of a notice from the start; how many."""
    return _again(session, and_(_letter.c.notice_id == notice_id, DEAD), now)


def retry_all(session: Session, notices: Collection[UUID], now: datetime) -> int:
    """Try the dead letters of many notices from the start; how many."""
    return _again(session, and_(among(session, _letter.c.notice_id, notices), DEAD), now)


def _again(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    fresh = {"state": State.PENDING.value, "tries": 0, "next_try_at": now, "failure": None, "failed_at": None}
    return touched(session.execute(update(_letter).where(which).values(fresh | {"passed_to": None})))


def receive(session: Session, channel: str, which: tuple[UUID | None, str | None], outcome: State, values: Row) -> Any:
    """Believe a provider's word on a letter, by our id or its reference; the letter as it was, or None."""
    letter_id, reference = which
    named = _letter.c.id == letter_id if letter_id is not None else _letter.c.reference == reference
    here = and_(named, _letter.c.channel == channel)
    columns = (_letter, _notice.c.person_id, _notice.c.about_type, _notice.c.about_id)
    found = select(*columns).join(_notice, _notice.c.id == _letter.c.notice_id).where(here)
    row = session.execute(found.with_for_update(of=_letter)).first()
    if row is not None and State(row.state) in sources(outcome) and outcome is not State.FAILED:
        told = update(_letter).where(_letter.c.id == row.id)
        fresh = {"state": outcome.value, "next_try_at": None, "lease_until": None, "calling_until": None}
        session.execute(told.values(fresh | values))
    return row


def dead(
    session: Session, scope: Scope, today: Any, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[AnyRow]:
    """Dead letters to people of the scope, the newest first, one more than `limit` when there are more."""
    question = select(_letter.c.id, _letter.c.failed_at, _notice.c.id.label("notice_id"))
    question = question.join(_notice, _notice.c.id == _letter.c.notice_id).where(DEAD, within(scope, today))
    if after is not None:
        question = question.where(tuple_(_letter.c.failed_at, _letter.c.id) < after)
    question = question.order_by(_letter.c.failed_at.desc(), _letter.c.id.desc()).limit(limit + 1)
    return list(session.execute(question).all())


def waiting(session: Session) -> list[AnyRow]:
    """By lane how many letters wait for a try, and since when the oldest: lane, how_many, oldest."""
    question = select(_letter.c.lane, func.count().label("how_many"), func.min(_letter.c.due_at).label("oldest"))
    question = question.where(_letter.c.next_try_at.is_not(None)).group_by(_letter.c.lane)
    return list(session.execute(question).all())


def oldest_due(session: Session, lanes: Collection[Lane], now: datetime) -> datetime | None:
    """Since when the letter of these lanes that has waited longest could have been tried."""
    question = select(func.min(_letter.c.next_try_at)).where(_letter.c.next_try_at <= now, _in(lanes))
    return session.scalar(question)


def count_dead(session: Session) -> int:
    """How many letters no channel took."""
    return session.scalar(select(func.count()).select_from(_letter).where(DEAD)) or 0


def _in(lanes: Collection[Lane]) -> ColumnElement[bool]:
    return _letter.c.lane.in_([lane.value for lane in lanes])


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Its time has come; or lies so far ahead that it was written under a wrong clock."""
    return or_(_letter.c.next_try_at <= now, _letter.c.next_try_at > now + _LATEST)


def _holds_line(now: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(_letter.c.calling_until > now, _letter.c.calling_until <= until)


def _has_run_out(now: datetime) -> ColumnElement[bool]:
    ahead = _letter.c.lease_until > now + _MISTAKEN
    return and_(_letter.c.lease_until.is_not(None), or_(_letter.c.lease_until <= now, ahead))
