"""The door for handovers (河长交接): looked at before they are made, made once, and read afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import IF_MATCH, require_match, version_of
from backend.api.schemas.handovers import (
    HandoverAnswer,
    HandoverArguments,
    HandoverListArguments,
    HandoverPreviewAnswer,
    HandoverSchema,
    wish_of,
)
from backend.api.shown import moment
from backend.context import house, language, now, today
from backend.domain.access import may_try
from backend.domain.actions import Action
from backend.domain.terms import Level
from backend.errors import Conflict, Forbidden, NotFound, Stale, VersionNeeded
from backend.services import charge, handovers
from backend.services.handovers import Plan, Reach
from backend.store import handovers as store
from backend.words import Text, say

door = Door("handovers", "Handovers of reaches from one chief to the next (河长交接).")
MOST_LISTED = 50


@door.get("/handovers/preview")
@needs(Action.CHANGE_PEOPLE)
@door.arguments(HandoverArguments, location="query")
@door.response(200, HandoverPreviewAnswer)
@fails(NotFound)
def preview(asked: dict[str, Any]) -> Response:
    """What would go over, and what would stay; nothing is written."""
    with house().database.reading() as session:
        plan = handovers.planned(session, actor(), wish_of(asked), today=today())
    body = _planned(plan)
    return answer(body, etag=version_of(body))


@door.post("/handovers")
@needs(Action.CHANGE_PEOPLE)
@door.arguments(HandoverSchema)
@door.response(201, HandoverAnswer)
@door.alt_response(200, schema=HandoverAnswer, description="It was made already.", success=True)
@door.doc(parameters=[IF_MATCH])
@fails(NotFound, Conflict, Stale, VersionNeeded)
def make(said: dict[str, Any]) -> Response:
    """Hand over what was looked at; `If-Match` is the ETag of the preview, so that nothing else goes over."""
    wish, digest, handover_id = wish_of(said), said["body_sha256"], said["id"]
    with house().database.transaction() as session:
        handovers.hold(session, wish)
        is_new = handovers.known(session, actor(), handover_id, digest) is None
        if is_new:
            plan = handovers.planned(session, actor(), wish, today=today())
            require_match(version_of(body := _planned(plan)), body)
            handovers.make(session, actor(), handover_id, plan, said["reason"], digest, today=today(), now=now())
        row = store.existing(session, handover_id)
        reaches = store.segments_of(session, [handover_id])
    return answer(_shown(row, reaches.get(handover_id, [])), 201 if is_new else 200)


@door.get("/handovers")
@needs(Action.SEE_SELF)
@door.arguments(HandoverListArguments, location="query")
@door.response(200, HandoverAnswer(many=True))
@fails(NotFound)
def listed(asked: dict[str, Any]) -> Response:
    """What one gave or took oneself, or somebody did whom one sees among the people; the newest first."""
    person = asked["person"] or actor().person_id
    if person != actor().person_id and not may_try(actor(), Action.SEE_PEOPLE):
        raise Forbidden("post")
    with house().database.reading() as session:
        if person != actor().person_id:
            charge.seen(session, actor(), person, today=today())
        rows = store.listed(session, person, MOST_LISTED)
        reaches = store.segments_of(session, [row.id for row in rows])
    return answer([_shown(row, reaches.get(row.id, [])) for row in rows])


def _planned(plan: Plan) -> dict[str, Any]:
    return {
        "giver": _person(plan.giver.id, plan.giver.name) if plan.giver else None,
        "taker": _person(plan.taker.id, plan.taker.name),
        "from": plan.wish.since.isoformat(),
        "segments": [_reach(each) for each in plan.reaches],
        "stays": [{"code": row.code, "name": row.name} for row in plan.stays],
        "hazards": [_hazard(row) for row in plan.hazards],
        "measures": len(plan.measures),
    }


def _reach(reach: Reach) -> dict[str, Any]:
    row = reach.row
    return {
        "code": row.code,
        "name": row.name,
        "region": row.region_code,
        "region_name": row.region_name,
        "level": Level(row.level).word,
        "length_m": round(row.length_m, 1),
        "duty": reach.duty.value,
        "post": reach.by.post.value,
        "open_hazards": reach.open_hazards,
        "acting": [_person(each.person_id, each.name) for each in reach.acting],
    }


def _hazard(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "kind": row.kind,
        "kind_name": say(Text(f"hazard.kind.{row.kind}"), language()),
        "severity": row.severity,
        "state": row.state,
        "due_at": moment(row.due_at, house().settings.zone) if row.due_at else None,
        "segment": {"code": row.segment_code, "name": row.segment_name},
    }


def _shown(row: Any, reaches: Sequence[Any]) -> dict[str, Any]:
    zone = house().settings.zone
    return {
        "id": str(row.id),
        "giver": _person(row.giver_id, row.giver_name) if row.giver_id else None,
        "taker": _person(row.taker_id, row.taker_name),
        "from": row.from_day.isoformat(),
        "reason": row.reason,
        "by": _person(row.made_by_id, row.maker_name),
        "at": moment(row.made_at, zone),
        "segments": [{"code": each.code, "name": each.name} for each in reaches],
        "hazards": row.hazards,
        "settled_at": moment(row.settled_at, zone) if row.settled_at else None,
    }


def _person(person_id: Any, name: str) -> dict[str, str]:
    return {"id": str(person_id), "name": name}
