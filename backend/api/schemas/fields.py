"""Field types that every noun shares: moments, digests, texts, tracks."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import numpy as np
from marshmallow import ValidationError, fields, validate

from backend.domain.regions import BadRegionCode, cut
from backend.errors import Flaw
from backend.words import Text
from geo.datum import Crs
from geo.track import Fixes, settled

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(9998, 12, 31)
MOST_POINTS = 20_000
_WHOLE_POINTS = list[tuple[float, float, float, float | None]]
_LATEST_MS = 253_402_300_799_999
_BOUNDS = (("lon", -180.0, 180.0), ("lat", -90.0, 90.0), ("time", 0.0, float(_LATEST_MS)), ("accuracy", 0.0, 1e7))


class Moment(fields.Field[datetime]):
    """RFC 3339 with its offset, from 1970 to 9999."""

    DOCUMENT = {"type": "string", "format": "date-time"}

    default_error_messages = {"invalid": "Not a valid datetime."}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or not _RFC3339.fullmatch(value):
            raise self.make_error("invalid")
        text = value.upper().replace(" ", "T").replace(":60", ":59", 1) if value[17:19] == "60" else value.upper()
        try:
            moment = datetime.fromisoformat(text)
            utc = moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.make_error("invalid") from None
        if utc < _EARLIEST:
            raise ValidationError([Text("flaw.before_1970")])
        return moment


class Day(fields.Date):
    """A business day around which a whole quarter can still be counted."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        day = super()._deserialize(value, attr, data, **kwargs)
        if not _FIRST_DAY <= day <= _LAST_DAY:
            raise ValidationError([Text("flaw.day", {"first": _FIRST_DAY, "last": _LAST_DAY})])
        return day


class RegionCode(fields.String):
    """A division code, padded with zeros or not; always loaded at the length of its level."""

    DOCUMENT = {"type": "string", "pattern": "^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            return cut(super()._deserialize(value, attr, data, **kwargs) or "")
        except BadRegionCode:
            raise ValidationError([Text("flaw.region")]) from None


class Digest(fields.Field[bytes]):
    """A SHA-256 as 64 hexadecimal digits."""

    DOCUMENT = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
            raise ValidationError([Text("flaw.digest")])
        return bytes.fromhex(value)


class Between(validate.Range):
    """A number within bounds, told in the reader's language."""

    def _format_error(self, value: Any, message: str) -> Any:
        return [Text.of("flaw.between", low=self.min, high=self.max)]


class Length(validate.Length):
    """A text or list of bounded length, told in the reader's language."""

    def _format_error(self, value: Any, message: str) -> Any:
        return [Text.of("flaw.length", low=self.min or 0, high=self.max)]


class OneOf(validate.OneOf):
    """One of a closed list, which is told."""

    def _format_error(self, value: Any) -> Any:
        return [Text.of("flaw.choice", choices=self.choices_text)]


def text(most: int, *, required: bool = False, least: int = 0) -> fields.String:
    """A text of bounded length."""
    return fields.String(required=required, validate=Length(least, most))


def one_of(*choices: str, required: bool = False) -> fields.String:
    """One word of a closed list."""
    return fields.String(required=required, validate=OneOf([str(choice) for choice in choices]))


def number(least: float, most: float) -> fields.Float:
    """A finite number within bounds."""
    return fields.Float(validate=Between(least, most))


class TrackField(fields.Field[tuple[Crs, Fixes]]):
    """`{"crs", "points": [[lon, lat, Unix ms, accuracy m]…]}`, checked as one array and settled as it will be kept."""

    DOCUMENT = {
        "type": "object",
        "additionalProperties": False,
        "required": ["points"],
        "properties": {
            "crs": {"type": "string", "enum": [str(crs) for crs in Crs]},
            "points": {
                "type": "array",
                "maxItems": MOST_POINTS,
                "items": {
                    "type": "array",
                    "minItems": 3,
                    "maxItems": 4,
                    "prefixItems": [
                        *({"type": "number", "minimum": low, "maximum": high} for _, low, high in _BOUNDS[:3]),
                        {"type": ["number", "null"], "minimum": _BOUNDS[3][1], "maximum": _BOUNDS[3][2]},
                    ],
                },
            },
        },
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
