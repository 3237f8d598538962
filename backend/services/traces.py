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
from geo.track import Fixes, Track, clean, unpack

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
    figures = patrol.verdict["figures"]
    covered, bridged = figures["covered"], figures["bridged"]
    if patrol.segment_version != version:  # surveyed anew since: metres along it are others now
        reach = reaches.prepared(session, patrol.segment_id, version)
        covered, bridged = reaches.covered_again(reach, patrol, packed, limits), []

    fixes = unpack(packed)
    sent = Fixes(to_wgs84(fixes.lonlat, _datum(patrol)), fixes.at_ms, fixes.accuracy_m)
    track = clean(sent, limits)
    return [
        Drawn("reach", line),
        *_walked(line, "walked", covered),
        *_walked(line, "bridged", bridged),
        *_of(track, sent),
    ]


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
    holes = {gap.from_ms for gap in track.gaps}
    ends = [leg + 1 for leg in range(len(at_ms) - 1) if int(at_ms[leg]) in holes or track.broken[leg]]
    pieces = [LineString(piece) for piece in np.split(places, ends) if len(piece) > 1]
    if pieces:
        yield Drawn("track", MultiLineString(pieces))
    for gap in track.gaps:
        leg = int(np.searchsorted(at_ms, gap.from_ms))
        yield Drawn("gap", LineString(places[leg : leg + 2]), {"seconds": gap.seconds})
