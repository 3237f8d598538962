"""The shape of people and posts."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.fields import RegionCode, one_of, text
from backend.domain.terms import Post


class PeopleArguments(PageArguments):
    """Which people."""

    region = RegionCode()
    post = one_of(*Post)
    q = text(80)


class NewPersonSchema(Schema):
    """Somebody new."""

    name = text(80, required=True, least=1)
    phone = text(40, required=True, least=1)


class AppointmentSchema(Schema):
    """A post to be given."""

    id = fields.UUID(required=True)
    post = one_of(*Post, required=True)
    region = RegionCode(required=True)
    since = fields.Date(required=True, data_key="from")
    unit = text(40)
    segments = fields.List(text(60, least=1))
    substitute = fields.UUID()


class ClosingSchema(Schema):
    """The first day on which a post is no longer held, and why."""

    until = fields.Date(required=True)
    reason = text(2000, required=True, least=1)


class AbsenceSchema(Schema):
    """From when until when, and who looks after things."""

    begin = fields.Date(required=True, data_key="from")
    until = fields.Date(load_default=None, allow_none=True)
    substitute = fields.UUID(required=True)


class ReasonSchema(Schema):
    """Why."""

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


class PassedAnswer(Schema):
    """Who has each segment now; null is an orphan."""

    passed_to = fields.Dict()
