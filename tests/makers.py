"""Makers: the scene names only what matters, the rest is an honest walk on a fine morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from shapely import LineString

from geo.chainage import Ruler
from geo.datum import Crs, from_wgs84
from geo.measure import Plane
from tests.cast import LINE, NOON, noise
from tests.pictures import GOOD, sha


def walk_points(
    line: LineString,
    *,
    started_at: datetime,
    metres: float = 900.0,
    from_m: float = 20.0,
    aside_m: float = 18.0,
    speed_mps: float = 1.2,
    step_s: float = 5.0,
    accuracy_m: float = 8.0,
    crs: Crs = Crs.WGS84,
    seed: int = 7,
) -> list[list[float]]:
    """Points of a walk along a line: lon, lat, Unix ms, accuracy."""
    count = max(int(metres / speed_mps / step_s), 2)
    plane = Plane.around(line)
    along = from_m + np.arange(count) * speed_mps * step_s
    xy = plane.metres(Ruler(line).points_at(along)) + np.array([0.0, aside_m]) + noise(count, 2.0, seed)
    lonlat = from_wgs84(plane.degrees(xy), crs)
    begin_ms = int(started_at.timestamp() * 1000)
    return [
        [round(lon, 7), round(lat, 7), begin_ms + int(index * step_s * 1000), accuracy_m]
        for index, (lon, lat) in enumerate(lonlat.tolist())
    ]


def patrol_body(
    line: LineString,
    *,
    segment: str = "TUHAI-371502-001",
    started_at: datetime = NOON - timedelta(hours=4),
    crs: Crs = Crs.WGS84,
    declared: Crs | None = None,
    **walk: Any,
) -> dict[str, Any]:
    """A body for PUT /patrols; `declared` is the datum the phone names when it is wrong about it."""
    points = walk_points(line, started_at=started_at, crs=crs, **walk)
    ended_at = datetime.fromtimestamp(points[-1][2] / 1000, started_at.tzinfo) if points else started_at
    return {
        "segment": segment,
        "started_at": started_at.isoformat(),
        "ended_at": ended_at.isoformat(),
        "track": {"crs": (declared or crs).value, "points": points},
        "note": "一切正常",
    }


def new_id() -> UUID:
    """An id as a phone makes one."""
    return uuid4()


def upload(phone: Any, data: bytes, *, media: str = "image/jpeg", digest: str | None = None, **rest: Any) -> Any:
    """Hand a photo in."""
    return phone.put(f"/api/v1/photos/{digest or sha(data)}", data=data, content_type=media, **rest)


def look(phone: Any, data: bytes = GOOD, size: str = "view", **rest: Any) -> Any:
    """Look at a photo."""
    return phone.get(f"/api/v1/photos/{sha(data)}?size={size}", **rest)


def name_it(phone: Any, *data: bytes) -> UUID:
    """A walk that names photos."""
    patrol = new_id()
    body = patrol_body(LINE) | {"photos": [sha(one) for one in data]}
    assert phone.put(f"/api/v1/patrols/{patrol}", json=body).status_code == 201
    return patrol


def seen_by(phone: Any, person: UUID) -> dict[str, str]:
    """The header of somebody who has just looked at a person; of nothing when there is nobody to see."""
    shown = phone.get(f"/api/v1/people/{person}")
    return {"If-Match": shown.headers["ETag"]} if shown.status_code == 200 else {}
