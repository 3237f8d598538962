"""Rungs of a call-out: who is told of a silent person, found for many of them in a few questions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.callout_plans import Rung
from backend.domain.regions import LENGTHS
from backend.domain.terms import CHIEFS, Level, Post
from backend.services import roster
from backend.store import callouts, escalation

_POSTS = (Post.TOWN_CHIEF, Post.OFFICE_CLERK)
_UPWARDS = tuple(Rung)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Everybody around some silent people, on the day of asking."""

    chiefs: Mapping[UUID, Sequence[tuple[int, UUID]]]
    held: Mapping[tuple[str, str], Sequence[UUID]]
    on_duty: Mapping[str, Sequence[UUID]]
    """Who is on duty now, by county and city."""
    named: Mapping[UUID, UUID]
    away: Mapping[UUID, UUID | None]
    last: Sequence[UUID]

    def reached(self, callout: Any, rung: str, allowed: Collection[UUID] | None = None) -> list[UUID]:
        """Whom a rung reaches: where nobody is, those of the next one up; at the end the administrators, never nobody.

        `allowed`: the people of a drill, beside whom nobody hears of it, so that it may reach nobody.
        """
        for each in _UPWARDS[_UPWARDS.index(Rung(rung)) :]:
            found = [person for person in self._at(callout, each) if allowed is None or person in allowed]
            if found or (each is Rung.SUBSTITUTE and rung == Rung.SUBSTITUTE):
                return found  # nobody is named to take over: the superior's turn comes by itself, minutes later
        return list(self.last) if allowed is None else []

    def called(self, person: UUID, allowed: Collection[UUID] | None = None) -> UUID:
        """Who is rung up for somebody: whoever acts for them today, where there is one."""
        instead = self.away.get(person)
        return instead if instead is not None and (allowed is None or instead in allowed) else person

    def _at(self, callout: Any, rung: Rung) -> list[UUID]:
        people = [self.away.get(person, person) for person in self._seated(callout, rung)]
        return [person for person in dict.fromkeys(people) if person is not None and person != callout.person_id]

    def _seated(self, callout: Any, rung: Rung) -> Iterable[UUID]:
        if rung is Rung.SUBSTITUTE:
            acting = self.away.get(callout.person_id) or self.named.get(callout.person_id)
            return [acting] if acting is not None else []
        if rung is Rung.SUPERIOR:
            own = CHIEFS.get(Post(callout.post), Level.VILLAGE)
            above = [(level, person) for level, person in self.chiefs.get(callout.segment_id, ()) if level > own]
            lowest = min((level for level, _ in above), default=0)
            return [person for level, person in above if level == lowest]
        if rung is Rung.TOWN:
            return self.held.get((Post.TOWN_CHIEF, callout.region_code[: LENGTHS[Level.TOWN]]), ())
        place = callout.region_code[: LENGTHS[Level.COUNTY if rung is Rung.COUNTY_DUTY else Level.CITY]]
        return self.on_duty.get(place) or self.held.get((Post.OFFICE_CLERK, place), ())


def around(
    session: Session, rows: Collection[Any], called: Collection[UUID] = (), *, now: datetime, zone: ZoneInfo
) -> Ladder:
    """Everybody who could be told of the silence of these people at a moment, and who acts for those called."""
    today = day_of(now, zone)
    people = {row.person_id for row in rows} | set(called)
    if not rows:  # most looks only call
        return Ladder({}, {}, {}, {}, escalation.substitutes(session, people, today), ())
    chiefs = escalation.chiefs(session, {row.segment_id for row in rows if row.segment_id}, today)
    places = {row.region_code[:length] for row in rows for length in LENGTHS.values() if length <= len(row.region_code)}
    held = escalation.holders(session, _POSTS, places, today)
    desks = [each for each in places if len(each) in (LENGTHS[Level.COUNTY], LENGTHS[Level.CITY])]
    on_duty = {place: roster.on_duty(session, place, now=now, zone=zone) for place in sorted(desks)}
    named = callouts.substitutes_named(session, people, today)
    everybody = people | {person for chain in chiefs.values() for _, person in chain}
    everybody |= {person for seat in held.values() for person in seat} | set(named.values())
    away = escalation.substitutes(session, everybody, today)
    return Ladder(chiefs, held, on_duty, named, away, escalation.holding(session, Post.ADMINISTRATOR, today))
