"""The shape of the picture of a walk."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import about


class TracePart(Schema):
    """A part of the picture."""

    type = fields.String()
    geometry = fields.Dict()
    properties = fields.Dict(
        metadata=about("`what`: reach, walked, bridged, points, track or gap; metres or seconds beside it.")
    )


class TraceAnswer(Schema):
    """The parts as a GeoJSON feature collection, the lowest first."""

    type = fields.String()
    features = fields.List(fields.Nested(TracePart))
