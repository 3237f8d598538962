"""Who has charge of whom: a person as the actor may see them, and whether their account may be opened anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, Seat, may, may_try
from backend.domain.actions import Action
from backend.domain.appointments import has_charge, may_add_to, may_reveal
from backend.domain.regions import around
from backend.domain.terms import Post
from backend.errors import Forbidden, NotFound
from backend.models.people import Person
from backend.store import appointments, people

Posts = Sequence[Any]


def seen(session: Session, actor: Actor, person_id: UUID, *, today: date) -> tuple[Person, Posts]:
    """A person with every post, when one that is not over lies where the actor sees people; else NotFound.

    Somebody without a post lies in no region: the offices see them, so that they can be appointed, and so does
    whoever saw them in their last one.
    """
    person, held = people.find(session, person_id), appointments.of_person(session, person_id)
    if person is None:
        raise NotFound()
    seats = open_seats(held, today)
    regions = [seat.region for seat in seats] or [row.region_code for row in held]
    is_free = not seats and may_try(actor, Action.CHANGE_PEOPLE)
    if not is_free and not any(may(actor, Action.SEE_PEOPLE, region) for region in regions):
        raise NotFound()
    return person, held


def taken(session: Session, actor: Actor, person_id: UUID, *, today: date) -> Person:
    """A person whose account the actor may open anew: Forbidden unless they could give every one of its posts."""
    person, held = seen(session, actor, person_id, today=today)
    seats = open_seats(held, today)
    if not seats:
        raise NotFound()
    if not has_charge(actor, seats):
        raise Forbidden("charge")
    return person


def revealed(session: Session, actor: Actor, person_id: UUID, *, today: date) -> Person:
    """A person whose clear number the actor may see."""
    person, held = seen(session, actor, person_id, today=today)
    seats = open_seats(held, today)
    if not seats:
        raise NotFound()
    if not may_reveal(actor, seats):
        raise Forbidden("charge")
    return person


def may_appoint(session: Session, actor: Actor, person_id: UUID, *, today: date) -> None:
    """Forbidden for oneself, and for administrators unless one could make one there; NotFound for who is not seen."""
    _, held = seen(session, actor, person_id, today=today)
    if person_id == actor.person_id:
        raise Forbidden("own_post")
    if not may_add_to(actor, open_seats(held, today)):
        raise Forbidden("charge")


def everywhere(session: Session, actor: Actor, action: Action, *, today: date) -> None:
    """Forbidden unless the actor may do it over every reach there is: what holds for all is no part's to change."""
    span = appointments.span(session, today)
    if span is None or not may(actor, action, around(*span)):
        raise Forbidden("everywhere")


def open_seats(held: Iterable[Any], today: date) -> list[Seat]:
    """The posts that are not over, those that have yet to begin too: a past one gives nobody power for ever."""
    return [
        Seat(Post(row.post), row.region_code, row.unit_code)
        for row in held
        if row.until_day is None or row.until_day > today
    ]
