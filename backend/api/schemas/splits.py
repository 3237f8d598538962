"""The shape of splits: where a reach is cut, and what goes where."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validates_schema

from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import Between, Day, Length, about, one_of, text
from backend.api.schemas.patrols import ClientSchema
from backend.api.schemas.surveys import Word
from backend.words import Text
from geo.datum import Crs

_FROM = "The first day of the two; today at the earliest. Walks of the days before stay with the old reach."


class SplitArguments(Schema):
    """Where and when: metres along the reach, or a place near it."""

    at_m = fields.Float(validate=Between(0, 1_000_000), metadata=about("Metres from its upper end."))
    lon = fields.Float(validate=Between(-180, 180), metadata=about("Longitude in degrees; the nearest place on it."))
    lat = fields.Float(validate=Between(-90, 90), metadata=about("Latitude in degrees."))
    crs = one_of(*Crs)
    since = Day(required=True, data_key="from", metadata=about(_FROM))

    @validates_schema
    def _one_place(self, data: dict[str, Any], **_: Any) -> None:
        has_place = {"lon", "lat"} <= data.keys()
        if has_place == ("at_m" in data):
            raise ValidationError({"at_m": [Text("flaw.cut_where")]})


class PartSchema(Schema):
    """How one of the two is called."""

    class Meta:
        unknown = RAISE

    code = Word(is_code=True, most=60)
    name = Word(is_code=False, most=120)


class SplitSchema(Digested):
    """The body of POST /segments/{ref}/split."""

    EXAMPLE = {
        "id": "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c41",
        "at_m": 612.5,
        "from": "2025-07-07",
        "parts": [
            {"code": "TUHAI-371502-001-1", "name": "徒骇河兴华村上段"},
            {"code": "TUHAI-371502-001-2", "name": "徒骇河兴华村下段"},
        ],
        "reason": "河段太长，分由两人负责",
    }

    id = fields.UUID(required=True, metadata=about("Made by the client, so that the same may be sent again."))
    at_m = fields.Float(required=True, validate=Between(0, 1_000_000), metadata=about("Metres from its upper end."))
    since = Day(required=True, data_key="from", metadata=about(_FROM))
    parts = fields.List(
        fields.Nested(PartSchema), required=True, validate=Length(2, 2), metadata=about("The upper one first.")
    )
    reason = text(500, required=True, least=1)
    client = fields.Nested(ClientSchema)


class PartAnswer(Schema):
    """What comes to lie on one of the two."""

    length_m = fields.Float()
    line = fields.Dict(metadata=about("A GeoJSON LineString in WGS 84."))
    hazards = fields.List(fields.Dict(), metadata=about("Open ones: `id`, `kind`, `kind_name`, `severity`, `state`."))
    checkpoints = fields.List(fields.Dict(), metadata=about("`code` and `name`."))
    notice_boards = fields.List(fields.Dict(), metadata=about("`code`."))
    stations = fields.List(fields.Dict(), metadata=about("`code` and `name`."))
    reaches = fields.List(fields.Dict(), metadata=about("Lower reaches inside: `code` and `name`."))


class SplitPreviewAnswer(Schema):
    """What a split would do; its ETag is what `If-Match` of the split itself names."""

    segment = fields.Dict(metadata=about("`code`, `name`, `length_m` of the reach that is cut, and its `line`."))
    at_m = fields.Float()
    at = fields.List(fields.Float(), metadata=about("Longitude and latitude of the cut."))
    since = fields.Date(data_key="from")
    parts = fields.List(fields.Nested(PartAnswer), metadata=about("The upper one first."))
    chiefs = fields.List(
        fields.Dict(), metadata=about("`person_id`, `name`, `duty`, `acting` of those who answer for both then.")
    )
    stays = fields.Dict(metadata=about("What stays with the old reach: `walks`, `last_walk_at`, `closed_hazards`."))
    campaigns = fields.Integer(metadata=about("Running campaigns that both owe an answer then."))


class SplitAnswer(Schema):
    """A split as it was made."""

    id = fields.UUID()
    segment = fields.String()
    at_m = fields.Float()
    since = fields.Date(data_key="from")
    parts = fields.List(fields.Dict(), metadata=about("`id`, `code`, `name`, the upper one first."))
    settled_at = fields.String(allow_none=True, metadata=about("When what lay on it went over; null before its day."))


class OriginAnswer(Schema):
    """Where a reach came from, and what became of it."""

    origin = fields.Dict(allow_none=True, metadata=about("`code`, `name`, `from` of the reach that it was cut from."))
    parts = fields.List(fields.Dict(), metadata=about("`code`, `name`, `from` of the two that it was cut into."))
