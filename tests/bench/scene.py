"""A measured scene: a database full of rivers and chiefs, and a real server before it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import numpy as np
from shapely import LineString
from sqlalchemy import insert

from backend import schema
from backend.clock import utcnow
from backend.db import Database
from backend.keyring import KeyRing
from backend.models.people import Appointment, Person
from backend.models.regions import Region
from backend.models.segments import Assignment, River, Segment
from backend.services import tokens
from backend.services.tokens import Claims
from geo.measure import length_m
from tests.rig.serving import Serving

SPACE = UUID("6e2cf1d4-0000-4000-8000-000000000000")
LONG_AGO = date(2020, 1, 1)
CITY, COUNTY = "3715", "371502"


@dataclass(frozen=True)
class Chief:
    """A village chief with a segment of 2 km and a token."""

    person_id: UUID
    segment_id: UUID
    segment_code: str
    region: str
    river: str
    line: LineString


def fill(database: Database, count: int, *, step_deg: float = 0.004) -> list[Chief]:
    """Write `count` village segments of 2 km, each with its chief, over one county; 100 segments a river."""
    schema.upgrade(database)
    rng = np.random.default_rng(11)
    side = int(np.ceil(np.sqrt(count)))
    chiefs = []
    rows: dict[type, list[dict[str, Any]]] = {
        Region: [
            {"code": CITY, "name": "聊城市", "level": 4, "parent_code": "37"},
            {"code": COUNTY, "name": "东昌府区", "level": 3, "parent_code": CITY},
        ],
        River: [{"code": f"R{n:04d}", "name": f"第{n}河", "kind": "river"} for n in range(count // 100 + 1)],
        Person: [],
        Appointment: [],
        Segment: [],
        Assignment: [],
    }
    towns = {f"{COUNTY}{town:03d}" for town in range(1, count // 20 // 100 + 2)}
    rows[Region] += [{"code": town, "name": town, "level": 2, "parent_code": COUNTY} for town in sorted(towns)]
    for number in range(count):
        town = f"{COUNTY}{number // 2000 + 1:03d}"
        region = f"{town}{number % 900 + 1:03d}"
        chief = _chief(number, region, side, step_deg, rng)
        chiefs.append(chief)
        rows[Region].append({"code": region, "name": region, "level": 1, "parent_code": town})
        _rows_of(chief, number, rows)
    rows[Region] = list({row["code"]: row for row in rows[Region]}.values())
    with database.transaction() as session:
        for table, values in rows.items():
            session.execute(insert(table), values)
    return chiefs


def _chief(number: int, region: str, side: int, step_deg: float, rng: np.random.Generator) -> Chief:
    lon, lat = 115.5 + (number % side) * step_deg, 36.0 + (number // side) * step_deg
    bends = np.cumsum(rng.normal(0.0, 0.0002, 40))
    places = np.column_stack([lon + np.linspace(0.0, 0.0222, 40), lat + bends - bends[0]])
    code = f"SEG{number:06d}"
    river = f"R{number // 100:04d}"
    return Chief(uuid5(SPACE, f"p{number}"), uuid5(SPACE, code), code, region, river, LineString(np.round(places, 6)))


def _rows_of(chief: Chief, number: int, rows: dict[type, list[dict[str, Any]]]) -> None:
    west, south, east, north = chief.line.bounds
    metres = length_m(chief.line)
    rows[Person].append(
        {
            "id": chief.person_id,
            "name": f"演示{number}",
            "phone_index": number.to_bytes(32, "big"),
            "token_version": 1,
            "is_active": True,
            "is_demo": True,
            "created_at": datetime(2025, 1, 1, tzinfo=UTC),
        }
    )
    appointment = uuid5(chief.person_id, "appointment")
    rows[Appointment].append(
        {
            "id": appointment,
            "person_id": chief.person_id,
            "post": "village_chief",
            "region_code": chief.region,
            "from_day": LONG_AGO,
        }
    )
    rows[Segment].append(
        {
            "id": chief.segment_id,
            "code": chief.segment_code,
            "name": f"第{number}段",
            "river_code": chief.river,
            "region_code": chief.region,
            "level": 1,
            "width_m": 30.0,
            "length_m": metres,
            "from_m": 0.0,
            "to_m": metres,
            "line": chief.line,
            "west": west,
            "south": south,
            "east": east,
            "north": north,
            "from_day": LONG_AGO,
            "is_synthetic": True,
            "version": 1,
        }
    )
    rows[Assignment].append(
        {
            "id": uuid5(chief.person_id, "assignment"),
            "person_id": chief.person_id,
            "segment_id": chief.segment_id,
            "appointment_id": appointment,
            "duty": "chief",
            "from_day": LONG_AGO,
        }
    )


def token(chief_id: UUID, keyring: KeyRing) -> str:
    """An access token as a login would give it."""
    return tokens.issue(Claims(chief_id, 1), keyring, utcnow())


@contextmanager
def server(command: list[str], home: Path, url: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A real server on a free port of loopback, ready; stopped at the end. `{port}` in the command is replaced."""
    serving = Serving(home, url, command=command)
    serving.start()
    try:
        yield serving.port, serving.process
    finally:
        serving.stop()
