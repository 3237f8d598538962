"""Points of citizens as JSON: entries, what there is at a code, and deeds of clerks; shape only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import Day, RegionCode, about, one_of, text
from backend.domain.points import Deed, DeedDraft, What


class PointDeedSchema(Digested):
    """The body of PUT /points/deeds/{uuid}."""

    EXAMPLE: dict[str, Any] = {
        "code": "7k3mp-q2xzd",
        "deed": "redeem",
        "points": 20,
        "reason": "兑换毛巾一条，领取单 2025-031",
    }

    code = text(40, "The answer code, as its citizen reads it out.", required=True, least=1)
    deed = one_of(*Deed, required=True)
    points = fields.Integer(
        required=True,
        strict=True,
        metadata=about("More or less of them to correct; how many to redeem, without a sign."),
    )
    reason = text(500, "Why they are corrected, or what was given for them.", required=True, least=1)


def deed_of(deed_id: UUID, loaded: dict[str, Any]) -> DeedDraft:
    """The deed as the rules know it."""
    values = {name: loaded[name] for name in ("body_sha256", "code", "points", "reason")}
    return DeedDraft(id=deed_id, deed=Deed(loaded["deed"]), **values)


class PointsArguments(PageArguments):
    """The filters of the ledger."""

    region = RegionCode(load_default=None)
    what = one_of(*What)
    begin = Day(load_default=None, data_key="from", metadata=about("On this day or later."))
    end = Day(load_default=None, data_key="to", metadata=about("On this day or before."))


class PointEntryAnswer(Schema):
    """An entry; it is never altered."""

    number = fields.Integer(metadata=about("Its number in the ledger."))
    what = one_of(*What)
    points = fields.Integer(metadata=about("Less than nothing where they were taken back or redeemed."))
    reason = fields.String(metadata=about("Of a clerk; empty where it follows from an act on the hazard."))
    at = fields.DateTime()
    by = fields.Dict(allow_none=True, metadata=about("The clerk."))
    code = fields.String(metadata=about("The first half of the answer code: the whole one is its citizen's."))
    region = fields.String()
    hazard = fields.String(metadata=about("Where the hazard is."))


class PointsPage(Schema):
    """Entries, the newest first, with the sums of all that were asked for."""

    items = fields.List(fields.Nested(PointEntryAnswer))
    next = fields.String(allow_none=True)
    sums = fields.Dict(metadata=about("Points by what they are."))
    balance = fields.Integer(metadata=about("The sum of all of them."))
    is_on = fields.Boolean(metadata=about("Whether reports earn points now."))


class PointsAccountAnswer(Schema):
    """What there is at a code."""

    code = fields.String()
    hazard = fields.String()
    balance = fields.Integer(metadata=about("The sum of its entries."))
    may_keep = fields.Boolean()
    entries = fields.List(fields.Nested(PointEntryAnswer), metadata=about("In order."))


class PointDeedAnswer(PointEntryAnswer):
    """A deed as it was entered."""

    id = fields.UUID()
