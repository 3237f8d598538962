"""Hazards: find where one lies and who must mend it, keep the report once, and look at what is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from backend.db import Session
from backend.domain.access import Actor, Scope, may, scope_of, with_cases
from backend.domain.actions import Action
from backend.domain.hazards import HazardDraft, Kind, State, Watch
from backend.domain.proofs import Head
from backend.domain.public_reports import PUBLIC
from backend.errors import BadInput, NotFound
from backend.services import due_dates, reaches, replays, timeline
from backend.services.policies import HAZARDS
from backend.store import hazards, people, segments, units
from backend.store import reaches as reach_store
from backend.store.hazards import Asked
from geo.chainage import Ruler, locate_m
from geo.measure import box_around, distances_m

HAZARD = "hazard"
"""What a hazard is called among the things that have photos, changes and a timeline."""
FAR_M = 3_000.0
"""So far from any reach a place is a mistake: the river would be out of sight (our judgement)."""
ALIKE_M, ALIKE_FOR, MOST_ALIKE = 1_000.0, timedelta(days=30), 5


@dataclass(frozen=True, slots=True)
class Place:
    """The reach a hazard lies on, and how far along it."""

    segment: reach_store.Named
    chainage_m: float | None


def tell(
    session: Session, actor: Actor, draft: HazardDraft, *, now: datetime, zone: ZoneInfo, today: date
) -> tuple[Any, bool]:
    """Keep a report once: the hazard as it is now, and whether it is new.

    Anybody with a post may report one anywhere among us: a report that is lost may drown somebody. NotFound for a
    segment that is not there, BadInput for a place far from every river, Conflict for an id that stands for another.
    """
    known = hazards.existing(session, draft.id)
    if known is not None:
        return replays.same(known, actor.person_id, draft.body_sha256, owner="reporter_id"), False
    place = _place(session, actor, draft, today)
    here = place.segment.region_code, place.segment.river_code
    first = (State.REPORTED, draft.kind, draft.severity, Watch.NONE)
    due = due_dates.of_state(session, *first, here, begun_at=now, zone=zone)
    unit = _unit(session, draft.kind, place.segment.region_code, due.policy_version)

    reported = timeline.prepare([_reported(actor, draft, place, unit, due)], now=now)
    row = _row(actor, draft, place, unit, due, now) | timeline.columns(reported.heads[0])
    seq = hazards.add(session, row)
    kept = hazards.existing(session, draft.id)
    if seq is None:
        return replays.same(kept, actor.person_id, draft.body_sha256, owner="reporter_id"), False
    timeline.write(session, reported)
    return kept, True


def _reported(
    actor: Actor, draft: HazardDraft, place: Place, unit: str | None, due: due_dates.Dated
) -> timeline.Happened:
    """The report as the first fact of its timeline; the digest is that of the body which the phone sent."""
    said = {
        "kind": draft.kind.value,
        "severity": draft.severity.value,
        "segment": place.segment.code,
        "region": place.segment.region_code,
        "chainage_m": place.chainage_m,
        "location": draft.lonlat,
        "observed_at": draft.observed_at,
        "photos": [photo.written() for photo in draft.photos],
        "patrol": draft.patrol,
        "unit": unit,
        "due_at": due.due.at if due.due else None,
        "body_sha256": draft.body_sha256.hex(),
    }
    if draft.recordings:
        said["recordings"] = [{"sha256": sha256.hex()} for sha256 in draft.recordings]
    personal = {"description": draft.description} if draft.description else {}
    return timeline.Happened(
        HAZARD, draft.id, Head(), "report", timeline.whole(said), by=actor.person_id, personal=personal
    )


def _row(
    actor: Actor, draft: HazardDraft, place: Place, unit: str | None, due: due_dates.Dated, now: datetime
) -> dict[str, Any]:
    """Everything of a hazard that is written at once."""
    lon, lat = draft.lonlat or (None, None)
    return {
        "id": draft.id,
        "version": 1,
        "reporter_id": actor.person_id,
        "observed_at": draft.observed_at,
        "reported_at": now,
        "body_sha256": draft.body_sha256,
        "description": draft.description,
        "report": draft.report,
        "patrol_id": draft.patrol,
        "kind": draft.kind.value,
        "severity": draft.severity.value,
        "segment_id": place.segment.id,
        "river_code": place.segment.river_code,
        "region_code": place.segment.region_code,
        "chainage_m": place.chainage_m,
        "point": shapely.Point(draft.lonlat) if draft.lonlat else None,
        "lon": lon,
        "lat": lat,
        "state": State.REPORTED.value,
        "watch": Watch.NONE.value,
        "unit_code": unit,
        "done": [],
        "returns": 0,
        "rebounds": 0,
        "asked_version": due.policy_version,
        **due.columns(),
    }


def one(session: Session, actor: Actor, hazard_id: UUID, *, today: date, world: Scope | None = None) -> Any:
    """One hazard in the actor's part of the world (asked for unless it is known); NotFound outside it."""
    found = hazards.seen(session, hazard_id, world or scope(session, actor, today))
    if found is None:
        raise NotFound()
    return found


def held(session: Session, actor: Actor, hazard_id: UUID, *, today: date, into: UUID | None = None) -> Any:
    """The same, and nobody else alters it, nor the one `into` which it is merged, until the transaction ends."""
    hazards.hold(session, hazard_id, *([into] if into else []))
    return one(session, actor, hazard_id, today=today)


def scope(session: Session, actor: Actor, today: date, *, reaches_of: Scope | None = None) -> Scope:
    """Whole regions for chiefs and staff; for everybody what they reported or mend, their segments, their cases.

    `reaches_of`: what reaches the actor sees that day; not asked for again where the regions are the same.
    """
    given = scope_of(actor, Action.SEE_HAZARDS)
    if reaches_of is not None and reaches_of.regions == given.regions:
        return with_cases(Scope(given.regions, actor.whose, reaches_of.segments), actor)
    own = people.segments_of(session, actor.whose, today, outside=given.regions)
    return with_cases(Scope(given.regions, actor.whose, tuple(own)), actor)


def similar(session: Session, world: Scope, hazard: Any, *, now: datetime) -> list[Any]:
    """Open hazards of the same kind within a kilometre in that part of the world, the nearest first, at most five."""
    if hazard.lon is None:
        return []
    box = box_around(hazard.lon, hazard.lat, ALIKE_M)
    since = now - ALIKE_FOR
    found = hazards.alike(session, world, hazard.kind, box, since, but=hazard.id)
    if not found:
        return []
    here = [[hazard.lon, hazard.lat]] * len(found)
    metres = distances_m(here, [[each.lon, each.lat] for each in found])
    near = sorted(zip(metres.tolist(), range(len(found)), strict=True))
    return [(found[index], round(apart, 1)) for apart, index in near if apart <= ALIKE_M][:MOST_ALIKE]


def _place(session: Session, actor: Actor, draft: HazardDraft, today: date) -> Place:
    if draft.segment is not None:
        named = reach_store.named(session, reaches.by_name(draft.segment))
        if named is None or not (draft.lonlat or _may_name(session, actor, named, today)):
            raise NotFound.at("/segment", "flaw.segment")
        chainage_m = _chainage_m(session, named.id, draft.lonlat)
        _check_near(session, named.id, draft.lonlat, chainage_m)
        return Place(named, chainage_m)
    if draft.lonlat is None:
        raise BadInput.at("/location", "flaw.place_or_segment")
    nearest = reaches.nearest(session, draft.lonlat, FAR_M, today=today)
    if nearest is None:
        raise BadInput.at("/location", "flaw.far_from_rivers", metres=int(FAR_M))
    return Place(nearest, _chainage_m(session, nearest.id, draft.lonlat))


def _check_near(
    session: Session, segment_id: UUID, lonlat: tuple[float, float] | None, chainage_m: float | None
) -> None:
    """A place in another province is a mistake, whatever reach is named with it."""
    if lonlat is None or chainage_m is None:
        return
    (nearest,) = Ruler(segments.shape_of(session, segment_id)[0]).points_at(np.array([chainage_m]))
    if distances_m([lonlat], [nearest])[0] > FAR_M:
        raise BadInput.at("/location", "flaw.far_from_rivers", metres=int(FAR_M))


def _may_name(session: Session, actor: Actor, named: reach_store.Named, today: date) -> bool:
    """Whether somebody without a position may name that reach: it lies where they report, or is their own.

    The public names one by the board that it reads, or by what the river is called there.
    """
    return (
        actor == PUBLIC
        or may(actor, Action.REPORT_HAZARD, named.region_code)
        or named.id in people.segments_of(session, actor.whose, today)
    )


def _chainage_m(session: Session, segment_id: UUID, lonlat: tuple[float, float] | None) -> float | None:
    if lonlat is None:
        return None
    return round(float(locate_m(segments.shape_of(session, segment_id)[0], [lonlat])[0]), 1)


def _unit(session: Session, kind: Kind, region: str, policy_version: int) -> str | None:
    """The unit nearest to the place that says it handles such hazards, else one of the sort that usually does."""
    near = units.around(session, region)
    said = [unit.code for unit in near if kind.value in unit.handles]
    if said or not near:
        return said[0] if said else None
    offices = HAZARDS.of_version(session, policy_version).kinds[kind].offices
    usual = (unit.code for office in offices for unit in near if unit.kind == office.value)
    return next(usual, None)


def due_first(
    session: Session, scope: Scope, asked: Asked, *, limit: int, after: tuple[datetime | None, int] | None = None
) -> list[Any]:
    """Hazards of a scope, the soonest due first, so that what is late comes before all others, then those without a
    deadline, the newest first; keyset after a deadline and a number. Two looks, so that each walks its own index.
    """
    due, seq = after or (None, None)
    found: list[Any] = []
    if seq is None or due is not None:
        place = (due, seq) if due is not None and seq is not None else None
        found, seq = hazards.soonest_due(session, scope, asked, limit=limit, after=place), None
    if asked.late_at is None and len(found) <= limit:
        rest = replace(asked, is_undue=True)
        found += hazards.listed(session, scope, rest, limit=limit - len(found), after=seq)
    return found


def late_first(
    session: Session, scope: Scope, asked: Asked, *, at: datetime, limit: int, after: tuple[int, int] | None = None
) -> list[tuple[int, Any]]:
    """Hazards of a scope, newest first, but those whose deadline was over at a moment before all others: each with 0
    when it was, else 1; keyset after these two. Two looks instead of an order, so that each walks its own index.
    """
    in_time, seq = after or (0, None)
    found: list[tuple[int, Any]] = []
    if not in_time:
        rows = hazards.listed(session, scope, replace(asked, late_at=at), limit=limit, after=seq)
        found, seq = [(0, row) for row in rows], None
    if asked.late_at is None and len(found) <= limit:
        rest = hazards.listed(session, scope, replace(asked, in_time_at=at), limit=limit - len(found), after=seq)
        found += [(1, row) for row in rest]
    return found
