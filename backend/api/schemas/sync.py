"""The shape of a sync: a batch upwards, changes downwards."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.paging import Cursor
from backend.api.schemas.fields import Length, about, one_of
from backend.api.schemas.patrols import PatrolSchema, ReceiptSchema
from backend.domain.callouts import ACK
from backend.domain.campaigns import ANSWER
from backend.domain.orders import WORD
from backend.services.sync import HAZARD, HAZARD_ACT, PATROL

MOST_ITEMS = 200
_BODIES = ("Patrol", "Hazard", "Act", "Reply", "OrderWord")


class ItemSchema(Schema):
    """One thing from a phone's queue; its body is checked by its own schema, so that it stands alone."""

    class Meta:
        unknown = "include"

    type = fields.String(required=True)
    id = fields.UUID(required=True)
    body = fields.Dict(required=True)


class Item(fields.Raw):
    """One thing as it comes, for each is checked alone; what is told of it is what it should be."""

    DOCUMENT = {
        "type": "object",
        "required": ["type", "id", "body"],
        "properties": {
            "type": {"type": "string", "enum": [PATROL, HAZARD, HAZARD_ACT, ANSWER, ACK, WORD]},
            "id": {"type": "string", "format": "uuid", "description": "As in the address of a PUT."},
            "body": {
                "description": "As in a PUT of its own; that of an act also names `hazard` and `if_match`, "
                "that of an answer its `campaign`, that of a word its `order`.",
                "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in _BODIES],
            },
        },
    }


class BatchSchema(Schema):
    """A phone's queue, or a part of it."""

    EXAMPLE = {"items": [{"type": PATROL, "id": "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c13", "body": PatrolSchema.EXAMPLE}]}

    items = fields.List(Item(), required=True, validate=Length(max=MOST_ITEMS))


class ResultSchema(Schema):
    """What became of one item."""

    id = fields.String(allow_none=True)
    status = one_of("created", "unchanged", "conflict", "refused", "retry")
    receipt = fields.Nested(ReceiptSchema)
    thing = fields.Dict()
    problem = fields.Dict()


class ResultsSchema(Schema):
    """In the order of the items."""

    results = fields.List(fields.Nested(ResultSchema))


class SinceArguments(Schema):
    """From where on; nothing: everything of one's own, afresh."""

    since = Cursor(load_default=None, metadata=about("`next` of the last answer; nothing: everything, afresh."))


class ChangeSchema(Schema):
    """One thing put or gone."""

    type = fields.String()
    id = fields.String()
    op = one_of("put", "gone")
    body = fields.Dict(allow_none=True)


class ChangesSchema(Schema):
    """What changed for this person, and where to go on."""

    changes = fields.List(fields.Nested(ChangeSchema))
    next = fields.String()
    more = fields.Boolean()
