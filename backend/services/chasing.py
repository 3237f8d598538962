"""Chasing (催办): who has not done what an order asks is reminded before it is due, and told of upwards after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.absences import reachable
from backend.domain.escalation import Rung, Step, climb, reached
from backend.domain.notices import Wanted
from backend.domain.order_boards import Placed, placed
from backend.domain.orders import Kind
from backend.domain.regions import LENGTHS
from backend.domain.terms import CHIEFS, Level, Post
from backend.services import notices, order_news
from backend.services.order_news import EVERYWHERE
from backend.store import escalation, orders

BATCH = 50
NAMED = 20
"""So many names stand in a list of those who have not; of more the number is said (our judgement)."""
_RUNGS: Mapping[Rung, tuple[Post, Level]] = {
    Rung.TOWN_CHIEF: (Post.TOWN_CHIEF, Level.TOWN),
    Rung.COUNTY_OFFICE: (Post.OFFICE_CLERK, Level.COUNTY),
    Rung.COUNTY_CHIEF: (Post.COUNTY_CHIEF, Level.COUNTY),
    Rung.CITY_OFFICE: (Post.OFFICE_CLERK, Level.CITY),
    Rung.CITY_CHIEF: (Post.CITY_CHIEF, Level.CITY),
}


@dataclass(frozen=True, slots=True)
class _Above:
    """Who sits above the silent ones of an order or acts for whoever does, and which of the silent are away, today."""

    order: Any
    there: Mapping[tuple[str, str], Sequence[UUID]]
    away: Mapping[UUID, UUID | None]

    def below(self, row: Any) -> tuple[UUID, ...]:
        """Whom it waits for: whose duty it is and whoever got it, as a leave may have begun or ended since."""
        return reachable((row.holder_id, row.person_id), self.away) or (row.person_id,)

    def of(self, row: Any, rung: Rung) -> tuple[UUID, ...]:
        """Whom a rung reaches: nobody above whoever gave the order, who is told where nobody else is."""
        chain = {each: self._at(row, each) for each in _RUNGS}
        return reached(rung, chain, [self.order.made_by_id])[0]

    def _at(self, row: Any, rung: Rung) -> Sequence[UUID]:
        post, level = _RUNGS[rung]
        is_above = level > CHIEFS.get(Post(row.post), Level.VILLAGE)
        if not is_above or LENGTHS[level] < len(self.order.region_code):
            return ()
        return self.there.get((post, row.region_code[: LENGTHS[level]]), ())


def sweep(session: Session, *, now: datetime, zone: ZoneInfo, limit: int = BATCH) -> int:
    """Take the steps that are due, the most overdue first; how many orders were looked at."""
    due = orders.claim_due(session, now, limit)
    for order in due:
        _chase(session, order, now, day_of(now, zone))
    return len(due)


def _chase(session: Session, order: Any, now: datetime, today: date) -> None:
    ladder = order_news.ladder_of(session, Kind(order.kind), order.policy_version)
    found = climb(ladder, order.rung, order.chased_from, order.due_at, now)
    everybody = placed(orders.rows(session, [order.id], EVERYWHERE), now)
    silent = [each for each in everybody if each.standing.done_at is None]
    # A walk that is judged anew may open an order that was done: the ladder is looked at to its end.
    orders.advance(session, order.id, rung=found.rung, next_step_at=found.next_at)
    if silent and found.steps:
        above = _above(session, order, silent, today)
        for number, step in enumerate(found.steps, start=order.rung + 1):
            notices.queue(session, _of_step(above, silent, step, number, now), now=now)


def _of_step(above: _Above, silent: Sequence[Placed], step: Step, number: int, now: datetime) -> Iterable[Wanted]:
    order, is_due = above.order._mapping, now >= above.order.due_at
    fact = f"chase:{above.order.chased_from.isoformat()}:{number}"
    owners = dict.fromkeys(person for each in silent for person in above.below(each.row))
    for person in owners if Rung.OWNER in step.tell else ():
        yield order_news.news(order, person, "order_late" if is_due else "order_soon", fact=fact)
    lists: dict[UUID, list[str]] = {}
    for each in silent if is_due else ():
        told = {person for rung in step.tell if rung is not Rung.OWNER for person in above.of(each.row, rung)}
        for person in told | {above.order.made_by_id}:
            lists.setdefault(person, []).append(each.row.holder)
    for person, names in lists.items():
        key = "order_silent" if len(names) <= NAMED else "order_silent_more"
        said = {"count": len(names), "names": "、".join(names[:NAMED])}
        yield order_news.news(order, person, key, fact=f"{fact}:above", **said)


def _above(session: Session, order: Any, silent: Sequence[Placed], today: date) -> _Above:
    places = {each.row.region_code[:length] for each in silent for length in LENGTHS.values()}
    there = escalation.acting(session, {post for post, _ in _RUNGS.values()}, places, today)
    people = {person for each in silent for person in (each.row.holder_id, each.row.person_id)}
    return _Above(order, there, escalation.substitutes(session, people, today))
