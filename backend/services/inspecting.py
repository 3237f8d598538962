"""Inspecting (抽查督导): drawing, what inspectors saw, and their findings handed in as ordinary hazards with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import end_of, start_of
from backend.db import Session
from backend.domain.access import Actor, may, scope_of
from backend.domain.actions import Action
from backend.domain.inspections import (
    BEFORE,
    DRAW,
    INSPECTION,
    MOST_FRAME,
    RULE,
    By,
    Candidate,
    DrawDraft,
    InspectionDraft,
    Of,
    Seen,
    check,
    digest,
    draw,
    seen_before,
    window,
)
from backend.domain.regions import LENGTHS, below_length, overlap
from backend.domain.terms import Duty, Level
from backend.errors import BadInput, Conflict, NotFound
from backend.services import access, photos, reaches, replays, sync
from backend.store import changes, regions, segments
from backend.store import inspections as store

Drawing = tuple[dict[str, Any], list[dict[str, Any]]]
"""A draw and its targets, as rows."""


@dataclass(frozen=True, slots=True)
class Found:
    """A hazard that inspectors found, and the chief's report that had told it; None: no chief had."""

    row: Any
    before: Any


def drawn(session: Session, actor: Actor, draft: DrawDraft, *, zone: ZoneInfo, today: date) -> Drawing | None:
    """What it comes to; None where it is there already.

    NotFound for a region that is not the actor's, BadInput for days that cannot be meant or more than is drawn from.
    """
    if store.draw(session, draft.id) is not None:
        return None
    begin, end = window(draft, today)
    if not may(actor, Action.INSPECT, draft.region) or draft.region not in regions.names(session, [draft.region]):
        raise NotFound.at("/region", "flaw.region_here")
    span = start_of(begin, zone), end_of(end, zone)
    rows = store.frame(session, draft.of, draft.region, span, today, most=MOST_FRAME + 1)
    if len(rows) > MOST_FRAME:
        raise BadInput.at("/from", "flaw.inspection_frame", count=MOST_FRAME)

    frame = [_candidate(row, draft.region, draft.by) for row in rows]
    seed = draft.seed if draft.seed is not None else str(draft.id)
    found = draw(frame, seed, draft.each)

    made = {"id": draft.id, "made_by_id": actor.person_id, "body_sha256": draft.body_sha256}
    made |= {"region_code": draft.region, "drawn_of": draft.of.value, "drawn_by": draft.by.value, "each": draft.each}
    made |= {"from_day": begin, "to_day": end, "seed": seed, "rule": RULE, "frame": len(frame)}
    made |= {"frame_sha256": digest(frame), "strata": found.strata}
    by_id = {row.id: row for row in rows}
    return made, [_target(draft.id, place, each, by_id) for place, each in enumerate(found.chosen)]


def make(session: Session, actor: Actor, draft: DrawDraft, found: Drawing | None, *, now: datetime) -> bool:
    """Keep what was drawn once; whether it is new. Conflict for an id that is taken."""
    if found is None or not store.add_draw(session, found[0] | {"made_at": now}):
        replays.same(store.draw(session, draft.id), actor.person_id, draft.body_sha256)
        return False
    made, targets = found
    store.add_targets(session, targets)
    said = {"region": draft.region, "seed": made["seed"], "candidates": made["frame"], "drawn": len(targets)}
    changes.record(session, now, actor.person_id, "draw", DRAW, str(draft.id), said)
    return True


def one(session: Session, actor: Actor, draw_id: UUID) -> tuple[Any, tuple[str, ...]]:
    """A draw, and the regions of it that the actor sees: all for inspectors of its region, and once it is done their
    own part for those who were inspected; else NotFound.
    """
    row = store.draw(session, draw_id)
    if row is None:
        raise NotFound()
    if may(actor, Action.INSPECT, row.region_code):
        return row, (row.region_code,)
    parts = overlap(scope_of(actor, Action.SEE_INSPECTIONS).regions, [row.region_code]) if row.done_at else ()
    if not parts:
        raise NotFound()
    return row, parts


def listed(session: Session, actor: Actor, *, limit: int, after: int | None) -> list[Any]:
    """Draws that one sees, the newest first, one more than `limit`."""
    own, done = (scope_of(actor, action).regions for action in (Action.INSPECT, Action.SEE_INSPECTIONS))
    return store.draws(session, own, done, limit=limit, after=after)


def things(session: Session, row: Any, targets: Sequence[Any], *, today: date) -> dict[UUID, list[Any]]:
    """By what one knows what a draw has drawn: of a reach its chiefs of today, of a walk or a case the thing itself."""
    ids = [each.thing_id for each in targets]
    of = Of(row.drawn_of)
    if of is Of.SEGMENTS:
        found = [each for each in segments.chiefs(session, ids, today) if each.duty == Duty.CHIEF]
    else:
        found = store.walks(session, ids) if of is Of.PATROLS else store.cases(session, ids)
    known: dict[UUID, list[Any]] = {each: [] for each in ids}
    for each in found:
        known[each.id].append(each)
    return known


def finish(session: Session, actor: Actor, draw_id: UUID, *, now: datetime) -> None:
    """Say that it is done: those who were inspected see it from now on. NotFound where one does not inspect."""
    row, _ = one(session, actor, draw_id)
    if not may(actor, Action.INSPECT, row.region_code):
        raise NotFound()
    if row.done_at is None:
        store.finish(session, draw_id, now)
        changes.record(session, now, actor.person_id, "finish", DRAW, str(draw_id), {})


def again(session: Session, row: Any, *, zone: ZoneInfo) -> tuple[bool, bool]:
    """Draw again from the frame as it is now: whether it is the same frame, and whether the same ones are drawn."""
    span = start_of(row.from_day, zone), end_of(row.to_day, zone)
    made_on = row.made_at.astimezone(zone).date()
    rows = store.frame(session, Of(row.drawn_of), row.region_code, span, made_on, most=MOST_FRAME + 1)
    frame = [_candidate(each, row.region_code, By(row.drawn_by)) for each in rows]
    chosen = [each.id for each in draw(frame, row.seed, row.each).chosen]
    kept = store.targets(session, row.id, [row.region_code], limit=len(chosen) + 1, after=None)
    return digest(frame) == row.frame_sha256, chosen == [each.thing_id for each in kept]


def tell(
    session: Session, actor: Actor, draft: InspectionDraft, *, now: datetime, zone: ZoneInfo, today: date
) -> tuple[Any, bool]:
    """Keep what was seen, with its findings as hazards: the record, and whether it is new.

    NotFound for a place where one does not inspect, Conflict for one that was inspected already or an id that is taken.
    """
    known = store.existing(session, draft.id)
    if known is not None:
        return replays.same(known, actor.person_id, draft.body_sha256, owner="person_id"), False
    check(draft, now)
    region, segment_id = _where(session, actor, draft)
    for finding in draft.findings:
        _, is_new = sync.tell_hazard(session, actor, finding, now=now, zone=zone, today=today)
        if not is_new:
            return _at_once(session, actor, draft), False
    lon, lat = draft.lonlat or (None, None)
    values: dict[str, Any] = {
        "id": draft.id,
        "draw_id": draft.draw,
        "place": draft.place,
        "region_code": region,
        "note": draft.note,
    }
    values |= {"segment_id": segment_id, "person_id": actor.person_id, "body_sha256": draft.body_sha256}
    values |= {"at": draft.at, "received_at": now, "lon": lon, "lat": lat, "report": draft.report}
    if not store.add(session, values, [each.id for each in draft.findings]):
        return _at_once(session, actor, draft, "inspected"), False
    digests = list(dict.fromkeys(each.sha256 for each in draft.photos))
    place = (INSPECTION, draft.id, actor.person_id, region)
    photos.name(session, actor, digests, *place, now=now, today=today)
    said = {"region": region, "findings": [str(each.id) for each in draft.findings]}
    changes.record(session, now, actor.person_id, "inspect", INSPECTION, str(draft.id), said)
    return store.existing(session, draft.id), True


def _at_once(session: Session, actor: Actor, draft: InspectionDraft, detail: str = "detail") -> Any:
    """The same record, which came twice at once; Conflict for another one."""
    known = store.existing(session, draft.id)
    if known is None:
        raise Conflict(detail)
    return replays.same(known, actor.person_id, draft.body_sha256, owner="person_id")


def record(session: Session, actor: Actor, inspection_id: UUID) -> Any:
    """A record that one may see: of a draw that is not done only its inspectors do. NotFound else."""
    row = store.existing(session, inspection_id)
    if row is None or not may(actor, Action.SEE_INSPECTIONS, row.region_code):
        raise NotFound()
    if row.draw_id is not None:
        one(session, actor, row.draw_id)
    return row


def findings(
    session: Session, actor: Actor, region: str | None, begin: datetime, end: datetime, *, zone: ZoneInfo
) -> list[Found]:
    """What inspectors found in a span, each with the chief's report that had told it; NotFound outside one's part."""
    parts = access.part_of(scope_of(actor, Action.SEE_INSPECTIONS).regions, region)
    rows = store.findings(session, parts, begin, end)
    kinds = {row.kind for row in rows}
    # A place by the border may have been told from the next region: all around are asked.
    wide = {part[: LENGTHS[Level.CITY]] for part in parts}
    reports = store.chiefs_reports(session, kinds, wide, begin - BEFORE, end, zone) if rows else []
    known = {each.id: each for each in reports}
    seen = [_seen(each) for each in reports]
    return [Found(row, known.get(before.id) if (before := seen_before(_seen(row), seen)) else None) for row in rows]


def _where(session: Session, actor: Actor, draft: InspectionDraft) -> tuple[str, UUID]:
    """Region and reach of what was inspected."""
    if draft.draw is not None and draft.place is not None:
        row, _ = one(session, actor, draft.draw)
        target = store.target(session, draft.draw, draft.place)
        if target is None or not may(actor, Action.INSPECT, row.region_code):
            raise NotFound.at("/place", "flaw.inspection_place")
        return target.region_code, target.segment_id
    named = reaches.found(session, draft.segment or "")
    if named is None or not may(actor, Action.INSPECT, named.region_code):
        raise NotFound.at("/segment", "flaw.segment")
    return named.region_code, named.id


def _candidate(row: Any, region: str, by: By) -> Candidate:
    place = row.region_code[: below_length(region)]
    return Candidate(row.id, f"{place}/{row.rank}" if by is By.REGION else str(row.kind))


def _target(draw_id: UUID, place: int, each: Candidate, rows: dict[UUID, Any]) -> dict[str, Any]:
    row = rows[each.id]
    same = {"region_code": row.region_code, "segment_id": row.segment_id}
    return same | {"draw_id": draw_id, "place": place, "thing_id": each.id, "stratum": each.stratum}


def _seen(row: Any) -> Seen:
    return Seen(row.id, row.kind, (row.lon, row.lat) if row.lon is not None else None, row.segment_id, row.at)
