"""Figures that are asked of the database when somebody looks: what waits to be sent, and what could not be."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge

from backend.db import Session
from backend.domain.lanes import Lane
from backend.store import buckets, letters, notices


def of_delivery(session: Session, now: datetime) -> CollectorRegistry:
    """Queues by lane, dead letters and channels that rest; nobody is in it."""
    registry = CollectorRegistry()
    waiting = Gauge("hezhang_letters_waiting", "Letters that wait for a try.", ["lane"], registry=registry)
    queued = Gauge("hezhang_notices_waiting", "Notices that wait for their letters.", ["lane"], registry=registry)
    age = Gauge("hezhang_queue_age_seconds", "How long the oldest of a lane waits.", ["lane"], registry=registry)
    oldest: dict[str, datetime] = {}
    for lane in Lane:
        waiting.labels(lane.value).set(0)
        queued.labels(lane.value).set(0)
    for gauge, rows in ((waiting, letters.waiting(session)), (queued, notices.waiting_since(session))):
        for row in rows:
            gauge.labels(row.lane).set(row.how_many)
            oldest[row.lane] = min(row.oldest, oldest.get(row.lane, row.oldest))
    for lane in Lane:
        since = oldest.get(lane.value, now)
        age.labels(lane.value).set(max(0.0, (now - since).total_seconds()))
    dead = Gauge("hezhang_dead_letters", "Letters that no channel took.", registry=registry)
    dead.set(letters.count_dead(session))
    resting = Gauge("hezhang_channel_resting", "Whether a channel rests.", ["channel"], registry=registry)
    for channel, is_resting in buckets.resting(session, now).items():
        resting.labels(channel).set(is_resting)
    return registry
