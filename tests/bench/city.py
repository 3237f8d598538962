"""A city of any size for measuring lists: a tree of reaches with their chiefs, and two years of walks on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import numpy as np
from shapely import LineString
from sqlalchemy import insert

from backend.db import Database
from backend.models.people import Appointment, Person
from backend.models.regions import Region
from backend.models.segments import Assignment, River, Segment
from geo.measure import length_m
from tests.bench.scene import CITY, LONG_AGO, SPACE, Chief

COLUMNS, ROWS = 20, 10
"""Village reaches of a town, side by side."""
IN_TOWN = COLUMNS * ROWS
ON_RIVER = 50
"""Village reaches of a town on one river."""
RIVERS = IN_TOWN // ON_RIVER
WIDE, HIGH = 0.0222, 0.01
"""Degrees between two reaches."""
Rows = dict[type, list[dict[str, Any]]]


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    counties: int
    towns: int
    """Of each county."""
    walks: int

    @property
    def segments(self) -> int:
        """The lowest reaches, one for each village."""
        return self.counties * self.towns * IN_TOWN


def county(number: int) -> str:
    """The code of a county."""
    return f"{CITY}{number + 1:02d}"


def town(county_number: int, number: int) -> str:
    """The code of a town."""
    return f"{county(county_number)}{number + 1:03d}"


def person(name: str) -> UUID:
    """Whoever is called so."""
    return uuid5(SPACE, name)


def build(database: Database, size: Size) -> list[Chief]:
    """Write regions, rivers, reaches of three levels, chiefs and a clerk of each kind; the village reaches."""
    rng = np.random.default_rng(11)
    places: list[Chief] = []
    rows: Rows = {kind: [] for kind in (Region, River, Person, Appointment, Segment, Assignment)}
    _region(rows, CITY, 4, "37")
    _chief(rows, "city officer", "duty_officer", CITY)
    for number in range(size.counties):
        code = county(number)
        _region(rows, code, 3, CITY)
        _chief(rows, f"clerk {code}", "office_clerk", code)
        _chief(rows, f"chief {code}", "county_chief", code)
        for river in range(RIVERS):
            name = f"R{code}{river}"
            rows[River].append({"code": name, "name": f"{name}河", "kind": "river"})
            _reach(rows, name, code, 3, name, None, _line(number, 0, river * ROWS, 0, rng), f"chief {code}")
        for index in range(size.towns):
            places += _town(rows, number, index, rng)
    with database.transaction() as session:
        for table, values in rows.items():
            session.execute(insert(table), values)
    return places


def _town(rows: Rows, county_number: int, number: int, rng: np.random.Generator) -> list[Chief]:
    code, around = town(county_number, number), county(county_number)
    places = []
    _region(rows, code, 2, around)
    _chief(rows, f"chief {code}", "town_chief", code)
    for river in range(RIVERS):
        line = _line(county_number, number, river * ON_RIVER, 0.001, rng)
        _reach(
            rows, f"R{around}{river}-{code}", code, 2, f"R{around}{river}", f"R{around}{river}", line, f"chief {code}"
        )
    for index in range(IN_TOWN):
        village, river_code = f"{code}{index + 1:03d}", f"R{around}{index // ON_RIVER}"
        name, line = f"{river_code}-{village}", _line(county_number, number, index, 0.0, rng)
        _region(rows, village, 1, code)
        _chief(rows, f"chief {village}", "village_chief", village)
        segment = _reach(rows, name, village, 1, river_code, f"{river_code}-{code}", line, f"chief {village}")
        places.append(Chief(person(f"chief {village}"), segment, name, village, river_code, line))
    return places


def _line(county_number: int, town_number: int, index: int, aside: float, rng: np.random.Generator) -> LineString:
    """Two kilometres from west to east; ten towns of a county lie side by side."""
    column = index % COLUMNS + COLUMNS * (town_number % 10 + 10 * (county_number % 2))
    row = index // COLUMNS + ROWS * (town_number // 10 + 5 * (county_number // 2))
    bends = np.cumsum(rng.normal(0.0, 0.0002, 40))
    lon = 112.0 + column * WIDE + np.linspace(0.0, WIDE, 40)
    lat = 35.0 + row * HIGH + aside + bends - bends[0]
    return LineString(np.round(np.column_stack([lon, lat]), 6))


def _region(rows: Rows, code: str, level: int, parent: str) -> None:
    rows[Region].append({"code": code, "name": f"区划{code}", "level": level, "parent_code": parent})


def _chief(rows: Rows, name: str, post: str, region: str) -> None:
    who, since = person(name), datetime(2020, 1, 1, tzinfo=UTC)
    appointment = {"id": uuid5(who, "post"), "person_id": who, "post": post, "region_code": region}
    rows[Person].append({"id": who, "name": f"演示{name[-12:]}", "is_demo": True, "created_at": since})
    rows[Appointment].append(appointment | {"from_day": LONG_AGO})


def _reach(
    rows: Rows, code: str, region: str, level: int, river: str, parent: str | None, line: LineString, chief: str
) -> UUID:
    west, south, east, north = line.bounds
    metres, segment = length_m(line), person(code)
    named = {"id": segment, "code": code, "name": code, "river_code": river, "region_code": region, "level": level}
    box = {"west": west, "south": south, "east": east, "north": north}
    along = {"width_m": 30.0, "length_m": metres, "from_m": 0.0, "to_m": metres, "line": line}
    rest = {"parent_id": person(parent) if parent else None, "from_day": LONG_AGO, "is_synthetic": True, "version": 1}
    rows[Segment].append(named | box | along | rest)
    held = {"id": uuid5(segment, "held"), "person_id": person(chief), "segment_id": segment}
    post = {"appointment_id": uuid5(person(chief), "post"), "duty": "chief", "from_day": LONG_AGO}
    rows[Assignment].append(held | post)
    return segment
