"""Who is asking, and whether they may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from backend.db import Session
from backend.domain.access import Actor, Scope, may, scope_of
from backend.domain.actions import Action
from backend.domain.regions import overlap
from backend.errors import Forbidden, NotFound, Unauthenticated
from backend.services.tokens import Claims
from backend.store import people, regions


def actor_of(session: Session, claims: Claims, day: date) -> Actor:
    """The person behind an access token, with the posts of that day.

    Unauthenticated when the account is closed, when the login has ended, or when a post, number or password has
    changed since the token was made.
    """
    account = people.account_on(session, claims.person_id, day, claims.login_id)
    if account is not None and account.has_ended:
        raise Unauthenticated("signed_out")
    if account is None or not account.is_active or account.token_version != claims.token_version:
        raise Unauthenticated("ended")
    return Actor(claims.person_id, account.name, account.seats, account.standing_in_for)


def require_everywhere(session: Session, actor: Actor, action: Action) -> None:
    """Forbidden unless one of the seats gives the action over every region: it concerns everybody."""
    if not any(may(actor, action, seat.region) and regions.is_all(session, seat.region) for seat in actor.seats):
        raise Forbidden("everywhere")


def part_of(mine: Iterable[str], region: str | None) -> tuple[str, ...]:
    """What one may look into, narrowed to a region where one is named; NotFound when nothing is left."""
    found = tuple(mine) if region is None else overlap(mine, (region,))
    if not found:
        raise NotFound()
    return found


def scope(session: Session, actor: Actor, action: Action, day: date) -> Scope:
    """Where the actor may do it; whoever has no region of their own has the segments they answer for that day."""
    given = scope_of(actor, action)
    if given.regions:
        return given
    return Scope((), given.people, tuple(people.segments_of(session, given.people, day)))
