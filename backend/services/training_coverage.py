"""Coverage of training (培训全覆盖): how many of those in a post were trained in a year, and who is reminded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of, end_of, start_of
from backend.db import Session
from backend.domain.access import Actor, scope_of
from backend.domain.actions import Action
from backend.domain.lanes import Lane
from backend.domain.notices import APP, SMS, Wanted
from backend.domain.regions import LENGTHS, below_length, overlap
from backend.domain.terms import Level, Post
from backend.domain.training import COVERED, Coverage
from backend.domain.training_rules import TrainingRule
from backend.errors import BadInput, NotFound
from backend.services import access, charge
from backend.services.policies import TRAINING
from backend.store import escalation, regions
from backend.store import training_coverage as store

NAMED = 20
"""So many names stand in a list to an office; of more the number is said (our judgement)."""
FIRST = timedelta(days=30)
"""For so long reminders by a proposed rule are counted."""
_FIRST_YEAR = 2016
"""The river chief system began with the opinions of the two offices of 11 December 2016."""


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year, and the day whose posts are asked for: today, or its last day where it is over."""

    day: date
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Covered:
    """The coverage of a place, and of those below it, by post."""

    region: str
    names: dict[str, str]
    rows: dict[str, dict[str, Coverage]]
    """Of each place directly below, or of itself where there is none: by post."""
    total: dict[str, Coverage]


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a proposed rule makes of the reminders of its first days."""

    rule: TrainingRule
    untrained: int
    """New chiefs without any training."""
    people: int
    """Who of them would be reminded."""
    people_before: int
    reminders: int
    reminders_before: int


def year_of(year: int | None, today: date, zone: ZoneInfo) -> Year:
    """That year, or this one. BadInput for one before there were river chiefs, or one to come."""
    chosen = today.year if year is None else year
    if not _FIRST_YEAR <= chosen <= today.year:
        raise BadInput.at("/year", "flaw.between", low=_FIRST_YEAR, high=today.year)
    last = date(chosen, 12, 31)
    return Year(min(last, today), start_of(date(chosen, 1, 1), zone), end_of(last, zone))


def covered(session: Session, actor: Actor, region: str | None, year: Year) -> Covered:
    """How many of the chiefs in a place were trained in a year; NotFound outside one's part of the world."""
    mine = scope_of(actor, Action.SEE_TRAINING).regions
    place = region if region is not None else (mine[0] if mine else None)
    parts = overlap(mine, [place]) if place is not None else ()
    if place is None or not parts:
        raise NotFound()
    length = below_length(place)
    found = store.tally(session, parts, COVERED, year.day, (year.begin, year.end), length)
    rows: dict[str, dict[str, Coverage]] = {}
    total: dict[str, Coverage] = {}
    for row in found:
        each = Coverage(row.people, row.trained)
        rows.setdefault(row.place, {})[row.post] = each
        total[row.post] = total.get(row.post, Coverage(0, 0)).plus(each)
    return Covered(place, regions.names(session, [place, *rows]), rows, total)


def people(
    session: Session,
    actor: Actor,
    region: str | None,
    posts: Sequence[Post],
    year: Year,
    *,
    alone: bool,
    trained: bool | None,
    limit: int,
    after: tuple[str, UUID] | None,
) -> list[Any]:
    """Those behind a number, by region, one more than `limit`; `alone`: of that very region and not below it.

    NotFound outside one's part of the world.
    """
    parts = access.part_of(scope_of(actor, Action.SEE_TRAINING).regions, region)
    page: dict[str, Any] = {"only": region if alone else None, "trained": trained, "limit": limit, "after": after}
    return store.people(session, parts, posts or COVERED, year.day, (year.begin, year.end), **page)


def reminders(session: Session, city: str, *, now: datetime, zone: ZoneInfo) -> list[Wanted]:
    """What is to be said in a city to new chiefs without any training, and of them to the offices of their counties.

    The same day's are the same notices, however often they are wanted.
    """
    rule, today = TRAINING.at(session, now), day_of(now, zone)
    first, last = today - timedelta(days=rule.new_for_days), today - timedelta(days=rule.remind_after_days)
    if first > last:
        return []
    rows = store.newly_untrained(session, city, COVERED, today, first, last)
    due = [(row, number) for row in rows if (number := rule.reminder(today - row.from_day)) is not None]
    away = escalation.substitutes(session, {row.person_id for row, _ in due}, today)
    own = [
        Wanted(
            row.person_id,
            f"untrained:{row.id}:{number}",
            "untrained",
            {"days": (today - row.from_day).days, "post": {"key": f"post.{row.post}"}},
            Lane.DIGEST,
            (APP, SMS),
        )
        for row, number in due
        if row.person_id not in away
    ]
    return [*own, *_lists(session, [row for row, _ in due], today)]


def estimate(
    session: Session, actor: Actor, body: Mapping[str, Any], *, valid_from: datetime, now: datetime, zone: ZoneInfo
) -> Reminded:
    """How many would be reminded in the first 30 days of a proposed rule, and by the present one. Nothing is written.

    Of those who are without training now: whoever goes to a session by then is reminded no more.
    """
    charge.everywhere(session, actor, Action.CHANGE_RULES, today=day_of(now, zone))
    rules = TRAINING.proposed(session, body, valid_from=valid_from), TRAINING.at(session, now)
    begin = day_of(max(valid_from, now), zone)
    until = begin + min(FIRST, date.max - begin)
    oldest = begin - timedelta(days=max(rule.new_for_days for rule in rules))
    rows = store.newly_untrained(session, "", COVERED, begin, oldest, until)
    served = [(begin - row.from_day, until - row.from_day) for row in rows]
    after, before = ([rule.reminders(*each) for each in served] for rule in rules)
    return Reminded(rules[0], len(rows), sum(map(bool, after)), sum(map(bool, before)), sum(after), sum(before))


def _lists(session: Session, due: Iterable[Any], today: date) -> Iterable[Wanted]:
    """To the clerks of each county's office, once a week, the names of new chiefs who wait for training."""
    by_county: dict[str, list[Any]] = {}
    for row in due:
        by_county.setdefault(row.region_code[: LENGTHS[Level.COUNTY]], []).append(row)
    offices = escalation.acting(session, [Post.OFFICE_CLERK], list(by_county), today)
    titles = regions.names(session, list(by_county))
    for county, rows in by_county.items():
        key = "untrained_list" if len(rows) <= NAMED else "untrained_list_more"
        names = "、".join(row.person for row in rows[:NAMED])
        values = {"region": titles.get(county, county), "count": len(rows), "names": names}
        fact = f"untrained:{county}:{today:%G-%V}"
        for clerk in offices.get((Post.OFFICE_CLERK, county), ()):
            yield Wanted(clerk, fact, key, values, Lane.DIGEST, (APP,))
