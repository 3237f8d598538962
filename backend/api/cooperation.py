"""The door for joint work: patrols of several houses, meetings with tasks, and counts of the cooperation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api import shown_cooperation as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.paging import PageArguments, number_in, numbered
from backend.api.schemas.cooperation import (
    CooperationAnswer,
    CooperationArguments,
    JointPage,
    JointPatrolAnswer,
    JointPatrolSchema,
    MeetingAnswer,
    MeetingSchema,
    joint_patrol_of,
    meeting_of,
)
from backend.clock import end_of, start_of
from backend.context import house, now, today
from backend.db import Session
from backend.domain.actions import Action
from backend.errors import BadInput, Conflict, NotFound
from backend.models.cooperation import JointMeeting, JointPatrol
from backend.services import cooperation
from backend.store import cooperation as store

door = Door(
    "cooperation", "Joint work (河湖长+警长+检察长): patrols, meetings with tasks, and counts of the cooperation."
)


@door.put("/joint-patrols/<uuid:joint_id>")
@needs(Action.COOPERATE)
@door.arguments(JointPatrolSchema)
@door.response(201, JointPatrolAnswer, description="Written down.")
@door.alt_response(200, schema=JointPatrolAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def make_patrol(loaded: dict[str, Any], joint_id: UUID) -> Response:
    """Write down who walks a reach together on a day; the walk of each is recognised by itself."""
    draft, zone = joint_patrol_of(joint_id, loaded), house().settings.zone
    with house().database.transaction() as session:
        is_new = cooperation.make_patrol(session, actor(), draft, now=now(), zone=zone)
        (body,) = _patrols(session, [cooperation.one(session, actor(), JointPatrol, joint_id)])
    return answer(body, 201 if is_new else 200)


@door.get("/joint-patrols")
@needs(Action.SEE_COOPERATION)
@door.arguments(PageArguments, location="query")
@door.response(200, JointPage)
def patrols(asked: dict[str, Any]) -> Response:
    """Joint patrols of one's own part of the world and those in which one takes part, the newest first."""
    limit, after = asked["limit"], number_in(asked["cursor"])
    with house().database.reading() as session:
        rows = cooperation.listed(session, actor(), JointPatrol, limit=limit, after=after)
        items = _patrols(session, rows[:limit])
    return answer(numbered(items, rows, limit))


@door.put("/joint-meetings/<uuid:meeting_id>")
@needs(Action.COOPERATE)
@door.arguments(MeetingSchema)
@door.response(201, MeetingAnswer, description="Written down.")
@door.alt_response(200, schema=MeetingAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def make_meeting(loaded: dict[str, Any], meeting_id: UUID) -> Response:
    """Write down what was talked about at a joint meeting, and who does what by when."""
    draft, zone = meeting_of(meeting_id, loaded), house().settings.zone
    with house().database.transaction() as session:
        is_new = cooperation.make_meeting(session, actor(), draft, now=now(), zone=zone)
        (body,) = _meetings(session, [cooperation.one(session, actor(), JointMeeting, meeting_id)])
    return answer(body, 201 if is_new else 200)


@door.get("/joint-meetings")
@needs(Action.SEE_COOPERATION)
@door.arguments(PageArguments, location="query")
@door.response(200, JointPage)
def meetings(asked: dict[str, Any]) -> Response:
    """Joint meetings of one's own part of the world and those at which one was, the newest first."""
    limit, after = asked["limit"], number_in(asked["cursor"])
    with house().database.reading() as session:
        rows = cooperation.listed(session, actor(), JointMeeting, limit=limit, after=after)
        items = _meetings(session, rows[:limit])
    return answer(numbered(items, rows, limit))


@door.post("/joint-meetings/<uuid:meeting_id>/tasks/<int:number>/done")
@needs(Action.COOPERATE)
@door.response(200, MeetingAnswer)
def finish_task(meeting_id: UUID, number: int) -> Response:
    """Say that a task of a meeting is done; said again, nothing changes."""
    with house().database.transaction() as session:
        cooperation.finish_task(session, actor(), meeting_id, number, now=now())
        (body,) = _meetings(session, [cooperation.one(session, actor(), JointMeeting, meeting_id)])
    return answer(body)


@door.get("/cooperation")
@needs(Action.SEE_COOPERATION)
@door.arguments(CooperationArguments, location="query")
@door.response(200, CooperationAnswer)
@fails(NotFound)
def counts(asked: dict[str, Any]) -> Response:
    """What was done together in a place and a span of days, by the places below it."""
    end = asked["end"] or today()
    begin = asked["begin"] or end.replace(month=1, day=1)
    if begin > end:
        raise BadInput.at("/from", "flaw.cooperation_span")
    zone = house().settings.zone
    with house().database.reading() as session:
        span = start_of(begin, zone), end_of(end, zone)
        place, found, names = cooperation.counts(session, actor(), asked["region"], *span)
    rows, total = shown.counts(found, names)
    where = {"region": place, "region_name": names.get(place, place)}
    return answer(where | {"from": begin.isoformat(), "to": end.isoformat(), "rows": rows, "total": total})


def _patrols(session: Session, rows: list[Any]) -> list[dict[str, Any]]:
    ids = [row.id for row in rows]
    people, walks = cooperation.named(session, JointPatrol, ids), store.walks(session, ids)
    return [shown.patrol(row, people.get(row.id, ()), walks) for row in rows]


def _meetings(session: Session, rows: list[Any]) -> list[dict[str, Any]]:
    ids = [row.id for row in rows]
    people, tasks = cooperation.named(session, JointMeeting, ids), store.tasks(session, ids)
    own = {row.id: [task for task in tasks if task.meeting_id == row.id] for row in rows}
    return [shown.meeting(row, people.get(row.id, ()), own[row.id], house().settings.zone) for row in rows]
