"""Codes for everybody who has never signed in, each with what a clerk must know to hand it out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from backend.db import Session
from backend.domain.logins import CODE_LIFE, Purpose
from backend.domain.regions import LENGTHS
from backend.domain.terms import Post
from backend.errors import NotFound
from backend.formats import phones
from backend.keyring import KeyRing
from backend.services.logins import issue_code
from backend.store import appointments, logins, regions


@dataclass(frozen=True, slots=True)
class Seat:
    """A post and its region, by its whole name."""

    post: Post
    region: str
    place: str


@dataclass(frozen=True, slots=True)
class Slip:
    """A code for somebody, by which they are found: posts and segments in the region that was asked for."""

    name: str
    phone: str
    """Masked, as a list goes from hand to hand."""
    seats: tuple[Seat, ...]
    segments: tuple[str, ...]
    code: str
    until: datetime


def slips(session: Session, keyring: KeyRing, region: str, today: date, *, now: datetime) -> list[Slip]:
    """A new code for everybody without a password whose post in a region is not over, by region and post."""
    if regions.one(session, region) is None:
        raise NotFound()
    people = logins.without_password(session, region, today)
    seats, segments = _seats(session, region, today), _segments(session, region, today)

    made = [
        Slip(
            person.name,
            phones.masked(person.phone_head, person.phone_tail) or "",
            tuple(seats[person.id]),
            tuple(segments[person.id]),
            issue_code(session, keyring, person.id, Purpose.ACTIVATE, None, now=now),
            now + CODE_LIFE,
        )
        for person in people
    ]
    ranks = list(Post)
    return sorted(made, key=lambda slip: (slip.seats[0].region, ranks.index(slip.seats[0].post), slip.name))


def _seats(session: Session, region: str, today: date) -> dict[UUID, list[Seat]]:
    rows = appointments.within(session, region, today)
    names = regions.names(session, {code for row in rows for code in _way_to(row.region_code)})
    found: dict[UUID, list[Seat]] = defaultdict(list)
    for row in rows:
        place = "".join(names.get(code, "") for code in _way_to(row.region_code))
        found[row.person_id].append(Seat(Post(row.post), row.region_code, place))
    return found


def _way_to(region: str) -> list[str]:
    """A region and those around it, the widest first."""
    return [region[:length] for length in sorted(LENGTHS.values()) if length <= len(region)]


def _segments(session: Session, region: str, today: date) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for row in appointments.segments_within(session, region, today):
        if row.code not in found[row.person_id]:
            found[row.person_id].append(row.code)
    return found
