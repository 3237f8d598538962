"""The shape of questions about risk, and of their answers."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.fields import Moment, RegionCode, about, one_of, text
from backend.api.schemas.segments import LEVELS


class RiskArguments(PageArguments):
    """Where and when; the lowest reaches unless a level is named."""

    at = Moment(metadata=about("Any past moment; what is yet to come is now."))
    region = RegionCode(load_default=None)
    river = text(40, "The code of a river.", least=1)
    level = one_of(*LEVELS)


class FactorAnswer(Schema):
    """One reason, in numbers and in words."""

    name = fields.String()
    points = fields.Integer()
    values = fields.Dict()
    text = fields.String()


class RiskAnswer(Schema):
    """The risk of a reach, since when, and what made it."""

    segment = fields.Dict(metadata=about("id, code and name."))
    region = fields.String()
    river = fields.String()
    level = fields.String(metadata=about("low, moderate, high or extreme."))
    score = fields.Integer()
    factors = fields.List(fields.Nested(FactorAnswer))
    since = fields.String()
    last_patrol_at = fields.String(
        allow_none=True, metadata=about("The last walk that counts; of a past moment, of those until then.")
    )


class RiskPage(Schema):
    """A page of reaches by code."""

    at = fields.String()
    items = fields.List(fields.Nested(RiskAnswer))
    next = fields.String(allow_none=True)


class RiskChangeAnswer(Schema):
    """It became another."""

    at = fields.String()
    was = fields.String(allow_none=True)
    level = fields.String()
    score = fields.Integer()
    factors = fields.List(fields.Nested(FactorAnswer))
    because = fields.String()
    rule_version = fields.Integer()


class RiskChangePage(Schema):
    """A page of changes, the newest first."""

    items = fields.List(fields.Nested(RiskChangeAnswer))
    next = fields.String(allow_none=True)
