"""The shape of what is said of tiles."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import Moment, RegionCode, about, text


class TileArguments(Schema):
    """When, and which part of one's own part of the world; all of it as it is now when nothing is said."""

    at = Moment(metadata=about("Any past moment; what is yet to come is now."))
    region = RegionCode()
    river = text(40, "The code of a river.", least=1)


class LayerAnswer(Schema):
    """A layer, and what is said of each of its shapes."""

    id = fields.String()
    fields_ = fields.Dict(data_key="fields", keys=fields.String(), values=fields.String())


class TileSetAnswer(Schema):
    """TileJSON 3.0."""

    tilejson = fields.String()
    tiles = fields.List(fields.String(), metadata=about("Addresses with places for z, x and y."))
    minzoom = fields.Integer()
    maxzoom = fields.Integer()
    bounds = fields.List(fields.Float(), metadata=about("West, south, east, north of what one answers for."))
    vector_layers = fields.List(fields.Nested(LayerAnswer))
