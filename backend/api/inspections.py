"""The door for spot checks (抽查督导): draw, look, inspect, and what the inspectors found before the chiefs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response

from backend.api import shown_inspections as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.paging import PageArguments, next_path, number_in, numbered
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
    TargetArguments,
    draw_of,
    inspection_of,
)
from backend.clock import end_of, start_of
from backend.context import house, now, today
from backend.db import Session
from backend.domain.access import scope_of
from backend.domain.actions import Action
from backend.domain.inspections import INSPECTION, LONGEST
from backend.errors import BadInput, Conflict, NotFound
from backend.services import inspecting, photos
from backend.store import inspections as store
from backend.store import regions

door = Door("inspections", "Spot checks (抽查督导): draws that can be drawn again, unannounced records, and findings.")


@door.put("/spot-draws/<uuid:draw_id>")
@needs(Action.INSPECT)
@door.arguments(SpotDrawSchema)
@door.response(201, SpotDrawAnswer, description="Drawn; those who are inspected do not see it until it is done.")
@door.alt_response(200, schema=SpotDrawAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def make(loaded: dict[str, Any], draw_id: UUID) -> Response:
    """Draw segments, patrols or closed hazards, so many of each stratum."""
    draft, zone = draw_of(draw_id, loaded), house().settings.zone
    with house().database.reading() as session:
        found = inspecting.drawn(session, actor(), draft, zone=zone, today=today())
    with house().database.transaction() as session:
        is_new = inspecting.make(session, actor(), draft, found, now=now())
        body = _draw(session, draw_id)
    return answer(body, 201 if is_new else 200)


@door.get("/spot-draws")
@needs(Action.SEE_INSPECTIONS)
@door.arguments(PageArguments, location="query")
@door.response(200, SpotDrawPage)
def draws(asked: dict[str, Any]) -> Response:
    """Draws that one sees, the newest first."""
    limit = asked["limit"]
    with house().database.reading() as session:
        rows = inspecting.listed(session, actor(), limit=limit, after=number_in(asked["cursor"]))
        names = regions.names(session, {row.region_code for row in rows})
        seen = store.inspected(session, [row.id for row in rows[:limit]])
    items = [shown.draw(row, names, seen.get(row.id, 0)) for row in rows[:limit]]
    return answer(numbered(items, rows, limit))


@door.get("/spot-draws/<uuid:draw_id>")
@needs(Action.SEE_INSPECTIONS)
@door.response(200, SpotDrawAnswer)
def draw(draw_id: UUID) -> Response:
    """One draw."""
    with house().database.reading() as session:
        body = _draw(session, draw_id)
    return answer(body)


@door.get("/spot-draws/<uuid:draw_id>/targets")
@needs(Action.SEE_INSPECTIONS)
@door.arguments(TargetArguments, location="query")
@door.response(200, SpotTargetPage)
def targets(asked: dict[str, Any], draw_id: UUID) -> Response:
    """What was drawn, by what one knows it, with what was seen there and the hazards that came of it."""
    limit, after = asked["limit"], number_in(asked["cursor"])
    with house().database.reading() as session:
        row, parts = inspecting.one(session, actor(), draw_id)
        rows = store.targets(session, draw_id, parts, limit=limit, after=after, place=asked["place"])
        names = regions.names(session, shown.places_of(rows))
        known = inspecting.things(session, row, rows[:limit], today=today())
        ids = [each.inspection_id for each in rows[:limit] if each.inspection_id]
        states, found = photos.states(session, INSPECTION, ids), store.findings_of(session, ids)
    items = [
        shown.target(each, row, names, known[each.thing_id], states.get(each.inspection_id, {}), found)
        for each in rows[:limit]
    ]
    last = [rows[limit - 1].place] if len(rows) > limit else None
    return answer({"items": items, "next": next_path(last)})


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
        body = _draw(session, draw_id)
    return answer(body)


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
    return answer(shown.record(row, states[inspection_id], found), 201 if is_new else 200)


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
    items = [shown.record(row, states[row.id], found) for row in rows[:limit]]
    return answer(numbered(items, rows, limit))


@door.get("/inspections/<uuid:inspection_id>")
@needs(Action.SEE_INSPECTIONS)
@door.response(200, InspectionAnswer)
def record(inspection_id: UUID) -> Response:
    """One record, with the hazards that came from it."""
    with house().database.reading() as session:
        row = inspecting.record(session, actor(), inspection_id)
        states = photos.states(session, INSPECTION, [inspection_id])
        found = store.findings_of(session, [inspection_id])
    return answer(shown.record(row, states[inspection_id], found))


@door.get("/inspections/findings")
@needs(Action.SEE_INSPECTIONS)
@door.arguments(FindingsArguments, location="query")
@door.response(200, FindingsAnswer)
@fails(NotFound)
def findings(asked: dict[str, Any]) -> Response:
    """What inspectors found in a span of days, and what of it no chief had reported."""
    end = asked["end"] or today()
    begin = asked["begin"] or end.replace(month=1, day=1)
    if not timedelta() <= end - begin <= LONGEST:
        raise BadInput.at("/from", "flaw.lookback_window", days=LONGEST.days)
    zone = house().settings.zone
    span = start_of(begin, zone), end_of(end, zone)
    with house().database.reading() as session:
        rows = inspecting.findings(session, actor(), asked["region"], *span, zone=zone)
        names = regions.names(session, {each.row.region_code for each in rows})
    asked_for = [each for each in rows if not (asked["unseen"] and each.before)]
    totals = {"found": len(rows), "unseen": sum(each.before is None for each in rows)}
    days = {"from": begin.isoformat(), "to": end.isoformat()}
    return answer(days | totals | {"items": [shown.finding(each, names) for each in asked_for]})


def _draw(session: Session, draw_id: UUID) -> dict[str, Any]:
    row, _ = inspecting.one(session, actor(), draw_id)
    seen = store.inspected(session, [draw_id])
    return shown.draw(row, regions.names(session, [row.region_code]), seen.get(draw_id, 0))
