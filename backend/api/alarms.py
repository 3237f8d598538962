"""The door for alarms: what somebody must look at, and that somebody does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.paging import next_path, number_in
from backend.api.schemas.alarms import AlarmAnswer, AlarmListArguments, AlarmPage
from backend.api.shown import moment
from backend.context import house, language, now
from backend.domain.actions import Action
from backend.services import alarms
from backend.words import Text, say

door = Door("alarms", "Alarms (告警): what the house cannot mend by itself.")


@door.get("/alarms")
@needs(Action.SEE_ALARMS)
@door.arguments(AlarmListArguments, location="query")
@door.response(200, AlarmPage)
def listed(asked: dict[str, Any]) -> Response:
    """Alarms of one's own part of the world and of the house itself, newest first."""
    limit = asked["limit"]
    with house().database.reading() as session:
        rows = alarms.listed(session, actor(), is_open=asked.get("open"), limit=limit, after=number_in(asked["cursor"]))
    last = [rows[limit - 1].seq] if len(rows) > limit else None
    return answer({"items": [_shown(row) for row in rows[:limit]], "next": next_path(last)})


@door.post("/alarms/<uuid:alarm_id>/seen")
@needs(Action.SEE_ALARMS)
@door.response(200, AlarmAnswer)
def seen(alarm_id: UUID) -> Response:
    """I look after it; the first who says so is kept."""
    with house().database.transaction() as session:
        alarm = alarms.see(session, actor(), alarm_id, now=now())
    return answer(_shown(alarm))


@door.post("/alarms/<uuid:alarm_id>/end")
@needs(Action.SEE_ALARMS)
@door.response(200, AlarmAnswer)
def end(alarm_id: UUID) -> Response:
    """It is over; the same thing noticed again is a new alarm."""
    with house().database.transaction() as session:
        alarm = alarms.finish(session, actor(), alarm_id, now=now())
    return answer(_shown(alarm))


def _shown(row: Any) -> dict[str, Any]:
    zone = house().settings.zone

    def at(name: str) -> str | None:
        found = getattr(row, name)
        return moment(found, zone) if found else None

    return {
        "id": str(row.id),
        "kind": row.kind,
        "about": row.about,
        "sentence": say(Text(f"alarm.{row.kind}", row.values), language()),
        "region": row.region_code or None,
        "region_name": row.region_name,
        "times": row.times,
        "seen_by": str(row.seen_by_id) if row.seen_by_id else None,
    } | {name: at(name) for name in ("sounded_at", "last_at", "seen_at", "ended_at")}
