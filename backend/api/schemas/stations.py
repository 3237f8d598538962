"""Stations and their readings as JSON; shape only."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validates_schema

from backend.api.paging import PageArguments
from backend.api.schemas.fields import Between, Length, Moment, RegionCode, about, number, one_of, text
from backend.api.schemas.hazards import LocationSchema
from backend.api.schemas.segments import Box
from backend.domain.stations import (
    MOST_READINGS,
    SILENT_AFTER_MIN,
    Kind,
    Marks,
    Quantity,
    ReadingDraft,
    StationDraft,
)
from backend.words import Text

MOST_ALSO = 200
_LEVEL = (-200.0, 6_000.0)


class StationSchema(Schema):
    """The body of PUT /flood/stations/{code}."""

    class Meta:
        unknown = RAISE

    EXAMPLE = {
        "name": "聊城站",
        "kind": "river",
        "river": "TUHAI",
        "region": "371502",
        "location": {"lon": 116.01, "lat": 36.45},
        "warning_m": 33.5,
        "guaranteed_m": 35.0,
        "datum": "1985国家高程基准",
    }

    name = text(80, "What it is called.", required=True, least=1)
    kind = one_of(*Kind, required=True)
    river = text(40, "The code of its river.", required=True, least=1)
    region = RegionCode(required=True, metadata=about("Whom it warns; it may stand upstream of that."))
    location = fields.Nested(LocationSchema, required=True)
    segment = text(60, "Code or id of the reach it speaks for; else the nearest of its river.", least=1)
    warning_m = number(*_LEVEL, "The warning level (警戒水位) in metres over the datum.")
    guaranteed_m = number(*_LEVEL, "The guaranteed level (保证水位).")
    datum = text(200, "What the metres are counted from (基面).")
    hysteresis_m = fields.Float(
        load_default=0.10,
        validate=Between(0, 5),
        metadata=about("So far below a level the water must fall before it counts as below."),
    )
    silent_after_min = fields.Integer(
        load_default=SILENT_AFTER_MIN,
        validate=Between(5, 10_080),
        metadata=about("Minutes without a word after which it counts as silent."),
    )


def station_of(code: str, loaded: dict[str, Any]) -> StationDraft:
    """The station as the rules know it."""
    return StationDraft(
        code=code,
        name=loaded["name"],
        kind=Kind(loaded["kind"]),
        river=loaded["river"],
        region=loaded["region"],
        lonlat=loaded["location"],
        segment=loaded.get("segment"),
        marks=Marks(loaded.get("warning_m"), loaded.get("guaranteed_m"), loaded["hysteresis_m"]),
        datum=loaded.get("datum", ""),
        silent_after_min=loaded["silent_after_min"],
    )


class StationListArguments(PageArguments):
    """Which stations."""

    region = RegionCode(load_default=None)
    river = fields.String(load_default=None, metadata=about("The code of a river."))
    bbox = Box(load_default=None)
    pressing_first = fields.Boolean(
        load_default=False, metadata=about("Those over a mark first, then those that are silent; else by code.")
    )


class KeySchema(Schema):
    """Which other stations the same key serves."""

    EXAMPLE: dict[str, Any] = {"also": []}

    also = fields.List(
        text(60, least=1),
        load_default=[],
        validate=Length(max=MOST_ALSO),
        metadata=about("Codes of further stations behind the same gateway."),
    )


class ReadingSchema(Schema):
    """One item of POST /flood/readings: what a station measured at a moment, at least one quantity of it."""

    class Meta:
        unknown = RAISE

    station = text(60, "The code of the station.", required=True, least=1)
    at = Moment(required=True, metadata=about("When it was measured."))
    water_level_m = fields.Float(metadata=about("Metres over the station's datum."))
    flow_m3s = fields.Float(metadata=about("Cubic metres a second."))
    rain_mm_1h = fields.Float(metadata=about("Millimetres within the hour before."))

    @validates_schema
    def _something(self, data: dict[str, Any], **_: Any) -> None:
        if not any(quantity in data for quantity in Quantity):
            raise ValidationError([Text.of("flaw.no_quantity", known=", ".join(Quantity))])


def reading_of(loaded: dict[str, Any]) -> ReadingDraft:
    """The reading as the rules know it."""
    values = {quantity: loaded[quantity] for quantity in Quantity if quantity in loaded}
    return ReadingDraft(loaded["station"], loaded["at"], values)


BATCH_DOCUMENT = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "array", "maxItems": MOST_READINGS, "items": {"type": "object"}},
            "example": [{"station": "LIAOCHENG", "at": "2025-07-28T02:00:00+08:00", "water_level_m": 33.62}],
        }
    },
}
"""The body as the document describes it: each item is a reading, and is judged alone."""
KEY_DOCUMENT = {
    "in": "header",
    "name": "X-Station-Key",
    "description": "The key of the station, or of its gateway.",
    "required": True,
    "schema": {"type": "string"},
}


class StationAnswer(Schema):
    """A station with its latest values."""

    code = fields.String()
    name = fields.String()
    kind = fields.String()
    river = fields.String()
    region = fields.String()
    region_name = fields.String(allow_none=True)
    segment = fields.String(allow_none=True)
    location = fields.Dict()
    warning_m = fields.Float(allow_none=True)
    guaranteed_m = fields.Float(allow_none=True)
    datum = fields.String()
    hysteresis_m = fields.Float()
    silent_after_min = fields.Integer()
    silent_since = fields.String(allow_none=True)
    has_key = fields.Boolean()
    latest = fields.Dict(metadata=about("By quantity: value and at; of a level also rate (m/h), band and fast."))
    readings = fields.Dict(metadata=about("By quantity: [moment, value], the newest first; of one station alone."))


class StationPage(Schema):
    """A page of stations by code."""

    items = fields.List(fields.Nested(StationAnswer))
    next = fields.String(allow_none=True)


class KeyAnswer(Schema):
    """A new key, shown this once."""

    key = fields.String()
    stations = fields.List(fields.String())


class ReadingResults(Schema):
    """What became of each item, in their order."""

    results = fields.List(fields.Dict())
