"""News of the flood season: written with its fact, then told to thousands in short transactions, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.duties import Basis, DutyRule
from backend.domain.flood_days import FloodDays
from backend.domain.lanes import Lane
from backend.domain.notices import APP, SMS, Wanted
from backend.domain.terms import CHIEFS, Post
from backend.services import flood_days, notices
from backend.store import escalation
from backend.store import flood_news as store

BATCH = 2_000
"""Notices a transaction: about half a second (our judgement)."""


@dataclass(frozen=True, slots=True)
class News:
    """What chiefs, wardens, clerks and duty officers of some regions are to be told."""

    key: str
    values: Mapping[str, Any]
    about: tuple[str, UUID]
    day: date
    """The day whose walks it speaks of."""
    regions: tuple[str, ...]
    but: tuple[str, ...] = ()
    """Regions inside these whose people hear something else."""
    rivers: tuple[str, ...] = ()
    lane: Lane = Lane.NORMAL
    by_text: bool = False
    """Whether chiefs get it as a text message, too; what is urgent everybody does."""


def write(session: Session, news: News, *, now: datetime) -> None:
    """Write it down in the transaction of its fact; the telling follows by itself."""
    about_type, about_id = news.about
    values = {
        "id": uuid4(),
        "key": news.key,
        "values": dict(news.values),
        "lane": news.lane.value,
        "channels": [APP, SMS] if news.by_text or news.lane is Lane.URGENT else [APP],
        "regions": list(news.regions),
        "but": list(news.but),
        "rivers": list(news.rivers),
        "about_type": about_type,
        "about_id": about_id,
        "day": news.day,
        "at": now,
    }
    store.add(session, values)


def tell(session: Session, *, now: datetime, zone: ZoneInfo, about: UUID | None = None, limit: int = BATCH) -> bool:
    """Tell as many as fit into a short transaction of the oldest news, or of that about a thing; whether there was any.

    Whoever stands in for the absent hears of it in their place, with what the absent owe.
    """
    news = store.untold(session, about)
    if news is None:
        return False
    today = day_of(now, zone)
    readers = store.readers(session, news, today, limit)
    away = escalation.substitutes(session, [person for person, _, _ in readers], today)
    rule = flood_days.duty_rule_at(session, now)
    known = flood_days.known(session, rule, news.day, zone)

    told = ((away.get(person, person), post, region) for person, post, region in readers)
    notices.queue(session, _each(news, told, rule, known), now=now)
    last = readers[-1][0] if readers else news.told_until
    store.told(session, news.id, last, now if len(readers) < limit else None)
    return True


def _each(
    news: Any, told: Iterable[tuple[UUID | None, Post, str]], rule: DutyRule, known: FloodDays
) -> Iterable[Wanted]:
    for person, post, region in told:
        if person is None:
            continue
        is_staff = post in store.STAFF
        places = {(region, river) for river in news.rivers or [None]}
        values = news.values if is_staff else news.values | {"duty": _duty(rule, known, post, places, news.day)}
        yield Wanted(
            person,
            f"flood_news:{news.id}",
            f"{news.key}_staff" if is_staff else news.key,
            values,
            Lane(news.lane),
            tuple(news.channels) if post in CHIEFS or Lane(news.lane) is Lane.URGENT else (APP,),
            (news.about_type, news.about_id),
        )


def _duty(rule: DutyRule, known: FloodDays, post: Post, places: Iterable[Any], day: date) -> dict[str, Any]:
    """How often somebody is to walk on that day, as a text: the highest of all that holds there."""
    basis, frequency = rule.asked(post, known.ground(places).on(day))
    if basis is Basis.UNSAFE:
        return {"key": "duty.each.unsafe"}
    return {"key": f"duty.each.{frequency.span}", "values": {"walks": frequency.walks}}
