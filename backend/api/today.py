"""The door for today: the numbers with which somebody begins, each with the list behind it."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from backend.api import shown_matters, shown_warnings
from backend.api.auth import actor, needs
from backend.api.door import BASE, Door, answer
from backend.api.etag import version_of
from backend.clock import day_of
from backend.context import house, now
from backend.domain.actions import Action
from backend.services import today
from backend.services.today import Today
from backend.store import callouts

MOST_CALLS = 5
door = Door("today", "Today (今日): what stands open, is late, was walked and is at risk in one's part of the world.")


class TodayAnswer(Schema):
    """Numbers of the moment; null for whoever may not see of what they are."""

    hazards = fields.Dict(allow_none=True, metadata={"description": "`open`, `late`, `severe`, and the list's `path`."})
    walks = fields.Dict(
        allow_none=True, metadata={"description": "`handed_in`: those walked since midnight; `counting` of these."}
    )
    risk = fields.Dict(metadata={"description": "How many reaches are at which risk."})
    tasks = fields.List(
        fields.Dict(),
        metadata={
            "description": "What waits for an act of one's own, late first, then by severity: hazards (at most 50), "
            "orders, suggestions, clues, reaches of campaigns, doors."
        },
    )
    waiting = fields.Integer(metadata={"description": "How many of these there are in all; 1000 hazards: or more."})
    waiting_by_type = fields.Dict(metadata={"description": "The same by type."})
    callouts = fields.List(
        fields.Dict(), metadata={"description": "Call-outs that wait for a word of one's own, the newest first."}
    )


@door.get("/today")
@needs(Action.SEE_SELF)
@door.response(200, TodayAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def of_me() -> Response:
    """What somebody should know first."""
    zone = house().settings.zone
    with house().database.reading() as session:
        found = today.of(session, actor(), now=now(), today=day_of(now(), zone), zone=zone)
        called = callouts.waiting_for(session, actor().whose, MOST_CALLS)
    body = _shown(found) | {"callouts": [shown_warnings.callout(row, (), (), zone) for row in called]}
    return answer(body, etag=version_of(body))


def _shown(found: Today) -> dict[str, Any]:
    zone = house().settings.zone
    hazards, walks = found.hazards, found.walks
    return {
        "hazards": None
        if hazards is None
        else dict(zip(("open", "late", "severe"), hazards, strict=True)) | {"path": f"{BASE}/hazards"},
        "walks": None if walks is None else dict(zip(("handed_in", "counting"), walks, strict=True)),
        "risk": found.risk,
        "waiting": sum(found.waiting.values()),
        "waiting_by_type": dict(found.waiting),
        "tasks": [shown_matters.matter(each, now(), zone) for each in found.matters],
    }
