"""Addressees of an order: whom its posts, regions, rivers and people come to today, with whoever stands in for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, Seat
from backend.domain.duties import post_of
from backend.domain.orders import Addressee, OrderDraft, To, is_below
from backend.domain.regions import level_of
from backend.domain.terms import CHIEFS, Duty, Post
from backend.errors import BadInput, Flaw, NotFound
from backend.store import addressees, escalation, regions, rolls
from backend.store import rivers as river_store
from backend.words import Text

_CHIEF_AT = {level: post for post, level in CHIEFS.items()}


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom an order reaches, and the places that it names where nobody sits."""

    people: tuple[Addressee, ...]
    vacant: tuple[str, ...] = ()

    @property
    def stood_in_for(self) -> int:
        """How many of them are away, so that somebody else gets it."""
        return sum(each.person_id != each.holder_id for each in self.people)


def check_places(session: Session, seat: Seat | None, draft: OrderDraft) -> Seat:
    """The seat in which it is given; NotFound, by its place, for a region outside it, BadInput for an unknown river."""
    known = regions.names(session, draft.to.regions)
    flaws = [
        Flaw(f"/to/regions/{index}", Text("flaw.region_here"))
        for index, code in enumerate(draft.to.regions)
        if seat is None or code not in known or not code.startswith(seat.region)
    ]
    if flaws or seat is None:
        raise NotFound.of(flaws)
    rivers = river_store.names(session, draft.to.rivers)
    unknown = [
        Flaw(f"/to/rivers/{index}", Text("import.unknown_river", {"code": code}))
        for index, code in enumerate(draft.to.rivers)
        if code not in rivers
    ]
    if unknown:
        raise BadInput(*unknown)
    return seat


def reached(
    session: Session, actor: Actor, seat: Seat, draft: OrderDraft, segment_id: UUID | None, today: date
) -> Reached:
    """Everybody whom it reaches, each once and by name; BadInput where it comes to nobody, or to oneself alone."""
    named = _people(session, actor, seat, draft.to, today)
    found, vacant = _places(session, seat, draft.to, segment_id, today)
    holders = {each.holder_id: each for each in (*named, *found)}
    mine = holders.pop(actor.person_id, None)
    if not holders:
        raise BadInput.at("/to", "flaw.order_oneself" if mine else "flaw.order_reaches_nobody")

    reaches = addressees.reaches_of(session, holders, today)
    away = escalation.substitutes(session, holders, today)
    everybody = [
        replace(
            each,
            segment_id=reaches[holder].segment_id if holder in reaches else None,
            person_id=away.get(holder) or holder,
        )
        for holder, each in holders.items()
    ]
    if all(each.person_id == actor.person_id for each in everybody):
        raise BadInput.at("/to", "flaw.order_oneself")
    if segment_id is not None:
        _check_segment(session, segment_id, everybody, today)
    everybody.sort(key=lambda each: (each.region, each.holder_id.bytes))
    return Reached(tuple(everybody), tuple(vacant))


def _people(session: Session, actor: Actor, seat: Seat, to: To, today: date) -> list[Addressee]:
    """Those who are named, each in their lowest seat; every flaw by its place."""
    if not to.people:
        return []
    seats: dict[UUID, list[Any]] = {}
    for row in addressees.seats_of(session, to.people, today):
        seats.setdefault(row.person_id, []).append(row)
    once_here = addressees.ever_inside(session, to.people, seat.region)
    found, flaws, missing = [], [], []
    for index, person in enumerate(to.people):
        pointer = f"/to/people/{index}"
        here = [row for row in seats.get(person, ()) if row.region_code.startswith(seat.region)]
        below = [row for row in here if is_below(Post(row.post), seat)]
        if person == actor.person_id:
            flaws.append(Flaw(pointer, Text("flaw.order_oneself")))
        elif person not in once_here:
            missing.append(Flaw(pointer, Text("flaw.order_person")))
        elif not here:
            flaws.append(Flaw(pointer, Text("flaw.order_person_left")))
        elif not below:
            flaws.append(Flaw(pointer, Text("flaw.order_upwards")))
        else:
            found.append(Addressee(person, Post(below[0].post), below[0].region_code))
    _refuse(flaws, missing)
    return found


def _refuse(flaws: Sequence[Flaw], missing: Sequence[Flaw]) -> None:
    if missing:  # somebody elsewhere does not exist
        raise NotFound.of([*missing, *flaws])
    if flaws:
        raise BadInput(*flaws)


def _places(
    session: Session, seat: Seat, to: To, segment_id: UUID | None, today: date
) -> tuple[list[Addressee], list[str]]:
    """Those who are reached by post, region, river or the reach that is to be walked; and the empty places."""
    where = to.regions or (seat.region,)
    if to.rivers:
        rows = addressees.answering(session, to.rivers, where, today)
        return _of_reaches(rows, seat, to.posts), []
    if to.posts:
        seated = rolls.seated(session, where, to.posts, today)
        return _of_seats(seated, seat), _vacant(session, where, to.posts, seated)
    if to.regions:
        return _chiefs(session, seat, to.regions, today)
    if segment_id is not None and not to.people:
        return _of_reaches(addressees.answering_for(session, segment_id, today), seat, ()), []
    return [], []


def _chiefs(session: Session, seat: Seat, codes: Sequence[str], today: date) -> tuple[list[Addressee], list[str]]:
    """A region without a post means its chief (一县一单)."""
    flaws = [
        Flaw(f"/to/regions/{index}", Text("flaw.order_own_region"))
        for index, code in enumerate(codes)
        if not is_below(_CHIEF_AT[level_of(code)], seat)
    ]
    _refuse(flaws, ())
    held = escalation.holders(session, list(CHIEFS), codes, today)
    found, vacant = [], []
    for code in codes:
        post = _CHIEF_AT[level_of(code)]
        people = held.get((post, code), [])
        found += [Addressee(person, post, code) for person in people]
        vacant += [] if people else [code]
    return found, vacant


def _vacant(session: Session, where: Sequence[str], posts: Iterable[Post], seated: Iterable[Any]) -> list[str]:
    """Of the chiefs that are meant, the regions that have none."""
    taken = {(row.post, row.region_code) for row in seated}
    return [
        code
        for post in posts
        if post in CHIEFS
        for code in addressees.regions_at(session, CHIEFS[post], where)
        if (post.value, code) not in taken
    ]


def _of_seats(rows: Iterable[Any], seat: Seat) -> list[Addressee]:
    found: dict[UUID, Addressee] = {}
    for row in rows:
        if is_below(Post(row.post), seat):
            found.setdefault(row.person_id, Addressee(row.person_id, Post(row.post), row.region_code))
    return list(found.values())


def _of_reaches(rows: Iterable[Any], seat: Seat, posts: Sequence[Post]) -> list[Addressee]:
    """Chiefs of reaches, or those of these posts; wardens only where they are meant."""
    found: dict[UUID, Addressee] = {}
    for row in rows:
        post = post_of(row.level, row.duty == Duty.WARDEN.value)
        is_meant = post in posts if posts else post in CHIEFS
        if is_meant and is_below(post, seat):
            found.setdefault(row.person_id, Addressee(row.person_id, post, row.region_code))
    return list(found.values())


def _check_segment(session: Session, segment_id: UUID, everybody: Iterable[Addressee], today: date) -> None:
    """BadInput where somebody is to walk a reach on which no walk of theirs could count."""
    chain = {person for _, person in escalation.chiefs(session, [segment_id], today).get(segment_id, [])}
    chain |= {row.person_id for row in addressees.answering_for(session, segment_id, today)}
    if any(each.holder_id not in chain for each in everybody):
        raise BadInput.at("/segment", "flaw.order_segment")
