"""Duty: what each chief owes this period, what is done, and which stretches nobody has walked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import start_of
from backend.db import Session, lock
from backend.domain.access import Actor, may
from backend.domain.actions import Action
from backend.domain.duties import DutyRule, Period, owed, post_of, proves_walking
from backend.domain.duty_rules import ImpossibleDuty, body_of, changed
from backend.domain.flood_days import FloodDays, Ground
from backend.domain.terms import CHIEFS, Duty, Outcome, Post
from backend.errors import BadInput, Flaw, NotFound
from backend.services import access, flood_days, reaches
from backend.services import rules as patrol_rules
from backend.services.flood_days import DUTY, duty_rule_at
from backend.store import changes, duties, patrols, rules
from backend.store.duties import Place
from geo.chainage import Stretch, locate_m, merge, moved, unwalked

Key = tuple[UUID, str, Post]
"""One duty: a person, a river, a post."""
_LONGEST = timedelta(days=92)
_AT_ONCE = 2_000
"""Duties that are looked through for those behind at once, at most; more take another round (our judgement)."""
_WIDER = 4
"""So many times as many are looked through in each round: a page is full at once where many are behind."""
LEAST_UNWALKED_M = 20.0
"""Shorter gaps between walks are the noise of positions (our judgement)."""


@dataclass(frozen=True, slots=True)
class Done:
    """Walks that count; of them those that are doubtful, and those that an office entered."""

    walks: int = 0
    doubtful: int = 0
    by_office: int = 0


@dataclass(frozen=True, slots=True)
class Owing:
    """One person's duty on one river in the period around a day."""

    person_id: UUID
    person: str
    river_code: str
    river: str
    post: Post
    period: Period
    needed: int
    done: Done
    ground: Ground
    """What the water asks for where it is owed."""

    @property
    def is_behind(self) -> bool:
        """Whether something is still owed."""
        return self.done.walks < self.needed

    @property
    def place(self) -> Place:
        """Where it stands in the list of all duties."""
        return -int(CHIEFS.get(self.post, 0)), self.river_code, self.person_id


@dataclass(frozen=True, slots=True)
class _Around:
    """A day, the rule of duty that holds on it, and what the water asks for around it."""

    day: date
    zone: ZoneInfo
    rule: DutyRule
    known: FloodDays


@dataclass(frozen=True, slots=True)
class Walked:
    """A segment over a time: what was walked and what nobody walked, in metres along it."""

    walked: list[Stretch]
    unwalked: list[Stretch]
    length_m: float


def change_rule(
    session: Session, actor: Actor, proposal: dict[str, Any], *, valid_from: datetime, reason: str, now: datetime
) -> DutyRule:
    """A new version of the duty, on record, made from the one in force by then; BadInput names what cannot be meant."""
    access.require_everywhere(session, actor, Action.CHANGE_RULES)
    lock(session, "rules")
    version = rules.newest_version(session, DUTY) + 1
    try:
        rule = changed(duty_rule_at(session, valid_from), version, proposal)
    except ImpossibleDuty as wrong:
        raise BadInput(Flaw(f"/body/{wrong.name}", wrong.text)) from None

    rules.add(
        session,
        DUTY,
        version,
        body_of(rule),
        valid_from=valid_from,
        reason=reason,
        made_by=actor.person_id,
        now=now,
    )
    changes.record(session, now, actor.person_id, "change_rule", "rule", f"{DUTY}:{version}", {"reason": reason})
    return rule


def of_people(session: Session, people: tuple[UUID, ...], day: date, zone: ZoneInfo) -> list[Owing]:
    """What these people owe in the periods around a day."""
    return _owing(session, duties.of_people(people), _around(session, day, zone))


def of_region(
    session: Session,
    actor: Actor,
    region: str,
    day: date,
    zone: ZoneInfo,
    *,
    is_behind: bool,
    after: Place | None,
    limit: int,
) -> list[Owing]:
    """What everybody answering for a segment of that region owes, one more than `limit` when there are more.

    Only those behind, if wished; NotFound outside one's own region.
    """
    if not may(actor, Action.SEE_DUTY, region):
        raise NotFound()
    here, around = duties.in_region(region), _around(session, day, zone)
    step = limit + 1
    found: list[Owing] = []
    while len(found) <= limit:
        places = duties.places(session, here, day, after=after, limit=step)
        whose = here & duties.of_people({person for *_, person in places})
        wanted = set(places)
        page = [each for each in _owing(session, whose, around) if each.place in wanted]
        found += [each for each in page if each.is_behind or not is_behind]
        if len(places) < step:
            break
        after, step = places[-1], min(step * _WIDER, _AT_ONCE)  # of hundreds a few may be behind
    return found[: limit + 1]


def behind(session: Session, region: str, day: date, zone: ZoneInfo) -> list[Owing]:
    """Everybody in a region who still owes a walk in the period around a day."""
    here = duties.in_region(region)
    return [each for each in _owing(session, here, _around(session, day, zone)) if each.is_behind]


def walked(session: Session, segment_id: UUID, length_m: float, begin: datetime, end: datetime) -> Walked:
    """Which metres of a segment were walked between two moments, all walks of all levels merged, and which not."""
    above, below = duties.kin(session, segment_id)
    walks = [
        walk
        for walk in duties.walks(session, {segment_id, *above, *below}, begin, end)
        if proves_walking(
            (because["code"] for because in walk.verdict["reasons"]),
            Outcome(walk.review_outcome) if walk.review_outcome else None,
        )
    ]
    lines = duties.lines(session, {segment_id, *(walk.segment_id for walk in walks)})
    offsets = {other: _offset_m(lines, segment_id, other, is_above=other in above) for other in lines}

    found = merge(
        stretch
        for walk in walks
        for stretch in moved(
            _covered(session, walk, lines[walk.segment_id].version), offsets[walk.segment_id], length_m
        )
    )
    return Walked(found, unwalked(found, length_m, LEAST_UNWALKED_M), length_m)


def _offset_m(lines: dict[UUID, Any], mine: UUID, other: UUID, *, is_above: bool) -> float:
    """Where another reach of the tree begins, in metres along one's own; before it when it lies around it."""
    if is_above:
        return -float(locate_m(lines[other].line, [lines[mine].line.coords[0]])[0])
    return float(locate_m(lines[mine].line, [lines[other].line.coords[0]])[0]) if other != mine else 0.0


def _covered(session: Session, walk: Any, version: int) -> list[Stretch]:
    """The metres a walk covered; found anew when the reach was surveyed anew since it was judged."""
    if walk.segment_version == version:
        return [(begin, end) for begin, end in walk.verdict["figures"]["covered"]]
    packed = patrols.packed_track(session, walk.seq)
    limits = patrol_rules.patrol_rule_at(session, walk.walked_at).limits
    return reaches.covered_again(reaches.prepared(session, walk.segment_id, version), walk, packed, limits)


def _around(session: Session, day: date, zone: ZoneInfo) -> _Around:
    rule = duty_rule_at(session, start_of(day, zone))
    return _Around(day, zone, rule, flood_days.known(session, rule, day, zone))


def _owing(session: Session, whose: duties.Whose, around: _Around) -> list[Owing]:
    day = around.day
    held = _by_duty(duties.held(session, whose, day, day - _LONGEST))
    grounds: dict[Key, Ground] = {}
    for key, rows in held.items():
        now = [row for row in rows if row.until_day is None or row.until_day > day]
        if now:
            grounds[key] = around.known.ground({(row.region_code, row.river_code) for row in now})
    periods = _periods(around.rule, grounds, day)
    done = _done(session, periods, around.zone)

    return [
        Owing(
            person_id=key[0],
            person=held[key][0].person,
            river_code=key[1],
            river=held[key][0].river,
            post=key[2],
            period=period,
            needed=owed(period, _served(held[key], period)),
            done=done.get(key, Done()),
            ground=grounds[key],
        )
        for key, period in periods.items()
    ]


def _periods(rule: DutyRule, grounds: dict[Key, Ground], day: date) -> dict[Key, Period]:
    """The period of each duty; thousands share the few kinds of ground that there are."""
    known: dict[tuple[Post, Ground], Period] = {}
    for key, ground in grounds.items():
        if (key[2], ground) not in known:
            known[key[2], ground] = rule.period(key[2], day, cache(ground.on))
    return {key: known[key[2], ground] for key, ground in grounds.items()}


def _by_duty(rows: list[Any]) -> dict[Key, list[Any]]:
    """Duty is per person per river, however many segments of it they hold."""
    held: dict[Key, list[Any]] = defaultdict(list)
    for row in rows:
        held[row.person_id, row.river_code, post_of(row.level, row.duty == Duty.WARDEN)].append(row)
    return held


def _done(session: Session, periods: dict[Key, Period], zone: ZoneInfo) -> dict[Key, Done]:
    """The walks of each duty in its period, asked for together where post and period are the same."""
    together: dict[tuple[Post, Period], set[UUID]] = defaultdict(set)
    for (person, _, post), period in periods.items():
        together[post, period].add(person)
    kinds = list(together)
    spans = [
        duties.Span(post.value, start_of(period.begin, zone), start_of(period.until, zone), together[post, period])
        for post, period in kinds
    ]
    found: dict[Key, Done] = {}
    for row in duties.done(session, spans):
        post, period = kinds[row.span]
        if periods.get((row.person, row.river, post)) == period:
            found[row.person, row.river, post] = Done(row.all, row.doubtful, row.by_office)
    return found


def _served(rows: list[Any], period: Period) -> int:
    """Days of the period on which at least one of the assignments held."""
    spans = ((max(row.from_day, period.begin), min(row.until_day or period.until, period.until)) for row in rows)
    days = {begin + timedelta(days=n) for begin, until in spans for n in range((until - begin).days)}
    return len(days)
