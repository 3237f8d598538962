"""Photos that nobody named within 30 days go; so does what killed uploads left behind."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from backend.files.images import SIZES
from backend.services import photos
from jobs.runner import House

_LEFT_BEHIND = timedelta(days=1)
BATCH = 500


def run(house: House, *, now: datetime) -> int:
    """Forget each in a transaction of its own, then delete its files; how many."""
    house.photos.sweep((now - _LEFT_BEHIND).timestamp())
    gone = 0
    while True:
        with house.database.reading() as session:
            lonely = photos.lonely(session, BATCH, now=now)
        forgotten = sum(_forget(house, sha256, now) for sha256 in lonely)
        gone += forgotten
        if forgotten < BATCH:
            return gone


def _forget(house: House, sha256: bytes, now: datetime) -> bool:
    with house.database.transaction() as session:
        if not photos.forget(session, sha256, now=now):
            return False
    original = house.photos.original(sha256)
    house.photos.forget(sha256, SIZES)
    with house.database.reading() as session:
        is_back = photos.is_here(session, sha256)
    if is_back and original is not None:  # it was brought between the transaction and the deletion
        with house.photos.receiving(io.BytesIO(original).read, len(original)) as incoming:
            house.photos.keep(incoming, {})
    return True
