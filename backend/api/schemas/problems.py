"""The shape of what went wrong, RFC 9457."""

from __future__ import annotations

from marshmallow import Schema, fields


class FlawAnswer(Schema):
    """One thing wrong with the input."""

    pointer = fields.String(required=True, metadata={"description": "A JSON pointer to the place."})
    detail = fields.String(required=True)


class ProblemAnswer(Schema):
    """What went wrong, in the reader's language; `type` never changes."""

    type = fields.String(required=True, metadata={"example": "/problems/bad-input"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    errors = fields.List(fields.Nested(FlawAnswer))
    present = fields.Dict(metadata={"description": "With 412: the thing as it is now."})
