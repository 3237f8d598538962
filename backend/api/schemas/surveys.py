"""The shape of reaches that are drawn: lines in any of the four datums, and what they do."""

from __future__ import annotations

from typing import Any

import shapely
from marshmallow import RAISE, Schema, ValidationError, fields, post_load
from shapely import LineString, MultiLineString

from backend.api.schemas.fields import Between, Day, Length, RegionCode, about, one_of, text
from backend.api.schemas.segments import NamedSegment
from backend.domain.imports import Unreadable, code, words
from backend.words import Text
from geo.datum import Crs, to_wgs84
from geo.geojson import Bounds, GeometryRefused, read_geometry

MOST_POSITIONS = 20_000
_BOUNDS = Bounds(most_positions_each=MOST_POSITIONS, kinds=frozenset({"LineString", "MultiLineString"}))
_WHY = {"too_many_positions": "flaw.line_positions", "wrong_kind": "import.not_a_line"}
_NO_LENGTH = frozenset({"too_few_positions", "empty"})


class Line(fields.Field[LineString]):
    """A GeoJSON LineString, or a MultiLineString of one part."""

    DOCUMENT = {
        "type": "object",
        "description": "A GeoJSON `LineString`, from the upper end to the lower; longitude first.",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"type": "string", "enum": ["LineString", "MultiLineString"]},
            "coordinates": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
        },
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> LineString:
        try:
            shape = read_geometry(value, bounds=_BOUNDS)
        except GeometryRefused as refused:
            key = "import.no_length" if refused.code in _NO_LENGTH else _WHY.get(refused.code, "flaw.line_degrees")
            raise ValidationError([Text(key, {"most": MOST_POSITIONS})]) from None
        if isinstance(shape, MultiLineString) and len(shape.geoms) == 1:
            shape = shape.geoms[0]
        if not isinstance(shape, LineString):
            raise ValidationError([Text("import.not_a_line")])
        return shapely.force_2d(shape)


class Word(fields.String):
    """A text read as a sheet's cell is: a code, or a name without control characters."""

    def __init__(self, *, is_code: bool, most: int, **rest: Any) -> None:
        super().__init__(required=True, validate=Length(1, most), **rest)
        self._read = code if is_code else words(most)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            return self._read((super()._deserialize(value, attr, data, **kwargs) or "").strip())
        except Unreadable as wrong:
            raise ValidationError([wrong.text]) from None


class _Drawn(Schema):
    """What both ways of drawing say."""

    class Meta:
        unknown = RAISE

    line = Line(required=True)
    crs = one_of(*Crs)
    width_m = fields.Float(validate=Between(0, 5_000), metadata=about("Metres between the banks."))

    @post_load
    def _in_wgs84(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        crs = Crs(data.pop("crs", Crs.WGS84))
        if crs is not Crs.WGS84:
            data["line"] = shapely.transform(data["line"], lambda places: to_wgs84(places, crs))
        return data


_LINE = {"type": "LineString", "coordinates": [[115.97, 36.43], [115.979, 36.433], [115.99, 36.435]]}


class NewReachSchema(_Drawn):
    """The body of PUT /segments/{id}."""

    EXAMPLE = {
        "code": "TUHAI-371502-090",
        "name": "徒骇河兴华村下段",
        "river": "TUHAI",
        "region": "371502001001",
        "width_m": 30.0,
        "line": _LINE,
        "crs": "WGS84",
        "from": "2025-07-07",
    }

    code = Word(is_code=True, most=60)
    name = Word(is_code=False, most=120)
    river = text(40, "The code of the river.", required=True, least=1)
    region = RegionCode(required=True, metadata=about("Its level is that of the reach."))
    since = Day(required=True, data_key="from", metadata=about("The first day on which somebody may answer for it."))


class RedrawSchema(_Drawn):
    """The body of POST /segments/{ref}/survey."""

    EXAMPLE = {"line": _LINE, "crs": "WGS84", "width_m": 32.0, "reason": "按2025年划界成果修正", "dry_run": True}

    reason = text(500, "Why; needed for all but a look.", least=1)
    dry_run = fields.Boolean(load_default=False, metadata=about("Only say what it would do."))


class SurveyAnswer(NamedSegment):
    """A reach as it lies, for whoever wants to draw it anew; its ETag is that of this very survey."""

    parent = fields.String(allow_none=True)
    width_m = fields.Float()
    survey = fields.Integer(metadata=about("The number of the survey; the first is 1."))
    since = fields.Date(data_key="from")
    until = fields.Date(allow_none=True)
    line = fields.Dict(metadata=about("A GeoJSON LineString in WGS 84."))


class RedrawAnswer(Schema):
    """What another line does to a reach."""

    code = fields.String()
    survey = fields.Integer()
    length_m = fields.Float()
    before_m = fields.Float(metadata=about("How long it was."))
    off_m = fields.Float(metadata=about("The largest distance between the old line and the new one."))
    turned = fields.Boolean(metadata=about("Whether it runs the other way now."))
    hazards = fields.Integer(metadata=about("Open hazards on it, which keep their place and get other metres."))
    checkpoints = fields.List(fields.Dict(), metadata=about("`code`, `name`, `chainage_m`, `away_m` of each."))
    applied = fields.Boolean()
