"""The door for emergency responses: declare, change, end, look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.paging import next_path, number_in
from backend.api.schemas.responses import (
    ResponseAnswer,
    ResponseListArguments,
    ResponsePage,
    ResponseSchema,
    response_of,
)
from backend.api.shown import moment
from backend.context import house, now
from backend.domain.actions import Action
from backend.domain.responses import ENDS
from backend.errors import Conflict, NotFound
from backend.services import flood_news, responses
from backend.store import regions

door = Door("responses", "Emergency responses (防汛应急响应), IV to I, over regions or rivers.")


@door.get("/flood/responses")
@needs(Action.SEE_FLOOD)
@door.arguments(ResponseListArguments, location="query")
@door.response(200, ResponsePage)
def listed(asked: dict[str, Any]) -> Response:
    """Every act, newest first, or what is or was in force."""
    limit, at = asked["limit"], asked.get("at") or (now() if asked["active"] else None)
    page = {"after": number_in(asked["cursor"]), "limit": limit}
    with house().database.reading() as session:
        rows = responses.listed(session, region=asked.get("region"), at=at, **page)
        names = regions.names(session, {code for row in rows for code in row.regions})
    last = [rows[limit - 1].seq] if len(rows) > limit else None
    return answer({"items": [_shown(row, names) for row in rows[:limit]], "next": next_path(last)})


@door.post("/flood/responses")
@needs(Action.DECLARE_RESPONSE)
@door.arguments(ResponseSchema)
@door.response(201, ResponseAnswer, description="In force, or ended; everybody there hears of it.")
@door.alt_response(200, schema=ResponseAnswer, description="It was here already; as it is now.", success=True)
@fails(NotFound, Conflict)
def declare(loaded: dict[str, Any]) -> Response:
    """Declare one, change the one over the same places or the one named, or end it with `none`."""
    zone = house().settings.zone
    with house().database.transaction() as session:
        act, is_new = responses.declare(session, actor(), response_of(loaded), now=now(), zone=zone)
        names = regions.names(session, act.regions)
    if is_new:
        for about in (act.id, *_followed(act.id)):
            _tell(about)
    return answer(_shown(act, names), 201 if is_new else 200)


def _followed(act_id: UUID) -> list[UUID]:
    with house().database.reading() as session:
        return responses.ended_by(session, act_id)


def _tell(about: UUID) -> None:
    """At once, thousand by thousand in short transactions; what a killed server leaves the clockwork goes on with."""
    is_more = True
    while is_more:
        with house().database.transaction() as session:
            is_more = flood_news.tell(session, now=now(), zone=house().settings.zone, about=about)


def _shown(row: Any, names: Mapping[str, str]) -> dict[str, Any]:
    zone = house().settings.zone
    is_open = row.ended_at is None or row.ended_at > now()
    return {
        "id": str(row.id),
        "level": row.level,
        "regions": row.regions,
        "places": [{"code": code, "name": names.get(code)} for code in row.regions],
        "rivers": row.rivers,
        "is_safe_to_patrol": row.is_safe,
        "reason": row.reason,
        "document": row.document,
        "made_by": {"id": str(row.made_by_id), "name": row.made_by},
        "begun_at": moment(row.begun_at, zone),
        "ended_at": moment(row.ended_at, zone) if row.ended_at else None,
        "ended_by": str(row.ended_by) if row.ended_by else None,
        "active": row.level != ENDS and is_open,
    }
