"""Silences as JSON; shape only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import Moment, RegionCode, about, text
from backend.services.silences import SilenceDraft


class SilenceSchema(Digested):
    """The body of PUT /flood/silences/{uuid}."""

    EXAMPLE = {"region": "371502", "until": "2025-07-28T12:00:00+08:00", "reason": "汛情会商期间，蓝黄预警暂不外呼"}

    region = RegionCode(required=True)
    begins = Moment(data_key="from", metadata=about("From when; now when not said."))
    until = Moment(required=True, metadata=about("Until when, a week at most."))
    reason = text(500, "Why.", required=True, least=1)


def silence_of(silence_id: UUID, loaded: dict[str, Any]) -> SilenceDraft:
    """The silence as the rules know it."""
    times = (loaded.get("begins"), loaded["until"])
    return SilenceDraft(silence_id, loaded["body_sha256"], loaded["region"], *times, loaded["reason"])


class SilenceAnswer(Schema):
    """A silence."""

    id = fields.UUID()
    region = fields.String()
    begins = fields.String(data_key="from")
    until = fields.String()
    reason = fields.String()
    made_by = fields.String()
    ended_at = fields.String(allow_none=True)


class SilenceList(Schema):
    """Those that are not over."""

    items = fields.List(fields.Nested(SilenceAnswer))
