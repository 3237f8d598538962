"""The escalation: hazards whose step is due climb along the chief chain of their river, each step once."""

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
from backend.domain.escalation import Chain, Climb, Rung, Step, climb, reached, watched
from backend.domain.hazards import MENDING, Severity, State, Watch
from backend.domain.regions import LENGTHS
from backend.domain.terms import CHIEFS, Level, Post
from backend.services import timeline
from backend.services.policies import HAZARDS
from backend.store import escalation

BATCH = 2_000
"""Hazards a transaction: about half a second, while who sits on the chains is asked once for all (our judgement)."""
CLIMB = "climb"
"""The fact of a step, or of several at once."""
_CHIEF_OF = {Rung.TOWN_CHIEF: Level.TOWN, Rung.COUNTY_CHIEF: Level.COUNTY, Rung.CITY_CHIEF: Level.CITY}
_OFFICE_OF = {Rung.COUNTY_OFFICE: Level.COUNTY, Rung.CITY_OFFICE: Level.CITY}
_POST_OF = {level: post for post, level in CHIEFS.items()}


@dataclass(frozen=True, slots=True)
class Told:
    """One person whom a step reaches, and at which rung they were found (None: the last resort)."""

    hazard_id: UUID
    number: int
    """Which step of the ladder, counted from 1."""
    step: Step
    rung: Rung
    found_at: Rung | None
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Climbed:
    """A hazard, the steps it takes, and everybody they reach."""

    hazard: Any
    climb: Climb
    watch: Watch
    told: tuple[Told, ...]


def due(session: Session, *, now: datetime, zone: ZoneInfo, limit: int = BATCH) -> list[Climbed]:
    """What is to be climbed now, the most overdue first; held until the transaction ends, nothing written."""
    hazards = escalation.claim_due(session, now, limit)
    if not hazards:
        return []
    chains = _chains(session, hazards, day_of(now, zone))
    last = _last_resort(session, day_of(now, zone))
    ladders = {
        version: HAZARDS.of_version(session, version).ladders.ladders
        for version in {hazard.policy_version for hazard in hazards}
    }
    return [
        _climbed(hazard, chains[hazard.id], last, ladders[hazard.policy_version][Severity(hazard.severity)], now)
        for hazard in hazards
    ]


def sweep(session: Session, *, now: datetime, zone: ZoneInfo, limit: int = BATCH) -> list[Climbed]:
    """Climb what is due; what each step tells is for whoever called to queue in the same transaction."""
    climbed = due(session, now=now, zone=zone, limit=limit)
    happened = timeline.prepare([_fact(each) for each in climbed], now=now)
    timeline.write(session, happened)
    escalation.advance(
        session,
        [
            {
                "seq": each.hazard.seq,
                "rung": each.climb.rung,
                "watch": each.watch.value,
                "next_step_at": each.climb.next_at,
            }
            | timeline.columns(head)
            for each, head in zip(climbed, happened.heads, strict=True)
        ],
    )
    return climbed


def _fact(climbed: Climbed) -> timeline.Happened:
    """The steps taken, whom each was for, where they were found, and when the next is due."""
    body = {
        "rung": climbed.climb.rung,
        "watch": climbed.watch.value,
        "due_at": climbed.hazard.due_at.isoformat(),
        "next_at": climbed.climb.next_at.isoformat() if climbed.climb.next_at else None,
        "told": [
            {
                "step": told.number,
                "for": told.rung.value,
                "at": told.found_at.value if told.found_at else None,
                "person": str(told.person_id),
                "channels": [channel.value for channel in told.step.channels],
            }
            for told in climbed.told
        ],
    }
    return timeline.Happened("hazard", climbed.hazard.id, timeline.head_of(climbed.hazard), CLIMB, body)


def names(session: Session, climbed: Iterable[Climbed]) -> dict[UUID, str]:
    """The names of everybody they reach."""
    return escalation.names(session, {told.person_id for each in climbed for told in each.told})


def _climbed(hazard: Any, chain: Chain, last: Sequence[UUID], ladder: Sequence[Step], now: datetime) -> Climbed:
    found = climb(ladder, hazard.rung, hazard.phase_begun_at, hazard.due_at, now)
    told = tuple(
        Told(hazard.id, number, step, rung, found_at, person)
        for number, step in enumerate(found.steps, start=hazard.rung + 1)
        for rung in step.tell
        for people, found_at in (reached(rung, chain, last),)
        for person in people
    )
    return Climbed(hazard, found, watched(Watch(hazard.watch), found.steps), told)


def _chains(session: Session, hazards: Sequence[Any], day: date) -> dict[UUID, Chain]:
    """Who can be reached at each rung of each hazard, in a few questions for all of them."""
    chiefs = escalation.chiefs(session, {each.segment_id for each in hazards}, day)
    regions = {region for each in hazards for region in _around(each.region_code)}
    held = escalation.holders(session, [*CHIEFS, Post.OFFICE_CLERK, Post.BUREAU_CLERK], regions, day)
    spoken = escalation.liaisons(session, {each.unit_code for each in hazards if each.unit_code}, day)
    raw = {each.id: _rungs(each, chiefs.get(each.segment_id, []), held, spoken) for each in hazards}
    everybody = {person for chain in raw.values() for people in chain.values() for person in people}
    away = escalation.substitutes(session, everybody, day)
    return {key: {rung: reachable(people, away) for rung, people in chain.items()} for key, chain in raw.items()}


def _rungs(
    hazard: Any,
    chiefs: Sequence[tuple[int, UUID]],
    held: Mapping[tuple[str, str], list[UUID]],
    spoken: Mapping[str, list[UUID]],
) -> dict[Rung, list[UUID]]:
    """Everybody of each rung: chiefs of that river first, those of the region where the river has none."""
    found: dict[Rung, list[UUID]] = {}
    for rung, level in _CHIEF_OF.items():
        of_river = [person for rank, person in chiefs if rank == level]
        found[rung] = of_river or held.get((_POST_OF[level], hazard.region_code[: LENGTHS[level]]), [])
    for rung, level in _OFFICE_OF.items():
        found[rung] = held.get((Post.OFFICE_CLERK, hazard.region_code[: LENGTHS[level]]), [])
    found[Rung.OWNER] = _owners(hazard, held, spoken)
    return found


def _owners(hazard: Any, held: Mapping[tuple[str, str], list[UUID]], spoken: Mapping[str, list[UUID]]) -> list[UUID]:
    """On whom it waits: whoever mends it once it is given out, and before and after that the clerks of the county."""
    if State(hazard.state) in MENDING:
        if hazard.assignee_id is not None:
            return [hazard.assignee_id]
        if spoken.get(hazard.unit_code):
            return spoken[hazard.unit_code]
    county = hazard.region_code[: LENGTHS[Level.COUNTY]]
    return held.get((Post.BUREAU_CLERK, county)) or held.get((Post.OFFICE_CLERK, county), [])


def _around(region: str) -> list[str]:
    return [region[:length] for length in LENGTHS.values() if length <= len(region)]


def _last_resort(session: Session, day: date) -> list[UUID]:
    """The administrators: a step tells somebody, whatever is vacant."""
    return escalation.holding(session, Post.ADMINISTRATOR, day)
