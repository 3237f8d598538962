"""The reaches and the rules of the table, in the form in which the API gives them."""

from __future__ import annotations

from typing import Any

import numpy as np
from shapely import LineString, MultiLineString

from backend.domain.rules import PatrolRule
from geo.geojson import write
from tests.geo.scenes import along, river


def line_of(metres: list[tuple[float, float]], lon: float = 116.0, lat: float = 36.5) -> LineString:
    """A line through places east and north of one, in metres."""
    return LineString([(lon + east / 89_600.0, lat + north / 110_960.0) for east, north in metres])


BENDS = river(2000.0)
STRAIGHT = line_of([(-600, 0), (700, 0)])
SHORT = line_of([(0, 0), (120, 0), (120, 60)])
LONG = river(12_000.0, bend_m=150.0)
LOOP = line_of([(-600, 0), (0, 0), (0, 600), (100, 600), (100, 0), (700, 0)])
SMALL_LOOP = line_of([(-600, 0), (0, 0), (0, 125), (100, 125), (100, 0), (700, 0)])
HAIRPIN = line_of([*((east, 0) for east in range(0, 1001, 100)), *((east, 150) for east in range(1000, -1, -100))])
BULGE = line_of([(0, 0), (600, 0), (600, -250), (800, -250), (800, 0), (1400, 0)])
ABOVE_BULGE = line_of([(0, 150), (1400, 150)])
LEVEES = MultiLineString(
    [
        along(BENDS, np.linspace(0.0, 1000.0, 30), 400.0),
        along(BENDS, np.linspace(1300.0, 2000.0, 20), 400.0),
    ]
)


def reach(line: LineString, width_m: float = 0.0, levee: Any = None, until: str | None = None) -> dict[str, Any]:
    """What `GET /api/v1/segments/{id}` gives, as far as a walk is judged by it."""
    properties = {"width_m": width_m, "levee": levee and _plain(levee), "until": until}
    return {"geometry": _plain(line), "properties": properties}


def _plain(shape: Any) -> dict[str, Any]:
    written = write(shape)
    parts = written["coordinates"]
    places = (
        [[list(place) for place in part] for part in parts] if shape.geom_type[0] == "M" else list(map(list, parts))
    )
    return {"type": written["type"], "coordinates": places}


REACHES: dict[str, dict[str, Any]] = {
    "bends": reach(BENDS),
    "straight": reach(STRAIGHT),
    "wide": reach(BENDS, width_m=200.0),
    "short": reach(SHORT, width_m=12.0),
    "long": reach(LONG, width_m=40.0),
    "loop": reach(LOOP),
    "levees": reach(BENDS, width_m=60.0, levee=LEVEES),
    "small_loop": reach(SMALL_LOOP),
    "hairpin": reach(HAIRPIN),
    "bulge": reach(BULGE, levee=MultiLineString([ABOVE_BULGE])),
    "ended": reach(BENDS, until="2025-07-02"),
    "ends_tomorrow": reach(BENDS, until="2025-07-03"),
}
LINES = {"wide": BENDS, "levees": BENDS, "ended": BENDS, "ends_tomorrow": BENDS} | {
    "bends": BENDS,
    "straight": STRAIGHT,
    "short": SHORT,
    "long": LONG,
    "loop": LOOP,
    "hairpin": HAIRPIN,
    "small_loop": SMALL_LOOP,
    "bulge": BULGE,
    "levee of bulge": ABOVE_BULGE,
}
_STRICT = {
    "near_m": 30.0,
    "near_most_m": 60.0,
    "good_accuracy_m": 20.0,
    "presence_accuracy_m": 50.0,
    "driven_kmh": 15.0,
    "driven_share": 0.2,
    "walking_kmh": 4.0,
    "gap_s": 60.0,
    "gap_share": 0.1,
    "still_end_min": 30.0,
    "clock_ahead_min": 2.0,
    "note_age_days": 2.0,
    "late_age_days": 5.0,
    "length_share": 0.5,
    "minimums": PatrolRule().body()["minimums"] | {"village": {"minutes": 20.0, "metres": 1500.0}},
}
RULES: dict[str, dict[str, Any]] = {
    "first": {"kind": "patrol", "version": 1, "body": PatrolRule().body()},
    "strict": {"kind": "patrol", "version": 7, "body": PatrolRule().body() | _STRICT},
}
