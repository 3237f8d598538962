"""Who may stand in for whom: one closed table, absent post × substitute's post → where the substitute sits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from backend.domain.access import ABOVE, AROUND, BELOW, BESIDE, OWN, Seat
from backend.domain.regions import Relation, parent_of, relation, way_to
from backend.domain.terms import Post

_HERE: frozenset[Relation] = frozenset({OWN})
_UP: frozenset[Relation] = frozenset({AROUND, ABOVE})
_HERE_OR_UP: frozenset[Relation] = frozenset({OWN, AROUND, ABOVE})
_NEIGHBOURS: frozenset[Relation] = frozenset({OWN, BESIDE})

STAND_INS: dict[Post, dict[Post, frozenset[Relation]]] = {
    Post.CITY_CHIEF: {Post.CITY_CHIEF: _HERE},
    Post.COUNTY_CHIEF: {Post.COUNTY_CHIEF: _HERE, Post.CITY_CHIEF: _UP},
    Post.TOWN_CHIEF: {Post.TOWN_CHIEF: _NEIGHBOURS, Post.COUNTY_CHIEF: _UP, Post.CITY_CHIEF: _UP},
    Post.VILLAGE_CHIEF: {
        Post.VILLAGE_CHIEF: _NEIGHBOURS,
        Post.TOWN_CHIEF: _UP,
        Post.COUNTY_CHIEF: _UP,
        Post.CITY_CHIEF: _UP,
    },
    Post.WARDEN: {
        Post.WARDEN: frozenset({OWN, BESIDE, AROUND, ABOVE, BELOW}),
        Post.VILLAGE_CHIEF: frozenset({OWN, BELOW}),
        Post.TOWN_CHIEF: _HERE_OR_UP,
    },
    Post.OFFICE_CLERK: {Post.OFFICE_CLERK: _HERE_OR_UP},
    Post.BUREAU_CLERK: {Post.BUREAU_CLERK: _HERE_OR_UP},
    Post.DUTY_OFFICER: {Post.DUTY_OFFICER: _HERE_OR_UP},
    Post.UNIT_LIAISON: {Post.UNIT_LIAISON: _HERE},
    Post.POLICE_CHIEF: {Post.POLICE_CHIEF: _HERE_OR_UP},
    Post.PROSECUTOR: {Post.PROSECUTOR: _HERE_OR_UP},
}
"""A peer of the same place, a neighbour at the grassroots, or a superior; an administrator's seat never passes."""


def fits(absent: Seat, substitute: Sequence[Seat]) -> bool:
    """Whether somebody with these seats may look after that one; a unit's, only from the same unit."""
    return any(
        relation(absent.region, own.region) in STAND_INS.get(absent.post, {}).get(own.post, frozenset())
        and (absent.post is not Post.UNIT_LIAISON or absent.unit == own.unit)
        for own in substitute
    )


def passing(absent: Sequence[Seat], substitute: Sequence[Seat]) -> tuple[Seat, ...]:
    """The seats that pass to a substitute: all but an administrator's, or none when one of them does not fit.

    Asked anew each day: whoever has left office in the meantime looks after nothing any more.
    """
    seats = tuple(seat for seat in absent if seat.post is not Post.ADMINISTRATOR)
    return seats if all(fits(seat, substitute) for seat in seats) else ()


def reachable(people: Iterable[UUID], away: Mapping[UUID, UUID | None]) -> tuple[UUID, ...]:
    """Each once, the absent replaced by whoever acts for them; who has nobody is left out."""
    return tuple(dict.fromkeys(to for each in people if (to := away.get(each, each)) is not None))


@dataclass(frozen=True, slots=True)
class Circle:
    """Where whoever may look after a seat can sit: these posts, in these very regions or anywhere in those."""

    posts: frozenset[Post]
    regions: frozenset[str]
    within: frozenset[str]


def circle(absent: Sequence[Seat]) -> Circle | None:
    """Where to look for a substitute, who must fit every seat and so the first; None where no seat passes."""
    seat = next((each for each in absent if each.post is not Post.ADMINISTRATOR), None)
    if seat is None:
        return None
    table = STAND_INS[seat.post]
    relations = frozenset().union(*table.values())
    beside = parent_of(seat.region) if BESIDE in relations else None
    below = seat.region if BELOW in relations else None
    return Circle(frozenset(table), frozenset(way_to(seat.region)), frozenset(filter(None, (beside, below))))


_NEARNESS = {each: place for place, each in enumerate((OWN, BESIDE, BELOW, AROUND, ABOVE))}


def nearness(absent: Sequence[Seat], substitute: Sequence[Seat]) -> int:
    """How near somebody sits to the absent, the nearest first: the same place, the neighbours, then upwards."""
    found = (relation(one.region, other.region) for one in absent for other in substitute)
    return min((_NEARNESS.get(each, len(_NEARNESS)) for each in found), default=len(_NEARNESS))
