"""A track as a phone hands it in, checked as one array, never point by point."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import numpy as np
from marshmallow import ValidationError, fields

from backend.errors import Flaw
from backend.words import Text
from geo.datum import Crs
from geo.track import Fixes, settled

MOST_POINTS = 20_000
_WHOLE_POINTS = list[tuple[float, float, float, float | None]]
_LATEST_MS = 253_402_300_799_999
_BOUNDS = (("lon", -180.0, 180.0), ("lat", -90.0, 90.0), ("time", 0.0, float(_LATEST_MS)), ("accuracy", 0.0, 1e7))
_COLUMNS = ("longitude", "latitude", "Unix time in milliseconds", "accuracy in metres; null or left out: unknown")
_POINTS = [
    [115.830236, 36.284626, 1751407800000, 6.5],
    [115.830288, 36.284660, 1751407805000, 6.0],
    [115.830340, 36.284694, 1751407810000, 5.5],
    [115.830392, 36.284727, 1751407815000],
]


def _column(number: int) -> dict[str, Any]:
    _, low, high = _BOUNDS[number]
    kind = ["number", "null"] if number == 3 else "number"
    return {"type": kind, "minimum": low, "maximum": high, "description": _COLUMNS[number]}


class TrackField(fields.Field[tuple[Crs, Fixes]]):
    """`{"crs", "points": [[lon, lat, Unix ms, accuracy m]…]}`, checked as one array and settled as it will be kept."""

    DOCUMENT = {
        "type": "object",
        "additionalProperties": False,
        "required": ["points"],
        "description": "The recorded way in the datum that `crs` names; points in the order of time.",
        "properties": {
            "crs": {
                "type": "string",
                "enum": [str(crs) for crs in Crs],
                "default": Crs.WGS84.value,
                "description": "The datum of the positions; maps in China often have GCJ02.",
            },
            "points": {
                "type": "array",
                "maxItems": MOST_POINTS,
                "items": {
                    "type": "array",
                    "description": f"`[{', '.join(_COLUMNS)}]`",
                    "minItems": 3,
                    "maxItems": 4,
                    "prefixItems": [_column(number) for number in range(4)],
                },
            },
        },
        "example": {"crs": Crs.GCJ02.value, "points": _POINTS},
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Crs, Fixes]:
        if not isinstance(value, dict):
            raise ValidationError(["Not a valid mapping type."])
        for name in value.keys() - {"crs", "points"}:
            raise ValidationError([Flaw(f"/{name}", "Unknown field.")])
        try:
            crs = Crs(value.get("crs", "WGS84"))
        except ValueError:
            raise ValidationError([Flaw("/crs", Text("flaw.choice", {"choices": ", ".join(Crs)}))]) from None
        return crs, settled(Fixes.of(_rows(value.get("points"))))


def _rows(points: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Points as an (n, 4) array; the first wrong one is named. An unknown accuracy is nan."""
    if not isinstance(points, list):
        raise ValidationError([Flaw("/points", "Not a valid list.")])
    if len(points) > MOST_POINTS:
        raise ValidationError([Flaw("/points", Text("flaw.too_many_points", {"most": MOST_POINTS}))])
    try:
        rows = np.array(msgspec.convert(points, _WHOLE_POINTS), dtype=np.float64).reshape(-1, 4)
    except msgspec.ValidationError:
        rows = _rows_of_any_length(points)
    _check_bounds(rows)
    return rows


def _rows_of_any_length(points: list[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The same for points of which some have no accuracy, or of which one is wrong."""
    try:
        checked = msgspec.convert(points, list[list[float | None]])
    except msgspec.ValidationError as wrong:
        raise ValidationError([Flaw(_pointer(str(wrong)), Text("flaw.point"))]) from None
    whole = [point if len(point) == 4 else [*point, None] for point in checked]
    for index, point in enumerate(whole):
        if len(point) != 4 or None in point[:3]:
            raise ValidationError([Flaw(f"/points/{index}", Text("flaw.point"))])
    return np.array(whole, dtype=np.float64).reshape(-1, 4)


def _check_bounds(rows: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    for column, (_name, low, high) in enumerate(_BOUNDS):
        values = rows[:, column]
        wrong = (values < low) | (values > high)
        if wrong.any():
            place = f"/points/{int(wrong.argmax())}/{column}"
            raise ValidationError([Flaw(place, Text("flaw.between", {"low": f"{low:.0f}", "high": f"{high:.0f}"}))])


def _pointer(complaint: str) -> str:
    """msgspec's path (`$[3][0]`) as the rest of a JSON pointer."""
    return "/points" + "".join(f"/{number}" for number in re.findall(r"\[(\d+)\]", complaint))
