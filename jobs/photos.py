"""Photos that nobody named within 30 days go; so does what killed uploads left behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.files.images import SIZES
from backend.services import photos
from jobs.runner import MOST_PIECES, House

_LEFT_BEHIND = timedelta(days=1)


def run(house: House, *, now: datetime) -> int:
    """Forget each in a transaction of its own, then delete its files; how many."""
    for done in range(MOST_PIECES):
        with house.database.transaction() as session:
            sha256 = photos.forget_one(session, now=now)
        if sha256 is None:
            house.photos.sweep((now - _LEFT_BEHIND).timestamp())
            return done
        house.photos.forget(sha256, SIZES)
    return MOST_PIECES
