"""Which post fits which level of region, and who may give it: two closed tables. What is not in them is refused."""

from __future__ import annotations

from collections.abc import Iterable

from backend.domain.access import BELOW, HERE, NOWHERE, Actor, Seat, may
from backend.domain.actions import Action
from backend.domain.regions import Relation, level_of, relation
from backend.domain.terms import Level, Post

LEVELS: dict[Post, frozenset[Level]] = {
    # An installation may serve one county, a city or a province, and has its administrators there.
    Post.ADMINISTRATOR: frozenset({Level.PROVINCE, Level.CITY, Level.COUNTY}),
    Post.CITY_CHIEF: frozenset({Level.CITY}),
    Post.COUNTY_CHIEF: frozenset({Level.COUNTY}),
    Post.TOWN_CHIEF: frozenset({Level.TOWN}),
    Post.VILLAGE_CHIEF: frozenset({Level.VILLAGE}),
    Post.WARDEN: frozenset({Level.TOWN, Level.VILLAGE}),
    Post.OFFICE_CLERK: frozenset({Level.CITY, Level.COUNTY, Level.TOWN}),
    Post.BUREAU_CLERK: frozenset({Level.CITY, Level.COUNTY}),
    Post.DUTY_OFFICER: frozenset({Level.CITY, Level.COUNTY, Level.TOWN}),
    Post.UNIT_LIAISON: frozenset({Level.CITY, Level.COUNTY, Level.TOWN}),
    Post.POLICE_CHIEF: frozenset({Level.CITY, Level.COUNTY, Level.TOWN}),
    Post.PROSECUTOR: frozenset({Level.CITY, Level.COUNTY}),
}
"""Of which level the region of a post is."""

_UNDER: frozenset[Relation] = frozenset({BELOW})

GIVES: dict[Post, dict[Post, frozenset[Relation]]] = {
    Post.ADMINISTRATOR: dict.fromkeys(Post, HERE),
    # An office registers those below its own level, the grassroots and the units also beside itself: whoever could
    # give a post of their own level could make themselves its chief. The level above does that, or the administrator.
    Post.OFFICE_CLERK: {
        Post.COUNTY_CHIEF: _UNDER,
        Post.TOWN_CHIEF: _UNDER,
        Post.VILLAGE_CHIEF: _UNDER,
        Post.WARDEN: HERE,
        Post.UNIT_LIAISON: HERE,
        Post.OFFICE_CLERK: _UNDER,
        Post.BUREAU_CLERK: _UNDER,
        Post.DUTY_OFFICER: _UNDER,
        Post.POLICE_CHIEF: _UNDER,
        Post.PROSECUTOR: _UNDER,
    },
}
"""Who gives and ends which post: the giver's post × the post → how its region lies to the giver's own."""


def fits(post: Post, region: str) -> bool:
    """Whether a region of that level has such a post."""
    return level_of(region) in LEVELS[post]


def may_give(actor: Actor, post: Post, region: str) -> bool:
    """Whether one of the seats gives, and ends, that post over that region."""
    return any(relation(seat.region, region) in GIVES.get(seat.post, {}).get(post, NOWHERE) for seat in actor.seats)


def has_charge(actor: Actor, held: Iterable[Seat]) -> bool:
    """Whether the actor may open somebody's account anew: only who could give every one of its posts."""
    return all(may_give(actor, seat.post, seat.region) for seat in held)


def may_reveal(actor: Actor, held: Iterable[Seat]) -> bool:
    """Whether the actor may see a clear number: need in every region of the person; administrators', by peers."""
    return all(
        may(actor, Action.REVEAL_PHONE, seat.region)
        and (seat.post is not Post.ADMINISTRATOR or may_give(actor, seat.post, seat.region))
        for seat in held
    )


def may_add_to(actor: Actor, held: Iterable[Seat]) -> bool:
    """Whether the actor may give another post to somebody who holds these: administrators get theirs from peers."""
    return all(seat.post is not Post.ADMINISTRATOR or may_give(actor, seat.post, seat.region) for seat in held)
