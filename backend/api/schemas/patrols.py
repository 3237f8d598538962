"""The shape of a patrol: as a phone hands it in, and as it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validates_schema

from backend.api.paging import PageArguments
from backend.api.schemas.fields import Digest, Length, Moment, RegionCode, about, number, one_of, text
from backend.api.schemas.tracks import TrackField
from backend.domain.patrols import PatrolDraft
from backend.domain.terms import Outcome, Rain
from backend.formats.canonical import NotCanonical, canonical_sha256
from backend.words import Text

_PHOTO = Digest.DOCUMENT["example"]
MOST_PHOTOS = 50
MOST_CHECKINS = 200
MOST_DEPTH = 8
"""Levels of what a phone says of itself (our judgement); what is read may be deeper than what can be written."""


class CheckinSchema(Schema):
    """A stop at a checkpoint."""

    checkpoint = text(60, "The code of the checkpoint.", required=True, least=1)
    at = Moment(required=True)
    photos = fields.List(Digest(), load_default=[], validate=Length(max=MOST_PHOTOS))


class ReadingsSchema(Schema):
    """What was read off on the way."""

    water_level_m = number(-500, 9000, "Metres above the zero of the gauge.")
    rain = one_of(*Rain)


class ClientSchema(Schema):
    """What the phone says of itself: kept as a claim, never part of what makes two bodies the same."""

    class Meta:
        unknown = "include"

    app = text(80)
    version = text(80)
    sent_at = Moment(metadata=about("When the phone wrote this, by its own clock; corrects times that cannot be true."))
    mock_location = fields.Boolean(metadata=about("The phone says that positions were made up."))

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _flat(self, _data: dict[str, Any], original: Any, **_: Any) -> None:
        level = [original]
        for _depth in range(MOST_DEPTH):
            level = [inner for each in level for inner in _inside(each) if isinstance(inner, dict | list)]
        if level:
            raise ValidationError([Text("flaw.too_deep", {"most": MOST_DEPTH})])


class PatrolSchema(Schema):
    """A patrol as handed in."""

    class Meta:
        unknown = RAISE

    EXAMPLE = {
        "segment": "TUHAI-371502-001",
        "started_at": "2025-07-02T06:10:00+08:00",
        "ended_at": "2025-07-02T06:52:10+08:00",
        "track": TrackField.DOCUMENT["example"],
        "checkins": [{"checkpoint": "TUHAI-371502-001-S1", "at": "2025-07-02T06:20:00+08:00", "photos": [_PHOTO]}],
        "readings": {"water_level_m": 31.42, "rain": "light"},
        "checklist": {"floating_debris": False, "outfall_abnormal": False, "levee_damage": False, "obstruction": True},
        "note": "桥下有倒伏的树",
        "photos": [_PHOTO],
        "client": {
            "app": "web",
            "version": "1.0.0",
            "sent_at": "2025-07-02T07:30:00+08:00",
            "mock_location": False,
        },
    }

    segment = text(60, "Code or id of the segment that was walked.", required=True, least=1)
    started_at = Moment(required=True, metadata=about("When the walk began, by the phone's clock."))
    ended_at = Moment(required=True, metadata=about("When it ended."))
    track = TrackField(required=True)
    checkins = fields.List(
        fields.Nested(CheckinSchema), validate=Length(max=MOST_CHECKINS), metadata=about("Stops at checkpoints.")
    )
    readings = fields.Nested(ReadingsSchema)
    checklist = fields.Dict(
        keys=text(60),
        values=fields.Boolean(),
        validate=Length(max=60),
        metadata={"maxProperties": 60} | about("What was looked for, by name, and whether it was found."),
    )
    note = text(5000)
    photos = fields.List(
        Digest(), validate=Length(max=MOST_PHOTOS), metadata=about("Photos; their bytes may come up to 30 days later.")
    )
    on_behalf_of = fields.UUID(metadata=about("For an office clerk: the chief who walked and has no phone."))
    client = fields.Nested(ClientSchema)

    @post_load(pass_original=True)
    def _draft(self, data: dict[str, Any], original: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Everything of a PatrolDraft but its id, which stands in the address."""
        try:
            digest = canonical_sha256(original)
        except NotCanonical:
            raise ValidationError([Text("flaw.not_canonical")]) from None
        crs, fixes = data["track"]
        client = data.get("client", {})
        taken_at_stops = [photo for stop in data.get("checkins", []) for photo in stop["photos"]]
        return {
            "segment": data["segment"],
            "started_at": data["started_at"],
            "ended_at": data["ended_at"],
            "crs": crs,
            "fixes": fixes,
            "photos": tuple(dict.fromkeys([*data.get("photos", []), *taken_at_stops])),
            "body_sha256": digest,
            "report": {key: value for key, value in original.items() if key != "track"},
            "sent_at": client.get("sent_at"),
            "claims_mock": client.get("mock_location", False),
            "on_behalf_of": data.get("on_behalf_of"),
        }


def _inside(value: Any) -> Iterable[Any]:
    """What a JSON value holds; nothing for a plain one."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def draft_of(patrol_id: Any, loaded: dict[str, Any]) -> PatrolDraft:
    """The draft under its id."""
    return PatrolDraft(id=patrol_id, **loaded)


class PatrolListArguments(PageArguments):
    """Which patrols; all of one's own part of the world when nothing is said."""

    segment = text(60, "Code or id of a segment.", least=1)
    person = fields.UUID(metadata=about("Who walked."))
    duty_of = fields.UUID(metadata=about("Whose duty it fulfils: the walker's, or that of whom they stood in for."))
    region = RegionCode()
    begin = Moment(data_key="from", metadata=about("Walked at this moment or later, RFC 3339."))
    end = Moment(data_key="to", metadata=about("Walked before this moment."))
    outcome = one_of(*Outcome)
    standing = one_of(
        *("counted", "doubtful", "not_counted", "withdrawn"),
        description="As the statistics count it: after review, and without what was withdrawn.",
    )


class ReviewSchema(Schema):
    """A superior's word on a patrol."""

    EXAMPLE = {"outcome": "valid", "note": "现场核实，确实走过"}

    outcome = one_of(*Outcome, required=True)
    note = text(2000, required=True, least=1)


class WithdrawSchema(Schema):
    """Why a report is taken back."""

    EXAMPLE = {"reason": "选错了河段"}

    reason = text(2000, required=True, least=1)


class TrackArguments(Schema):
    """The form of a track."""

    format = one_of("geojson", "gpx")


class GapSchema(Schema):
    """A time without positions; `at` both ends."""

    begin = fields.String(data_key="from")
    end = fields.String(data_key="to")
    seconds = fields.Float()
    bridged = fields.Boolean()


class BecauseSchema(Schema):
    """One reason with its sentence."""

    code = fields.String()
    outcome = one_of(*Outcome)
    sentence = fields.String()
    values = fields.Dict()


class VerdictSchema(Schema):
    """What the server decided."""

    outcome = one_of(*Outcome)
    counts = fields.Boolean()
    sentence = fields.String(metadata={"description": "The verdict in one plain sentence."})
    reasons = fields.List(fields.String())
    details = fields.List(fields.Nested(BecauseSchema))
    coverage = fields.Float(metadata={"description": "Share of the segment that was walked, 0–1."})
    covered_m = fields.Float()
    covered = fields.List(fields.List(fields.Float()), metadata={"description": "Metres along the segment."})
    bridged = fields.List(fields.List(fields.Float()))
    distance_m = fields.Float()
    duration_s = fields.Float()
    near_s = fields.Float()
    moving_speed_mps = fields.Float()
    nearest_m = fields.Float(allow_none=True)
    gaps = fields.List(fields.Nested(GapSchema))
    rule_version = fields.Integer()


class PhotoStateSchema(Schema):
    """A named photo or recording and whether its bytes are here."""

    sha256 = fields.String()
    state = one_of("stored", "pending")


class ReceiptSchema(Schema):
    """What the phone may delete its copy against."""

    seq = fields.Integer()
    body_sha256 = fields.String()
    chain_hash = fields.String(metadata=about("The end of its chain of proof, where it has one."))
    photos = fields.List(fields.Nested(PhotoStateSchema))
    recordings = fields.List(fields.Nested(PhotoStateSchema), metadata=about("Of a hazard."))


class PatrolAnswer(Schema):
    """A patrol as it is now."""

    id = fields.UUID()
    segment = fields.Dict()
    named_segment = fields.UUID(metadata={"description": "The segment the phone named."})
    person = fields.Dict()
    duty_of = fields.UUID(allow_none=True, metadata={"description": "Whose duty it fulfils."})
    entered_by = fields.UUID(allow_none=True)
    post = fields.String()
    region = fields.String()
    river = fields.String()
    started_at = fields.String()
    ended_at = fields.String()
    walked_at = fields.String()
    received_at = fields.String()
    points = fields.Integer()
    crs = fields.String()
    report = fields.Dict(metadata={"description": "Check-ins, readings, checklist, note, photos as sent."})
    verdict = fields.Nested(VerdictSchema)
    review = fields.Dict(allow_none=True)
    withdrawn = fields.Dict(allow_none=True)
    photos = fields.List(fields.Nested(PhotoStateSchema))
    receipt = fields.Nested(ReceiptSchema)


class PatrolPage(Schema):
    """A page of patrols, newest first."""

    items = fields.List(fields.Nested(PatrolAnswer))
    next = fields.String(allow_none=True)
