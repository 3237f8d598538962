"""Walks along a reach of the seed city, as the receiver of a phone hears them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import numpy as np

from backend.db import Database
from backend.store import reaches, segments
from geo.chainage import Ruler
from tests.rig.city import SEGMENT, City
from tests.rig.handset import Fix, Handset

STEP_S, PACE_MPS = 5, 1.2


class Bank:
    """The bank of a reach: that which a village chief of the seed city walks, where none is named."""

    def __init__(self, city: City, code: str = SEGMENT) -> None:
        database = Database.connect(city.settings.database_url)
        with database.reading() as session:
            reach = reaches.named(session, code)
            assert reach is not None
            self._ruler = Ruler(segments.shape_of(session, reach.id)[0])
        database.close()

    def along(self, begun: datetime, seconds: int, from_s: int = 0) -> list[list[float]]:
        """Positions from a moment on, for so many seconds of walking."""
        times_s = np.arange(from_s, from_s + seconds, STEP_S)
        begun_ms = begun.timestamp() * 1000
        places = self._ruler.points_at(100 + times_s * PACE_MPS).tolist()
        return [[*place, begun_ms + at_s * 1000, 8.0] for place, at_s in zip(places, times_s.tolist(), strict=True)]


def walk_for(phone: Handset, fixes: Iterable[Fix]) -> None:
    """Walk these positions, one after the other, as fast as the test can."""
    for fix in fixes:
        phone.receive([fix])
        phone.pass_by(STEP_S)
