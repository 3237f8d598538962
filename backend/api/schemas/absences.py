"""The shape of absences."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import Day, about


class AbsenceSchema(Schema):
    """From when until when, and who looks after things."""

    EXAMPLE = {"from": "2025-07-07", "until": "2025-07-14", "substitute": "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c11"}

    begin = fields.Date(required=True, data_key="from", metadata=about("The first day away."))
    until = fields.Date(load_default=None, allow_none=True, metadata=about("The first day back; null: not known yet."))
    substitute = fields.UUID(required=True, metadata=about("The person who looks after one's segments."))


class BackSchema(Schema):
    """The first day back; today when none is named."""

    EXAMPLE = {"until": "2025-07-10"}

    until = fields.Date(load_default=None, allow_none=True, metadata=about("The first day back; null: today."))


class AbsenceAnswer(Schema):
    """An absence."""

    id = fields.UUID()
    begin = fields.Date(data_key="from")
    until = fields.Date(allow_none=True)
    substitute = fields.UUID()
    substitute_name = fields.String()


class SubstituteArguments(Schema):
    """From which day on."""

    day = Day(load_default=None, data_key="from", metadata=about("The first day away; today when it is not said."))


class SubstitutePostAnswer(Schema):
    """What somebody is."""

    post = fields.String()
    region = fields.String()
    region_name = fields.String(allow_none=True)


class SubstituteAnswer(Schema):
    """Somebody whom one may name."""

    id = fields.UUID()
    name = fields.String()
    posts = fields.List(fields.Nested(SubstitutePostAnswer))
