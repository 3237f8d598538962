"""Alarms: sounded once for one thing however often it is noticed, seen by somebody, and ended when it is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, scope_of
from backend.domain.actions import Action
from backend.domain.alarms import Alarm
from backend.errors import NotFound
from backend.store import alarms


def sound(session: Session, kind: Alarm, about: str, *, now: datetime, region: str = "", **values: Any) -> None:
    """Something is wrong with `about`; the values fill the places of the alarm's sentence, in JSON's types."""
    alarms.sound(session, kind.value, about, region, values, now)


def end(
    session: Session, kind: Alarm, *, now: datetime, about: str | None = None, before: datetime | None = None
) -> int:
    """It is over, for one thing or for all of a kind (those not noticed since `before`); how many were open."""
    return alarms.end(session, kind.value, now, about, before)


def listed(session: Session, actor: Actor, *, is_open: bool | None, limit: int, after: int | None) -> list[Any]:
    """The alarms of the actor's part of the world and of the house itself, newest first."""
    return list(alarms.listed(session, scope_of(actor, Action.SEE_ALARMS), is_open=is_open, limit=limit, after=after))


def see(session: Session, actor: Actor, alarm_id: UUID, *, now: datetime) -> Any:
    """Somebody looks after it: the first who says so is kept. NotFound outside the actor's part of the world."""
    return _marked(session, actor, alarm_id, seen_at=now, seen_by_id=actor.person_id)


def finish(session: Session, actor: Actor, alarm_id: UUID, *, now: datetime) -> Any:
    """Somebody says that it is over, and has seen it thereby."""
    see(session, actor, alarm_id, now=now)
    return _marked(session, actor, alarm_id, ended_at=now)


def _marked(session: Session, actor: Actor, alarm_id: UUID, **columns: Any) -> Any:
    found = alarms.marked(session, scope_of(actor, Action.SEE_ALARMS), alarm_id, columns)
    if found is None:
        raise NotFound()
    return found
