"""The door for the roster of duty: enter a shift, take it out, and see who is on duty."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.schemas.roster import (
    CandidateArguments,
    CandidatesAnswer,
    RosterAnswer,
    RosterArguments,
    ShiftAnswer,
    ShiftSchema,
    shift_of,
)
from backend.api.seasons import own_region
from backend.api.shown import moment
from backend.clock import day_of
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.domain.roster import last_day
from backend.errors import Conflict, NotFound
from backend.services import roster

door = Door("roster", "The roster of duty (值班表).")


@door.get("/flood/roster")
@needs(Action.SEE_FLOOD)
@door.arguments(RosterArguments, location="query")
@door.response(200, RosterAnswer)
@fails(NotFound)
def of_day(asked: dict[str, Any]) -> Response:
    """The shifts that touch a day, or a span of days, and who is on duty now: where nobody is entered, every holder of
    the post.
    """
    zone = house().settings.zone
    region, day = asked.get("region") or own_region(), asked["day"] or day_of(now(), zone)
    last = last_day(day, asked["last_day"])
    with house().database.reading() as session:
        name, shifts = roster.of_days(session, region, day, last, zone)
        on_duty = roster.on_duty(session, region, now=now(), zone=zone)
        names = roster.names(session, on_duty)
    return answer(
        {
            "region": region,
            "region_name": name,
            "day": day.isoformat(),
            "last_day": last.isoformat(),
            "shifts": [_shown(row) for row in shifts],
            "on_duty": [{"id": str(person), "name": names[person]} for person in on_duty],
        }
    )


@door.get("/flood/roster/people")
@needs(Action.CHANGE_SEASON)
@door.arguments(CandidateArguments, location="query")
@door.response(200, CandidatesAnswer)
@fails(NotFound)
def people(asked: dict[str, Any]) -> Response:
    """Who may be entered: everybody with a post there or above today, the nearest first; a row a post."""
    with house().database.reading() as session:
        rows = roster.candidates(session, actor(), asked["region"], today=today())
    items = [
        {
            "id": str(row.id),
            "name": row.name,
            "post": row.post,
            "region": row.region_code,
            "region_name": row.region_name,
        }
        for row in rows
    ]
    return answer({"items": items})


@door.put("/flood/roster/<uuid:shift_id>")
@needs(Action.CHANGE_SEASON)
@door.arguments(ShiftSchema)
@door.response(201, ShiftAnswer)
@door.alt_response(200, schema=ShiftAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def put(loaded: dict[str, Any], shift_id: UUID) -> Response:
    """Enter a shift of somebody with a post there or above."""
    with house().database.transaction() as session:
        kept, is_new = roster.put(session, actor(), shift_of(shift_id, loaded), now=now(), zone=house().settings.zone)
    return answer(_shown(kept), 201 if is_new else 200)


@door.delete("/flood/roster/<uuid:shift_id>")
@needs(Action.CHANGE_SEASON)
@door.response(200, ShiftAnswer)
def withdraw(shift_id: UUID) -> Response:
    """Take a shift out; that it was there stays on record."""
    with house().database.transaction() as session:
        kept = roster.withdraw(session, actor(), shift_id, now=now())
    return answer(_shown(kept))


def _shown(row: Any) -> dict[str, Any]:
    zone = house().settings.zone
    return {
        "id": str(row.id),
        "region": row.region_code,
        "region_name": row.region_name,
        "person": {"id": str(row.person_id), "name": row.person},
        "from": moment(row.from_at, zone),
        "until": moment(row.until_at, zone),
        "withdrawn_at": moment(row.withdrawn_at, zone) if row.withdrawn_at else None,
    }
