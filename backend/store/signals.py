"""Questions about signals of the weather office."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Table, exists, false, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from backend.db import AnyRow
from backend.domain.signals import State
from backend.models.signals import Signal, SignalArea, SignalReference
from backend.store.bulk import insert_all
from backend.store.regions import inside

_signal = cast(Table, Signal.__table__)
_reference = cast(Table, SignalReference.__table__)
_area = cast(Table, SignalArea.__table__)
_UNWEIGHTY = [column for column in _signal.c if column.name != "document"]
"""A list does without the bytes as they came."""


def add(session: Session, row: dict[str, Any]) -> None:
    """Write a message that is not here yet; whoever writes holds the lock under which that was looked up."""
    session.execute(insert(_signal).values(row))


def add_references(session: Session, signal_id: UUID, to: Iterable[tuple[UUID, dict[str, Any]]]) -> None:
    """Write to which others it refers."""
    rows = [{"signal_id": signal_id, "to_id": to_id, "to": name} for to_id, name in dict(to).items()]
    insert_all(session, _reference, rows)


def add_areas(session: Session, signal_id: UUID, areas: Iterable[tuple[str | None, Any]]) -> None:
    """Write where it holds: (region's code, shape)."""
    rows = [{"id": uuid4(), "signal_id": signal_id, "region_code": code, "shape": shape} for code, shape in areas]
    if rows:
        session.execute(_area.insert(), rows)


def one(session: Session, signal_id: UUID) -> AnyRow | None:
    """A message by its id."""
    return session.execute(select(_signal).where(_signal.c.id == signal_id)).one_or_none()


def held(session: Session, ids: Collection[UUID]) -> list[AnyRow]:
    """These messages, as far as they are here, the oldest first."""
    question = select(*_UNWEIGHTY).where(_signal.c.id.in_(ids)).order_by(_signal.c.sent, _signal.c.seq)
    return list(session.execute(question).all())


def conflict(session: Session, signal_id: UUID, content_sha256: bytes) -> AnyRow | None:
    """The message that bears this one's name and says that."""
    same = (_signal.c.conflicts_with_id == signal_id, _signal.c.content_sha256 == content_sha256)
    return session.execute(select(_signal).where(*same)).one_or_none()


def referrers(session: Session, signal_id: UUID) -> list[AnyRow]:
    """The messages that refer to this one, whether it is here or not."""
    question = (
        select(*_UNWEIGHTY)
        .join_from(_signal, _reference, _reference.c.signal_id == _signal.c.id)
        .where(_reference.c.to_id == signal_id, _signal.c.state != State.CONFLICT.value)
        .order_by(_signal.c.sent, _signal.c.seq)
    )
    return list(session.execute(question).all())


def references(session: Session, ids: Collection[UUID]) -> list[AnyRow]:
    """To which others these refer: signal_id, to_id, to, and whether it is here."""
    here = aliased(_signal, name="here")
    known = exists().where(here.c.id == _reference.c.to_id).label("is_known")
    question = select(_reference.c.signal_id, _reference.c.to_id, _reference.c.to, known)
    return list(session.execute(question.where(_reference.c.signal_id.in_(ids)).order_by(_reference.c.to_id)).all())


def move(session: Session, ids: Sequence[UUID], state: State, *, now: datetime, by: UUID | None = None) -> None:
    """They hold no more; only what is active can be moved."""
    moved = update(_signal).where(_signal.c.id.in_(ids), _signal.c.state == State.ACTIVE.value)
    session.execute(moved.values(state=state.value, ended_at=now, ended_by_id=by))


def over(session: Session, now: datetime, limit: int) -> list[AnyRow]:
    """Active ones whose time is over, the longest first; held until the transaction ends."""
    question = select(*_UNWEIGHTY).where(_signal.c.state == State.ACTIVE.value, _signal.c.over_at <= now)
    question = question.order_by(_signal.c.over_at, _signal.c.seq).limit(limit)
    return list(session.execute(question.with_for_update(skip_locked=True)).all())


def in_force(session: Session, now: datetime) -> list[AnyRow]:
    """Real signals in force anywhere: colour, shown, regions, over_at."""
    columns = (_signal.c.colour, _signal.c.shown, _signal.c.regions, _signal.c.over_at)
    here = (_signal.c.state == State.ACTIVE.value, _signal.c.over_at > now, ~_signal.c.is_exercise)
    return list(session.execute(select(*columns).where(*here).order_by(_signal.c.seq)).all())


def active_over(session: Session, regions: Collection[str], now: datetime) -> list[AnyRow]:
    """Real signals in force that touch one of these regions or lie inside or around them, the newest first.

    Of the row: colour, danger, regions (each with all below it), and segments where it holds on these reaches only.
    """
    question = select(*_UNWEIGHTY).where(
        _signal.c.state == State.ACTIVE.value,
        _signal.c.over_at > now,
        ~_signal.c.is_exercise,
        or_(false(), *(_touches(region) for region in regions)),
    )
    return list(session.execute(question.order_by(_signal.c.sent.desc(), _signal.c.seq.desc())).all())


def listed(
    session: Session,
    *,
    limit: int,
    after: int | None = None,
    is_active: bool | None = None,
    is_exercise: bool | None = None,
    region: str | None = None,
) -> list[AnyRow]:
    """Messages, the newest first, one more than `limit` when there are more."""
    question = select(*_UNWEIGHTY)
    if is_active is not None:
        question = question.where((_signal.c.state == State.ACTIVE.value) == is_active)
    if is_exercise is not None:
        question = question.where(_signal.c.is_exercise == is_exercise)
    if region is not None:
        question = question.where(_touches(region))
    if after is not None:
        question = question.where(_signal.c.seq < after)
    return list(session.execute(question.order_by(_signal.c.seq.desc()).limit(limit + 1)).all())


def _touches(region: str) -> ColumnElement[bool]:
    """Whether one holds in the region, below it or around it."""
    wider = [region[:length] for length in (2, 4, 6, 9, 12) if length < len(region)]
    meets = or_(inside(_area.c.region_code, region), _area.c.region_code.in_(wider))
    return exists().where(_area.c.signal_id == _signal.c.id, _area.c.region_code.is_not(None), meets)
