"""Seasons (汛期、七下八上): set by region and year, seen, and made known once when they are entered, moved or left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session, lock
from backend.domain.access import Actor, may
from backend.domain.actions import Action
from backend.domain.duties import DutyRule, Frequency, post_of
from backend.domain.flood_days import FloodDays, Standing
from backend.domain.flood_events import FloodEvent, Source, What
from backend.domain.seasons import (
    SEASON,
    Dates,
    Phase,
    Season,
    SeasonDraft,
    Stretch,
    check,
    deciding,
    moved,
    name_of,
    turns,
)
from backend.domain.terms import Duty, Level, Post
from backend.errors import Conflict, NotFound
from backend.services import flood_days, flood_news, replays
from backend.services.flood_news import News
from backend.store import changes, estimates, flood_events, regions, seasons


@dataclass(frozen=True, slots=True)
class Seen:
    """A year of a region as it is known today."""

    region: str
    name: str
    """Of the region."""
    year: int
    dates: Dates
    decided_by: Season | None
    """None: nobody has set anything for it."""
    standing: Standing
    """What holds now."""
    versions: list[Any]


@dataclass(frozen=True, slots=True)
class Walkers:
    """People of one post, and how often they walk in a phase before and after."""

    post: Post
    people: int
    before: Frequency
    after: Frequency


@dataclass(frozen=True, slots=True)
class Estimate:
    """What other dates of a year would change from today on."""

    before: Dates
    stretches: list[tuple[Stretch, list[Walkers]]]
    """Days that would stand elsewhere, each with those whose walks change by it where no response holds."""
    flood_hazards: int
    """Open ones there: in the key window they have half the time."""
    own: Mapping[str, str]
    """Regions inside with dates of their own, which stay as they are, by code."""


def put(session: Session, actor: Actor, draft: SeasonDraft, *, now: datetime, today: date) -> tuple[Any, bool]:
    """Set a year of a region, from today on: the version, and whether it is new. Days that are over stay as they were.

    NotFound for a region that is not the actor's, BadInput for days that cannot be meant, Conflict for an id that
    stands for another, or when there is a newer version than was seen.
    """
    known = seasons.existing(session, draft.id)
    if known is not None:
        return replays.same(known, actor.person_id, draft.body_sha256), False
    _check(session, actor, draft, today)

    lock(session, f"season:{draft.region}")
    newest = seasons.newest_version(session, draft.region, draft.year)
    if draft.seen not in (None, newest):
        raise Conflict("newer_version")
    version = newest + 1
    if not seasons.add(session, _row(actor, draft, version, today, now)):
        return replays.same(seasons.existing(session, draft.id), actor.person_id, draft.body_sha256), False
    body = {"region": draft.region, "year": draft.year, "version": version, "reason": draft.reason}
    changes.record(session, now, actor.person_id, "set", SEASON, str(draft.id), body)
    return seasons.existing(session, draft.id), True


def estimate(session: Session, actor: Actor, draft: SeasonDraft, *, now: datetime, zone: ZoneInfo) -> Estimate:
    """What a year as it is drafted would change; refused as putting it would be. Nothing is written."""
    today = day_of(now, zone)
    _check(session, actor, draft, today)
    rule = flood_days.duty_rule_at(session, now)
    known = flood_days.known(session, rule, today, zone, draft.region).seasons
    every = (*known, *(seasons.of_years(session, [draft.year], draft.region) if draft.year > today.year + 1 else ()))
    window = (rule.window_begin, rule.window_end)
    before = FloodDays(every, (), window, zone).dates(draft.region, draft.year, today)
    own = {each.region for each in every if each.year == draft.year and len(each.region) > len(draft.region)}

    rows = estimates.walkers(session, draft.region, own, today)
    people = {post_of(row.level, row.duty == Duty.WARDEN): row.people for row in rows}
    return Estimate(
        before,
        [(each, _walkers(each, people, rule)) for each in moved(before, draft.dates, today)],
        estimates.flood_hazards(session, draft.region, own, now),
        dict(sorted(regions.names(session, own).items())),
    )


def _walkers(stretch: Stretch, people: Mapping[Post, int], rule: DutyRule) -> list[Walkers]:
    """Those who walk more or less often in the other phase."""
    asked = [[rule.asked(post, Standing(phase))[1] for post in people] for phase in (stretch.before, stretch.after)]
    found = zip(people.items(), *asked, strict=True)
    return [Walkers(post, count, was, will) for (post, count), was, will in found if was != will]


def _check(session: Session, actor: Actor, draft: SeasonDraft, today: date) -> None:
    if draft.region not in regions.names(session, [draft.region]) or not may(actor, Action.CHANGE_SEASON, draft.region):
        raise NotFound.at("/region", "flaw.region_here")
    check(draft, today)


def seen(session: Session, region: str, year: int, *, now: datetime, zone: ZoneInfo) -> Seen:
    """A year of a region, as it is known today; NotFound where there is no such region."""
    names = regions.names(session, [region])
    if region not in names:
        raise NotFound()
    today = day_of(now, zone)
    known = flood_days.known(session, flood_days.duty_rule_at(session, now), today, zone, region)
    is_far = abs(year - today.year) > 1  # of those around today it knows every version
    years = (*known.seasons, *(seasons.of_years(session, [year], region) if is_far else ()))
    known = FloodDays(years, known.responses, known.window, zone)
    return Seen(
        region,
        names[region],
        year,
        known.dates(region, year, today),
        deciding(years, region, year, today),
        known.ground({(region, None)}).at(now),
        seasons.over(session, region, year),
    )


def turn(session: Session, *, now: datetime, zone: ZoneInfo) -> int:
    """Make known, once each, what has been entered, moved or left since it was last looked at; how many events.

    It looks at every city, and at every region with dates of its own, against what was last made known there.
    """
    lock(session, "flood_phase")
    today = day_of(now, zone)
    known = flood_days.known(session, flood_days.duty_rule_at(session, now), today, zone)
    before = seasons.phases(session)
    own = {each.region for each in known.seasons if each.year == today.year}
    units = sorted({*regions.of_level(session, Level.CITY), *own, *before})
    return sum(_turned(session, unit, units, known, before, now) for unit in units)


def _turned(
    session: Session, unit: str, units: list[str], known: FloodDays, before: Mapping[str, Any], now: datetime
) -> int:
    today = day_of(now, known.zone)
    dates = known.dates(unit, today.year, today)
    phase = dates.phase(today)
    first, last = dates.of(phase) or (None, None)
    old = _last_known(unit, before)
    was = Phase(old.phase) if old else Phase.NONE
    events = turns(was, phase)
    if not events and old is not None and old.last_day != last:
        events = [(phase, What.CHANGED)]
    if events or unit not in before:
        seasons.made_known(session, unit, phase, last, now)
    if not events:
        return 0

    inner = tuple(each for each in units if each != unit and each.startswith(unit))
    season = deciding(known.seasons, unit, today.year, today)
    about = season.id if season else name_of(unit, today.year)
    where, values = _without(session, unit, inner), _values(first, last)
    for level, what in events:
        happened = FloodEvent(Source.SEASON, what, about, level.value, regions=where, values=values)
        flood_events.record(session, happened, now=now)
    level, what = events[-1]
    told = {"region": regions.names(session, [unit])[unit]} | values
    is_window = (level, what) == (Phase.WINDOW, What.BEGAN)
    news = News(f"{level}_{what}", told, (SEASON, about), today, (unit,), inner, by_text=is_window)
    flood_news.write(session, news, now=now)
    return len(events)


def _last_known(unit: str, before: Mapping[str, Any]) -> Any:
    """What was last made known in a region, or in the nearest one around it."""
    around = [region for region in before if unit.startswith(region)]
    return before[max(around, key=len)] if around else None


def _values(first: date | None, last: date | None) -> dict[str, str]:
    return {"first": first.isoformat(), "last": last.isoformat()} if first and last else {}


def _without(session: Session, region: str, inner: Iterable[str]) -> tuple[str, ...]:
    """A region without some inside it, as the fewest regions that make it up."""
    left_out = set(inner)
    if region in left_out:
        return ()
    if not any(each.startswith(region) for each in left_out):
        return (region,)
    parts = (_without(session, child, left_out) for child in regions.children(session, region))
    return tuple(code for part in parts for code in part)


def _row(actor: Actor, draft: SeasonDraft, version: int, today: date, now: datetime) -> dict[str, Any]:
    dates = draft.dates
    return {
        "id": draft.id,
        "region_code": draft.region,
        "year": draft.year,
        "version": version,
        "since_day": today,
        "begin_day": dates.begin,
        "end_day": dates.end,
        "window_begin": dates.window_begin,
        "window_end": dates.window_end,
        "reason": draft.reason,
        "document": draft.document,
        "made_by_id": actor.person_id,
        "made_at": now,
        "body_sha256": draft.body_sha256,
    }
