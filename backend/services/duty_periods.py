"""Settling duty: what was owed in periods that are over is written down once, by the rules and posts of their days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of, start_of
from backend.db import Database, Session, lock
from backend.domain.assessments import REACHES_BACK, SETTLES_AFTER
from backend.domain.duties import DutyRule, Period, post_of
from backend.domain.duty_periods import DAY, Held, Settled, settled
from backend.domain.duty_rules import duty_rule
from backend.domain.flood_days import FloodDays, Ground
from backend.domain.terms import WALKERS, Duty, Post
from backend.services.flood_days import DUTY
from backend.store import duties, duty_periods, responses, rules, seasons

AT_ONCE = 31
"""Days that are reckoned together, for they share what is read (our judgement)."""
_LONGEST = timedelta(days=92)
"""No period is longer than a quarter."""
Key = duty_periods.Key


@dataclass(frozen=True, slots=True, eq=False)
class _Reach:
    """A reach of a duty, while it was held."""

    region: str
    held: Held


@dataclass(slots=True)
class _Kept:
    """A duty with its reaches, and the number of the ground under those that were held on the day looked at last."""

    reaches: list[_Reach] = field(default_factory=list)
    held: list[_Reach] = field(default_factory=list)
    version: int = -1
    ground: int = -1


@dataclass
class _Days:
    """What is read once for some days."""

    zone: ZoneInfo
    rules: Sequence[tuple[datetime, DutyRule]]
    known: Mapping[int, FloodDays]
    """By version of the rule, for each has a window of its own."""
    duties: Mapping[Key, _Kept]
    seats: Mapping[tuple[UUID, str], Sequence[Any]]
    after: dict[Key, date]
    periods: dict[tuple[str, int, date], tuple[Period, bool]] = field(default_factory=dict)
    numbers: dict[Ground, int] = field(default_factory=dict)
    """Thousands share the few kinds of ground that there are; a number is looked up faster than a ground."""
    grounds: list[Ground] = field(default_factory=list)

    def rule(self, day: date) -> DutyRule:
        """The rule that holds on a day."""
        at = start_of(day, self.zone)
        return next((rule for since, rule in reversed(self.rules) if since <= at), DutyRule())


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A day, and what was owed in periods that ended with it."""

    day: date
    rows: Sequence[dict[str, Any]]


def settle_all(database: Database, *, now: datetime, zone: ZoneInfo, alive: Callable[[], object] = lambda: None) -> int:
    """Settle every day that is old enough, each in a transaction of its own, with a sign of life now and then; how
    many.
    """
    done = 0
    while True:
        with database.reading() as session:
            days = reckon(session, today=day_of(now, zone), now=now, zone=zone)
        if not days:
            return done
        for each in days:
            with database.transaction() as session:
                done += settle(session, each, now=now)
        alive()


def reckon(session: Session, *, today: date, now: datetime, zone: ZoneInfo) -> list[Reckoned]:
    """The next days that are old enough, some at a time.

    It only reads: it lasts, and in a transaction that writes nobody else could write meanwhile on SQLite.
    """
    begin, until = _next(session, today, zone)
    if begin is None or until <= begin:
        return []
    around = _around(session, begin, until, zone)
    days = [begin + timedelta(days=number) for number in range((until - begin).days)]
    return [Reckoned(day, [_row(around, key, each, day, now) for key, each in _ending(around, day)]) for day in days]


def settle(session: Session, reckoned: Reckoned, *, now: datetime) -> bool:
    """Settle a day, once; whether it was not yet."""
    lock(session, "duty_periods")
    known = duty_periods.bounds(session)
    if known is not None and known[1] >= reckoned.day:
        return False
    day = {"day": reckoned.day, "settled_at": now, "periods": len(reckoned.rows)}
    duty_periods.add(session, reckoned.rows, day)
    return True


def _next(session: Session, today: date, zone: ZoneInfo) -> tuple[date | None, date]:
    """The first day that is not settled, and the first that is not settled now."""
    last = today - SETTLES_AFTER
    known = duty_periods.bounds(session)
    if known is not None:
        begin: date | None = known[1] + DAY
    else:
        held, walked = duty_periods.earliest(session)
        # A roster tells of years in which nobody could hand anything in here; the period of the first walk is whole.
        begin = max(held, day_of(walked, zone) - _LONGEST, last - REACHES_BACK) if held and walked else None
    return begin, min(last + DAY, (begin or last) + timedelta(days=AT_ONCE))


def _around(session: Session, begin: date, until: date, zone: ZoneInfo) -> _Days:
    since = begin - _LONGEST
    versions = [(row.valid_from, duty_rule(row.version, row.body)) for row in rules.versions(session, DUTY)]
    years = tuple(range(since.year - 1, until.year + 2))
    flood = (tuple(seasons.of_years(session, years, None)), tuple(responses.since(session, start_of(since, zone))))
    every = [DutyRule(), *(rule for _, rule in versions)]
    known = {rule.version: FloodDays(*flood, (rule.window_begin, rule.window_end), zone) for rule in every}
    kept: dict[Key, _Kept] = defaultdict(_Kept)
    for row in duties.held(session, duties.in_region(""), until, since):
        key = (row.person_id, row.river_code, post_of(row.level, row.duty == Duty.WARDEN).value)
        kept[key].reaches.append(_Reach(row.region_code, Held(row.from_day, row.until_day)))
    seats: dict[tuple[UUID, str], list[Any]] = defaultdict(list)
    for row in duty_periods.seats(session, [post.value for post in WALKERS], begin, until):
        seats[row.person_id, row.post].append(row)
    return _Days(zone, versions, known, kept, seats, duty_periods.ends(session, since))


def _ending(around: _Days, day: date) -> Iterator[tuple[Key, Settled]]:
    """What is settled with a day."""
    rule, following, tomorrow = around.rule(day), around.rule(day + DAY), day + DAY
    for key, kept in around.duties.items():
        held = [each for each in kept.reaches if each.held.on(day)]
        if not held:
            continue
        if held != kept.held or kept.version != rule.version:
            kept.held, kept.version = held, rule.version
            kept.ground = _ground(around, rule, frozenset((each.region, key[1]) for each in held))
        period, is_cut = _period(around, rule, following, key[2], kept.ground, day)
        if period.until > tomorrow and not is_cut and any(each.held.on(tomorrow) for each in held):
            continue  # most of them on most days
        spans = [each.held for each in kept.reaches]
        found = settled(period, spans, day, after=around.after.get(key), is_cut=is_cut)
        if found is not None:
            around.after[key] = found.until
            yield key, found


def _ground(around: _Days, rule: DutyRule, places: frozenset[tuple[str, str | None]]) -> int:
    found = around.known[rule.version].ground(places)
    if found not in around.numbers:
        around.numbers[found] = len(around.grounds)
        around.grounds.append(found)
    return around.numbers[found]


def _period(
    around: _Days, rule: DutyRule, following: DutyRule, post: str, ground: int, day: date
) -> tuple[Period, bool]:
    """The period of a post around a day, and whether other rules ask otherwise from the next day on."""
    key = (post, ground, day)
    if key not in around.periods:
        on = cache(around.grounds[ground].on)
        tomorrow = day + DAY
        is_cut = rule.version != following.version and following.asked(Post(post), on(tomorrow)) != rule.asked(
            Post(post), on(tomorrow)
        )
        around.periods[key] = (rule.period(Post(post), day, on), is_cut)
    return around.periods[key]


def _row(around: _Days, key: Key, found: Settled, day: date, now: datetime) -> dict[str, Any]:
    person, river, post = key
    return {
        "person_id": person,
        "river_code": river,
        "post": post,
        "region_code": _region(around, key, day),
        "begin_day": found.begin,
        "until_day": found.until,
        "begins_at": start_of(found.begin, around.zone),
        "ends_at": start_of(found.until, around.zone),
        "needed": found.needed,
        "basis": found.basis.value,
        "rule_version": around.rule(day).version,
        "settled_at": now,
    }


def _region(around: _Days, key: Key, day: date) -> str:
    """The region of the post; of a reach where it is somebody's who acts for a post that is vacant."""
    person, _, post = key
    own = sorted(each.region for each in around.duties[key].held)
    seats = [
        each.region_code
        for each in around.seats.get((person, post), ())
        if Held(each.from_day, each.until_day).on(day) and any(region.startswith(each.region_code) for region in own)
    ]
    return str(seats[0]) if seats else own[0]
