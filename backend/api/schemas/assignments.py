"""The shape of answers about who answered for a reach."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import about


class AssignmentAnswer(Schema):
    """Somebody answered for a reach, from – until."""

    person_id = fields.UUID()
    name = fields.String()
    duty = fields.String()
    post = fields.String(allow_none=True, metadata=about("The post that brought the reach; null: acting for one."))
    since = fields.Date(data_key="from")
    until = fields.Date(allow_none=True)
    handover = fields.Dict(allow_none=True, metadata=about("How it came: `id`, `from`, `reason`, `by`, `at`."))
