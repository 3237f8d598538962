"""Crowds of drills: as many people as are wanted stand on the roll of a part of the city, the missing ones invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from backend.db import Session
from backend.domain.crowds import Invented, invented, parts
from backend.domain.flood_warnings import CALLED
from backend.domain.rolls import Called, roll
from backend.domain.terms import Duty, Post
from backend.formats import phones
from backend.keyring import KeyRing
from backend.store import crowds as store
from backend.store import rolls


@dataclass(frozen=True, slots=True)
class Crowd:
    """The part of the city that is warned, and how many of its people were invented."""

    regions: tuple[str, ...]
    people: int
    invented: int


def gathered(session: Session, keyring: KeyRing, city: str, people: int, *, now: datetime, today: date) -> Crowd:
    """The whole city with as many invented wardens as are missing, or as many of its towns as fit."""
    regions, there = [city], _roll(session, [city], today)
    if len(there) > people:
        regions = parts(there, people)
        while len(there := _roll(session, regions, today)) > people and len(regions) > 1:
            regions.pop()
    missing = max(0, people - len(there))
    _invent(session, keyring, invented(store.reaches(session, regions), missing), now=now, today=today)
    return Crowd(tuple(regions), len(there) + missing, missing)


def _roll(session: Session, regions: Sequence[str], day: date) -> list[Called]:
    posts = sorted(CALLED)
    return roll(rolls.answerable(session, regions, [], day), rolls.seated(session, regions, posts, day), CALLED)


def _invent(session: Session, keyring: KeyRing, them: Sequence[Invented], *, now: datetime, today: date) -> None:
    people: list[dict[str, Any]] = []
    appointments: list[dict[str, Any]] = []
    assignments: list[dict[str, Any]] = []
    for each in them:
        person, post = uuid4(), uuid4()
        held = {"person_id": person, "from_day": today}
        people.append(_person(each, keyring, now) | {"id": person})
        appointments.append(held | {"id": post, "post": Post.WARDEN.value, "region_code": each.region_code})
        duty = {"segment_id": each.segment_id, "appointment_id": post, "duty": Duty.WARDEN.value}
        assignments.append(held | {"id": uuid4()} | duty)
    store.add(session, people, appointments, assignments)


def _person(each: Invented, keyring: KeyRing, now: datetime) -> dict[str, Any]:
    phone = phones.normal(each.phone)
    head, tail = phones.ends(phone)
    return {
        "name": each.name,
        "phone_sealed": keyring.seal(phone),
        "phone_index": keyring.index(phone),
        "phone_head": head,
        "phone_tail": tail,
        "token_version": 1,
        "is_active": True,
        "is_demo": True,
        "created_at": now,
    }
