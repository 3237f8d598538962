"""Joint work (联合执法): patrols and meetings that an office writes down, for those above and who takes part."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of, end_of, start_of
from backend.db import Session
from backend.domain.access import LAW, Actor, Scope, may, scope_of, with_cases
from backend.domain.actions import Action
from backend.domain.cooperation import (
    JOINT_PATROL,
    MEETING,
    JointPatrolDraft,
    MeetingDraft,
    check_days,
    check_people,
)
from backend.domain.regions import below_length, overlap
from backend.errors import Forbidden, NotFound
from backend.models.cooperation import JointMeeting, JointPatrol
from backend.services import reaches, replays
from backend.store import changes, orders, regions
from backend.store import cooperation as store
from backend.store.cooperation import Noun


def sight(actor: Actor) -> Scope:
    """Where one sees joint work, and what one takes part in; the law sees its own clues besides, and nothing else."""
    return with_cases(Scope(scope_of(actor, Action.SEE_COOPERATION).regions, (actor.person_id,)), actor)


def one(session: Session, actor: Actor, noun: Noun, thing_id: UUID) -> Any:
    """A joint patrol, clue or meeting that one sees; else NotFound."""
    row = store.one(session, noun, thing_id)
    if row is None or not store.is_seen(session, noun, thing_id, sight(actor)):
        raise NotFound()
    return row


def make_patrol(session: Session, actor: Actor, draft: JointPatrolDraft, *, now: datetime, zone: ZoneInfo) -> bool:
    """Write down once who walks a reach together on a day; whether it is new; each hands in a walk of their own.

    NotFound for a reach that is not the actor's, BadInput for people without a post on that day.
    """
    known = store.one(session, JointPatrol, draft.id)
    if known is not None:
        replays.same(known, actor.person_id, draft.body_sha256)
        return False
    named = reaches.found(session, draft.segment)
    if named is None or not _is_keeper(actor, named.region_code):
        raise NotFound.at("/segment", "flaw.segment")
    check_days([("/day", draft.day)], day_of(now, zone))
    check_people(draft.people, store.in_office(session, draft.people, draft.day))
    values = _made(actor, draft, now) | {"segment_id": named.id, "region_code": named.region_code, "day": draft.day}
    values |= {"river_code": named.river_code, "purpose": draft.purpose}
    values |= {"begins_at": start_of(draft.day, zone), "ends_at": end_of(draft.day, zone)}
    if not store.add(session, JointPatrol, values):  # it came twice at once
        replays.same(store.one(session, JointPatrol, draft.id), actor.person_id, draft.body_sha256)
        return False
    store.add_members(session, JointPatrol, draft.id, dict.fromkeys(draft.people))
    said = {"segment": named.code, "day": draft.day.isoformat(), "people": len(draft.people)}
    changes.record(session, now, actor.person_id, "make", JOINT_PATROL, str(draft.id), said)
    return True


def make_meeting(session: Session, actor: Actor, draft: MeetingDraft, *, now: datetime, zone: ZoneInfo) -> bool:
    """Write down once what was talked about, and who does what by when; whether it is new.

    NotFound for a region or an order that is not the actor's, BadInput for people without a post on that day.
    """
    known = store.one(session, JointMeeting, draft.id)
    if known is not None:
        replays.same(known, actor.person_id, draft.body_sha256)
        return False
    if not _is_keeper(actor, draft.region) or draft.region not in regions.names(session, [draft.region]):
        raise NotFound.at("/region", "flaw.region_here")
    check_days(((f"/tasks/{at}/due_on", each.due_on) for at, each in enumerate(draft.tasks)), day_of(now, zone))
    check_people(draft.people, store.in_office(session, draft.people, day_of(draft.at, zone)))
    seen = Scope(scope_of(actor, Action.SEE_ORDERS).regions, actor.whose)
    for at, task in enumerate(draft.tasks):
        if task.order is not None and not orders.is_seen(session, task.order, seen):
            raise NotFound.at(f"/tasks/{at}/order", "flaw.cooperation_order")
    values = _made(actor, draft, now) | {"region_code": draft.region, "title": draft.title, "place": draft.place}
    if not store.add(session, JointMeeting, values | {"at": draft.at, "minutes": draft.minutes}):  # twice at once
        replays.same(store.one(session, JointMeeting, draft.id), actor.person_id, draft.body_sha256)
        return False
    store.add_members(session, JointMeeting, draft.id, dict.fromkeys(draft.people))
    rows = [
        {"meeting_id": draft.id, "number": number, "text": task.text, "due_on": task.due_on, "order_id": task.order}
        for number, task in enumerate(draft.tasks, start=1)
    ]
    store.add_tasks(session, rows)
    said = {"title": draft.title, "people": len(draft.people), "tasks": len(rows)}
    changes.record(session, now, actor.person_id, "make", MEETING, str(draft.id), said)
    return True


def finish_task(session: Session, actor: Actor, meeting_id: UUID, number: int, *, now: datetime) -> None:
    """Note that a task of a meeting is done, once. NotFound for none, Forbidden for who only sees it."""
    row = one(session, actor, JointMeeting, meeting_id)
    if not _is_keeper(actor, row.region_code):
        raise Forbidden("post")
    if number not in {each.number for each in store.tasks(session, [meeting_id])}:
        raise NotFound()
    if store.finish_task(session, meeting_id, number, actor.person_id, now):
        changes.record(session, now, actor.person_id, "finish", MEETING, str(meeting_id), {"number": number})


def counts(
    session: Session, actor: Actor, region: str | None, begin: datetime, end: datetime
) -> tuple[str, dict[str, dict[str, int]], dict[str, str]]:
    """What was done together in a place and a span, by the places below it; NotFound outside one's part."""
    mine = scope_of(actor, Action.SEE_COOPERATION).regions
    place = region if region is not None else (mine[0] if mine else None)
    if place is None or overlap(mine, [place]) != (place,):
        raise NotFound()
    found = store.counts(session, place, begin, end, below_length(place))
    return place, found, regions.names(session, [place, *found])


def listed(
    session: Session, actor: Actor, noun: Noun, *, limit: int, after: int | None, hazard: UUID | None = None
) -> list[Any]:
    """Joint patrols, clues (of one hazard) or meetings that one sees, the newest first, one more than `limit`."""
    return store.listed(session, noun, sight(actor), limit=limit, after=after, hazard=hazard)


def named(session: Session, noun: Noun, ids: Collection[UUID]) -> dict[UUID, list[Any]]:
    """Who takes part, by what."""
    found: dict[UUID, list[Any]] = {}
    for row in store.members(session, noun, ids):
        found.setdefault(row.thing_id, []).append(row)
    return found


def _is_keeper(actor: Actor, region: str) -> bool:
    return may(actor, Action.COOPERATE, region) and any(seat.post not in LAW for seat in actor.seats)


def _made(actor: Actor, draft: Any, now: datetime) -> dict[str, Any]:
    return {"id": draft.id, "made_by_id": actor.person_id, "made_at": now, "body_sha256": draft.body_sha256}
