"""Questions about door-knocks: who lives near, who was sent, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from backend.db import AnyRow, among
from backend.domain.access import Scope
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level
from backend.models.callouts import Callout, DoorKnock
from backend.models.flood_warnings import FloodWarning
from backend.models.people import Person
from backend.models.regions import Region
from backend.store.bulk import insert_missing
from backend.store.regions import in_town, inside

_door = cast(Table, DoorKnock.__table__)
_silent, _sent = aliased(Person), aliased(Person)
_SHOWN = (
    select(
        *Callout.__table__.columns,
        _door.c.id.label("door_id"),
        _door.c.given_to_id,
        _door.c.given_at,
        _door.c.passed_at,
        _door.c.done_at,
        _door.c.outcome,
        _door.c.note,
        _door.c.body_sha256,
        _silent.name.label("person"),
        _sent.name.label("given_to"),
        Region.name.label("place"),
        FloodWarning.level,
        FloodWarning.number,
        FloodWarning.headline,
        FloodWarning.instruction,
        FloodWarning.contact,
        FloodWarning.expires_at,
    )
    .join(_door, _door.c.callout_id == Callout.id)
    .join(FloodWarning, FloodWarning.id == Callout.warning_id)
    .join(_silent, _silent.id == Callout.person_id)
    .outerjoin(_sent, _sent.id == _door.c.given_to_id)
    .outerjoin(Region, Region.code == Callout.region_code)
)


def add_all(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write them; a person's door is given out once in a round of calls."""
    insert_missing(session, _door, rows)


def able(session: Session, callouts: Collection[UUID]) -> list[AnyRow]:
    """Who has answered and can go, in the towns of these silent people: root_id, region_code, person_id; by number."""
    silent, near = aliased(Callout), aliased(Callout)
    town = func.substr(silent.region_code, 1, LENGTHS[Level.TOWN]).label("town")
    in_a_town = func.length(silent.region_code) >= LENGTHS[Level.TOWN]
    towns = select(silent.root_id, town).where(among(session, silent.id, callouts), in_a_town).distinct().subquery()
    question = select(near.root_id, near.region_code, near.person_id).where(
        near.root_id == towns.c.root_id,
        in_town(near.region_code, towns.c.town),
        near.state.in_(("received", "acting")),
        near.post.in_(("village_chief", "warden")),
    )
    return list(session.execute(question.order_by(near.seq)).all())


def stale(session: Session, before: datetime, limit: int) -> list[AnyRow]:
    """Doors given to a neighbour before a moment of which nobody has said anything; held until the transaction ends."""
    waiting = and_(_door.c.done_at.is_(None), _door.c.passed_at.is_(None), _door.c.given_at <= before)
    question = _SHOWN.where(waiting, Callout.state.in_(("open", "unreached"))).order_by(_door.c.given_at).limit(limit)
    return list(session.execute(question.with_for_update(of=_door, skip_locked=True)).all())


def passed(session: Session, door_id: UUID, person: UUID | None, now: datetime) -> None:
    """It is the town's now."""
    here = update(_door).where(_door.c.id == door_id)
    session.execute(here.values(passed_at=now, given_to_id=person))


def held(session: Session, door_id: UUID) -> AnyRow | None:
    """A door; nobody else reports on it until the transaction ends."""
    session.execute(select(_door.c.id).where(_door.c.id == door_id).with_for_update())
    return one(session, door_id)


def one(session: Session, door_id: UUID) -> AnyRow | None:
    """A door with whose it is and what the warning says."""
    return session.execute(_SHOWN.where(_door.c.id == door_id)).one_or_none()


def finish(session: Session, door_id: UUID, **values: Any) -> None:
    """Somebody was there."""
    session.execute(update(_door).where(_door.c.id == door_id).values(**values))


def listed(
    session: Session, root_id: UUID, scope: Scope, *, limit: int, after: tuple[str, UUID] | None
) -> list[AnyRow]:
    """Doors of a roll in a part of the world, by region, one more than `limit`; keyset after (region, id)."""
    here = or_(*(inside(_door.c.region_code, prefix) for prefix in scope.regions))
    question = _SHOWN.where(_door.c.root_id == root_id, here)
    if after is not None:
        is_next = and_(_door.c.region_code == after[0], _door.c.id > after[1])
        question = question.where(or_(_door.c.region_code > after[0], is_next))
    return list(session.execute(question.order_by(_door.c.region_code, _door.c.id).limit(limit + 1)).all())


def waiting_for(session: Session, people: Collection[UUID]) -> list[AnyRow]:
    """Doors that these people have to knock at."""
    question = _SHOWN.where(_door.c.given_to_id.in_(people), _door.c.done_at.is_(None))
    return list(session.execute(question.where(Callout.state.in_(("open", "unreached"))).order_by(_door.c.given_at)))
