"""The shape of questions about regions, rivers and segments, and of their answers."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields

from backend.api.paging import PageArguments
from backend.api.schemas.fields import Between, Length, Moment, RegionCode, about, one_of, text
from backend.domain.terms import Level
from backend.words import Text
from geo.datum import Crs

RISKS = ("low", "moderate", "high", "extreme")
LEVELS = [level.word for level in Level if level is not Level.PROVINCE]


class Box(fields.Field[tuple[float, float, float, float]]):
    """`west,south,east,north` in degrees, west of east and south of north."""

    DOCUMENT = {
        "type": "string",
        "description": "`west,south,east,north` in degrees (WGS 84).",
        "example": "115.9,36.4,116.0,36.5",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[float, float, float, float]:
        try:
            west, south, east, north = (float(part) for part in str(value).split(","))
        except ValueError:
            raise ValidationError([Text("flaw.box")]) from None
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValidationError([Text("flaw.box")])
        return west, south, east, north


class RegionArguments(PageArguments):
    """Below which region, or which ones by name."""

    parent = RegionCode(load_default=None)
    codes = fields.String(
        validate=Length(1, 2_600), metadata=about("These alone, at most 200 of them, with commas between.")
    )


class RiverArguments(PageArguments):
    """Which rivers."""

    q = text(60, "A part of the name, or the code.", least=1)
    mine = fields.Boolean(load_default=False, metadata=about("Only those on which one sees a reach."))


class SegmentArguments(PageArguments):
    """Which segments; the lowest reaches unless a level is named."""

    bbox = Box(load_default=None)
    region = RegionCode(load_default=None)
    river = fields.String(load_default=None, metadata=about("The code of a river."))
    person = fields.UUID(load_default=None, metadata=about("Who answers for them today."))
    level = one_of(*LEVELS)
    risk = one_of(*RISKS)
    orphan = fields.Boolean(load_default=False, metadata=about("Only those for which no chief answers today."))
    unwalked_since = Moment(metadata=about("Only those that nobody has walked since, in a walk that counts."))
    q = text(
        60,
        "A part of the name, the code or the river's name; or, where one may see people, of the name of a chief.",
        least=1,
    )


class NearestArguments(Schema):
    """Near where."""

    lon = fields.Float(required=True, validate=Between(-180, 180), metadata=about("Longitude in degrees."))
    lat = fields.Float(required=True, validate=Between(-90, 90), metadata=about("Latitude in degrees."))
    crs = one_of(*Crs)
    limit = fields.Integer(load_default=5, validate=Between(1, 50))
    level = one_of(*LEVELS)


class RegionAnswer(Schema):
    """A region."""

    code = fields.String()
    name = fields.String()
    level = fields.String()
    parent = fields.String(allow_none=True)
    kind = fields.String(allow_none=True)


class RegionPathAnswer(RegionAnswer):
    """A region and where it lies."""

    path = fields.List(fields.Dict(), metadata=about("`code` and `name` of those around it, the widest first."))


class RegionPage(Schema):
    """A page of regions."""

    items = fields.List(fields.Nested(RegionAnswer))
    next = fields.String(allow_none=True)


class RiverAnswer(Schema):
    """A river."""

    code = fields.String()
    name = fields.String()
    kind = fields.String()


class RiverPage(Schema):
    """A page of rivers."""

    items = fields.List(fields.Nested(RiverAnswer))
    next = fields.String(allow_none=True)


class ChiefSchema(Schema):
    """Somebody who answers for a segment today."""

    person_id = fields.UUID()
    name = text(80)
    level = fields.String()
    duty = fields.String()


class NamedSegment(Schema):
    """A segment by its name, on its river and in its region."""

    id = fields.UUID()
    code = fields.String()
    name = fields.String()
    river = fields.String()
    river_name = fields.String()
    region = fields.String()
    region_name = fields.String()
    level = fields.String()
    length_m = fields.Float()


class SegmentProperties(NamedSegment):
    """What is known of a segment."""

    parent = fields.String(allow_none=True)
    width_m = fields.Float(metadata=about("Of the water; half of it is granted to whoever walks the bank."))
    until = fields.String(allow_none=True, metadata=about("The day from which it is no more; null while none is set."))
    levee = fields.Dict(
        allow_none=True,
        metadata=about(
            "A MultiLineString that may be walked instead of the bank. For one segment and in `/sync` only."
        ),
    )
    chiefs = fields.List(fields.Nested(ChiefSchema))
    risk = fields.Dict(allow_none=True)
    last_patrol_at = fields.String(allow_none=True)
    distance_m = fields.Float()
    checkpoints = fields.List(fields.Dict())
    notice_boards = fields.List(fields.Dict())


class SegmentFeature(Schema):
    """A segment as a GeoJSON feature."""

    type = fields.String()
    id = fields.UUID()
    geometry = fields.Dict()
    properties = fields.Nested(SegmentProperties)


class SegmentCollection(Schema):
    """Segments as a GeoJSON feature collection."""

    type = fields.String()
    features = fields.List(fields.Nested(SegmentFeature))
    next = fields.String(allow_none=True)


class OrphanAnswer(Schema):
    """A segment for which no chief answers."""

    id = fields.UUID()
    code = fields.String()
    name = fields.String()
    region = fields.String()
    level = fields.String()
