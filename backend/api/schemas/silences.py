"""Silences as JSON; shape only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, fields, post_load

from backend.api.schemas.fields import Moment, RegionCode, about, text
from backend.api.schemas.hazards import digest_of
from backend.services.silences import SilenceDraft


class SilenceSchema(Schema):
    """The body of PUT /flood/silences/{uuid}."""

    class Meta:
        unknown = RAISE

    EXAMPLE = {"region": "371502", "until": "2025-07-28T12:00:00+08:00", "reason": "汛情会商期间，蓝黄预警暂不外呼"}

    region = RegionCode(required=True)
    begins = Moment(data_key="from", metadata=about("From when; now when not said."))
    until = Moment(required=True, metadata=about("Until when, a week at most."))
    reason = text(500, "Why.", required=True, least=1)

    @post_load(pass_original=True)
    def _with_digest(self, data: dict[str, Any], original: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"body_sha256": digest_of(original)}


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
