"""Segments prepared for judging, kept in memory by version: a river does not move between two patrols."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from backend.db import Session
from backend.store import segments
from geo.coverage import Reach

MOST = 2_000
"""Reaches kept a process; about 20 KiB each for a village reach (our judgement)."""

_kept: OrderedDict[tuple[UUID, int], Reach] = OrderedDict()
_lock = Lock()


def prepared(session: Session, segment_id: UUID, version: int) -> Reach:
    """The reach of that segment in that version; asks the store only for one it has not seen."""
    key = (segment_id, version)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    line, width_m, levee = segments.shape_of(session, segment_id)
    reach = Reach(line, width_m=width_m, levee=levee)
    with _lock:
        _kept[key] = reach
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return reach
