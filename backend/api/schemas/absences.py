"""The shape of absences."""

from __future__ import annotations

from marshmallow import Schema, fields


class AbsenceSchema(Schema):
    """From when until when, and who looks after things."""

    begin = fields.Date(required=True, data_key="from")
    until = fields.Date(load_default=None, allow_none=True)
    substitute = fields.UUID(required=True)


class BackSchema(Schema):
    """The first day back; today when none is named."""

    until = fields.Date(load_default=None, allow_none=True)


class AbsenceAnswer(Schema):
    """An absence."""

    id = fields.UUID()
    begin = fields.Date(data_key="from")
    until = fields.Date(allow_none=True)
    substitute = fields.UUID()
