"""The shape of people."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.fields import RegionCode, one_of, text
from backend.domain.terms import Post


class PeopleArguments(PageArguments):
    """Which people."""

    region = RegionCode()
    post = one_of(*Post)
    q = text(80, "A part of the name.")


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
    """A page of people with masked numbers."""

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
