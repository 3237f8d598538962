"""Soft claims as JSON; shape only."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import about


class ClaimAnswer(Schema):
    """Who is handling a hazard right now."""

    by = fields.Dict(allow_none=True, metadata=about("`id` and `name`; null when nobody is at it."))
    since = fields.String(allow_none=True)
    until = fields.String(allow_none=True, metadata=about("When it ends by itself."))
