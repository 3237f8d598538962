"""Hazards as they are answered; shape only."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import about, one_of
from backend.api.schemas.patrols import PhotoStateSchema, ReceiptSchema
from backend.api.schemas.timelines import FactAnswer
from backend.domain.hazards import Act, Kind, Severity, State, Watch


class PhonesAnswer(Schema):
    """The numbers that citizens left with their reports."""

    phones = fields.List(fields.String())


class AlikeAnswer(Schema):
    """An open hazard of the same kind near by."""

    id = fields.UUID()
    description = fields.String()
    state = one_of(*State)
    distance_m = fields.Float()


class DeadlineAnswer(Schema):
    """What is waited for and until when."""

    phase = fields.String(allow_none=True)
    since = fields.String()
    due_at = fields.String(allow_none=True)
    is_late = fields.Boolean()
    is_provisional = fields.Boolean(metadata=about("It runs into a year whose holidays are not known yet."))
    all = fields.Dict(metadata=about("Every deadline it has had, by phase."))


class InterimAnswer(Schema):
    """What keeps it safe until it is mended."""

    id = fields.UUID()
    what = fields.String()
    watcher = fields.UUID()
    every_h = fields.Integer()
    next_check_at = fields.String(allow_none=True)
    is_late = fields.Boolean()


class HazardAnswer(Schema):
    """A hazard as it is now."""

    id = fields.UUID()
    kind = one_of(*Kind)
    kind_name = fields.String()
    severity = one_of(*Severity)
    state = one_of(*State)
    sentence = fields.String(metadata=about("Where it stands, in one plain sentence."))
    description = fields.String()
    segment = fields.Dict()
    region = fields.String()
    region_name = fields.String(allow_none=True)
    river = fields.String()
    location = fields.List(fields.Float(), allow_none=True, metadata=about("`[lon, lat]` in WGS 84."))
    chainage_m = fields.Float(allow_none=True)
    source = fields.String(metadata=about("`public`, `inspection`, `clue` (of police or prosecutor), or `staff`."))
    reporter = fields.Dict()
    patrol = fields.UUID(allow_none=True)
    observed_at = fields.String()
    reported_at = fields.String()
    unit = fields.Dict(allow_none=True, metadata=about("The responsible unit."))
    assignee = fields.Dict(allow_none=True)
    claim = fields.Dict(allow_none=True, metadata=about("Who is handling it right now, and until when."))
    watch = one_of(*Watch)
    handed_to = fields.String(allow_none=True)
    merged_into = fields.UUID(allow_none=True)
    returns = fields.Integer()
    rebounds = fields.Integer()
    extension = fields.Dict(allow_none=True)
    deadlines = fields.Nested(DeadlineAnswer)
    photos = fields.List(fields.Nested(PhotoStateSchema))
    recordings = fields.List(fields.Nested(PhotoStateSchema))
    done_photos = fields.List(
        fields.Dict(), metadata=about("On its own page with `proves`, and in `lacking` why a photo does not.")
    )
    interim = fields.List(fields.Nested(InterimAnswer))
    interim_needed_by = fields.String(allow_none=True)
    coordination = fields.Dict(allow_none=True, metadata=about("Whose help was asked for, and by whom."))
    similar = fields.List(fields.Nested(AlikeAnswer))
    evidence = fields.List(fields.Dict(), metadata=about("What its kind asks for, at the report and at the closing."))
    legal_basis = fields.List(fields.String())
    merged_with = fields.Dict(allow_none=True, metadata=about("Where the hazard that it was merged into stands."))
    public = fields.Dict(allow_none=True)
    timeline = fields.List(fields.Nested(FactAnswer), metadata=about("The last hundred things that happened."))
    allowed = fields.List(one_of(*Act), metadata=about("What the reader may do with it now."))
    receipt = fields.Nested(ReceiptSchema)
    etag = fields.String(
        allow_none=True, metadata=about("The version for `If-Match`; in a list null for one that was merged.")
    )


class HazardPage(Schema):
    """A page of hazards, the newest first."""

    items = fields.List(fields.Nested(HazardAnswer))
    next = fields.String(allow_none=True)
