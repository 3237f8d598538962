"""Responsible units as JSON; shape only."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import RegionCode, about
from backend.domain.hazards import Kind


class UnitArguments(Schema):
    """Around which region."""

    region = RegionCode(required=True)


class UnitAnswer(Schema):
    """A unit to which hazards are given."""

    code = fields.String()
    name = fields.String()
    region = fields.String()
    kind = fields.String(allow_none=True, metadata=about("What sort of office it is; the same in every county."))
    handles = fields.List(fields.String(), metadata=about(f"Kinds of hazard that it mends, such as `{Kind.DUMP}`."))


class UnitList(Schema):
    """Units of a region and of those around it, the nearest first."""

    items = fields.List(fields.Nested(UnitAnswer))
