"""Posts: who is given which, who leaves one, and what passes on the same moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from backend.db import Session, lock
from backend.domain.absences import fits as may_stand_in
from backend.domain.access import Actor, Seat, may
from backend.domain.actions import Action
from backend.domain.appointments import fits, may_give
from backend.domain.terms import CHIEFS, WALKERS, Duty, Level, Post
from backend.errors import BadInput, Conflict, Forbidden, NotFound
from backend.models.people import Appointment
from backend.models.segments import Assignment
from backend.services import charge, succession
from backend.services.succession import Leaving, Passed
from backend.store import absences, appointments, changes, logins, regions


@dataclass(frozen=True, slots=True)
class Placing:
    """A post to be given: the phone's or console's id makes it repeatable."""

    id: UUID
    post: Post
    region: str
    since: date
    unit: str | None
    segments: tuple[str, ...]
    substitute: UUID | None


def is_known(session: Session, actor: Actor, person_id: UUID, placing: Placing) -> bool:
    """Whether it was given already, as a console asks that lost the answer; Conflict for another post under the id."""
    _require(actor, placing.region)
    lock(session, f"appointment:{placing.id}", f"person:{person_id}")
    there = appointments.one(session, placing.id)
    if there is None:
        return False
    said = (person_id, placing.post.value, placing.region, placing.since, placing.unit, placing.substitute)
    kept = (there.person_id, there.post, there.region_code, there.from_day, there.unit_code, there.substitute_id)
    if said != kept or set(placing.segments) != appointments.brought_by(session, placing.id):
        raise Conflict()
    return True


def appoint(session: Session, actor: Actor, person_id: UUID, placing: Placing, *, today: date, now: datetime) -> None:
    """Give somebody a post and its segments. Their access tokens die at once."""
    _require(actor, placing.region)
    charge.may_appoint(session, actor, person_id, today=today)
    if regions.one(session, placing.region) is None:
        raise BadInput.at("/region", "import.unknown_region", code=placing.region)
    if not fits(placing.post, placing.region):
        raise BadInput.at("/post", "flaw.post_level")
    if not may_give(actor, placing.post, placing.region):
        raise Forbidden("give_post")
    found = _fitting(session, placing)

    appointments.add(
        session,
        Appointment(
            id=placing.id,
            person_id=person_id,
            post=placing.post.value,
            region_code=placing.region,
            unit_code=placing.unit,
            substitute_id=placing.substitute,
            from_day=placing.since,
        ),
    )
    _assign(session, person_id, placing, found, today=today, now=now)
    logins.change_account(session, person_id)
    body = {"post": placing.post.value, "region": placing.region, "segments": list(placing.segments)}
    changes.record(session, now, actor.person_id, "appoint", "person", str(person_id), body)


def close(
    session: Session,
    actor: Actor,
    person_id: UUID,
    appointment_id: UUID,
    until: date,
    reason: str,
    *,
    today: date,
    now: datetime,
) -> Passed:
    """End a post; each of its segments passes on the same moment. Who has each now, by segment id."""
    appointment = appointments.one(session, appointment_id)
    if appointment is None or appointment.person_id != person_id:
        raise NotFound()
    _require(actor, appointment.region_code)
    if person_id == actor.person_id:
        raise Forbidden("own_post")
    if not may_give(actor, Post(appointment.post), appointment.region_code):
        raise Forbidden("give_post")
    if until < appointment.from_day:
        raise BadInput.at("/until", "import.days")
    if appointment.until_day is not None and appointment.until_day <= until:
        raise Conflict("post_ended")

    leaving = Leaving(person_id, appointment.substitute_id, until, today, now)
    appointments.end(session, appointment_id, until)
    has_more = bool(appointments.in_office(session, [person_id], until))
    if not has_more:
        absences.end_as_substitute(session, person_id, until)
    passed = succession.leave(session, leaving, _left(session, appointment, until, has_more=has_more))
    logins.change_account(session, person_id)
    body = {"until": until.isoformat(), "reason": reason, "passed_to": {k: str(v) for k, v in passed.items()}}
    changes.record(session, now, actor.person_id, "close_post", "person", str(person_id), body)
    return passed


def _require(actor: Actor, region: str) -> None:
    if not may(actor, Action.CHANGE_PEOPLE, region):
        raise NotFound()


def _left(session: Session, appointment: Appointment, until: date, *, has_more: bool) -> list[Any]:
    """What goes with a post: its own segments, and those acted for in its region; all of these with the last post."""
    region = appointment.region_code if has_more else ""
    return [
        *appointments.held_by(session, appointment.id, until),
        *appointments.acted_for(session, appointment.person_id, region, until),
    ]


def _assign(
    session: Session, person_id: UUID, placing: Placing, found: list[Any], *, today: date, now: datetime
) -> None:
    duty = Duty.WARDEN if placing.post is Post.WARDEN else Duty.CHIEF
    if duty is Duty.CHIEF:
        succession.replace(session, [segment.id for segment in found], placing.since, today=today, now=now)
    for segment in found:
        key = {"person_id": person_id, "segment_id": segment.id, "appointment_id": placing.id}
        row_id = uuid5(placing.id, segment.code)
        appointments.add(session, Assignment(id=row_id, duty=duty.value, from_day=placing.since, **key))
        if placing.since <= today:
            changes.changed(session, now, [person_id], "segment", segment.id)


def _fitting(session: Session, placing: Placing) -> list[Any]:
    """The segments of a post, which must lie in its region and be of its level; and its substitute must fit."""
    if placing.substitute is not None:
        theirs = appointments.seats_on(session, placing.substitute, placing.since)
        if not may_stand_in(Seat(placing.post, placing.region, placing.unit), theirs):
            raise BadInput.at("/substitute", "flaw.substitute")
    found = appointments.segments_by_code(session, placing.segments)
    for number, code in enumerate(placing.segments):
        segment = found.get(code)
        if segment is None or not segment.region_code.startswith(placing.region):
            raise BadInput.at(f"/segments/{number}", "import.unknown_segment", code=code)
        if placing.post not in WALKERS:
            raise BadInput.at(f"/segments/{number}", "import.no_walker")
        if segment.level != CHIEFS.get(placing.post, Level.VILLAGE):
            raise BadInput.at(f"/segments/{number}", "import.segment_level", code=code)
    return [found[code] for code in dict.fromkeys(placing.segments)]
