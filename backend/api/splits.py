"""The door for splits (河段拆分): looked at before they are made, and made once."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

import numpy as np
from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import IF_MATCH, require_match, version_of
from backend.api.schemas.splits import OriginAnswer, SplitAnswer, SplitArguments, SplitPreviewAnswer, SplitSchema
from backend.api.shown import moment
from backend.context import house, language, now, today
from backend.db import Session
from backend.domain.actions import Action
from backend.errors import Conflict, Stale, VersionNeeded
from backend.services import segments, splits, surveys
from backend.services.splits import Named, Part, Plan
from backend.store import splits as store
from backend.words import Text, say
from geo.datum import Crs, to_wgs84
from geo.geojson import write

door = Door("splits", "Cutting a reach in two (河段拆分).")


@door.get("/segments/<ref>/split")
@needs(Action.CHANGE_SEGMENTS)
@door.arguments(SplitArguments, location="query")
@door.response(200, SplitPreviewAnswer)
@fails(Conflict)
def preview(asked: dict[str, Any], ref: str) -> Response:
    """What a split would do: who answers, which hazards go where, and what stays; nothing is written."""
    with house().database.reading() as session:
        reach = surveys.seen(session, actor(), ref)
        at_m = asked["at_m"] if "at_m" in asked else _at_place(reach, asked)
        plan = splits.planned(session, reach, round(at_m, 1), asked["since"], today=today())
    body = _planned(plan)
    return answer(body, etag=version_of(body))


@door.post("/segments/<ref>/split")
@needs(Action.CHANGE_SEGMENTS)
@door.arguments(SplitSchema)
@door.response(201, SplitAnswer)
@door.alt_response(200, schema=SplitAnswer, description="It was made already.", success=True)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def make(said: dict[str, Any], ref: str) -> Response:
    """Cut it as it was looked at; `If-Match` is the ETag of the preview, so that nothing goes anywhere else."""
    split_id = said["id"]
    first, second = (Named(uuid5(split_id, part["code"]), part["code"], part["name"]) for part in said["parts"])
    with house().database.transaction() as session:
        reach = surveys.seen(session, actor(), ref, held=True)
        is_new = not splits.known(session, actor(), split_id, said["body_sha256"])
        if is_new:
            plan = splits.planned(session, reach, said["at_m"], said["since"], today=today())
            require_match(version_of(body := _planned(plan)), body)
            digest, reason = said["body_sha256"], said["reason"]
            splits.make(session, actor(), plan, split_id, (first, second), reason, digest, today=today(), now=now())
        shown = _shown(session, split_id, reach.code)
    return answer(shown, 201 if is_new else 200)


@door.get("/segments/<ref>/origin")
@needs(Action.SEE_SEGMENTS)
@door.response(200, OriginAnswer)
def origin(ref: str) -> Response:
    """From which reach one was cut, and into which two it was or is to be cut."""
    with house().database.reading() as session:
        reach = segments.one(session, actor(), ref, today=today())
        before = store.origin(session, reach.id)
        split = store.of_segment(session, reach.id)
        parts = store.parts(session, split.id) if split else []
    return answer({"origin": _named(before) if before else None, "parts": [_named(each) for each in parts]})


def _at_place(reach: Any, asked: dict[str, Any]) -> float:
    lon, lat = to_wgs84(np.array([[asked["lon"], asked["lat"]]]), Crs(asked.get("crs", "WGS84")))[0]
    return splits.at_place(reach, float(lon), float(lat))


def _planned(plan: Plan) -> dict[str, Any]:
    reach = plan.reach
    last = moment(plan.last_walk, house().settings.zone) if plan.last_walk else None
    return {
        "segment": {"code": reach.code, "name": reach.name, "length_m": round(reach.length_m, 1)},
        "at_m": plan.at_m,
        "at": [round(edge, 6) for edge in plan.at],
        "from": plan.since.isoformat(),
        "parts": [_part(each) for each in plan.parts],
        "chiefs": [
            {
                "person_id": str(each.person_id),
                "name": each.name,
                "duty": each.duty,
                "acting": each.appointment_id is None,
            }
            for each in plan.held
        ],
        "stays": {"walks": plan.walks, "last_walk_at": last, "closed_hazards": plan.over},
        "campaigns": len(plan.campaigns),
    }


def _part(part: Part) -> dict[str, Any]:
    def named(rows: list[Any]) -> list[dict[str, str]]:
        return [{"code": row.code, "name": row.name} for row in rows]

    return {
        "length_m": round(part.length_m, 1),
        "line": write(part.line),
        "hazards": [
            {
                "id": str(row.id),
                "kind": row.kind,
                "kind_name": say(Text(f"hazard.kind.{row.kind}"), language()),
                "severity": row.severity,
                "state": row.state,
                "has_place": row.lon is not None,
            }
            for row in part.hazards
        ],
        "checkpoints": named(part.checkpoints),
        "notice_boards": [{"code": row.code} for row in part.boards],
        "stations": named(part.stations),
        "reaches": named(part.reaches),
    }


def _shown(session: Session, split_id: Any, code: str) -> dict[str, Any]:
    row = store.existing(session, split_id)
    assert row is not None
    return {
        "id": str(row.id),
        "segment": code,
        "at_m": row.at_m,
        "from": row.from_day.isoformat(),
        "parts": [{"id": str(each.id), "code": each.code, "name": each.name} for each in store.parts(session, row.id)],
        "settled_at": moment(row.settled_at, house().settings.zone) if row.settled_at else None,
    }


def _named(row: Any) -> dict[str, str]:
    return {"code": row.code, "name": row.name, "from": row.from_day.isoformat()}
