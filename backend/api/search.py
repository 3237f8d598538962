"""The door for search: one question over reaches, people and hazards."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.schemas.fields import about, text
from backend.api.shown import moment
from backend.context import house, today
from backend.domain.actions import Action
from backend.domain.terms import Level
from backend.formats import phones
from backend.services import search
from backend.services.search import Found

door = Door("search", "Search (搜索): reaches, people and hazards of one's own part of the world.")
MOST = 10
"""Of each noun; whoever needs more goes to its list (our judgement)."""


class SearchArguments(Schema):
    """What is looked for."""

    q = text(80, "A part of a name, a code or a text, or the id of a hazard.", required=True, least=1)


class SearchAnswer(Schema):
    """What was found, at most ten of each; null for whoever may not see any of it."""

    segments = fields.List(fields.Dict(), allow_none=True, metadata=about("Reaches of every level, by code."))
    people = fields.List(fields.Dict(), allow_none=True, metadata=about("By name, with the posts of today."))
    hazards = fields.List(fields.Dict(), allow_none=True, metadata=about("The newest first."))


@door.get("/search")
@needs(Action.SEE_SELF)
@door.arguments(SearchArguments, location="query")
@door.response(200, SearchAnswer)
def look(asked: dict[str, Any]) -> Response:
    """Find something by what people call it."""
    with house().database.reading() as session:
        found = search.found(session, actor(), asked["q"].strip() or asked["q"], limit=MOST, today=today())
        body = _shown(found)
    return answer(body)


def _shown(found: Found) -> dict[str, Any]:
    reaches, people, hazards = found.reaches, found.people, found.hazards
    return {
        "segments": None if reaches is None else [_reach(row) for row in reaches],
        "people": None if people is None else [_person(row) | {"posts": found.posts[row.id]} for row in people],
        "hazards": None if hazards is None else [_hazard(row) for row in hazards],
    }


def _reach(row: Any) -> dict[str, Any]:
    return {"code": row.code, "name": row.name, "level": Level(row.level).word, "region_name": row.region_name}


def _person(row: Any) -> dict[str, Any]:
    return {"id": str(row.id), "name": row.name, "phone": phones.masked(row.phone_head, row.phone_tail)}


def _hazard(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "kind": row.kind,
        "severity": row.severity,
        "state": row.state,
        "description": row.description,
        "segment": row.segment_name,
        "reported_at": moment(row.reported_at, house().settings.zone),
    }
