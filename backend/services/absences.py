"""Absences: somebody is away and another looks after their segments, until they are back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from backend.db import Session, lock
from backend.domain.absences import circle, nearness, passing
from backend.domain.access import Seat
from backend.domain.terms import Post
from backend.errors import BadInput, NotFound
from backend.models.people import Absence
from backend.services import replays
from backend.store import absences, appointments, changes, people


@dataclass(frozen=True, slots=True)
class Leave:
    """An absence as it was said, with the digest of what was said."""

    id: UUID
    substitute: UUID
    begin: date
    until: date | None
    body_sha256: bytes


def of_person(session: Session, person_id: UUID, *, today: date) -> list[Absence]:
    """The absences of a person that are not over."""
    return absences.of_person(session, person_id, today)


@dataclass(frozen=True, slots=True)
class Substitute:
    """Somebody whom one may name, with what they are."""

    person_id: UUID
    name: str
    seats: tuple[Seat, ...]


def substitutes(session: Session, person_id: UUID, day: date) -> list[Substitute]:
    """Everybody who may look after somebody's segments from a day on: the nearest first, then by name."""
    absent = appointments.seats_on(session, person_id, day)
    if (where := circle(absent)) is None:
        return []
    names = appointments.in_circle(session, where, day)
    names.pop(person_id, None)
    seats: dict[UUID, list[Seat]] = {each: [] for each in names}
    for row in appointments.of_people(session, names, day):
        seats[row.person_id].append(Seat(Post(row.post), row.region_code, row.unit_code))
    found = [Substitute(each, names[each], tuple(its)) for each, its in seats.items() if passing(absent, its)]
    return sorted(found, key=lambda each: (nearness(absent, each.seats), each.name, each.person_id))


def begin(session: Session, person_id: UUID, leave: Leave, *, today: date, now: datetime) -> tuple[Absence, bool]:
    """Somebody is away and another looks after their segments: the absence, and whether it is new."""
    lock(session, f"absence:{leave.id}")
    there = absences.one(session, leave.id)
    if there is not None:
        return replays.same(there, person_id, leave.body_sha256, owner="person_id"), False
    _check(session, person_id, leave, today)

    absence = Absence(
        id=leave.id,
        person_id=person_id,
        substitute_id=leave.substitute,
        from_day=leave.begin,
        until_day=leave.until,
        body_sha256=leave.body_sha256,
    )
    absences.add(session, absence)
    if leave.begin <= today and (leave.until is None or leave.until > today):
        _tell(session, person_id, leave.substitute, today, "put", now)
    body = {
        "substitute": str(leave.substitute),
        "from": leave.begin.isoformat(),
        "until": leave.until.isoformat() if leave.until else None,
    }
    changes.record(session, now, person_id, "absence", "person", str(person_id), body)
    return absence, True


def end(
    session: Session, person_id: UUID, absence_id: UUID, until: date | None, *, today: date, now: datetime
) -> Absence:
    """Somebody is back, today or on the day they name; one that has not begun never does. Again is harmless.

    Days that are over stay as they were: walks of those days were judged by them.
    """
    lock(session, f"absence:{absence_id}")
    absence = absences.one(session, absence_id)
    if absence is None or absence.person_id != person_id:
        raise NotFound()
    earliest = max(absence.from_day, today)
    last = until or earliest
    if absence.until_day is not None and absence.until_day <= max(last, today):
        return absence
    if last < earliest:
        raise BadInput.at("/until", "flaw.past_day")

    absences.end(session, absence_id, last)
    session.refresh(absence)
    if last <= today:
        _tell(session, person_id, absence.substitute_id, today, "gone", now)
    changes.record(session, now, person_id, "end_absence", "person", str(person_id), {"until": last.isoformat()})
    return absence


def _check(session: Session, person_id: UUID, leave: Leave, today: date) -> None:
    """The substitute must fit every post of the absent one on the first day, and the days must be in order."""
    if leave.substitute == person_id or people.find(session, leave.substitute) is None:
        raise BadInput.at("/substitute", "import.own_substitute")
    if leave.until is not None and leave.until < leave.begin:
        raise BadInput.at("/until", "import.days")
    day = max(leave.begin, today)
    absent = appointments.seats_on(session, person_id, day)
    if not passing(absent, appointments.seats_on(session, leave.substitute, day)):
        raise BadInput.at("/substitute", "flaw.substitute")


def _tell(session: Session, person_id: UUID, substitute: UUID, today: date, op: changes.Op, now: datetime) -> None:
    """The stand-in's phone hears of every segment that is not theirs anyway."""
    own = set(people.segments_of(session, (substitute,), today))
    for segment_id in people.segments_of(session, (person_id,), today):
        if segment_id not in own:
            changes.changed(session, now, [substitute], "segment", segment_id, op)
