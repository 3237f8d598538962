"""The door for spot checks (抽查督导): draw, look, inspect, and what the inspectors found before the chiefs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import BASE, Door, answer, fails
from backend.api.paging import PageArguments, next_path, number_in
from backend.api.schemas.inspections import (
    DrawnAgainAnswer,
    FindingsAnswer,
    FindingsArguments,
    InspectionAnswer,
    InspectionListArguments,
    InspectionPage,
    InspectionSchema,
    SpotDrawAnswer,
    SpotDrawPage,
    SpotDrawSchema,
    SpotTargetPage,
    draw_of,
    inspection_of,
)
from backend.api.shown import moment, moment_or_none, named_photos
from backend.clock import end_of, start_of
from backend.context import house, now, today
from backend.domain.access import may, scope_of
from backend.domain.actions import Action
from backend.domain.inspections import INSPECTION, Of
from backend.errors import BadInput, Conflict, NotFound
from backend.services import inspecting, photos
from backend.services.inspecting import Found
from backend.store import inspections as store

door = Door("inspections", "Spot checks (抽查督导): draws that can be drawn again, unannounced records, and findings.")
_PATHS = {Of.SEGMENTS: "segments", Of.PATROLS: "patrols", Of.HAZARDS: "hazards"}


@door.put("/spot-draws/<uuid:draw_id>")
@needs(Action.INSPECT)
@door.arguments(SpotDrawSchema)
@door.response(201, SpotDrawAnswer, description="Drawn; those who are inspected do not see it until it is done.")
@door.alt_response(200, schema=SpotDrawAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def make(loaded: dict[str, Any], draw_id: UUID) -> Response:
    """Draw segments, patrols or closed hazards, so many of each stratum."""
    draft, zone = draw_of(draw_id, loaded), house().settings.zone
    with house().database.transaction() as session:
        is_new = inspecting.make(session, actor(), draft, now=now(), zone=zone, today=today())
        row, _ = inspecting.one(session, actor(), draw_id)
    return answer(_draw(row), 201 if is_new else 200)


@door.get("/spot-draws")
@needs(Action.SEE_INSPECTIONS)
@door.arguments(PageArguments, location="query")
@door.response(200, SpotDrawPage)
def draws(asked: dict[str, Any]) -> Response:
    """Draws that one sees, the newest first."""
    limit = asked["limit"]
    with house().database.reading() as session:
        rows = inspecting.listed(session, actor(), limit=limit, after=number_in(asked["cursor"]))
    last = [rows[limit - 1].seq] if len(rows) > limit else None
    return answer({"items": [_draw(row) for row in rows[:limit]], "next": next_path(last)})


@door.get("/spot-draws/<uuid:draw_id>")
@needs(Action.SEE_INSPECTIONS)
@door.response(200, SpotDrawAnswer)
def draw(draw_id: UUID) -> Response:
    """One draw."""
    with house().database.reading() as session:
        row, _ = inspecting.one(session, actor(), draw_id)
    return answer(_draw(row))


@door.get("/spot-draws/<uuid:draw_id>/targets")
@needs(Action.SEE_INSPECTIONS)
@door.arguments(PageArguments, location="query")
@door.response(200, SpotTargetPage)
def targets(asked: dict[str, Any], draw_id: UUID) -> Response:
    """What was drawn, with what was seen there."""
    limit = asked["limit"]
    with house().database.reading() as session:
        row, parts = inspecting.one(session, actor(), draw_id)
        rows = store.targets(session, draw_id, parts, limit=limit, after=number_in(asked["cursor"]))
    last = [rows[limit - 1].place] if len(rows) > limit else None
    return answer({"items": [_target(each, Of(row.drawn_of)) for each in rows[:limit]], "next": next_path(last)})


@door.get("/spot-draws/<uuid:draw_id>/again")
@needs(Action.INSPECT)
@door.response(200, DrawnAgainAnswer)
def again(draw_id: UUID) -> Response:
    """Draw again from what there is now, by the seed on record; nothing is written."""
    with house().database.reading() as session:
        row, _ = inspecting.one(session, actor(), draw_id)
        same_frame, same_drawn = inspecting.again(session, row, zone=house().settings.zone)
    return answer({"same_frame": same_frame, "same_drawn": same_drawn})


@door.post("/spot-draws/<uuid:draw_id>/finish")
@needs(Action.INSPECT)
@door.response(200, SpotDrawAnswer)
def finish(draw_id: UUID) -> Response:
    """Say that a draw is done: those who were inspected see it from now on."""
    with house().database.transaction() as session:
        inspecting.finish(session, actor(), draw_id, now=now())
        row, _ = inspecting.one(session, actor(), draw_id)
    return answer(_draw(row))


@door.put("/inspections/<uuid:inspection_id>")
@needs(Action.INSPECT)
@door.arguments(InspectionSchema)
@door.response(201, InspectionAnswer, description="Kept; its findings are hazards from now on.")
@door.alt_response(200, schema=InspectionAnswer, description="It was here already.", success=True)
@fails(Conflict)
def inspect(loaded: dict[str, Any], inspection_id: UUID) -> Response:
    """Say what was seen at a place that was drawn, or anywhere, unannounced."""
    draft, zone = inspection_of(inspection_id, loaded), house().settings.zone
    with house().database.transaction() as session:
        row, is_new = inspecting.tell(session, actor(), draft, now=now(), zone=zone, today=today())
        states = photos.states(session, INSPECTION, [inspection_id])
        found = store.findings_of(session, [inspection_id])
    return answer(_record(row, states[inspection_id], found), 201 if is_new else 200)


@door.get("/inspections")
@needs(Action.INSPECT)
@door.arguments(InspectionListArguments, location="query")
@door.response(200, InspectionPage)
def records(asked: dict[str, Any]) -> Response:
    """Records of one's own part of the world, the newest first; for inspectors."""
    limit, mine = asked["limit"], scope_of(actor(), Action.INSPECT).regions
    with house().database.reading() as session:
        rows = store.listed(session, mine, limit=limit, after=number_in(asked["cursor"]))
        ids = [row.id for row in rows[:limit]]
        states, found = photos.states(session, INSPECTION, ids), store.findings_of(session, ids)
    items = [_record(row, states[row.id], found) for row in rows[:limit]]
    return answer({"items": items, "next": next_path([rows[limit - 1].seq] if len(rows) > limit else None)})


@door.get("/inspections/<uuid:inspection_id>")
@needs(Action.SEE_INSPECTIONS)
@door.response(200, InspectionAnswer)
def record(inspection_id: UUID) -> Response:
    """One record, with the hazards that came from it."""
    with house().database.reading() as session:
        row = inspecting.record(session, actor(), inspection_id)
        states = photos.states(session, INSPECTION, [inspection_id])
        found = store.findings_of(session, [inspection_id])
    return answer(_record(row, states[inspection_id], found))


@door.get("/inspections/findings")
@needs(Action.SEE_INSPECTIONS)
@door.arguments(FindingsArguments, location="query")
@door.response(200, FindingsAnswer)
@fails(NotFound)
def findings(asked: dict[str, Any]) -> Response:
    """What inspectors found in a span of days, and what of it no chief had reported."""
    end = asked["end"] or today()
    begin = asked["begin"] or end.replace(month=1, day=1)
    if begin > end:
        raise BadInput.at("/from", "flaw.lookback_window", days=366)
    zone = house().settings.zone
    span = start_of(begin, zone), end_of(end, zone)
    with house().database.reading() as session:
        rows = inspecting.findings(session, actor(), asked["region"], *span)
    shown = [each for each in rows if not (asked["unseen"] and each.before)]
    totals = {"found": len(rows), "unseen": sum(each.before is None for each in rows)}
    days = {"from": begin.isoformat(), "to": end.isoformat()}
    return answer(days | totals | {"items": [_finding(each) for each in shown]})


def _draw(row: Any) -> dict[str, Any]:
    zone = house().settings.zone
    return {
        "id": str(row.id),
        "region": row.region_code,
        "of": row.drawn_of,
        "by": row.drawn_by,
        "each": row.each,
        "from": row.from_day.isoformat(),
        "to": row.to_day.isoformat(),
        "seed": row.seed,
        "rule": row.rule,
        "frame": row.frame,
        "frame_sha256": row.frame_sha256.hex(),
        "strata": row.strata,
        "drawn": sum(each["drawn"] for each in row.strata.values()),
        "made_by": {"id": str(row.made_by_id), "name": row.made_by},
        "made_at": moment(row.made_at, zone),
        "done_at": moment_or_none(row.done_at, zone),
        "may_inspect": may(actor(), Action.INSPECT, row.region_code),
    }


def _target(row: Any, of: Of) -> dict[str, Any]:
    seen = {"id": str(row.inspection_id), "note": row.note, "by": row.inspector}
    return {
        "place": row.place,
        "stratum": row.stratum,
        "region": row.region_code,
        "segment": {"id": str(row.segment_id), "code": row.segment_code, "name": row.segment_name},
        "thing": {"id": str(row.thing_id), "path": f"{BASE}/{_PATHS[of]}/{row.thing_id}"},
        "inspection": seen | {"at": moment(row.at, house().settings.zone)} if row.inspection_id else None,
    }


def _record(row: Any, states: Mapping[str, str], found: Sequence[Any]) -> dict[str, Any]:
    own = [each for each in found if each.inspection_id == row.id]
    return {
        "id": str(row.id),
        "draw": str(row.draw_id) if row.draw_id else None,
        "place": row.place,
        "segment": {"id": str(row.segment_id), "code": row.segment_code, "name": row.segment_name},
        "region": row.region_code,
        "at": moment(row.at, house().settings.zone),
        "note": row.note,
        "by": {"id": str(row.person_id), "name": row.inspector},
        "location": {"lon": row.lon, "lat": row.lat} if row.lon is not None else None,
        "photos": named_photos(states),
        "findings": [{"id": str(each.hazard_id), "kind": each.kind, "state": each.state} for each in own],
    }


def _finding(each: Found) -> dict[str, Any]:
    row, before, zone = each.row, each.before, house().settings.zone
    told = {"id": str(before.id), "by": before.reporter, "at": moment(before.at, zone)} if before else None
    return {
        "id": str(row.id),
        "kind": row.kind,
        "severity": row.severity,
        "state": row.state,
        "description": row.description,
        "region": row.region_code,
        "segment": row.segment_name,
        "at": moment(row.at, zone),
        "source": "inspection",
        "inspection": str(row.inspection_id),
        "hazard": f"{BASE}/hazards/{row.id}",
        "chief_report": told,
    }
