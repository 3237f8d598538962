"""Token buckets: how many letters a provider takes in a time, what is kept for urgent ones, and when it rests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import floor

from backend.domain.lanes import Lane

FAILURES_TO_REST = 8
"""So many failures of a provider in a row, and it is the provider that has failed (our judgement)."""
_PAUSES_S = (2.0, 5.0, 10.0, 15.0)
"""How long a failing provider is left alone, longer each time; then one letter asks whether it is back."""


LONGEST_REST = timedelta(hours=2)
"""No provider asks for more than an hour (`channels.outside.rest_s`)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a provider takes: so many a second for long, so many at once, and the share that only urgent ones get."""

    per_s: float
    burst: int
    reserved: float = 0.3


@dataclass(frozen=True, slots=True)
class Bucket:
    """How a channel stands: tokens left as of a moment, until when it rests, and how often it failed in a row."""

    tokens: float
    at: datetime
    resting_until: datetime | None = None
    failures: int = 0

    def rests(self, now: datetime) -> bool:
        """Whether nothing goes out by it at that moment; a rest too long to be one was written under a wrong clock."""
        return self.resting_until is not None and now < self.resting_until <= now + LONGEST_REST

    @property
    def is_doubted(self) -> bool:
        """Whether one letter at a time asks if it is back."""
        return self.failures >= FAILURES_TO_REST


def full(rate: Rate | None, now: datetime) -> Bucket:
    """A channel that nothing has gone out by yet."""
    return Bucket(float(rate.burst) if rate else 0.0, now)


def filled(bucket: Bucket, rate: Rate | None, now: datetime) -> Bucket:
    """What has dripped in since; a clock that was set back takes nothing away."""
    if rate is None:
        return replace(bucket, at=now)
    dripped = max(0.0, (now - bucket.at).total_seconds()) * rate.per_s
    return replace(bucket, tokens=min(float(rate.burst), bucket.tokens + dripped), at=now)


def room(bucket: Bucket, rate: Rate | None, lane: Lane, wanted: int, now: datetime) -> int:
    """How many of a lane may go out now; others than urgent ones leave the reserved share alone."""
    if bucket.rests(now):
        return 0
    if bucket.is_doubted:
        wanted = min(wanted, 1)
    if rate is None:
        return wanted
    kept = 0.0 if lane is Lane.URGENT else rate.burst * rate.reserved
    return max(0, min(wanted, floor(bucket.tokens - kept + 1e-9)))


def taken(bucket: Bucket, rate: Rate | None, count: int) -> Bucket:
    """After so many have gone out."""
    return bucket if rate is None else replace(bucket, tokens=bucket.tokens - count)


def throttled(bucket: Bucket, seconds: float, now: datetime) -> Bucket:
    """The provider asked for rest, which may only grow longer; what was left in the bucket is no good."""
    until = now + timedelta(seconds=seconds)
    return replace(bucket, tokens=0.0, resting_until=max(until, bucket.resting_until or until))


def after(bucket: Bucket, accepted: int, failed: int, now: datetime) -> Bucket:
    """After some were accepted and some failed for a time: one that is accepted makes up for all failures before it."""
    if accepted:
        return replace(bucket, failures=0)
    failures = bucket.failures + failed
    if not failed or failures < FAILURES_TO_REST:
        return replace(bucket, failures=failures)
    pause = timedelta(seconds=_PAUSES_S[min(failures - FAILURES_TO_REST, len(_PAUSES_S) - 1)])
    return replace(bucket, failures=failures, resting_until=max(now + pause, bucket.resting_until or now))
