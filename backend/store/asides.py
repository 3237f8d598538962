"""Setting aside: what is due first and breaks waits, or it would be the first again at every look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Column, Table, select, update
from sqlalchemy.orm import Session

from backend.models.callouts import Callout
from backend.models.cooperation import Suggestion
from backend.models.hazards import Hazard
from backend.models.orders import Order
from backend.store.callouts import DUE_FIRST


class Work(StrEnum):
    """What is taken up in the order in which it is due; by these names alarms and logs call what broke."""

    HAZARD = "hazard"
    ORDER = "order"
    SUGGESTION = "suggestion"
    CALLOUT = "callout"


@dataclass(frozen=True, slots=True)
class _Queue:
    """When each of a table is due, in what order they are taken, and how long one waits that broke."""

    due: Column[Any]
    order: tuple[Any, ...]
    wait: timedelta


def _steps(model: Any) -> _Queue:
    columns = cast(Table, model.__table__).c
    return _Queue(columns.next_step_at, (columns.next_step_at, columns.seq), timedelta(hours=1))


_QUEUES: Mapping[Work, _Queue] = {
    Work.HAZARD: _steps(Hazard),
    Work.ORDER: _steps(Order),
    Work.SUGGESTION: _steps(Suggestion),
    # Who is not called may drown: a call-out is tried again soon.
    Work.CALLOUT: _Queue(cast(Table, Callout.__table__).c.next_at, DUE_FIRST, timedelta(minutes=5)),
}


def set_first_aside(session: Session, work: Work, now: datetime) -> UUID | None:
    """Let the one that is due first wait; which, if there is any. Whoever is at it is waited for."""
    queue = _QUEUES[work]
    table = queue.due.table
    first = select(table.c.id).where(queue.due.is_not(None), queue.due <= now).order_by(*queue.order).limit(1)
    found = session.scalars(first.with_for_update()).one_or_none()
    if found is not None:
        session.execute(update(table).where(table.c.id == found).values({queue.due: now + queue.wait}))
    return found
