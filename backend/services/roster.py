"""The roster of duty (值班表): who is on duty for a region now; where nobody is entered, whoever holds the post."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of, end_of, start_of
from backend.db import Session
from backend.domain.access import Actor, may
from backend.domain.actions import Action
from backend.domain.roster import SHIFT, ShiftDraft, answers_there, check_times
from backend.domain.terms import Post
from backend.errors import NotFound
from backend.services import replays
from backend.store import changes, escalation, people, regions
from backend.store import roster as store


def on_duty(session: Session, region: str, *, now: datetime, zone: ZoneInfo) -> list[UUID]:
    """Who is on duty for a region at a moment: its shifts, else every duty officer of that very region.

    Whoever is away is stood in for. Nobody at all is for the caller to climb past: the next region up has its own.
    """
    today = day_of(now, zone)
    meant = [row.person_id for row in store.at(session, region, now)]
    found = _reached(session, meant, today)
    if not found:
        held = escalation.holders(session, [Post.DUTY_OFFICER], [region], today)
        found = _reached(session, held.get((Post.DUTY_OFFICER, region), []), today)
    return found


def put(session: Session, actor: Actor, draft: ShiftDraft, *, now: datetime, zone: ZoneInfo) -> tuple[Any, bool]:
    """Enter a shift once: the shift, and whether it is new. NotFound for a region that is not the actor's, or a person
    without a post there or above; BadInput for times that cannot be meant; Conflict for an id that stands for another.
    """
    known = store.existing(session, draft.id)
    if known is not None:
        return replays.same(known, actor.person_id, draft.body_sha256), False
    if draft.region not in regions.names(session, [draft.region]) or not may(actor, Action.CHANGE_SEASON, draft.region):
        raise NotFound.at("/region", "flaw.region_here")
    check_times(draft, now)
    first = max(draft.from_at, now)
    account = people.account_on(session, draft.person, day_of(first, zone))
    if account is None or not account.is_active or not answers_there(account.seats, draft.region):
        raise NotFound.at("/person", "flaw.shift_person")

    if not store.add(session, _row(actor, draft, now)):
        return replays.same(store.existing(session, draft.id), actor.person_id, draft.body_sha256), False
    body = {"region": draft.region, "person": str(draft.person), "from": draft.from_at.isoformat()}
    changes.record(session, now, actor.person_id, "enter", SHIFT, str(draft.id), body)
    return store.existing(session, draft.id), True


def withdraw(session: Session, actor: Actor, shift_id: UUID, *, now: datetime) -> Any:
    """Take a shift out, on record; again is harmless. NotFound for one that is not the actor's to enter."""
    known = store.existing(session, shift_id)
    if known is None or not may(actor, Action.CHANGE_SEASON, known.region_code):
        raise NotFound()
    if known.withdrawn_at is None:
        store.withdraw(session, shift_id, now)
        changes.record(session, now, actor.person_id, "withdraw", SHIFT, str(shift_id), {})
    return store.existing(session, shift_id)


def of_days(session: Session, region: str, day: date, last: date, zone: ZoneInfo) -> tuple[str, list[Any]]:
    """The name of a region and its shifts that touch some days; NotFound where there is no such region."""
    known = regions.names(session, [region])
    if region not in known:
        raise NotFound()
    return known[region], store.between(session, region, start_of(day, zone), end_of(last, zone))


def candidates(session: Session, actor: Actor, region: str, *, today: date) -> list[Any]:
    """Who may be entered for a region; NotFound for one that is not the actor's."""
    if region not in regions.names(session, [region]) or not may(actor, Action.CHANGE_SEASON, region):
        raise NotFound()
    return store.candidates(session, region, today)


def names(session: Session, ids: list[UUID]) -> dict[UUID, str]:
    """The names of these people."""
    return escalation.names(session, ids) if ids else {}


def _reached(session: Session, meant: list[UUID], today: date) -> list[UUID]:
    if not meant:
        return []
    away = escalation.substitutes(session, meant, today)
    found = (away.get(person, person) for person in meant)
    return list(dict.fromkeys(person for person in found if person is not None))


def _row(actor: Actor, draft: ShiftDraft, now: datetime) -> dict[str, Any]:
    return {
        "id": draft.id,
        "region_code": draft.region,
        "person_id": draft.person,
        "from_at": draft.from_at,
        "until_at": draft.until_at,
        "made_by_id": actor.person_id,
        "made_at": now,
        "body_sha256": draft.body_sha256,
    }
