"""People: who is there, who is new, and who may see a clear number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.db import Session, lock
from backend.domain.access import Actor, scope_of
from backend.domain.actions import Action
from backend.errors import Conflict
from backend.formats import phones
from backend.keyring import KeyRing
from backend.models.people import Person
from backend.services import charge
from backend.services.charge import Posts
from backend.store import appointments, changes, logins, people, regions


def listed(
    session: Session, actor: Actor, *, today: date, after: tuple[str, str], limit: int, **asked: Any
) -> list[Person]:
    """People with a post in one's part of the world."""
    return people.listed(session, scope_of(actor, Action.SEE_PEOPLE), today, after=after, limit=limit, **asked)


def posts_on(session: Session, rows: Iterable[Person], day: date) -> dict[UUID, list[dict[str, Any]]]:
    """The posts of each of these people on a day, with the names of their regions; the widest region first."""
    found: dict[UUID, list[dict[str, Any]]] = {row.id: [] for row in rows}
    held = appointments.of_people(session, found, day)
    names = regions.names(session, {row.region_code for row in held})
    for row in held:
        post = {"post": row.post, "region": row.region_code, "region_name": names.get(row.region_code)}
        found[row.person_id].append(post)
    return found


def hold(session: Session, person_id: UUID) -> None:
    """Only one at a time decides about a person and their posts, until the transaction ends."""
    lock(session, f"person:{person_id}")


def one(session: Session, actor: Actor, person_id: UUID, *, today: date) -> tuple[Person, Posts]:
    """A person with every post; NotFound outside one's part of the world."""
    return charge.seen(session, actor, person_id, today=today)


def as_kept(session: Session, person_id: UUID) -> tuple[Person, Posts]:
    """The person just changed, whoever may see them."""
    return people.named(session, person_id), appointments.of_person(session, person_id)


def reveal_phone(
    session: Session, keyring: KeyRing, actor: Actor, person_id: UUID, reason: str, *, today: date, now: datetime
) -> str | None:
    """The clear number, for a reason that is kept on record."""
    person = charge.revealed(session, actor, person_id, today=today)
    changes.record(session, now, actor.person_id, "reveal_phone", "person", str(person_id), {"reason": reason})
    return keyring.open(person.phone_sealed) if person.phone_sealed else None


def create(
    session: Session, keyring: KeyRing, actor: Actor, person_id: UUID, name: str, phone: str, *, now: datetime
) -> bool:
    """A new person without a post yet; again is harmless, another person under the id or number is a Conflict."""
    number = phones.normal(phone)
    index = keyring.index(number)
    lock(session, f"phone:{index.hex()}", f"person:{person_id}")
    there = people.find(session, person_id)
    if there is not None:
        if there.name == name and there.phone_index == index:
            return False
        raise Conflict()
    if logins.account(session, index) is not None:
        raise Conflict("phone_taken")
    head, tail = phones.ends(number)
    people.add(
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
