"""The first administrator: somebody must be there before anybody can be let in."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from backend.db import Session
from backend.domain.regions import BadRegionCode, cut
from backend.domain.terms import Post
from backend.errors import Conflict, NotFound
from backend.formats import phones
from backend.keyring import KeyRing
from backend.models.people import Appointment, Person
from backend.store import appointments, changes, logins, people, regions


def administrator(
    session: Session,
    keyring: KeyRing,
    person_id: UUID,
    name: str,
    number: str,
    password_hash: str,
    region: str,
    today: date,
    *,
    now: datetime,
) -> None:
    """A person with the post of administrator over a region; NotFound without that region, Conflict on the number."""
    try:
        found = regions.one(session, cut(region))
    except BadRegionCode:
        found = None
    if found is None:
        raise NotFound()
    if logins.account(session, keyring.index(number)) is not None:
        raise Conflict("phone_taken")

    head, tail = phones.ends(number)
    people.add(
        session,
        Person(
            id=person_id,
            name=name,
            phone_sealed=keyring.seal(number),
            phone_index=keyring.index(number),
            phone_head=head,
            phone_tail=tail,
            password_hash=password_hash,
            created_at=now,
        ),
    )
    post = {"post": Post.ADMINISTRATOR.value, "region_code": found.code, "from_day": today}
    appointments.add(session, Appointment(id=uuid4(), person_id=person_id, **post))
    changes.record(session, now, None, "create_administrator", "person", str(person_id), {"region": found.code})
