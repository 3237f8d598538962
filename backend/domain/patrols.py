"""Whether a patrol (巡河) counts: the server decides, from the track; what the phone says of itself is a claim."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from backend.domain.reasons import Because, Cause, Reason, in_order, worst
from backend.domain.rules import PatrolRule
from backend.domain.terms import Level, Outcome
from geo.coverage import Reach, Walk, walk
from geo.datum import Crs, to_wgs84
from geo.likeness import datum_mismatch
from geo.track import Fixes, Track, clean

_TRUSTED_DRIFT = timedelta(minutes=2)
"""Our judgement: a phone and a network differ by this much without any clock being wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class PatrolDraft:
    """A patrol as handed in; `fixes` in the datum that `crs` names, settled as they will be stored."""

    id: UUID
    segment: str
    started_at: datetime
    ended_at: datetime
    crs: Crs
    fixes: Fixes
    photos: tuple[bytes, ...]
    body_sha256: bytes
    report: dict[str, Any]
    """The body as sent, without its track."""
    sent_at: datetime | None = None
    claims_mock: bool = False
    on_behalf_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the walker stands to the segment on the day of the walk."""

    level: Level
    """Whose minimum is asked."""
    is_assigned: bool
    segment_ended: date | None = None
    """Set when the segment had ended by then."""

    @classmethod
    def of_day(cls, level: Level, is_assigned: bool, until_day: date | None, day: date) -> Standing:
        """How it stood on the day of the walk, on a segment that ends on a day or not at all."""
        return cls(level, is_assigned, until_day if until_day is not None and until_day <= day else None)


@dataclass(frozen=True, slots=True)
class Timing:
    """When it really happened, after correcting the phone's clock by its own `sent_at`."""

    walked_at: datetime
    ended_at: datetime
    ahead_min: float
    """Minutes by which the end lies after the server's now; or by which track and times disagree."""
    is_doubted: bool
    age_days: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the server decided, with everything it found."""

    outcome: Outcome
    reasons: tuple[Because, ...]
    rule_version: int
    walk: Walk


def timing(draft: PatrolDraft, rule: PatrolRule, received_at: datetime) -> Timing:
    """Correct the phone's clock where its times cannot be true as they are, and say whether the result can.

    Times that the track agrees with and that have come are left alone: a body may lie on the phone for days after
    its `sent_at` was written, and must not move by as much. A walk that ends before it begins is dated the other way
    round.
    """
    started_at, ended_at = sorted((draft.started_at, draft.ended_at))
    said_min = _disagreement_min(draft, started_at, ended_at)
    ahead_min = max(_minutes(ended_at - received_at), said_min)
    drift = received_at - draft.sent_at if draft.sent_at is not None else timedelta()
    if ahead_min > rule.clock_ahead_min and abs(drift) >= _TRUSTED_DRIFT:
        started_at, ended_at = _shifted(started_at, drift), _shifted(ended_at, drift)
        # A phone whose positions carry its own wrong time agrees as it is; one that has satellite time, corrected.
        corrected_min = min(said_min, _disagreement_min(draft, started_at, ended_at))
        ahead_min = max(_minutes(ended_at - received_at), corrected_min)
    is_doubted = ahead_min > rule.clock_ahead_min
    walked_at = received_at if is_doubted else started_at
    return Timing(walked_at, ended_at, ahead_min, is_doubted, (received_at - ended_at).total_seconds() / 86_400)


def judge(draft: PatrolDraft, reach: Reach, standing: Standing, rule: PatrolRule, when: Timing) -> Verdict:
    """Find all flaws at once; the worst decides."""
    track, found, mistaken = _walked(draft, reach, rule)
    reasons = [
        *_of_the_track(draft, track, found, standing, rule, reach),
        *_of_the_phone(draft, track, when),
        *_of_its_age(rule, when),
    ]
    if mistaken is not None:
        reasons.append(Because.of(Reason.DATUM_MISMATCH, crs=mistaken.value))
    if standing.segment_ended is not None:
        reasons.append(Because.of(Reason.SEGMENT_ENDED, day=standing.segment_ended.isoformat()))
    elif not standing.is_assigned:
        reasons.append(Because.of(Reason.NOT_ASSIGNED))
    return Verdict(worst(reasons), in_order(reasons), rule.version, found)


def too_soon(
    walks: Iterable[tuple[UUID, datetime]], apart: timedelta, settled: Container[UUID] = frozenset()
) -> set[UUID]:
    """Of one person's walks on one river, those that come too soon after one that counts.

    Decided in the order they were walked, so the order in which they arrive does not matter; of those begun at one
    moment the first in `walks` counts. Those `settled` count whatever came before them: a review has said so.
    """
    late: set[UUID] = set()
    last: datetime | None = None
    for walk_id, walked_at in sorted(walks, key=lambda each: each[1]):
        if last is not None and walked_at - last < apart and walk_id not in settled:
            late.add(walk_id)
        else:
            last = walked_at
    return late


def _walked(draft: PatrolDraft, reach: Reach, rule: PatrolRule) -> tuple[Track, Walk, Crs | None]:
    """The clean track and what it proves; in the right datum when the phone named a wrong one."""
    track = clean(_in_wgs84(draft.fixes, draft.crs), rule.limits)
    found = walk(reach, track, rule.limits)
    if found.points_near * 4 > track.fixes.count * 3:
        return track, found, None
    mistaken = datum_mismatch(reach, track, draft.crs, rule.limits)
    if mistaken is not None:
        found = walk(reach, clean(_in_wgs84(draft.fixes, mistaken), rule.limits), rule.limits)
    return track, found, mistaken


def _in_wgs84(fixes: Fixes, crs: Crs) -> Fixes:
    return Fixes(to_wgs84(fixes.lonlat, crs), fixes.at_ms, fixes.accuracy_m)


def _of_the_track(
    draft: PatrolDraft, track: Track, found: Walk, standing: Standing, rule: PatrolRule, reach: Reach
) -> list[Because]:
    """What the walk itself lacks: way, time, nearness, or a walker on foot."""
    if draft.fixes.count < 2:
        return [Because.of(Reason.NO_TRACK, points=draft.fixes.count)]
    if found.nearest_m is None:
        return [Because.of(Reason.NO_TRACK, points=draft.fixes.count, cause=Cause.VAGUE.value)]
    if not found.points_near:
        return [Because.of(Reason.TOO_FAR, metres=round(found.nearest_m))]
    reasons = []
    needed_m = rule.needed_m(standing.level, reach.length_m)
    least_minutes = rule.minimums[standing.level].minutes
    if found.near_s < least_minutes * 60:
        minutes = int(found.near_s // 60)
        reasons.append(Because.of(Reason.TOO_SHORT, minutes=minutes, needed_minutes=round(least_minutes)))
    if found.length_m < needed_m:
        metres = int(found.length_m)
        reasons.append(Because.of(Reason.TOO_LITTLE, metres=metres, needed_metres=round(needed_m)))
    if found.driven_share > rule.driven_share:
        reasons.append(Because.of(Reason.DRIVEN, percent=round(found.driven_share * 100)))
    if found.gap_share > rule.gap_share:
        reasons.append(Because.of(Reason.INCOMPLETE_TRACK, percent=round(found.gap_share * 100)))
    return reasons


def _of_the_phone(draft: PatrolDraft, track: Track, when: Timing) -> list[Because]:
    """What makes the recording doubtful: mocked positions, its order, its clock."""
    reasons = []
    if draft.claims_mock or track.mock_suspected:
        reasons.append(Because.of(Reason.MOCK_LOCATION))
    if track.unsorted:
        reasons.append(Because.of(Reason.UNSORTED))
    reversed_min = _minutes(draft.started_at - draft.ended_at)
    if reversed_min > 0:
        reasons.append(Because.of(Reason.CLOCK, minutes=round(reversed_min), cause=Cause.REVERSED.value))
    elif when.is_doubted:
        reasons.append(Because.of(Reason.CLOCK, minutes=round(when.ahead_min)))
    return reasons


def _of_its_age(rule: PatrolRule, when: Timing) -> list[Because]:
    """What comes late; nobody knows of a walk whose date is doubted."""
    if when.is_doubted:
        return []
    if when.age_days > rule.late_age_days:
        return [Because.of(Reason.LATE, days=int(when.age_days))]
    if when.age_days > rule.note_age_days:
        return [Because.of(Reason.LATE, outcome=Outcome.VALID, days=int(when.age_days))]
    return []


def _disagreement_min(draft: PatrolDraft, started_at: datetime, ended_at: datetime) -> float:
    """Minutes by which the track lies outside these times; 0 without a track.

    A phone's positions carry satellite time while its own clock may be wrong, so either may agree.
    """
    if not draft.fixes.count:
        return 0.0
    early = started_at.timestamp() - float(draft.fixes.at_ms.min()) / 1000
    late = float(draft.fixes.at_ms.max()) / 1000 - ended_at.timestamp()
    return max(early, late, 0.0) / 60


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def _shifted(at: datetime, by: timedelta) -> datetime:
    try:
        return at + by
    except OverflowError:  # a date at the very end of the calendar: doubted as it is
        return at
