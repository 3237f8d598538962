"""A walk as it lies on the map: its points as sent, the clean track, what it covered of the reach, and its gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from shapely import LineString, MultiLineString, MultiPoint
from shapely.geometry.base import BaseGeometry

from backend.db import Session
from backend.domain.reasons import Reason
from backend.services import reaches, rules
from backend.store import patrols, segments
from geo.chainage import Stretch, cut
from geo.datum import Crs, to_wgs84
from geo.track import Fixes, Limits, Track, clean, unpack

MOST_POINTS = 2_000
"""Points that are drawn of a walk; of more every second or third is (our judgement)."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One part of the picture."""

    what: str
    shape: BaseGeometry
    values: dict[str, Any] = field(default_factory=dict)


def drawn(session: Session, patrol: Any) -> list[Drawn]:
    """The parts of the picture, the lowest first."""
    line, _, _ = segments.shape_of(session, patrol.segment_id)
    version = segments.version_of(session, patrol.segment_id)
    packed = patrols.packed_track(session, patrol.seq)
    limits = rules.patrol_rule_at(session, patrol.walked_at).limits
    covered, bridged = stretches(session, patrol, packed, limits, version)
    sent = in_wgs84(patrol, packed)
    return [
        Drawn("reach", line),
        *_walked(line, "walked", covered),
        *_walked(line, "bridged", bridged),
        *_of(clean(sent, limits), sent),
    ]


def stretches(
    session: Session, patrol: Any, packed: bytes, limits: Limits, version: int
) -> tuple[list[Stretch], list[Stretch]]:
    """The metres of a reach, in its present version, that a walk covered, and those between gaps that were bridged."""
    figures = patrol.verdict["figures"]
    if patrol.segment_version == version:
        return figures["covered"], figures["bridged"]
    # Surveyed anew since: metres along it are others now.
    reach = reaches.prepared(session, patrol.segment_id, version)
    return reaches.covered_again(reach, patrol, packed, limits), []


def in_wgs84(patrol: Any, packed: bytes) -> Fixes:
    """The points as they were sent, where they lie."""
    fixes = unpack(packed)
    return Fixes(to_wgs84(fixes.lonlat, _datum(patrol)), fixes.at_ms, fixes.accuracy_m)


def pieces(track: Track) -> MultiLineString | None:
    """A clean track as lines between its gaps; None where no two points belong together."""
    at_ms = track.fixes.at_ms
    holes = {gap.from_ms for gap in track.gaps}
    ends = [leg + 1 for leg in range(len(at_ms) - 1) if int(at_ms[leg]) in holes or track.broken[leg]]
    found = [LineString(piece) for piece in np.split(track.fixes.lonlat, ends) if len(piece) > 1]
    return MultiLineString(found) if found else None


def _datum(patrol: Any) -> Crs:
    """The one in which it lies on the river, where the phone named another."""
    found = [each["values"]["crs"] for each in patrol.verdict["reasons"] if each["code"] == Reason.DATUM_MISMATCH]
    return Crs(found[0] if found else patrol.crs)


def _walked(line: LineString, what: str, stretches: Iterable[Stretch]) -> Iterator[Drawn]:
    for begin, end in stretches:
        if end > begin:
            yield Drawn(what, cut(line, begin, end), {"from_m": round(begin, 1), "to_m": round(end, 1)})


def _of(track: Track, sent: Fixes) -> Iterator[Drawn]:
    """The points as sent, the pieces between gaps, and the gaps."""
    if sent.count:
        yield Drawn("points", MultiPoint(sent.lonlat[:: 1 + sent.count // MOST_POINTS]))
    places, at_ms = track.fixes.lonlat, track.fixes.at_ms
    if (lines := pieces(track)) is not None:
        yield Drawn("track", lines)
    for gap in track.gaps:
        leg = int(np.searchsorted(at_ms, gap.from_ms))
        yield Drawn("gap", LineString(places[leg : leg + 2]), {"seconds": gap.seconds})
