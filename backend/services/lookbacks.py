"""Look-backs (回头看): drawn by an office, seen in part, and each drawn hazard checked once by other eyes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import end_of, start_of
from backend.db import Session
from backend.domain.access import Actor, may, scope_of
from backend.domain.actions import Action
from backend.domain.hazards import Severity
from backend.domain.lookbacks import (
    LOOKBACK,
    MENDED,
    RULE,
    CheckDraft,
    Closed,
    LookbackDraft,
    Why,
    check_note,
    digest,
    draw,
    ordered,
    window,
)
from backend.domain.regions import overlap
from backend.errors import Conflict, Forbidden, NotFound
from backend.services import replays
from backend.store import changes, lookbacks, regions


@dataclass(frozen=True, slots=True)
class Seen:
    """A look-back as one person sees it: the part of it that lies in theirs, and the sums over that."""

    lookback: Any
    parts: tuple[str, ...]
    sums: Any


def make(
    session: Session, actor: Actor | None, draft: LookbackDraft, *, now: datetime, zone: ZoneInfo, today: date
) -> bool:
    """Draw once; whether it is new. `actor` None: at the command line of the server.

    NotFound for a region that is not the actor's, Conflict for an id that stands for another draw.
    """
    by = actor.person_id if actor is not None else None
    known = lookbacks.existing(session, draft.id)
    if known is not None:
        replays.same(known, by, draft.body_sha256)
        return False
    begin, end = window(draft, today)
    _check_region(session, actor, draft.region)
    first = start_of(begin, zone)
    rows = lookbacks.closed_between(session, draft.region, first, end_of(end, zone))
    disputed = lookbacks.disputed(session, draft.region, first)

    candidates = ordered(_closed(row, disputed) for row in rows)
    seed = draft.seed if draft.seed is not None else str(draft.id)
    chosen = draw(candidates, seed, draft.share)

    made = _row(draft, candidates, seed) | {"from_day": begin, "to_day": end, "made_by_id": by, "made_at": now}
    if not lookbacks.add(session, made):
        replays.same(lookbacks.existing(session, draft.id), by, draft.body_sha256)
        return False
    where = {row.id: row.region_code for row in rows}
    lookbacks.add_candidates(session, [_place(draft, *each, where, chosen) for each in enumerate(candidates)])
    body = {"region": draft.region, "seed": seed, "candidates": len(candidates), "drawn": len(chosen)}
    changes.record(session, now, by, "draw", LOOKBACK, str(draft.id), body)
    return True


def _closed(row: Any, disputed: Mapping[UUID, datetime]) -> Closed:
    """A candidate; what was said before it was opened again, and closed once more, is not said of this closing."""
    said_at = disputed.get(row.id)
    return Closed(row.id, row.closed_at, Severity(row.severity), said_at is not None and said_at >= row.closed_at)


def _check_region(session: Session, actor: Actor | None, region: str) -> None:
    is_theirs = actor is None or may(actor, Action.DRAW_LOOKBACK, region)
    if not is_theirs or region not in regions.names(session, [region]):
        raise NotFound.at("/region", "flaw.region_here")


def _row(draft: LookbackDraft, candidates: list[Closed], seed: str) -> dict[str, Any]:
    """Everything by which it can be drawn again."""
    return {
        "id": draft.id,
        "body_sha256": draft.body_sha256,
        "region_code": draft.region,
        "share": draft.share,
        "seed": seed,
        "rule": RULE,
        "candidates": len(candidates),
        "candidates_sha256": digest(candidates),
    }


def _place(
    draft: LookbackDraft, place: int, each: Closed, where: dict[UUID, str], chosen: dict[UUID, Why]
) -> dict[str, Any]:
    """A candidate in its place."""
    return {
        "lookback_id": draft.id,
        "place": place,
        "hazard_id": each.id,
        "region_code": where[each.id],
        "severity": each.severity.value,
        "closed_at": each.closed_at,
        "why": chosen[each.id].value if each.id in chosen else None,
    }


def one(session: Session, actor: Actor, lookback_id: UUID) -> Seen:
    """A look-back that touches the actor's part of the world; else NotFound."""
    lookback = lookbacks.existing(session, lookback_id)
    regions_seen = scope_of(actor, Action.SEE_LOOKBACKS).regions
    parts = overlap(regions_seen, [lookback.region_code]) if lookback is not None else ()
    if not parts:
        raise NotFound()
    return Seen(lookback, parts, lookbacks.sums(session, lookback_id, parts))


def listed(session: Session, actor: Actor, *, limit: int, after: int | None) -> list[Any]:
    """Look-backs that one sees, newest first."""
    return lookbacks.listed(session, scope_of(actor, Action.SEE_LOOKBACKS).regions, limit=limit, after=after)


def is_same(session: Session, lookback_id: UUID) -> bool:
    """Whether drawing again from what is on record gives the same candidates and the same draw; NotFound."""
    lookback = lookbacks.existing(session, lookback_id)
    if lookback is None:
        raise NotFound()
    rows = lookbacks.candidates(session, lookback_id)
    candidates = [
        Closed(row.hazard_id, row.closed_at, Severity(row.severity), row.why == Why.CITIZEN.value) for row in rows
    ]
    chosen = {row.hazard_id: row.why for row in rows if row.why is not None}
    is_whole = ordered(candidates) == candidates and digest(candidates) == lookback.candidates_sha256
    return is_whole and draw(candidates, lookback.seed, lookback.share) == chosen


def replayed_check(session: Session, actor: Actor, lookback_id: UUID, draft: CheckDraft) -> Any:
    """The check of that id when it is this one; None when there is none, Conflict when it is another."""
    known = lookbacks.check_of(session, draft.id)
    if known is None:
        return None
    return replays.same(known, actor.person_id, draft.body_sha256, owner="person_id", lookback_id=lookback_id)


def held_for_check(session: Session, actor: Actor, lookback_id: UUID, draft: CheckDraft) -> Any:
    """A drawn hazard that the actor may check now, held by this transaction.

    NotFound for one that was not drawn or lies elsewhere, Forbidden for whoever fixed or verified it, Conflict for
    one that was checked.
    """
    check_note(draft)
    drawn = lookbacks.drawn(session, lookback_id, draft.hazard)
    if drawn is None or not may(actor, Action.CHECK_LOOKBACK, drawn.region_code):
        raise NotFound.at("/hazard", "flaw.hazard_not_drawn")
    if actor.person_id in lookbacks.actors(session, draft.hazard, MENDED):
        raise Forbidden("own_lookback")
    if drawn.check_id is not None:
        raise Conflict("checked")
    return drawn


def keep_check(session: Session, actor: Actor, drawn: Any, draft: CheckDraft, *, now: datetime) -> Any:
    """Keep what was seen."""
    values = {
        "id": draft.id,
        "lookback_id": drawn.lookback_id,
        "hazard_id": drawn.hazard_id,
        "region_code": drawn.region_code,
        "person_id": actor.person_id,
        "body_sha256": draft.body_sha256,
        "outcome": draft.outcome.value,
        "note": draft.note,
        "report": draft.report,
        "at": now,
    }
    if not lookbacks.add_check(session, values):
        raise Conflict()
    return lookbacks.check_of(session, draft.id)
