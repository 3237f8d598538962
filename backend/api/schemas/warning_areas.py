"""The shape of questions about the areas of warnings, and of their answers."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import Moment, about


class AreaArguments(Schema):
    """When; now when it is not said."""

    at = Moment(metadata=about("Any past moment; what is yet to come is now."))


class AreaFeature(Schema):
    """One warning."""

    type = fields.String()
    id = fields.UUID()
    geometry = fields.Dict(metadata=about("Around the reaches concerned that one may see."))
    properties = fields.Dict(metadata=about("id, number, level, headline, drill, issued_at and expires_at."))


class AreaAnswer(Schema):
    """Warnings as a GeoJSON feature collection."""

    type = fields.String()
    features = fields.List(fields.Nested(AreaFeature))
