"""Spot checks (抽查督导): a stratified draw that anybody can draw again, and what inspectors found before chiefs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from backend.domain.hazards import HazardDraft, Picture
from backend.errors import BadInput, Flaw
from backend.words import Text
from geo.measure import distances_m

DRAW, INSPECTION = "spot_draw", "inspection"
"""What they are called on record and among the things that have photos."""
RULE = "sha256-strata-1"
"""The rule by which is drawn; another way to draw is another rule, and old draws keep theirs."""
LONGEST = timedelta(days=400)
LONGEST_AGO = timedelta(days=366)
"""So long after a visit it may be written up (our judgement)."""
MOST_EACH, MOST_FRAME = 200, 500_000
MOST_FINDINGS = 20
"""Of one record."""
WITHIN_M, BEFORE = 250.0, timedelta(days=30)
"""A chief's report of the same kind so near and so short before means that the chief had seen it (our judgement)."""


class Of(StrEnum):
    """What is drawn from."""

    SEGMENTS = "segments"
    PATROLS = "patrols"
    HAZARDS = "hazards"
    """Closed ones."""


class By(StrEnum):
    """What makes a stratum: the region below that of the draw with the level of the reach or post, or the class."""

    REGION = "region"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class DrawDraft:
    """A draw as it was ordered."""

    id: UUID
    body_sha256: bytes
    region: str
    of: Of
    by: By
    each: int
    """So many of each stratum, or all where it has fewer."""
    begin: date | None
    end: date | None
    """First and last business day of walking or closing."""
    seed: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be drawn, in its stratum."""

    id: UUID
    stratum: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The drawn in their order, and of each stratum how many there were and how many of them were taken."""

    chosen: tuple[Candidate, ...]
    strata: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class InspectionDraft:
    """What inspectors saw at a place, unannounced; with the hazards that they found."""

    id: UUID
    body_sha256: bytes
    at: datetime
    note: str
    draw: UUID | None = None
    place: int | None = None
    """Of the draw."""
    segment: str | None = None
    lonlat: tuple[float, float] | None = None
    photos: tuple[Picture, ...] = ()
    findings: tuple[HazardDraft, ...] = ()
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A report of a hazard: what, where and when."""

    id: UUID
    kind: str
    lonlat: tuple[float, float] | None
    segment_id: UUID
    at: datetime


def window(draft: DrawDraft, today: date) -> tuple[date, date]:
    """First and last day: as asked, or the last thirty days. BadInput for days that cannot be meant."""
    end = draft.end or today
    begin = draft.begin or end - BEFORE
    if end > today:
        raise BadInput.at("/to", "flaw.lookback_future")
    if not begin <= end <= begin + LONGEST:
        raise BadInput.at("/from", "flaw.lookback_window", days=LONGEST.days)
    return begin, end


def digest(frame: Iterable[Candidate]) -> bytes:
    """SHA-256 over a line for each candidate by id: id and stratum."""
    lines = sorted(f"{each.id} {each.stratum}\n" for each in frame)
    return hashlib.sha256("".join(lines).encode()).digest()


def draw(frame: Sequence[Candidate], seed: str, each: int) -> Drawn:
    """Of each stratum the first so many in the order of SHA-256(seed, line feed, id): the same for the same seed."""
    strata: dict[str, list[Candidate]] = {}
    for one in frame:
        strata.setdefault(one.stratum, []).append(one)
    chosen: list[Candidate] = []
    sizes: dict[str, dict[str, int]] = {}
    for name in sorted(strata):
        taken = sorted(strata[name], key=lambda one: (_lot(seed, one.id), one.id))[:each]
        sizes[name] = {"frame": len(strata[name]), "drawn": len(taken)}
        chosen += taken
    return Drawn(tuple(chosen), sizes)


def check(draft: InspectionDraft, now: datetime) -> None:
    """BadInput for a record without a place, of a time to come, or with a finding named twice."""
    flaws = []
    if (draft.draw is None) != (draft.place is None):
        flaws.append(Flaw("/place", Text("flaw.inspection_place")))
    if draft.draw is None and draft.segment is None:
        flaws.append(Flaw("/segment", Text("flaw.inspection_where")))
    if draft.at > now + timedelta(minutes=10):
        flaws.append(Flaw("/at", Text("flaw.inspection_ahead")))
    if draft.at < now - LONGEST_AGO:
        flaws.append(Flaw("/at", Text.of("flaw.inspection_long_ago", days=LONGEST_AGO.days)))
    ids = [each.id for each in draft.findings]
    flaws += [
        Flaw(f"/findings/{at}/id", Text("flaw.inspection_twice")) for at, one in enumerate(ids) if one in ids[:at]
    ]
    if flaws:
        raise BadInput(*flaws)


def seen_before(found: Seen, reports: Iterable[Seen]) -> Seen | None:
    """The chief's report that had told it: of the same kind, within 250 m, in the 30 days before; the nearest in time.

    Where one of the two has no place, the same reach stands for it.
    """
    same = [
        each
        for each in reports
        if each.kind == found.kind and found.at - BEFORE <= each.at < found.at and _is_near(found, each)
    ]
    return max(same, key=lambda each: each.at, default=None)


def _is_near(one: Seen, other: Seen) -> bool:
    if one.lonlat is None or other.lonlat is None:
        return one.segment_id == other.segment_id
    return float(distances_m([list(one.lonlat)], [list(other.lonlat)])[0]) <= WITHIN_M


def _lot(seed: str, candidate: UUID) -> bytes:
    return hashlib.sha256(f"{seed}\n{candidate}".encode()).digest()
