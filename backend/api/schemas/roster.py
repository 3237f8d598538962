"""The shape of the roster of duty."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import Day, Moment, RegionCode, about
from backend.api.schemas.patrols import ClientSchema
from backend.api.schemas.seasons import WhoAnswer
from backend.domain.roster import ShiftDraft


class ShiftSchema(Digested):
    """The body of PUT /flood/roster/{uuid}."""

    EXAMPLE = {
        "region": "371502",
        "person": "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c11",
        "from": "2025-07-28T18:00:00+08:00",
        "until": "2025-07-29T08:00:00+08:00",
    }

    region = RegionCode(required=True, metadata=about("For which region the shift is."))
    person = fields.UUID(required=True, metadata=about("Somebody with a post there or above."))
    from_at = Moment(data_key="from", required=True)
    until_at = Moment(data_key="until", required=True)
    client = fields.Nested(ClientSchema)


def shift_of(shift_id: UUID, loaded: dict[str, Any]) -> ShiftDraft:
    """The shift as the rules know it."""
    return ShiftDraft(
        id=shift_id,
        body_sha256=loaded["body_sha256"],
        region=loaded["region"],
        person=loaded["person"],
        from_at=loaded["from_at"],
        until_at=loaded["until_at"],
    )


class RosterArguments(Schema):
    """Whose roster, on which day; one's own region and today when nothing is said."""

    region = RegionCode(metadata=about("Whose roster."))
    day = Day(load_default=None)
    last_day = Day(load_default=None, metadata=about("Up to which day, itself included; that one day when not said."))


class CandidateArguments(Schema):
    """For which region."""

    region = RegionCode(required=True, metadata=about("For which region the shift is."))


class CandidateAnswer(WhoAnswer):
    """Somebody with one of their posts."""

    post = fields.String()
    region = fields.String()
    region_name = fields.String(allow_none=True)


class CandidatesAnswer(Schema):
    """Everybody who may be entered."""

    items = fields.List(fields.Nested(CandidateAnswer))


class ShiftAnswer(Schema):
    """A shift."""

    id = fields.UUID()
    region = fields.String()
    region_name = fields.String(allow_none=True)
    person = fields.Nested(WhoAnswer)
    from_at = fields.String(data_key="from")
    until_at = fields.String(data_key="until")
    withdrawn_at = fields.String(allow_none=True)


class RosterAnswer(Schema):
    """The shifts of a day, and who is on duty now."""

    region = fields.String()
    region_name = fields.String()
    day = fields.Date()
    last_day = fields.Date()
    shifts = fields.List(fields.Nested(ShiftAnswer))
    on_duty = fields.List(fields.Nested(WhoAnswer))
