"""Look-backs as JSON: draws, checks and lists; shape only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from backend.api.paging import PageArguments
from backend.api.schemas.digested import Digested, DigestedWhole
from backend.api.schemas.fields import Between, Day, RegionCode, about, one_of, text
from backend.api.schemas.hazards import pictures
from backend.api.schemas.patrols import ClientSchema
from backend.domain.lookbacks import SHARE, CheckDraft, LookbackDraft, Outcome

LEAST_SHARE = 0.001


class LookbackSchema(Digested):
    """The body of PUT /lookbacks/{uuid}."""

    EXAMPLE = {
        "region": "371502",
        "from": "2025-04-03",
        "to": "2025-06-02",
        "share": 0.1,
        "seed": "2025年第二季度回头看",
    }

    region = RegionCode(required=True)
    begin = Day(data_key="from", metadata=about("Closed on this day or later; 90 days ago when not said."))
    end = Day(data_key="to", metadata=about("Closed on this day or before; 30 days ago when not said."))
    share = fields.Float(
        load_default=SHARE,
        validate=Between(LEAST_SHARE, 1),
        metadata=about(
            "Of those neither major nor critical nor with a citizen who is not satisfied (of these all), rounded up."
        ),
    )
    seed = text(100, "What the draw hangs on; the id when not said.", least=1)
    client = fields.Nested(ClientSchema)


def lookback_of(lookback_id: UUID, loaded: dict[str, Any]) -> LookbackDraft:
    """The look-back as the rules know it."""
    return LookbackDraft(
        id=lookback_id,
        body_sha256=loaded["body_sha256"],
        region=loaded["region"],
        begin=loaded.get("begin"),
        end=loaded.get("end"),
        share=loaded["share"],
        seed=loaded.get("seed"),
    )


class CheckSchema(DigestedWhole):
    """The body of PUT /lookbacks/{id}/checks/{uuid}."""

    EXAMPLE = {
        "hazard": "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c77",
        "outcome": "rebound",
        "note": "原处又有新倾倒的建筑垃圾",
    }

    hazard = fields.UUID(required=True)
    outcome = one_of(*Outcome, required=True)
    note = text(5000, "What there is; needed when the hazard has come back.")
    photos = pictures()
    client = fields.Nested(ClientSchema)


def check_of(check_id: UUID, loaded: dict[str, Any]) -> CheckDraft:
    """The check as the rules know it."""
    original = loaded["original"]
    return CheckDraft(
        id=check_id,
        body_sha256=loaded["body_sha256"],
        hazard=loaded["hazard"],
        outcome=Outcome(loaded["outcome"]),
        note=loaded.get("note", ""),
        photos=tuple(loaded["photos"]),
        report={name: original[name] for name in ("photos", "client") if name in original},
    )


class DrawnListArguments(PageArguments):
    """Which of the candidates."""

    drawn = fields.Boolean(metadata=about("Only those that were drawn, or only the others."))
    checked = fields.Boolean(metadata=about("Only those that were checked, or only the others."))


class LookbackAnswer(Schema):
    """A look-back as it is now; its sums are over what the reader sees of it."""

    id = fields.UUID()
    region = fields.String()
    begin = fields.String(data_key="from")
    end = fields.String(data_key="to")
    share = fields.Float()
    seed = fields.String()
    rule = fields.String(metadata=about("By which rule was drawn."))
    candidates_sha256 = fields.String(
        metadata=about(
            "Over a line for each candidate: id, severity, closed_at in UTC, and `citizen` where one is not satisfied."
        )
    )
    made_by = fields.Dict(allow_none=True)
    made_at = fields.String()
    totals = fields.Dict()
    hazards = fields.String(metadata=about("Where the list of the drawn is."))


class LookbackPage(Schema):
    """A page of look-backs, the newest first."""

    items = fields.List(fields.Dict())
    next = fields.String(allow_none=True)


class DrawnPage(Schema):
    """A page of candidates in their order."""

    items = fields.List(fields.Dict())
    next = fields.String(allow_none=True)


class CheckAnswer(Schema):
    """What was seen at the place."""

    id = fields.UUID()
    lookback = fields.UUID()
    hazard = fields.UUID()
    outcome = fields.String(validate=validate.OneOf([each.value for each in Outcome]))
    note = fields.String()
    at = fields.String()
    by = fields.Dict()
    photos = fields.List(fields.Dict())
    receipt = fields.Dict()
