"""Questions about how the channels stand with their providers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.db import insert_for
from backend.domain.buckets import Bucket
from backend.models.notices import Bucket as BucketRow


def held(session: Session, fresh: Mapping[str, Bucket]) -> dict[str, Bucket]:
    """How these channels stand, as `fresh` says where nothing went out yet; nobody else decides until the end.

    They are held in one order, so that nobody waits in a circle.
    """
    question = select(BucketRow).where(BucketRow.channel.in_(fresh)).order_by(BucketRow.channel).with_for_update()
    rows = session.scalars(question).all()
    if len(rows) < len(fresh):
        new = [{"channel": channel, **_columns(fresh[channel])} for channel in sorted(fresh)]
        session.connection().execute(insert_for(session)(BucketRow).on_conflict_do_nothing(), new)
        rows = session.scalars(question).all()
    return {row.channel: Bucket(row.tokens, row.at, row.resting_until, row.failures) for row in rows}


def write(session: Session, channel: str, bucket: Bucket) -> None:
    """How a channel stands now."""
    session.execute(update(BucketRow).where(BucketRow.channel == channel).values(_columns(bucket)))


def resting(session: Session, now: datetime) -> dict[str, bool]:
    """Of every channel that anything went out by whether it rests."""
    rows = session.execute(select(BucketRow.channel, BucketRow.resting_until))
    return {row.channel: row.resting_until is not None and row.resting_until > now for row in rows}


def doubted(session: Session) -> set[str]:
    """Channels that have failed since they last took something."""
    return set(session.scalars(select(BucketRow.channel).where(BucketRow.failures > 0)))


def _columns(bucket: Bucket) -> dict[str, float | int | datetime | None]:
    return {
        "tokens": bucket.tokens,
        "at": bucket.at,
        "resting_until": bucket.resting_until,
        "failures": bucket.failures,
    }
