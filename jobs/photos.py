"""Photos that nobody named within 30 days go; so does what killed uploads left behind."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta

from backend.files.images import SIZES
from backend.services import photos
from jobs.runner import House, drain

_LEFT_BEHIND = timedelta(days=1)
BATCH = 500


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Forget each in a transaction of its own, then delete its files; how many."""
    house.photos.sweep((now - _LEFT_BEHIND).timestamp())

    def lonely(aside: set[bytes]) -> list[bytes]:
        with house.database.reading() as session:
            return photos.lonely(session, BATCH, but=aside, now=now)

    return drain(lonely, lambda sha256: _forget(house, sha256, now), alive)


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
