"""Spot checks as JSON: draws, records with their findings, and lists; shape only."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.digested import Digested, DigestedWhole
from backend.api.schemas.fields import Between, Day, Length, Moment, RegionCode, about, one_of, text
from backend.api.schemas.hazards import LocationSchema, pictures
from backend.api.schemas.patrols import ClientSchema
from backend.domain.hazards import HazardDraft, Kind, Severity
from backend.domain.inspections import MOST_EACH, MOST_FINDINGS, By, DrawDraft, InspectionDraft, Of


class SpotDrawSchema(Digested):
    """The body of PUT /spot-draws/{uuid}."""

    EXAMPLE: dict[str, Any] = {
        "region": "371502",
        "of": "segments",
        "by": "region",
        "each": 2,
        "seed": "2025年第三季度抽查",
    }

    region = RegionCode(required=True)
    of = one_of(*Of, required=True, description="What is drawn from; of hazards the closed ones.")
    by = one_of(*By, required=True, description="Strata: the region below with level or post, or the class.")
    each = fields.Integer(
        required=True,
        validate=Between(1, MOST_EACH),
        metadata=about("So many of each stratum, or all where it has fewer."),
    )
    begin = Day(data_key="from", metadata=about("Walked or closed on this day or later; 30 days before the end."))
    end = Day(data_key="to", metadata=about("Walked or closed on this day or before; today."))
    seed = text(100, "What the draw hangs on; the id when not said.", least=1)


def draw_of(draw_id: UUID, loaded: dict[str, Any]) -> DrawDraft:
    """The draw as the rules know it."""
    return DrawDraft(
        id=draw_id,
        body_sha256=loaded["body_sha256"],
        region=loaded["region"],
        of=Of(loaded["of"]),
        by=By(loaded["by"]),
        each=loaded["each"],
        begin=loaded.get("begin"),
        end=loaded.get("end"),
        seed=loaded.get("seed"),
    )


class FindingSchema(Schema):
    """A hazard that was found; it goes its way like any other."""

    class Meta:
        unknown = RAISE

    id = fields.UUID(required=True, metadata=about("Of the hazard."))
    kind = one_of(*Kind, required=True)
    severity = one_of(*Severity, required=True)
    location = fields.Nested(LocationSchema, metadata=about("Without it the segment must be named."))
    segment = text(60, "Code or id of the reach.", least=1)
    description = text(5000, required=True)
    photos = pictures()


class InspectionSchema(DigestedWhole):
    """The body of PUT /inspections/{uuid}."""

    EXAMPLE: dict[str, Any] = {
        "segment": "TUHAI-371502-007",
        "at": "2025-07-02T10:00:00+08:00",
        "note": "现场无人，堤脚有渗水",
        "findings": [
            {
                "id": "0198c1f0-0000-7000-8000-000000000009",
                "kind": "flood.seepage",
                "severity": "major",
                "location": {"lon": 115.98, "lat": 36.43},
                "description": "堤脚渗水约 3 米",
            }
        ],
    }

    draw = fields.UUID(metadata=about("The draw from which it comes, with its place; without it: unannounced."))
    place = fields.Integer(validate=Between(0, 1_000_000))
    segment = text(60, "Code or id of the reach, without a draw.", least=1)
    at = Moment(required=True)
    note = text(5000, "What was seen.", required=True, least=1)
    location = fields.Nested(LocationSchema)
    photos = pictures()
    findings = fields.List(fields.Nested(FindingSchema), load_default=[], validate=Length(max=MOST_FINDINGS))
    client = fields.Nested(ClientSchema)


def inspection_of(inspection_id: UUID, loaded: dict[str, Any]) -> InspectionDraft:
    """The record as the rules know it; a finding has the digest of the whole body and its own id."""
    original = loaded["original"]
    return InspectionDraft(
        id=inspection_id,
        body_sha256=loaded["body_sha256"],
        at=loaded["at"],
        note=loaded["note"],
        draw=loaded.get("draw"),
        place=loaded.get("place"),
        segment=loaded.get("segment"),
        lonlat=loaded.get("location"),
        photos=tuple(loaded["photos"]),
        findings=tuple(_finding(inspection_id, each, loaded) for each in loaded["findings"]),
        report={name: original[name] for name in ("photos", "client") if name in original},
    )


def _finding(inspection_id: UUID, each: dict[str, Any], loaded: dict[str, Any]) -> HazardDraft:
    return HazardDraft(
        id=each["id"],
        body_sha256=hashlib.sha256(loaded["body_sha256"] + each["id"].bytes).digest(),
        kind=Kind(each["kind"]),
        severity=Severity(each["severity"]),
        description=each["description"],
        observed_at=loaded["at"],
        lonlat=each.get("location"),
        segment=each.get("segment") or (None if each.get("location") else loaded.get("segment")),
        patrol=None,
        photos=tuple(each["photos"]),
        report={"source": "inspection", "inspection": str(inspection_id)},
    )


class FindingsArguments(Schema):
    """Of where and of which days."""

    region = RegionCode(load_default=None)
    begin = Day(data_key="from", load_default=None, metadata=about("The first of this year, when nothing is said."))
    end = Day(data_key="to", load_default=None, metadata=about("Today, when nothing is said."))
    unseen = fields.Boolean(load_default=False, metadata=about("Only those that no chief had reported."))


class SpotDrawAnswer(Schema):
    """A draw, with everything by which it can be drawn again."""

    id = fields.UUID()
    region = fields.String()
    region_name = fields.String()
    of = fields.String()
    by = fields.String()
    each = fields.Integer()
    begin = fields.String(data_key="from")
    end = fields.String(data_key="to")
    seed = fields.String()
    rule = fields.String()
    frame = fields.Integer(metadata=about("How many there were to draw from."))
    frame_sha256 = fields.String(metadata=about("Over a line for each candidate by id: id and stratum."))
    strata = fields.Dict()
    drawn = fields.Integer()
    inspected = fields.Integer(metadata=about("At how many of these somebody has been."))
    made_by = fields.Dict()
    made_at = fields.String()
    done_at = fields.String(allow_none=True, metadata=about("Since when those who were inspected see it."))
    may_inspect = fields.Boolean()


class SpotDrawPage(Schema):
    """A page of draws, the newest first."""

    items = fields.List(fields.Nested(SpotDrawAnswer))
    next = fields.String(allow_none=True)


class TargetArguments(PageArguments):
    """A page of what was drawn."""

    place = fields.Integer(
        load_default=None, validate=Between(0, 1_000_000), metadata=about("Only what was drawn at that place.")
    )


class SpotTargetPage(Schema):
    """A page of what was drawn, in its place."""

    items = fields.List(
        fields.Dict(),
        metadata=about(
            "Each with its place, stratum and reach; `thing` says of a reach its chiefs of today, of a walk who "
            "walked, when and its outcome, of a case its class and when it was closed."
            " `inspection` holds photos and findings."
        ),
    )
    next = fields.String(allow_none=True)


class DrawnAgainAnswer(Schema):
    """What drawing again gives."""

    same_frame = fields.Boolean(metadata=about("Whether there is the same to draw from as then."))
    same_drawn = fields.Boolean()


class InspectionAnswer(Schema):
    """What inspectors saw."""

    id = fields.UUID()
    draw = fields.UUID(allow_none=True)
    place = fields.Integer(allow_none=True)
    segment = fields.Dict()
    region = fields.String()
    at = fields.String()
    note = fields.String()
    by = fields.Dict()
    location = fields.Dict(allow_none=True)
    photos = fields.List(fields.Dict())
    findings = fields.List(fields.Dict())


class InspectionPage(Schema):
    """A page of records, the newest first."""

    items = fields.List(fields.Nested(InspectionAnswer))
    next = fields.String(allow_none=True)


class FindingsAnswer(Schema):
    """What inspectors found, and how much of it no chief had reported."""

    begin = fields.String(data_key="from")
    end = fields.String(data_key="to")
    found = fields.Integer()
    unseen = fields.Integer(metadata=about("Without a chief's report of the kind within 250 m in the 30 days before."))
    items = fields.List(fields.Dict())


class InspectionListArguments(PageArguments):
    """A page of records."""
