"""People and their posts: who is there, who comes, who goes, and what passes on the same moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from backend.db import Session, lock
from backend.domain.access import Action, Actor, may, scope_of
from backend.domain.succession import heir
from backend.domain.terms import CHIEFS, WALKERS, Duty, Level, Post
from backend.errors import BadInput, Conflict, NotFound
from backend.formats import phones
from backend.keyring import KeyRing
from backend.models.people import Absence, Appointment, Person
from backend.models.segments import Assignment
from backend.store import changes, logins, posts

Posts = list[Any]


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


def listed(
    session: Session, actor: Actor, *, today: date, after: tuple[str, str], limit: int, **asked: Any
) -> list[Person]:
    """People with a post in one's part of the world."""
    return posts.listed(session, scope_of(actor, Action.SEE_PEOPLE), today, after=after, limit=limit, **asked)


def one(session: Session, actor: Actor, person_id: UUID, action: Action) -> tuple[Person, Posts]:
    """A person with every post, when one of them lies where the actor may do that; else NotFound."""
    person = posts.person(session, person_id)
    held = posts.appointments(session, [person_id])
    if person is None or not any(may(actor, action, row.region_code) for row in held):
        raise NotFound()
    return person, held


def reveal_phone(
    session: Session, keyring: KeyRing, actor: Actor, person_id: UUID, reason: str, *, now: datetime
) -> str | None:
    """The clear number, for a reason that is kept on record."""
    person, _ = one(session, actor, person_id, Action.REVEAL_PHONE)
    changes.record(session, now, actor.person_id, "reveal_phone", "person", str(person_id), {"reason": reason})
    return keyring.open(person.phone_sealed) if person.phone_sealed else None


def create(
    session: Session, keyring: KeyRing, actor: Actor, person_id: UUID, name: str, phone: str, *, now: datetime
) -> bool:
    """A new person without a post yet; again is harmless, another person under the id or number is a Conflict."""
    number = phones.normal(phone)
    index = keyring.index(number)
    lock(session, f"phone:{index.hex()}", f"person:{person_id}")
    there = posts.person(session, person_id)
    if there is not None:
        if there.name == name and there.phone_index == index:
            return False
        raise Conflict()
    if logins.account(session, index) is not None:
        raise Conflict("phone_taken")
    head, tail = phones.ends(number)
    posts.add(
        session,
        Person(
            id=person_id,
            name=name,
            phone_sealed=keyring.seal(number),
            phone_index=index,
            phone_head=head,
            phone_tail=tail,
            created_at=now,
        ),
    )
    changes.record(session, now, actor.person_id, "create_person", "person", str(person_id), {})
    return True


def appoint(session: Session, actor: Actor, person_id: UUID, placing: Placing, *, now: datetime) -> bool:
    """Give somebody a post and its segments; whether it is new. Their access tokens die at once."""
    if not may(actor, Action.CHANGE_PEOPLE, placing.region):
        raise NotFound()
    if posts.person(session, person_id) is None:
        raise NotFound()
    lock(session, f"appointment:{placing.id}")
    there = posts.appointment(session, placing.id)
    if there is not None:
        if (there.person_id, there.post, there.region_code) == (person_id, placing.post.value, placing.region):
            return False
        raise Conflict()
    found = _fitting(session, placing)

    posts.add(
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
    duty = Duty.WARDEN if placing.post is Post.WARDEN else Duty.CHIEF
    for segment in found:
        key = {"person_id": person_id, "segment_id": segment.id, "appointment_id": placing.id}
        row = Assignment(id=_new_id(placing.id, segment.code), duty=duty.value, from_day=placing.since, **key)
        posts.add(session, row)
        changes.changed(session, now, [person_id], "segment", segment.id)
    logins.change_account(session, person_id)
    body = {"post": placing.post.value, "region": placing.region, "segments": list(placing.segments)}
    changes.record(session, now, actor.person_id, "appoint", "person", str(person_id), body)
    return True


def close(
    session: Session, actor: Actor, person_id: UUID, appointment_id: UUID, until: date, reason: str, *, now: datetime
) -> dict[str, UUID | None]:
    """End a post; each of its segments passes on the same moment. Who has each now, by segment id."""
    appointment = posts.appointment(session, appointment_id)
    if appointment is None or appointment.person_id != person_id:
        raise NotFound()
    if not may(actor, Action.CHANGE_PEOPLE, appointment.region_code):
        raise NotFound()
    if until < appointment.from_day:
        raise BadInput.at("/until", "import.days")
    if appointment.until_day is not None and appointment.until_day <= until:
        raise Conflict("post_ended")

    held = posts.held_by(session, appointment_id, until)
    posts.end(session, appointment_id, until)
    passed: dict[str, UUID | None] = {}
    for row in held:
        next_one = heir(person_id, appointment.substitute_id, _superiors(session, row.parent_id, until))
        passed[str(row.segment_id)] = next_one
        changes.changed(session, now, [person_id], "segment", row.segment_id, "gone")
        if next_one is not None:
            posts.hand_over(session, next_one, row.segment_id, row.duty, until)
            changes.changed(session, now, [next_one], "segment", row.segment_id)
    logins.change_account(session, person_id)
    body = {"until": until.isoformat(), "reason": reason, "passed_to": {k: str(v) for k, v in passed.items()}}
    changes.record(session, now, actor.person_id, "close_post", "person", str(person_id), body)
    return passed


def be_absent(
    session: Session,
    person_id: UUID,
    absence_id: UUID,
    substitute: UUID,
    begin: date,
    until: date | None,
    *,
    now: datetime,
) -> bool:
    """Somebody is away and another looks after their segments; whether it is new."""
    if substitute == person_id or posts.person(session, substitute) is None:
        raise BadInput.at("/substitute", "import.own_substitute")
    if until is not None and until < begin:
        raise BadInput.at("/until", "import.days")
    lock(session, f"absence:{absence_id}")
    there = posts.absence(session, absence_id)
    if there is not None:
        if there.person_id != person_id:
            raise Conflict("foreign")
        if (there.substitute_id, there.from_day, there.until_day) != (substitute, begin, until):
            raise Conflict()
        return False
    row = Absence(id=absence_id, person_id=person_id, substitute_id=substitute, from_day=begin, until_day=until)
    posts.add(session, row)
    logins.change_account(session, substitute)
    body = {"substitute": str(substitute), "from": begin.isoformat(), "until": until.isoformat() if until else None}
    changes.record(session, now, person_id, "absence", "person", str(person_id), body)
    return True


def _fitting(session: Session, placing: Placing) -> list[Any]:
    """The segments of a post, which must lie in its region and be of its level."""
    found = posts.segments_by_code(session, placing.segments)
    for number, code in enumerate(placing.segments):
        segment = found.get(code)
        if segment is None or not segment.region_code.startswith(placing.region):
            raise BadInput.at(f"/segments/{number}", "import.unknown_segment", code=code)
        if placing.post not in WALKERS:
            raise BadInput.at(f"/segments/{number}", "import.no_walker")
        if segment.level != CHIEFS.get(placing.post, Level.VILLAGE):
            raise BadInput.at(f"/segments/{number}", "import.segment_level", code=code)
    return [found[code] for code in placing.segments]


def _superiors(session: Session, parent_id: UUID | None, day: date) -> list[UUID]:
    """The chiefs of the reaches above, the nearest first."""
    found: list[UUID] = []
    while parent_id is not None:
        found += posts.chiefs_of(session, parent_id, day)
        parent_id = posts.parent_of(session, parent_id)
    return found


def _new_id(appointment_id: UUID, code: str) -> UUID:
    return uuid5(appointment_id, code)
