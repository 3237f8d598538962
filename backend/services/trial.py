"""A made-up walk along a real segment, for whoever tries the system for the first time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from backend.db import Session
from backend.store import reaches, segments
from geo.chainage import Ruler
from geo.datum import Crs, from_wgs84

_STEP_S = 5
_SPEED_MPS = 1.15


def walk(session: Session, segment_code: str, *, now: datetime, zone: ZoneInfo) -> dict[str, Any] | None:
    """A body for PUT /patrols: a walk of most of the segment this morning, as a GCJ-02 phone records it.

    None where there is no such segment, as in a city of one's own.
    """
    segment = reaches.named(session, segment_code)
    if segment is None:
        return None
    ruler = Ruler(segments.shape_of(session, segment.id)[0])
    dice = np.random.default_rng()
    count = int(min(ruler.length_m * 0.9, 1500.0) / _SPEED_MPS / _STEP_S)
    pace = np.cumsum(_SPEED_MPS * _STEP_S * dice.normal(1.0, 0.08, count))
    wander = np.cumsum(dice.normal(0.0, 0.6, (count, 2)), axis=0) + dice.normal(0.0, 1.5, (count, 2))
    places = ruler.plane.degrees(ruler.plane_points_at(ruler.length_m * 0.03 + pace) + np.clip(wander, -12.0, 12.0))
    started_at = (now - timedelta(seconds=count * _STEP_S + 600)).astimezone(zone).replace(microsecond=0)
    begin_ms = int(started_at.timestamp() * 1000)
    points = [
        [round(lon, 6), round(lat, 6), begin_ms + index * _STEP_S * 1000, round(float(dice.uniform(4, 12)), 1)]
        for index, (lon, lat) in enumerate(from_wgs84(places, Crs.GCJ02).tolist())
    ]
    ended_at = started_at + timedelta(seconds=(count - 1) * _STEP_S)
    return {
        "segment": segment_code,
        "started_at": started_at.isoformat(),
        "ended_at": ended_at.isoformat(),
        "track": {"crs": Crs.GCJ02.value, "points": points},
        "checklist": {"floating_debris": False, "levee_damage": False},
        "note": "一切正常",
    }
