"""Segments prepared for judging, kept in memory by version: a river does not move between two patrols."""

from __future__ import annotations

from datetime import date
from math import inf
from typing import Any
from uuid import UUID

from shapely import LineString, Point

from backend.db import Session
from backend.domain.access import Scope
from backend.domain.reasons import Reason
from backend.recent import Recent
from backend.store import reaches, segments
from backend.store.reaches import Named
from geo.chainage import Stretch
from geo.coverage import Reach, walk
from geo.datum import Crs, to_wgs84
from geo.measure import Plane, box_around, length_m
from geo.track import Fixes, Limits, clean, unpack

MOST = 1_000
"""Reaches kept a process; about 20 KiB each for a village reach (our judgement)."""

_kept: Recent[tuple[UUID, int], Reach] = Recent(MOST)


def by_name(ref: str) -> UUID | str:
    """A segment as people and phones name it: by id or by code."""
    try:
        return UUID(ref)
    except ValueError:
        return ref


def found(session: Session, ref: str) -> Named | None:
    """The segment of that id or code, wherever it lies."""
    return reaches.named(session, by_name(ref))


def prepared(session: Session, segment_id: UUID, version: int) -> Reach:
    """The reach of that segment in that version; asks the store only for one it has not seen."""
    key = (segment_id, version)
    if (kept := _kept.get(key)) is not None:
        return kept
    line, width_m, levee = segments.shape_of(session, segment_id)
    reach = Reach(line, width_m=width_m, levee=levee)
    _kept.keep(key, reach)
    return reach


def covered_again(reach: Reach, patrol: Any, packed: bytes, limits: Limits) -> list[Stretch]:
    """The metres of a reach that a kept walk covered, found anew from its track as it was handed in."""
    fixes = unpack(packed)
    mismatch = next((each for each in patrol.verdict["reasons"] if each["code"] == Reason.DATUM_MISMATCH), None)
    lonlat = to_wgs84(fixes.lonlat, Crs(patrol.crs if mismatch is None else mismatch["values"]["crs"]))
    return walk(reach, clean(Fixes(lonlat, fixes.at_ms, fixes.accuracy_m), limits), limits).covered


def shape_of(line: LineString, begins_m: float) -> dict[str, Any]:
    """The columns of a line: itself, its metres, its stretch of the river (chainage in metres), and its box."""
    metres = length_m(line)
    box = dict(zip(("west", "south", "east", "north"), line.bounds, strict=True))
    return {"line": line, "length_m": metres, "from_m": begins_m, "to_m": begins_m + metres, **box}


def nearest(session: Session, lonlat: tuple[float, float], most_m: float, *, today: date) -> Named | None:
    """The lowest reach nearest to a place in WGS 84, wherever it lies; None when none is so near."""
    here = Point(lonlat)
    plane = Plane.around(here)
    spot = plane.shape_in_metres(here)
    for within_m in (most_m / 10, most_m):
        boxed = segments.around(session, Scope(("",)), today, box_around(*lonlat, within_m), None)
        found = [(plane.shape_in_metres(line).distance(spot), segment_id.bytes) for segment_id, line in boxed]
        metres, segment_id = min(found, default=(inf, b""))
        if metres <= within_m:
            return reaches.named(session, UUID(bytes=segment_id))
    return None
