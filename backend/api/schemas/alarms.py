"""The shape of alarms."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from backend.api.paging import PageArguments
from backend.api.schemas.fields import about
from backend.domain.alarms import Alarm


class AlarmListArguments(PageArguments):
    """Which alarms."""

    open = fields.Boolean(metadata=about("Only those that are open, or only those that are over."))


class AlarmAnswer(Schema):
    """An alarm."""

    id = fields.UUID()
    kind = fields.String(validate=validate.OneOf([kind.value for kind in Alarm]))
    about = fields.String()
    sentence = fields.String()
    region = fields.String(allow_none=True)
    region_name = fields.String(allow_none=True)
    sounded_at = fields.DateTime()
    last_at = fields.DateTime()
    times = fields.Integer()
    seen_at = fields.DateTime(allow_none=True)
    seen_by = fields.UUID(allow_none=True)
    ended_at = fields.DateTime(allow_none=True)


class AlarmPage(Schema):
    """A page of alarms."""

    items = fields.List(fields.Nested(AlarmAnswer))
    next = fields.String(allow_none=True)
