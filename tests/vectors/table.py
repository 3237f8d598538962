"""The table as a file (rows in whole numbers, reaches and rules by name), and what the server makes of a case."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from backend.clock import day_of
from backend.domain.patrols import PatrolDraft, Standing, Verdict, judge, timing
from backend.domain.rules import patrol_rule
from backend.domain.terms import Level
from geo.coverage import Reach
from geo.datum import Crs
from geo.track import Fixes, settled
from tests.vectors.strolls import Row

TABLE = Path(__file__).parents[1] / "data" / "verdicts.json"
ZONE = ZoneInfo("Asia/Shanghai")
Asked = dict[str, Any]
"""What the phone's `forecast` takes."""


def packed(rows: list[Row]) -> dict[str, Any]:
    """Columns: degrees in millionths and ms as a first number and steps, accuracies as they are; runs are counted."""
    columns = list(zip(*rows, strict=True)) or [()] * 4
    lon, lat = ([round(value * 1e6) for value in column] for column in columns[:2])
    return {
        "lon_e6": _steps(lon),
        "lat_e6": _steps(lat),
        "ms": _runs(_steps(list(columns[2]))),
        "accuracy_m": _runs(list(columns[3])),
    }


def unpacked(fixes: dict[str, Any]) -> list[Row]:
    """The rows again."""
    lon, lat = (np.cumsum(fixes[name], dtype=np.int64) / 1e6 for name in ("lon_e6", "lat_e6"))
    at_ms = np.cumsum(_spread(fixes["ms"]), dtype=np.int64)
    columns = lon.tolist(), lat.tolist(), at_ms.tolist(), _spread(fixes["accuracy_m"])
    return [list(row) for row in zip(*columns, strict=True)]


def read() -> list[tuple[str, Asked, dict[str, Any]]]:
    """Every vector of the file: its name, what is asked, what is expected."""
    whole = json.loads(TABLE.read_text("utf-8"))
    return [
        (
            vector["name"],
            vector["asked"]
            | {
                "fixes": unpacked(vector["asked"]["fixes"]),
                "reach": whole["reaches"][vector["asked"]["reach"]],
                "rule": whole["rules"][vector["asked"]["rule"]],
            },
            vector["expected"],
        )
        for vector in whole["vectors"]
    ]


def judged(asked: Asked) -> Verdict:
    """What the server decides about it, when it comes in with a phone's clock that is right."""
    start, end, now = (datetime.fromtimestamp(asked[key] / 1000, UTC) for key in ("startedAt", "endedAt", "now"))
    rows = [[nan_for_none(value) for value in row] for row in asked["fixes"]]
    draft = PatrolDraft(
        id=UUID(int=1),
        segment="",
        started_at=start,
        ended_at=end,
        crs=Crs.WGS84,
        fixes=settled(Fixes.of(np.array(rows, dtype=np.float64).reshape(-1, 4))),
        photos=(),
        body_sha256=b"",
        report={},
    )
    rule = patrol_rule(asked["rule"]["version"], asked["rule"]["body"])
    when = timing(draft, rule, now)
    properties = asked["reach"]["properties"]
    until = date.fromisoformat(properties["until"]) if properties["until"] else None
    level = next(level for level in Level if level.word == asked["level"])
    standing = Standing.of_day(level, asked["isAssigned"], until, day_of(when.walked_at, ZONE))
    return judge(draft, reach_of(asked["reach"]), standing, rule, when)


def reach_of(segment: dict[str, Any]) -> Reach:
    """The reach of an answer of the API."""
    levee = segment["properties"]["levee"]
    line: Any = shapely.geometry.shape(segment["geometry"])
    shape: Any = shapely.geometry.shape(levee) if levee else None
    return Reach(line, segment["properties"]["width_m"], shape)


def shown(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the table writes it: whole metres and seconds."""
    walk = verdict.walk
    return {
        "outcome": verdict.outcome.value,
        "reasons": [
            {"code": each.reason.value, "outcome": each.outcome.value, **each.values} for each in verdict.reasons
        ],
        "length_m": round(walk.length_m),
        "near_s": round(walk.near_s),
        "covered": [[round(begin), round(end)] for begin, end in walk.covered],
        "nearest_m": None if walk.nearest_m is None else round(walk.nearest_m),
    }


def nan_for_none(value: float | None) -> float:
    """An accuracy that the phone does not tell."""
    return float("nan") if value is None else value


def _steps(values: list[Any]) -> list[Any]:
    return [value - before for value, before in zip(values, [0, *values][:-1], strict=True)]


def _runs(values: list[Any]) -> list[list[Any]]:
    return [[value, len(list(some))] for value, some in groupby(values)]


def _spread(runs: list[list[Any]]) -> list[Any]:
    return [value for value, times in runs for _ in range(times)]
