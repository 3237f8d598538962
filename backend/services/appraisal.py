"""Counting an assessment: everybody's figures and those of each place, and the order in which they stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import start_of
from backend.db import Session
from backend.domain.assessment_rules import AssessmentRule, Indicator
from backend.domain.assessments import Score, Stage, Tallies, Tally, ranked, took
from backend.domain.deadlines import Phase
from backend.domain.duties import post_of
from backend.domain.hazards import Act
from backend.domain.regions import LENGTHS
from backend.domain.terms import Post
from backend.store import assessment_figures as figures
from backend.store import assessment_training as training
from backend.store import regions
from backend.store.assessment_figures import Asked

STAGES = (Phase.ACCEPT, Phase.FIX, Phase.VERIFY)
Key = tuple[UUID, Post, str]
"""A person, their post, its region."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """What an assessment comes to: a row a person and post, and a row a place."""

    rule_version: int
    scores: list[Row]
    places: list[Row]


def asked(region: str, posts: Iterable[str], begin: date, until: date, zone: ZoneInfo) -> Asked:
    """What is counted, with its days as moments."""
    return Asked(region, list(posts), begin, until, start_of(begin, zone), start_of(until, zone))


def counted(
    session: Session,
    what: Asked,
    rule: AssessmentRule,
    settled: Mapping[tuple[Key, Indicator], Tally],
    *,
    now: datetime,
) -> Counted:
    """Count it now; `settled` figures are those that an appeal has corrected, and they stay."""
    tallies: dict[Key, dict[Indicator, Tally]] = {
        (row.person_id, Post(row.post), row.region_code): {Indicator.PATROLS: Tally(int(row.hits), int(row.size))}
        for row in figures.duty(session, what)
    }
    keys: dict[tuple[UUID, Post], list[str]] = defaultdict(list)
    for person, post, region in sorted(tallies, key=str):
        keys[person, post].append(region)
    for row in figures.callouts(session, what):
        _add(tallies, keys, Indicator.CALLOUTS, row, Post(row.post))
    for row in figures.campaigns(session, what):
        _add(tallies, keys, Indicator.CAMPAIGNS, row, post_of(row.level, is_warden=False))
    for row in training.sums(session, what):
        _add(tallies, keys, Indicator.TRAINING, row, Post(row.post))
    for (key, indicator), tally in settled.items():
        if key in tallies:
            tallies[key][indicator] = tally
    order = sorted(tallies, key=lambda key: (key[2], key[1], str(key[0])))
    scores = ranked([Score(key[1], tallies[key]) for key in order], rule)
    return Counted(rule.version, _scores(session, what, order, scores), _places(session, what, order, now))


def ranks(posts: Sequence[str], tallies: Sequence[Tallies], rule: AssessmentRule) -> list[Score]:
    """Score and place of rows, in the same order."""
    return ranked([Score(Post(post), each) for post, each in zip(posts, tallies, strict=True)], rule)


def tallies_of(row: Any) -> Tallies:
    """The figures of a row."""
    return {each: Tally(getattr(row, f"{each}_hits"), getattr(row, f"{each}_size")) for each in Indicator}


def columns_of(tallies: Tallies) -> dict[str, int]:
    """The same as they are kept."""
    found = {each: tallies.get(each, Tally()) for each in Indicator}
    return {f"{each}_hits": tally.hits for each, tally in found.items()} | {
        f"{each}_size": tally.size for each, tally in found.items()
    }


def _add(
    tallies: dict[Key, dict[Indicator, Tally]],
    keys: Mapping[tuple[UUID, Post], Sequence[str]],
    indicator: Indicator,
    row: Any,
    post: Post,
) -> None:
    """To the row of whoever owed walks in that post; of two, to the one whose region it lies in."""
    regions_of = keys.get((row.person_id, post), ())
    here = [region for region in regions_of if row.region_code.startswith(region)] or regions_of
    if here:
        found = tallies[row.person_id, post, here[0]]
        found[indicator] = found.get(indicator, Tally()) + Tally(int(row.hits), int(row.size))


def _scores(session: Session, what: Asked, order: Sequence[Key], scores: Sequence[Score]) -> list[Row]:
    """What somebody did besides stands in the first of their rows of a post."""
    walks = {(row.person_id, Post(row.post)): row for row in figures.walks(session, what)}
    reported = dict(figures.reported(session, what))
    away = _leave(session, what, {person for person, _, _ in order})
    rows = []
    for (person, post, region), each in zip(order, scores, strict=True):
        walked = walks.pop((person, post), None)
        rows.append(
            {"person_id": person, "post": post.value, "region_code": region}
            | columns_of(each.tallies)
            | {name: int(getattr(walked, name, 0)) for name in ("walks", "counted", "doubtful")}
            | {"covered_m": float(getattr(walked, "covered_m", 0.0))}
            | {"hazards": reported.pop(person, 0), "leave_days": away[person]}
            | {"score": each.score, "rank": each.rank, "ranked_of": each.of}
            | {"score_was": each.score, "rank_was": each.rank}
        )
    return rows


def _leave(session: Session, what: Asked, people: set[UUID]) -> Counter[UUID]:
    found: Counter[UUID] = Counter()
    for row in figures.leave(session, people, what):
        begin, until = max(row.from_day, what.begin), min(row.until_day or what.until, what.until)
        found[row.person_id] += (until - begin).days
    return found


def places_of(session: Session, region: str) -> list[str]:
    """The counties or towns that are compared: those directly below, or the region itself where there is none."""
    return regions.children(session, region) or [region]


def _places(session: Session, what: Asked, order: Sequence[Key], now: datetime) -> list[Row]:
    """Each of them, and the region itself where it has people, hazards or reaches of its own."""
    places = places_of(session, what.region)
    length = max(map(len, places), default=LENGTHS[max(LENGTHS)])
    stages = _stages(session, what)
    hazards: dict[str, list[Mapping[Phase, Stage]]] = defaultdict(list)
    for region, found in stages:
        hazards[region[:length]].append(found)
    reaches = {row.place: row for row in figures.reaches(session, what, length)}
    own = {what.region} & {*hazards, *reaches, *(region for _, _, region in order)}
    return [_place(place, hazards[place], reaches.get(place), now) for place in sorted({*own, *places})]


def _place(place: str, hazards: Sequence[Mapping[Phase, Stage]], reaches: Any, now: datetime) -> Row:
    said = {}
    for phase in STAGES:
        found = took((each[phase] for each in hazards), now)
        said[phase.value] = {"hits": found.in_time.hits, "size": found.in_time.size, "median_h": found.median_h}
    return {
        "region_code": place,
        "hazards": len(hazards),
        "stages": said,
        "reaches": int(getattr(reaches, "reaches", 0)),
        "reaches_m": float(getattr(reaches, "reaches_m", 0.0)),
        "unwalked": int(getattr(reaches, "unwalked", 0)),
        "unwalked_m": float(getattr(reaches, "unwalked_m", 0.0)),
    }


def _stages(session: Session, what: Asked) -> list[tuple[str, Mapping[Phase, Stage]]]:
    """Of each hazard its region, and when each stage was waited for and came."""
    acts = {(row.thing_id, row.act): row for row in figures.acts(session, what)}
    found: list[tuple[str, Mapping[Phase, Stage]]] = []
    for row in figures.hazards(session, what):
        due = {phase: datetime.fromisoformat(at) for phase, at in row.deadlines.items()}
        accepted, verified = (
            acts.get((row.id, Act.ACCEPT)),
            acts.get((row.id, Act.VERIFY), acts.get((row.id, Act.CLOSE))),
        )
        is_verified = verified is not None and row.done_at is not None and verified.last >= row.done_at
        done = {
            Phase.ACCEPT: (row.reported_at, accepted.first if accepted else None),
            Phase.FIX: (row.assigned_at or row.reported_at, row.done_at),
            Phase.VERIFY: (row.done_at, verified.last if verified and is_verified else None),
        }
        stages = {phase: Stage(begun, due.get(phase), came) for phase, (begun, came) in done.items()}
        found.append((row.region_code, stages))
    return found
