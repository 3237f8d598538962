"""Training (培训): sessions that an office plans, changes and calls off; whoever is asked to come hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.access import Actor, Scope, may, scope_of
from backend.domain.actions import Action
from backend.domain.notices import APP, Wanted
from backend.domain.training import TRAINING, SessionDraft, Status, Tally, check, keeper, when_flaws
from backend.errors import BadInput, Conflict, Flaw, Forbidden, NotFound
from backend.services import notices, replays
from backend.store import changes, regions
from backend.store import training as store
from backend.words import Text


@dataclass(frozen=True, slots=True)
class Seen:
    """A session as one person sees it."""

    row: Any
    invited: list[Any]
    tally: Tally
    """Of the regions whose people may be shown."""
    mine: Any
    """That the person was there; None: not."""
    parts: tuple[str, ...]
    """These regions."""
    is_kept: bool
    """Whether the person may alter it."""


def make(session: Session, actor: Actor, draft: SessionDraft, *, now: datetime, zone: ZoneInfo) -> bool:
    """Plan a session once; whether it is new. Everybody who is asked to come hears of it, unless it is over already.

    NotFound for regions that are not the actor's, BadInput for what cannot be meant, Conflict for an id that stands
    for another.
    """
    known = store.existing(session, draft.id)
    if known is not None:
        replays.same(known, actor.person_id, draft.body_sha256)
        return False
    seat = keeper(actor, draft.regions)
    there = regions.names(session, draft.regions)
    flaws = [
        Flaw(f"/regions/{index}", Text("flaw.region_here"))
        for index, code in enumerate(draft.regions)
        if code not in there or keeper(actor, [code]) is None
    ]
    if flaws or seat is None:
        raise NotFound.of(flaws)
    check(draft, now)

    values = _row(draft) | {"made_by_id": actor.person_id, "made_at": now, "region_code": seat.region}
    if not store.add(session, values, [(post.value, region) for post in draft.posts for region in draft.regions]):
        replays.same(store.existing(session, draft.id), actor.person_id, draft.body_sha256)
        return False
    said = {"title": draft.title, "place": draft.place, "begins_at": draft.begins_at.isoformat()}
    changes.record(session, now, actor.person_id, "make", TRAINING, str(draft.id), said)
    if draft.ends_at > now:
        _tell(session, values, "training", f"training:{draft.id}", now=now, zone=zone)
    return True


def one(session: Session, actor: Actor, session_id: UUID, *, today: date, zone: ZoneInfo) -> Seen:
    """A session that touches the actor's part of the world, or to which they are asked or were; else NotFound."""
    row, scope = store.existing(session, session_id), sight(actor)
    if row is None or not store.is_seen(session, session_id, scope, today):
        raise NotFound()
    return Seen(
        row,
        store.invitations(session, [session_id]),
        store.tallies(session, [(session_id, day_of(row.begins_at, zone))], scope.regions)[session_id],
        store.attendance(session, session_id, actor.person_id),
        scope.regions,
        may(actor, Action.KEEP_TRAINING, row.region_code),
    )


def held(session: Session, actor: Actor, session_id: UUID) -> Any:
    """The session for an office that keeps it, and for nobody else until the transaction ends."""
    store.hold(session, session_id)
    return kept(session, actor, session_id)


def kept(session: Session, actor: Actor, session_id: UUID) -> Any:
    """The session for an office that keeps it: NotFound outside one's region, Forbidden for who only sees it."""
    row = store.existing(session, session_id)
    if row is None or not may(actor, Action.SEE_TRAINING, row.region_code):
        raise NotFound()
    if not may(actor, Action.KEEP_TRAINING, row.region_code):
        raise Forbidden("post")
    return row


def sight(actor: Actor) -> Scope:
    """Where one sees sessions, and one's own."""
    return Scope(scope_of(actor, Action.SEE_TRAINING).regions, (actor.person_id,))


def listed(
    session: Session, actor: Actor, *, today: date, zone: ZoneInfo, limit: int, after: int | None, mine: bool
) -> tuple[list[Any], dict[UUID, Tally]]:
    """Sessions that one sees, the newest first, one more than `limit`, and the numbers of each in one's regions."""
    scope = sight(actor)
    rows = store.listed(session, scope, today, limit=limit, after=after, mine=mine)
    days = [(row.id, day_of(row.begins_at, zone)) for row in rows[:limit]]
    return rows, store.tallies(session, days, scope.regions)


def people(
    session: Session, seen: Seen, *, status: Status | None, zone: ZoneInfo, limit: int, after: tuple[str, UUID] | None
) -> list[Any]:
    """Who is asked to come or was there, of the regions that one sees, by the posts of the day of the session."""
    day = day_of(seen.row.begins_at, zone)
    return store.people(session, seen.row.id, seen.parts, day, status=status, limit=limit, after=after)


def change(
    session: Session,
    actor: Actor,
    row: Any,
    values: Mapping[str, Any],
    reason: str,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> None:
    """Put right what a session says, on record; whoever is asked to come hears of it while it is not over."""
    if row.withdrawn_at is not None:
        raise Conflict("training_withdrawn")
    begins_at, ends_at = values.get("begins_at", row.begins_at), values.get("ends_at", row.ends_at)
    if flaws := when_flaws(begins_at, ends_at, now):
        raise BadInput(*flaws)
    store.change(session, row.id, **values)
    store.recredit(session, row.id, values.get("hours", row.hours), begins_at)
    said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
    changes.record(session, now, actor.person_id, "correct", TRAINING, str(row.id), said | {"reason": reason})
    if ends_at > now:
        changed = {**row._mapping, **values}
        fact = f"training:{row.id}:{row.version}"
        _tell(session, changed, "training_changed", fact, now=now, zone=zone, reason=reason)


def withdraw(session: Session, actor: Actor, row: Any, reason: str, *, now: datetime, zone: ZoneInfo) -> None:
    """Call a session off, with a reason. Conflict where somebody was there already, or for one that is off."""
    if row.withdrawn_at is not None:
        raise Conflict("training_withdrawn")
    if store.attended(session, row.id):
        raise Conflict("training_held")
    store.change(session, row.id, withdrawn_at=now, withdrawn_reason=reason)
    changes.record(session, now, actor.person_id, "withdraw", TRAINING, str(row.id), {"reason": reason})
    if row.ends_at > now:
        fact = f"training:{row.id}:off"
        _tell(session, dict(row._mapping), "training_off", fact, now=now, zone=zone, reason=reason)


def invited_by(rows: Sequence[Any]) -> dict[UUID, list[Any]]:
    """Invitations by session."""
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.training_id, []).append(row)
    return found


def _tell(
    session: Session, row: Mapping[str, Any], key: str, fact: str, *, now: datetime, zone: ZoneInfo, **more: Any
) -> None:
    """Let everybody who is asked to come hear of it; nobody is called or sent a text for it."""
    values = {"title": row["title"], "place": row["place"], "when": {"at": row["begins_at"].isoformat()}} | more
    people = store.invited(session, row["id"], day_of(max(now, row["begins_at"] - timedelta(days=1)), zone))
    about = (TRAINING, row["id"])
    notices.queue(session, [Wanted(each, fact, key, values, channels=(APP,), about=about) for each in people], now=now)


def _row(draft: SessionDraft) -> dict[str, Any]:
    lon, lat = draft.lonlat or (None, None)
    return {
        "id": draft.id,
        "version": 1,
        "body_sha256": draft.body_sha256,
        "title": draft.title,
        "place": draft.place,
        "teacher": draft.teacher,
        "text": draft.text,
        "links": list(draft.links),
        "lon": lon,
        "lat": lat,
        "begins_at": draft.begins_at,
        "ends_at": draft.ends_at,
        "hours": draft.hours,
        "quiz": draft.quiz.written() if draft.quiz else None,
    }
