"""The door for seasons: what holds today, and setting a year of a region."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import version_of
from backend.api.schemas.seasons import (
    SeasonAnswer,
    SeasonArguments,
    SeasonSchema,
    SeasonVersionAnswer,
    season_of,
)
from backend.api.shown import moment
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.errors import BadInput, Conflict, NotFound
from backend.services import seasons
from backend.services.seasons import Seen

door = Door("seasons", "The flood season and its key window (汛期、七下八上), by region and year.")


@door.get("/flood/season")
@needs(Action.SEE_FLOOD)
@door.arguments(SeasonArguments, location="query")
@door.response(200, SeasonAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
@fails(NotFound)
def season(asked: dict[str, Any]) -> Response:
    """What holds in a region today: phase, days to go, and every version of the year around it."""
    region = asked.get("region") or own_region()
    with house().database.reading() as session:
        seen = seasons.seen(session, region, asked.get("year", today().year), now=now(), zone=house().settings.zone)
    body = _shown(seen, today())
    return answer(body, etag=version_of(body))


@door.put("/flood/seasons/<uuid:season_id>")
@needs(Action.CHANGE_SEASON)
@door.arguments(SeasonSchema)
@door.response(201, SeasonVersionAnswer, description="It holds from today on; days that are over stay as they were.")
@door.alt_response(200, schema=SeasonVersionAnswer, description="It was here already.", success=True)
@fails(Conflict)
def put(loaded: dict[str, Any], season_id: UUID) -> Response:
    """Set a year of a region and everything below it that has no dates of its own."""
    with house().database.transaction() as session:
        kept, is_new = seasons.put(session, actor(), season_of(season_id, loaded), now=now(), today=today())
    return answer(_version(kept), 201 if is_new else 200)


def own_region() -> str:
    """The region of whoever asks, when none is named."""
    if not actor().seats:
        raise BadInput.at("/region", "Missing data for required field.")
    return actor().seats[0].region


def _shown(seen: Seen, today: date) -> dict[str, Any]:
    dates, turn = seen.dates, seen.dates.next_turn(today)
    days = {name: getattr(dates, name).isoformat() for name in ("begin", "end", "window_begin", "window_end")}
    to_come = None
    if turn is not None:
        day, phase = turn
        to_come = {"phase": phase.value, "day": day.isoformat(), "days_to_go": (day - today).days}
    return {
        "region": seen.region,
        "region_name": seen.name,
        "year": seen.year,
        **days,
        "decided_by": str(seen.decided_by.id) if seen.decided_by else None,
        "phase": seen.standing.phase.value,
        "response": seen.standing.level.value if seen.standing.level else None,
        "next": to_come,
        "versions": [_version(row) for row in seen.versions],
    }


def _version(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "region": row.region_code,
        "region_name": row.region_name,
        "year": row.year,
        "version": row.version,
        "begin": row.begin_day.isoformat(),
        "end": row.end_day.isoformat(),
        "window_begin": row.window_begin.isoformat(),
        "window_end": row.window_end.isoformat(),
        "reason": row.reason,
        "document": row.document,
        "made_by": {"id": str(row.made_by_id), "name": row.made_by},
        "made_at": moment(row.made_at, house().settings.zone),
    }
