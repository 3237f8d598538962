"""The shape of people."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.fields import RegionCode, about, one_of, text
from backend.domain.terms import Post


class PeopleArguments(PageArguments):
    """Which people."""

    region = RegionCode()
    post = one_of(*Post)
    q = text(80, "A part of the name.")
    names = text(5_000, "Only those who have one of these names, whole, separated by commas; fifty are looked for.")


class NewPersonSchema(Schema):
    """Somebody new."""

    EXAMPLE = {"name": "王建国", "phone": "12300000006"}

    name = text(80, required=True, least=1)
    phone = text(40, "A mobile number, however it is written.", required=True, least=1)


class ReasonSchema(Schema):
    """Why."""

    EXAMPLE = {"reason": "核对值班安排"}

    reason = text(2000, required=True, least=1)


class PersonPageAnswer(Schema):
    """A page of people with masked numbers and the posts of today."""

    items = fields.List(fields.Dict())
    next = fields.String(allow_none=True)


class PersonDetailAnswer(Schema):
    """A person with every post."""

    id = fields.UUID()
    name = fields.String()
    phone = fields.String(allow_none=True)
    appointments = fields.List(fields.Dict())


class PhoneAnswer(Schema):
    """A clear number."""

    phone = fields.String(allow_none=True)


class ImportArguments(Schema):
    """Whether a sheet is only looked at."""

    dry_run = fields.Boolean(required=True, metadata=about("Only say what is wrong and what would come of it."))
    rename = fields.Boolean(load_default=False, metadata=about("Let a known number take the name in the sheet."))


class ImportAnswer(Schema):
    """What a sheet says, or has done: all of it, or nothing where any row is wrong."""

    applied = fields.Boolean()
    rows = fields.Integer(metadata=about("Rows that could be read."))
    flaws = fields.List(fields.Dict(), metadata=about("`row` as the sheet counts it, `column` and `why`."))
    said = fields.Dict(metadata=about("`new_people`, `known_people`, `new_posts`, `ended_posts`."))
