"""The door for patrols: hand in, list, look, track, review, withdraw."""

from __future__ import annotations

from datetime import UTC, datetime
from operator import index
from typing import Any
from uuid import UUID

import numpy as np
from flask import Response
from shapely import LineString, MultiPoint

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import IF_MATCH, require_match
from backend.api.paging import next_path
from backend.api.schemas.patrols import (
    PatrolAnswer,
    PatrolListArguments,
    PatrolPage,
    PatrolSchema,
    ReviewSchema,
    TrackArguments,
    WithdrawSchema,
    draft_of,
)
from backend.api.shown import patrol as shown
from backend.context import house, language, now, today
from backend.domain.actions import Action
from backend.domain.patrols import PatrolDraft
from backend.domain.terms import Outcome
from backend.errors import BadInput, Conflict, NotFound, Stale, VersionNeeded
from backend.services import access, patrols, reaches, reviewing, sync
from backend.services.patrols import AskAgain, Case
from backend.store import patrols as store
from geo import geojson, gpx
from geo.datum import Crs, to_wgs84
from geo.track import Fixes, unpack

GEOJSON, GPX = "application/geo+json", "application/gpx+xml"
door = Door("patrols", "Patrols (巡河): handed in by phones, judged by the server.")

TRIES = 3
"""Rules and rivers change a few times a year; that they do so three times in one request is not to be expected."""


@door.put("/patrols/<uuid:patrol_id>")
@needs(Action.SUBMIT_PATROL)
@door.arguments(PatrolSchema)
@door.response(201, PatrolAnswer, description="Kept and judged.")
@door.alt_response(200, schema=PatrolAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def hand_in(loaded: dict[str, Any], patrol_id: UUID) -> Response:
    """Hand in a patrol; the same one may be sent any number of times."""
    patrol, states, is_new = keep(draft_of(patrol_id, loaded))
    return answer(as_shown(patrol, states), 201 if is_new else 200)


def keep(draft: PatrolDraft) -> tuple[Any, dict[str, str], bool]:
    """Ask in one look, judge with no transaction open, tell in one short transaction; again if the rules changed."""
    for _ in range(TRIES - 1):
        try:
            return _kept(draft)
        except AskAgain:
            continue
    return _kept(draft)


def _kept(draft: PatrolDraft) -> tuple[Any, dict[str, str], bool]:
    here = house()
    with here.database.reading() as session:
        case = patrols.ask(session, actor(), draft, now=now(), zone=here.settings.zone)
        if not isinstance(case, Case):
            return case, sync.photo_states(session, case), False

    verdict = patrols.decide(case)

    with here.database.transaction() as session:
        patrol, is_new = sync.tell_patrol(session, actor(), case, verdict, now=now(), today=today())
        return patrol, sync.photo_states(session, patrol), is_new


@door.get("/patrols")
@needs(Action.SEE_PATROLS)
@door.arguments(PatrolListArguments, location="query")
@door.response(200, PatrolPage)
@fails(NotFound)
def listed(asked: dict[str, Any]) -> Response:
    """Patrols of one's own part of the world, newest first."""
    limit = asked["limit"]
    with house().database.reading() as session:
        scope = access.scope(session, actor(), Action.SEE_PATROLS, today())
        rows = store.listed(
            session,
            scope,
            limit=limit,
            after=_after(asked["cursor"]),
            segment=reaches.by_name(asked["segment"]) if "segment" in asked else None,
            person=asked.get("person"),
            duty_of=asked.get("duty_of"),
            region=asked.get("region"),
            begin=asked.get("begin"),
            end=asked.get("end"),
            outcome=asked.get("outcome"),
            standing=asked.get("standing"),
        )
        states = sync.photo_states_of(session, rows[:limit])
    items = [as_shown(row, states.get(row.id, {})) for row in rows[:limit]]
    last = [rows[limit - 1].walked_at.isoformat(), rows[limit - 1].seq] if len(rows) > limit else None
    return answer({"items": items, "next": next_path(last)})


@door.get("/patrols/<uuid:patrol_id>")
@needs(Action.SEE_PATROLS)
@door.response(200, PatrolAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(patrol_id: UUID) -> Response:
    """One patrol."""
    with house().database.reading() as session:
        patrol = patrols.one(session, actor(), patrol_id, today=today())
        states = sync.photo_states(session, patrol)
    return answer(as_shown(patrol, states), etag=etag_of(patrol, states))


@door.get("/patrols/<uuid:patrol_id>/track")
@needs(Action.SEE_PATROLS)
@door.arguments(TrackArguments, location="query")
@door.response(200, {"type": "object"}, content_type=GEOJSON, description="The points in WGS 84.")
@door.alt_response(200, schema={"type": "string"}, content_type=GPX, success=True)
def track(asked: dict[str, Any], patrol_id: UUID) -> Response:
    """Every point as the phone sent it, turned to WGS 84."""
    with house().database.reading() as session:
        patrol = patrols.one(session, actor(), patrol_id, today=today())
        fixes = unpack(store.packed_track(session, patrol.seq))
    fixes = Fixes(to_wgs84(fixes.lonlat, Crs(patrol.crs)), fixes.at_ms, fixes.accuracy_m)
    if asked.get("format") == "gpx":
        return Response(gpx.write(fixes, str(patrol.id)), mimetype=GPX)
    line = LineString(fixes.lonlat) if fixes.count > 1 else MultiPoint(fixes.lonlat)
    body = {
        "type": "Feature",
        "id": str(patrol.id),
        "geometry": geojson.write(line),
        "properties": {"at_ms": fixes.at_ms.tolist(), "accuracy_m": _numbers(fixes.accuracy_m)},
    }
    return answer(body, media_type=GEOJSON)


@door.post("/patrols/<uuid:patrol_id>/review")
@needs(Action.REVIEW_PATROL)
@door.arguments(ReviewSchema)
@door.response(200, PatrolAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Stale, VersionNeeded)
def review(said: dict[str, Any], patrol_id: UUID) -> Response:
    """The superior's or the office's word; needs If-Match."""
    with house().database.transaction() as session:
        patrol = reviewing.held(session, actor(), patrol_id, today=today())
        states = sync.photo_states(session, patrol)
        require_match(etag_of(patrol, states), as_shown(patrol, states))
        reviewing.review(session, actor(), patrol, Outcome(said["outcome"]), said["note"], now=now())
        changed = patrols.one(session, actor(), patrol_id, today=today())
    return answer(as_shown(changed, states), etag=etag_of(changed, states))


@door.post("/patrols/<uuid:patrol_id>/withdraw")
@needs(Action.WITHDRAW_PATROL)
@door.arguments(WithdrawSchema)
@door.response(200, PatrolAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def withdraw(said: dict[str, Any], patrol_id: UUID) -> Response:
    """Take a mistaken report back; it stays on record. Needs If-Match."""
    with house().database.transaction() as session:
        patrol = reviewing.held(session, actor(), patrol_id, today=today())
        states = sync.photo_states(session, patrol)
        require_match(etag_of(patrol, states), as_shown(patrol, states))
        reviewing.withdraw(session, actor(), patrol, said["reason"], now=now())
        changed = patrols.one(session, actor(), patrol_id, today=today())
    return answer(as_shown(changed, states), etag=etag_of(changed, states))


def _numbers(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in values.tolist()]


def as_shown(patrol: Any, states: dict[str, str]) -> dict[str, Any]:
    """A patrol for the reader of this request."""
    return shown(patrol, states, house().settings.zone, language())


def etag_of(patrol: Any, states: dict[str, str]) -> str:
    """Changes with the patrol, with the arrival of a photo, and with the reader's language."""
    return f"{patrol.seq}-{patrol.version}-{sum(state == 'stored' for state in states.values())}-{language()}"


def _after(cursor: list[Any] | None) -> tuple[datetime, int] | None:
    if cursor is None:
        return None
    try:
        walked_at, seq = cursor
        return datetime.fromisoformat(walked_at).astimezone(UTC), index(seq)
    except (ValueError, TypeError, OverflowError):
        raise BadInput.at("/cursor", "flaw.cursor") from None
