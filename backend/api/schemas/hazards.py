"""Hazards as JSON: reports, acts, lists and answers; shape only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, post_load, validates_schema

from backend.api.paging import PageArguments
from backend.api.schemas.digested import Digested, DigestedWhole
from backend.api.schemas.fields import (
    Between,
    Digest,
    Length,
    Moment,
    OneOf,
    RegionCode,
    about,
    alone,
    number,
    one_of,
    text,
)
from backend.api.schemas.patrols import MOST_PHOTOS, ClientSchema
from backend.api.schemas.segments import Box
from backend.domain.handling import ActDraft
from backend.domain.hazards import Act, HazardDraft, Kind, Picture, Severity, State, Watch
from backend.domain.public_reports import SOURCES
from backend.domain.recordings import MOST
from backend.domain.stats import CLASSES
from backend.domain.terms import Post
from backend.words import Text
from geo.datum import Crs, to_wgs84

MOST_HOURS = 720
"""An interim measure is looked at once a month at least (our judgement)."""
_PHOTO = Digest.DOCUMENT["example"]


class LocationSchema(Schema):
    """A position and the datum it is in."""

    class Meta:
        unknown = RAISE

    lon = number(-180, 180, "Longitude in degrees.")
    lat = number(-90, 90, "Latitude in degrees.")
    crs = one_of(*Crs)
    accuracy_m = number(0, 10_000_000, "Metres, as the phone says.")

    @validates_schema
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("lon", "lat"):
            if name not in data:
                raise ValidationError({name: ["Missing data for required field."]})

    @post_load
    def _in_wgs84(self, data: dict[str, Any], **_: Any) -> tuple[float, float]:
        lonlat = to_wgs84([[data["lon"], data["lat"]]], Crs(data.get("crs", Crs.WGS84)))[0]
        return round(float(lonlat[0]), 7), round(float(lonlat[1]), 7)


class PictureSchema(Schema):
    """A photo with the fix that the phone took together with it: the proof of where and when."""

    class Meta:
        unknown = RAISE

    sha256 = Digest(required=True)
    at = Moment(metadata=about("When the photo was taken, by the phone's clock."))
    location = fields.Nested(LocationSchema)

    @post_load
    def _picture(self, data: dict[str, Any], **_: Any) -> Picture:
        return Picture(data["sha256"], data.get("at"), data.get("location"))


class PictureField(fields.Field[Picture]):
    """A photo by its digest alone, or with where and when it was taken."""

    DOCUMENT = {
        "oneOf": [
            {"type": "string", "pattern": Digest.DOCUMENT["pattern"]},
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["sha256"],
                "properties": {
                    "sha256": Digest.DOCUMENT,
                    "at": Moment.DOCUMENT | about("When it was taken, by the phone's clock."),
                    "location": {"$ref": "#/components/schemas/Location"},
                },
            },
        ],
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Picture:
        if isinstance(value, str):
            return Picture(Digest().deserialize(value))
        loaded: Picture = PictureSchema().load(value)
        return loaded


def pictures() -> fields.List:
    """The photos that an item names."""
    described = about("Digests, or digests with where and when each was taken.")
    return fields.List(PictureField(), load_default=[], validate=Length(max=MOST_PHOTOS), metadata=described)


class HazardSchema(DigestedWhole):
    """The body of PUT /hazards/{uuid}."""

    EXAMPLE = {
        "kind": "four_illegal.dump",
        "severity": "ordinary",
        "location": {"lon": 115.8321, "lat": 36.2861, "crs": "GCJ02"},
        "description": "桥下有一堆建筑垃圾，约两车",
        "photos": [
            {
                "sha256": _PHOTO,
                "at": "2025-07-02T06:31:05+08:00",
                "location": {"lon": 115.8321, "lat": 36.2861, "crs": "GCJ02", "accuracy_m": 8.0},
            }
        ],
        "observed_at": "2025-07-02T06:31:00+08:00",
        "client": {"app": "web", "version": "1.0.0", "sent_at": "2025-07-02T07:30:00+08:00"},
    }

    kind = one_of(*Kind, required=True)
    severity = one_of(*Severity, required=True)
    location = fields.Nested(LocationSchema, metadata=about("Without it the segment must be named."))
    segment = text(60, "Code or id of the segment; without it the nearest is taken.", least=1)
    description = text(5000, "What there is to see.", required=True)
    photos = pictures()
    recordings = fields.List(
        Digest(),
        load_default=[],
        validate=Length(max=MOST),
        metadata=about("Digests of voice notes, sent to `/recordings`."),
    )
    patrol = fields.UUID(metadata=about("The walk on which it was found; it may be handed in later."))
    observed_at = Moment(required=True)
    client = fields.Nested(ClientSchema)

    @validates_schema
    def _each_is_one(self, data: dict[str, Any], **_: Any) -> None:
        photos = {photo.sha256 for photo in data.get("photos", [])}
        for place, sha256 in enumerate(data.get("recordings", [])):
            if sha256 in photos:
                raise ValidationError({"recordings": {place: [Text("flaw.recording.is_photo")]}})


def draft_of(hazard_id: UUID, loaded: dict[str, Any]) -> HazardDraft:
    """The report as the rules know it."""
    original = loaded["original"]
    return HazardDraft(
        id=hazard_id,
        body_sha256=loaded["body_sha256"],
        kind=Kind(loaded["kind"]),
        severity=Severity(loaded["severity"]),
        description=loaded["description"],
        observed_at=loaded["observed_at"],
        lonlat=loaded.get("location"),
        segment=loaded.get("segment"),
        patrol=loaded.get("patrol"),
        photos=tuple(loaded["photos"]),
        recordings=tuple(loaded["recordings"]),
        report={name: original[name] for name in ("location", "photos", "recordings", "client") if name in original},
    )


class ActItemSchema(Schema):
    """What an act in a batch says beside itself."""

    class Meta:
        unknown = EXCLUDE

    hazard = fields.UUID(required=True)
    if_match = text(200)


def act_of(loaded: dict[str, Any]) -> ActDraft:
    """The act as the rules know it."""
    words = {"watch": Watch, "severity": Severity, "post": Post}
    given: dict[str, Any] = {name: words[name](value) if name in words else value for name, value in loaded.items()}
    act, photos = Act(given.pop("action")), tuple(given.pop("photos"))
    return ActDraft(act=act, photos=photos, **given)


class HazardListArguments(PageArguments):
    """Which hazards; all of one's own part of the world when nothing is said."""

    status = fields.List(one_of(*State), metadata=about("States; several may be named."))
    kind = one_of(*Kind)
    severity = fields.List(one_of(*Severity), metadata=about("Severities; several may be named."))
    region = RegionCode()
    alone = alone()
    segment = text(60, "Code or id of a segment.", least=1)
    overdue = fields.Boolean(metadata=about("Only those whose deadline is over."))
    late_first = fields.Boolean(metadata=about("Those whose deadline is over before all others; else newest first."))
    order = one_of(
        *("newest", "due"),
        description="`due`: the soonest due first, so that what is late comes before all others, then what has no "
        "deadline; else newest first. It goes before `late_first`.",
    )
    bbox = Box()
    q = text(60, "Words of the description.", least=1)
    source = one_of(
        *SOURCES,
        description="Only what the public reported, or anybody with a post did; of these inspectors, or the law.",
    )
    handed = fields.Boolean(metadata=about("Only those that lie with police or prosecutor now."))
    interim = one_of("missing", "late")
    waiting = fields.Boolean(metadata=about("Only those that wait for an act of one's own."))
    group = fields.String(
        data_key="class", validate=OneOf(CLASSES), metadata=about("The first part of their kind, as statistics count.")
    )
    reported_from = Moment(metadata=about("Reported at this moment or later."))
    reported_to = Moment(metadata=about("Reported before this moment."))
    act = one_of(*Act, description="Only those on which this act was taken, between `act_from` and `act_to`.")
    act_from = Moment(metadata=about("Something was done about it at this moment or later."))
    act_to = Moment(metadata=about("Something was done about it before this moment."))


class ActSchema(Digested):
    """The body of POST /hazards/{id}/actions."""

    EXAMPLE = {
        "id": "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c77",
        "action": "assign",
        "unit": "urban_management-371502",
        "note": "请三日内清运",
    }

    id = fields.UUID(required=True, metadata=about("Made by the client: the same act may be sent any number of times."))
    action = one_of(*Act, required=True)
    note = text(5000, "Why, or what was done.")
    photos = pictures()
    unit = text(60, "To which unit it is given.", least=1)
    person = fields.UUID(metadata=about("To whom it is given."))
    severity = one_of(*Severity)
    watch = one_of(*(watch for watch in Watch if watch is not Watch.NONE))
    post = one_of(Post.POLICE_CHIEF, Post.PROSECUTOR)
    until = Moment(metadata=about("Until when more time is asked for."))
    into = fields.UUID(metadata=about("The hazard that it is merged into."))
    watcher = fields.UUID(metadata=about("Who watches an interim measure."))
    measure = fields.UUID(metadata=about("The interim measure that was checked."))
    every_h = fields.Integer(
        strict=True,
        validate=Between(1, MOST_HOURS),
        metadata=about("Hours from one check of an interim measure to the next."),
    )
