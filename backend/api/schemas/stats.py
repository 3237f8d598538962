"""Statistics as JSON: which period, where, split by what; figures with the lists behind them. Shape only."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import Day, Length, RegionCode, about, one_of
from backend.domain.stats import LEVELS, By


class StatsArguments(Schema):
    """A period of business days; this month up to today when nothing is said."""

    first = Day(data_key="from", metadata=about("The first day; the first of the month when nothing is said."))
    last = Day(data_key="to", metadata=about("The last day, included; today when nothing is said."))
    region = RegionCode(metadata=about("Everything in one's own part of the world when nothing is said."))
    by = one_of(*By, description="What the figures are split by, in `rows`.")
    level = one_of(*LEVELS, description="Only of this level: of whoever walked or was called, or of the reach.")


class ReportArguments(Schema):
    """Which report; that of the month before this one when nothing is said."""

    of = fields.String(validate=Length(7, 8), metadata=about("`2025-07`, or a week as `2025-W27`."))
    region = RegionCode(metadata=about("Everything in one's own part of the world when nothing is said."))
    format = one_of("html", "xlsx", "pdf", description="A page to print (so when nothing is said), a workbook, a PDF.")


class FigureSchema(Schema):
    """One number, with the list behind it."""

    value = fields.Integer()
    records = fields.String(allow_none=True, metadata=about("Path of the list of its records, where there is one."))


class StatsRowSchema(Schema):
    """A part of the whole."""

    key = fields.String(metadata=about("Code of the region, level, day, month or class."))
    name = fields.String()
    figures = fields.Dict(metadata=about("By group, then by figure: a number."))


class StatsAnswer(Schema):
    """The figures of a period. All add up over days, regions and levels; metres and seconds are of walks that count."""

    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    region = fields.String(allow_none=True, metadata=about("Null: several, that do not lie in one."))
    name = fields.String()
    by = fields.String(allow_none=True)
    level = fields.String(allow_none=True)
    as_of = fields.String(metadata=about("Everything that happened before is in."))
    waiting = fields.Integer(metadata=about("So many changes are not in yet, counted up to 1,000."))
    first_day = fields.Date(allow_none=True, metadata=about("The first day of which anything is known there."))
    note = fields.String(allow_none=True, metadata=about("A sentence where the period lies before that day."))
    figures = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Nested(FigureSchema)),
        metadata=about("By group, then by figure."),
    )
    rows = fields.List(fields.Nested(StatsRowSchema))
