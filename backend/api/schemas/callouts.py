"""Call-outs, answers and door-knocks as JSON; shape only."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import Moment, about, one_of, text
from backend.api.schemas.flood_warnings import BriefWarningAnswer
from backend.api.schemas.patrols import ClientSchema
from backend.domain.callouts import Answer
from backend.services.acks import AckDraft
from backend.services.door_knocks import DoorDraft, Outcome


class AckSchema(Digested):
    """The body of …/ack and …/ack-for."""

    EXAMPLE = {
        "id": "0197d0c1-0000-7000-8000-00000000000a",
        "status": "acting",
        "note": "已上堤，带两人巡查",
        "at": "2025-07-28T02:20:00+08:00",
    }

    id = fields.UUID(required=True)
    status = one_of(*Answer, required=True)
    note = text(1000)
    at = Moment(required=True, metadata=about("When it was said, by the phone's clock."))
    client = fields.Nested(ClientSchema)


class AckItemSchema(Schema):
    """What an answer in a batch says beside itself."""

    class Meta:
        unknown = EXCLUDE

    callout = fields.UUID(required=True)


def ack_of(loaded: dict[str, Any]) -> AckDraft:
    """The answer as the rules know it."""
    answer = Answer(loaded["status"])
    return AckDraft(loaded["id"], loaded["body_sha256"], answer, loaded.get("note", ""), loaded["at"])


class DoorSchema(Digested):
    """The body of POST /flood/doors/{id}: what came of the knock."""

    EXAMPLE = {"outcome": "met", "status": "acting", "note": "人在家，手机没电，已上堤"}

    outcome = one_of(*Outcome, required=True)
    status = one_of(*Answer)
    note = text(1000)


def door_of(loaded: dict[str, Any]) -> DoorDraft:
    """The report as the rules know it."""
    return DoorDraft(loaded["body_sha256"], Outcome(loaded["outcome"]), loaded.get("note", ""))


class AnswerOfCallout(Schema):
    """Something that was answered."""

    id = fields.UUID()
    status = fields.String()
    how = fields.String()
    by = fields.String(allow_none=True)
    note = fields.String()
    at = fields.String()
    received_at = fields.String()
    stands = fields.Boolean(metadata=about("Whether it changed how the call-out stands."))


class StepAnswer(Schema):
    """Something that was done about it."""

    what = fields.String()
    number = fields.Integer()
    round = fields.Integer()
    person = fields.String(allow_none=True)
    due_at = fields.String()
    at = fields.String()


class CalloutAnswer(Schema):
    """A call-out (叫应)."""

    id = fields.UUID()
    warning = fields.UUID()
    number = fields.String()
    drill = fields.Boolean()
    level = fields.String()
    headline = fields.String()
    instruction = fields.String()
    contact = fields.String()
    expires_at = fields.String(allow_none=True)
    warning_state = fields.String()
    person = fields.Dict()
    post = fields.String()
    region = fields.String()
    place = fields.String(allow_none=True, metadata=about("The name of that region."))
    state = fields.String()
    round = fields.Integer()
    begun_at = fields.String()
    said_at = fields.String(allow_none=True)
    how = fields.String(allow_none=True)
    answers = fields.List(fields.Nested(AnswerOfCallout))
    steps = fields.List(fields.Nested(StepAnswer))
    receipt = fields.Dict(metadata=about("Of the answer that was handed in with this request."))


class DoorAnswer(Schema):
    """A door to knock at (上门)."""

    id = fields.UUID()
    callout = fields.UUID()
    person = fields.Dict()
    region = fields.String()
    place = fields.String(allow_none=True, metadata=about("The name of that region."))
    given_to = fields.String(allow_none=True)
    given_at = fields.String()
    passed_at = fields.String(allow_none=True)
    done_at = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)
    note = fields.String()
    state = fields.String(metadata=about("Of the call-out."))


class DoorPage(Schema):
    """A page of them, by region."""

    warning = fields.Nested(BriefWarningAnswer)
    items = fields.List(fields.Nested(DoorAnswer))
    next = fields.String(allow_none=True)


class DoorListArguments(PageArguments):
    """Doors of a roll."""
