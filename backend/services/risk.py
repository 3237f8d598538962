"""Risk of reaches: what must be weighed anew, and weighing it, a part of a county at a time, on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.flood_events import Source
from backend.domain.regions import LENGTHS
from backend.domain.risk_rules import RiskRule
from backend.domain.terms import Level
from backend.services.policies import RISK
from backend.store import flood_events, flow, risk
from geo.network import Network

PART = 5_000
"""Reaches that are weighed in one transaction: far more than a real county has, and half a second (our judgement)."""
BATCH = 500
_LATE = timedelta(minutes=2)
"""What is younger is looked at again: a transaction that began before may still come after it."""
DAY, RULE, PATROL, HAZARD = "day", "rule", "patrol", "hazard"


@dataclass(frozen=True, slots=True)
class Part:
    """Reaches of one county to be weighed, each with why."""

    county: str
    because: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Work:
    """What must be weighed, and what is looked at thereby."""

    parts: Sequence[Part]
    seqs: Sequence[int] = ()
    """Flood events."""
    place: Mapping[str, int] = field(default_factory=dict)
    is_more: bool = False


def waiting(session: Session, *, now: datetime, zone: ZoneInfo) -> Work:
    """What happened since the last look: flood events, acts on hazards, walks, another rule."""
    rule, place = RISK.at(session, now), risk.place(session)
    events = flood_events.unweighed(session, BATCH)
    seqs = [event.seq for event in events]
    if place is None or place.rule_version != rule.version:
        patrol_seq, fact_seq = risk.newest(session) if place is None else (place.patrol_seq, place.fact_seq)
        said = {"patrol_seq": patrol_seq, "fact_seq": fact_seq, "rule_version": rule.version}
        return Work(everything(session, RULE, now=now, zone=zone), seqs, said, is_more=len(events) == BATCH)

    because: dict[UUID, str] = {}
    regions: dict[UUID, str] = {}
    for event in events:
        named, found = _touched(session, rule, event, now, zone)
        regions |= found
        because |= dict.fromkeys([*named, *found], event.kind)
    walks, acts = risk.walks_since(session, place.patrol_seq, BATCH), risk.acts_since(session, place.fact_seq, BATCH)
    because |= dict.fromkeys([row.segment_id for row in walks], PATROL)
    shaken = {row.segment_id for row in acts if row.segment_id is not None}
    because |= dict.fromkeys(shaken | _below(session, shaken, int(rule.hazard_reaches)), HAZARD)
    said = {"patrol_seq": _seen(walks, place.patrol_seq, now), "fact_seq": _seen(acts, place.fact_seq, now)}
    moved = said["patrol_seq"] > place.patrol_seq or said["fact_seq"] > place.fact_seq
    is_more = len(events) == BATCH or (moved and BATCH in (len(walks), len(acts)))
    return Work(
        _parts(risk.regions_of(session, because), because), seqs, said | {"rule_version": rule.version}, is_more
    )


def everything(session: Session, because: str, *, now: datetime, zone: ZoneInfo) -> list[Part]:
    """Every lowest reach."""
    found = risk.reaches_in(session, day_of(now, zone), [""])
    return _parts(found, dict.fromkeys((one for one, _ in found), because))


def finish(session: Session, work: Work, *, now: datetime) -> None:
    """It is weighed."""
    if work.seqs:
        flood_events.weighed(session, work.seqs, now=now)
    if work.place:
        risk.set_place(session, **work.place)


def _touched(
    session: Session, rule: RiskRule, event: Any, now: datetime, zone: ZoneInfo
) -> tuple[set[UUID], dict[UUID, str]]:
    """The reaches whose risk an event can change, where it holds and where it held before: by name, and by region."""
    if event.is_exercise or event.kind == Source.RISK:
        return set(), {}
    named = {UUID(one) for one in event.segments}
    if event.kind == Source.STATION:
        return named | _below(session, named, int(rule.gauge_reaches)), {}
    found: dict[UUID, str] = {}
    for place in filter(None, (event, risk.event_before(session, event))):
        if place.segments:
            named |= {UUID(one) for one in place.segments}
        else:
            found |= dict(risk.reaches_in(session, day_of(now, zone), place.regions, place.rivers))
    return named, found


def _below(session: Session, ids: set[UUID], steps: int) -> set[UUID]:
    network = Network.of(flow.edges_below(session, ids, steps))
    return {reach for one in ids for reach in network.downstream(one, within=steps)}


def _seen(rows: Sequence[Any], before: int, now: datetime) -> int:
    """The number from which the next look goes on."""
    return max((row.seq for row in rows if row.at <= now - _LATE), default=before)


def _parts(found: Iterable[tuple[UUID, str]], because: Mapping[UUID, str]) -> list[Part]:
    counties: dict[str, list[UUID]] = defaultdict(list)
    for segment_id, region in found:
        counties[region[: LENGTHS[Level.COUNTY]]].append(segment_id)
    return [
        Part(county, {one: because[one] for one in ids[start : start + PART]})
        for county, ids in sorted(counties.items())
        for start in range(0, len(ids), PART)
    ]
