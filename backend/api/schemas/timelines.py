"""The shape of timelines."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.fields import about


class FactAnswer(Schema):
    """One thing that happened, with its link in the chain of proof."""

    number = fields.Integer(metadata=about("Its place in the timeline, from 1."))
    at = fields.String()
    by = fields.Dict(allow_none=True, metadata=about("Who did it; null: the clockwork."))
    act = fields.String()
    sentence = fields.String()
    said = fields.Dict(metadata=about("Texts that were said with it; null where one was erased."))
    body = fields.Dict(metadata=about("What it changed, as it was hashed."))
    hash = fields.String(metadata=about("SHA-256 over it and the one before it."))


class TimelineArguments(PageArguments):
    """A page of a timeline."""


class TimelinePage(Schema):
    """What happened, in its order."""

    items = fields.List(fields.Nested(FactAnswer))
    next = fields.String(allow_none=True)
