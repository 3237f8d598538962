"""The door for look-backs: draw, look, check."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import BASE, Door, answer, fails
from backend.api.etag import version_of
from backend.api.paging import PageArguments, next_path, number_in
from backend.api.schemas.lookbacks import (
    CheckAnswer,
    CheckSchema,
    DrawnListArguments,
    DrawnPage,
    LookbackAnswer,
    LookbackPage,
    LookbackSchema,
    check_of,
    lookback_of,
)
from backend.api.shown import moment, named_photos
from backend.clock import day_of
from backend.context import house, now
from backend.domain.actions import Action
from backend.domain.lookbacks import CHECK
from backend.errors import Conflict
from backend.services import lookbacks, photos, rechecking
from backend.services.lookbacks import Seen
from backend.store import lookbacks as store

door = Door("lookbacks", "Look-backs (回头看): a draw among closed hazards that anybody can draw again.")


@door.put("/lookbacks/<uuid:lookback_id>")
@needs(Action.DRAW_LOOKBACK)
@door.arguments(LookbackSchema)
@door.response(201, LookbackAnswer, description="Drawn.")
@door.alt_response(200, schema=LookbackAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def make(loaded: dict[str, Any], lookback_id: UUID) -> Response:
    """Draw every major and critical hazard that was closed in the window, and a share of the others."""
    here, draft = house(), lookback_of(lookback_id, loaded)
    zone = here.settings.zone
    with here.database.transaction() as session:
        is_new = lookbacks.make(session, actor(), draft, now=now(), zone=zone, today=day_of(now(), zone))
        body = _shown(lookbacks.one(session, actor(), lookback_id))
    return answer(body, 201 if is_new else 200)


@door.get("/lookbacks")
@needs(Action.SEE_LOOKBACKS)
@door.arguments(PageArguments, location="query")
@door.response(200, LookbackPage)
def listed(asked: dict[str, Any]) -> Response:
    """Look-backs that touch one's own part of the world, newest first."""
    limit = asked["limit"]
    with house().database.reading() as session:
        rows = lookbacks.listed(session, actor(), limit=limit, after=number_in(asked["cursor"]))
    last = [rows[limit - 1].seq] if len(rows) > limit else None
    return answer({"items": [_order(row) for row in rows[:limit]], "next": next_path(last)})


@door.get("/lookbacks/<uuid:lookback_id>")
@needs(Action.SEE_LOOKBACKS)
@door.response(200, LookbackAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(lookback_id: UUID) -> Response:
    """How many were drawn, checked, held and came back, of what one sees."""
    with house().database.reading() as session:
        body = _shown(lookbacks.one(session, actor(), lookback_id))
    return answer(body, etag=version_of(body))


@door.get("/lookbacks/<uuid:lookback_id>/hazards")
@needs(Action.SEE_LOOKBACKS)
@door.arguments(DrawnListArguments, location="query")
@door.response(200, DrawnPage)
def hazards(asked: dict[str, Any], lookback_id: UUID) -> Response:
    """The candidates in the order in which they were drawn from, with what was seen there."""
    limit = asked["limit"]
    which = store.Which(asked.get("drawn"), asked.get("checked"))
    with house().database.reading() as session:
        seen = lookbacks.one(session, actor(), lookback_id)
        after = number_in(asked["cursor"])
        rows = store.hazards(session, lookback_id, seen.parts, which, limit=limit, after=after)
    last = [rows[limit - 1].place] if len(rows) > limit else None
    return answer({"items": [_candidate(row) for row in rows[:limit]], "next": next_path(last)})


@door.put("/lookbacks/<uuid:lookback_id>/checks/<uuid:check_id>")
@needs(Action.CHECK_LOOKBACK)
@door.arguments(CheckSchema)
@door.response(201, CheckAnswer, description="Kept; a hazard that has come back is open again.")
@door.alt_response(200, schema=CheckAnswer, description="It was here already.", success=True)
@fails(Conflict)
def check(loaded: dict[str, Any], lookback_id: UUID, check_id: UUID) -> Response:
    """Say what there is at the place of a drawn hazard; by somebody who neither fixed nor verified it."""
    here, draft = house(), check_of(check_id, loaded)
    zone = here.settings.zone
    with here.database.transaction() as session:
        today = day_of(now(), zone)
        row, is_new = rechecking.tell(session, actor(), lookback_id, draft, now=now(), zone=zone, today=today)
        states = photos.states(session, CHECK, [check_id])[check_id]
    named = named_photos(states)
    body = {
        "id": str(row.id),
        "lookback": str(row.lookback_id),
        "hazard": str(row.hazard_id),
        "outcome": row.outcome,
        "note": row.note,
        "at": moment(row.at, zone),
        "by": {"id": str(row.person_id), "name": row.person_name},
        "photos": named,
        "receipt": {"seq": row.seq, "body_sha256": row.body_sha256.hex(), "photos": named},
    }
    return answer(body, 201 if is_new else 200)


def _order(row: Any) -> dict[str, Any]:
    """A draw as it was ordered, with everything by which it can be drawn again."""
    return {
        "id": str(row.id),
        "region": row.region_code,
        "from": row.from_day.isoformat(),
        "to": row.to_day.isoformat(),
        "share": row.share,
        "seed": row.seed,
        "rule": row.rule,
        "candidates_sha256": row.candidates_sha256.hex(),
        "made_by": {"id": str(row.made_by_id), "name": row.made_by} if row.made_by_id else None,
        "made_at": moment(row.made_at, house().settings.zone),
    }


def _shown(seen: Seen) -> dict[str, Any]:
    sums = seen.sums._asdict()
    rate = sums["rebounded"] * 10_000 // sums["checked"] / 10_000 if sums["checked"] else None
    path = f"{BASE}/lookbacks/{seen.lookback.id}/hazards?drawn=true"
    return _order(seen.lookback) | {"totals": sums | {"rebound_rate": rate}, "hazards": path}


def _candidate(row: Any) -> dict[str, Any]:
    zone = house().settings.zone
    checked = {
        "id": str(row.check_id),
        "outcome": row.outcome,
        "note": row.note,
        "at": moment(row.at, zone) if row.at else None,
        "by": {"id": str(row.person_id), "name": row.person_name},
    }
    return {
        "place": row.place,
        "id": str(row.hazard_id),
        "kind": row.kind,
        "severity": row.severity,
        "closed_at": moment(row.closed_at, zone),
        "why": row.why,
        "state": row.state,
        "description": row.description,
        "segment": {"code": row.segment_code, "name": row.segment_name},
        "region": row.region_code,
        "check": checked if row.check_id else None,
        "hazard": f"{BASE}/hazards/{row.hazard_id}",
    }
