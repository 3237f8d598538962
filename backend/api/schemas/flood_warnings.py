"""Warnings as JSON: drafts, changes, the board and what is shown of them; shape only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from backend.api.paging import PageArguments
from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import Length, Moment, OneOf, RegionCode, about, one_of, text
from backend.domain.flood_warnings import (
    CALLED,
    HEADLINE_LENGTH,
    INSTRUCTION_LENGTH,
    MOST_REGIONS,
    MOST_SEGMENTS,
    PHASES,
    Level,
    State,
    WarningDraft,
)
from backend.domain.terms import Post
from backend.words import Text

_POSTS = sorted(CALLED)


class SaidSchema(Schema):
    """What a warning says, as far as a change may say it anew."""

    level = one_of(*Level)
    headline = text(HEADLINE_LENGTH, "What is the matter, in a few words.", least=1)
    instruction = text(INSTRUCTION_LENGTH, "What to do.", least=1)
    contact = text(60, "Whom to ask: an office and its telephone.")
    expires_at = Moment(metadata=about("Until when it holds; without a word until it is lifted."))
    regions = fields.List(RegionCode(), validate=Length(1, MOST_REGIONS), metadata=about("Each with all below it."))
    focus = fields.List(
        RegionCode(), validate=Length(0, MOST_REGIONS), metadata=about("Inside the risk area: called first.")
    )
    posts = fields.List(one_of(*_POSTS), validate=Length(1, len(_POSTS)), metadata=about("Who is called; all chiefs."))


class WarningSchema(SaidSchema, Digested):
    """The body of POST /flood/warnings."""

    EXAMPLE = {
        "id": "0197d0c1-0000-7000-8000-000000000001",
        "level": "red",
        "headline": "徒骇河超警戒，转移低洼户",
        "instruction": "立即上堤巡查，组织低洼处群众转移",
        "regions": ["371502001"],
        "expires_at": "2025-07-30T08:00:00+08:00",
        "contact": "区防办 0635-0000000",
    }

    id = fields.UUID(required=True)
    level = one_of(*Level, required=True)
    headline = text(HEADLINE_LENGTH, "What is the matter, in a few words.", required=True, least=1)
    instruction = text(INSTRUCTION_LENGTH, "What to do.", required=True, least=1)
    segments = fields.List(
        text(60, least=1), validate=Length(1, MOST_SEGMENTS), metadata=about("Codes or ids, where it is about these.")
    )
    drill = fields.Boolean(load_default=False, metadata=about("A drill (演练), for the people of `drill_list` alone."))
    drill_list = fields.UUID(metadata=about("The list of those who take part; nobody else can be called."))
    issue = fields.Boolean(load_default=False, metadata=about("Whether its issue is asked for at once."))

    @validates_schema
    def _is_drill_or_not(self, data: dict[str, Any], **_: Any) -> None:
        if data["drill"] is not ("drill_list" in data):
            raise ValidationError([Text("flaw.drill_and_list")], "drill_list")


def warning_of(loaded: dict[str, Any]) -> WarningDraft:
    """The draft as the rules know it."""
    return WarningDraft(
        id=loaded["id"],
        body_sha256=loaded["body_sha256"],
        level=Level(loaded["level"]),
        headline=loaded["headline"],
        instruction=loaded["instruction"],
        regions=tuple(dict.fromkeys(loaded.get("regions", ()))),
        segments=tuple(dict.fromkeys(loaded.get("segments", ()))),
        focus=tuple(dict.fromkeys(loaded.get("focus", ()))),
        posts=tuple(Post(each) for each in dict.fromkeys(loaded.get("posts", ()))),
        expires_at=loaded.get("expires_at"),
        contact=loaded.get("contact", ""),
        drill_list=loaded.get("drill_list"),
        wants_issue=loaded.get("issue", False),
    )


class RevisionSchema(SaidSchema, Digested):
    """The body of …/update and …/correct: what it says differently, and why."""

    EXAMPLE = {
        "id": "0197d0c1-0000-7000-8000-000000000002",
        "level": "orange",
        "headline": "水位回落，继续巡查",
        "reason": "雨停，水位降到警戒以下",
    }

    id = fields.UUID(required=True)
    reason = text(500, "Why.", required=True, least=1)


class WarningEndSchema(Schema):
    """The body of …/all-clear and …/drop."""

    class Meta:
        unknown = RAISE

    EXAMPLE = {"text": "水位已退到警戒以下，解除预警。"}

    text = text(INSTRUCTION_LENGTH, "What people are told, or why.", required=True, least=1)
    mistake = fields.Boolean(load_default=False, metadata=about("It should never have gone out."))


class WarningListArguments(PageArguments):
    """Which warnings."""

    state = fields.String(validate=validate.OneOf([state.value for state in State]))
    phase = fields.String(validate=OneOf(list(PHASES)), metadata=about("Several states at once; `state` goes before."))
    drill = fields.Boolean(metadata=about("Only drills, or only what is meant; without a word both."))


class BoardArguments(Schema):
    """Which part of the board."""

    region = RegionCode(metadata=about("Split by what lies directly below it."))
    board = fields.String(
        validate=validate.OneOf(["no"]), metadata=about("`no`: what it says alone, for whoever is to change that.")
    )


class RollArguments(PageArguments):
    """Which people of a roll."""

    region = RegionCode()
    state = fields.String(validate=OneOf(["silent", "open", "received", "acting", "unable", "unreached", "ended"]))


class NumbersAnswer(Schema):
    """Of people on the roll: how many."""

    people = fields.Integer()
    called = fields.Integer()
    reached = fields.Integer(metadata=about("A channel said that it got through, or they answered."))
    answered = fields.Integer()
    received = fields.Integer(metadata=about("Heard it; what they do is still to be reported."))
    acting = fields.Integer()
    unable = fields.Integer()
    unreached = fields.Integer(metadata=about("All was tried."))
    escalated = fields.Integer(metadata=about("Of whose silence a superior was told."))
    door = fields.Integer(metadata=about("At whose door somebody is sent to knock."))
    silent = fields.Integer(metadata=about("Were called and have not answered."))
    late = fields.Integer(metadata=about("Of the silent: for longer than the plan of the level gives for an answer."))
    open = fields.Integer(metadata=about("Something is still due about them."))


class PlaceAnswer(NumbersAnswer):
    """The same of a place."""

    region = fields.String()
    name = fields.String()
    names = fields.List(fields.String(), metadata=about("The first of those who are silent there, late ones first."))


class NamedRegionAnswer(Schema):
    """A region with its name."""

    region = fields.String()
    name = fields.String()


class CalledAnswer(Schema):
    """Somebody on a roll."""

    id = fields.UUID(metadata=about("Of the call-out."))
    person = fields.Dict()
    post = fields.String()
    region = fields.String()
    place = fields.String(allow_none=True, metadata=about("The name of that region."))
    state = fields.String()
    called_at = fields.String(allow_none=True)
    reached_at = fields.String(allow_none=True)
    answered_at = fields.String(allow_none=True)
    how = fields.String(allow_none=True)
    calls = fields.Integer()
    late = fields.Boolean(metadata=about("Called, and silent for longer than the plan gives for an answer."))


class BoardAnswer(Schema):
    """The board of a roll (叫应)."""

    total = fields.Nested(NumbersAnswer)
    way = fields.List(
        fields.Nested(NamedRegionAnswer), metadata=about("To the region that was asked for, itself last.")
    )
    places = fields.List(fields.Nested(PlaceAnswer))
    median_s = fields.Float(allow_none=True)
    slowest_s = fields.Float(allow_none=True)
    silent = fields.List(fields.Nested(CalledAnswer), metadata=about("The first of them; all under `people`."))
    forecast = fields.Dict(allow_none=True, metadata=about("How long one round of calls takes with the lines."))
    closed_at = fields.String(allow_none=True)
    people = fields.String(metadata=about("Where the list of people is."))


class WarningAnswer(Schema):
    """A warning."""

    id = fields.UUID()
    number = fields.String()
    revision = fields.Integer()
    root = fields.UUID()
    state = fields.String()
    allowed = fields.List(fields.String(), metadata=about("What can be done to it now."))
    level = fields.String()
    headline = fields.String()
    instruction = fields.String()
    contact = fields.String()
    regions = fields.List(fields.String())
    places = fields.List(fields.Nested(NamedRegionAnswer), metadata=about("Its regions with their names."))
    segments = fields.List(fields.UUID())
    focus = fields.List(fields.String())
    posts = fields.List(fields.String())
    drill = fields.Boolean()
    drill_list = fields.UUID(allow_none=True)
    because = fields.Dict()
    expires_at = fields.String(allow_none=True)
    made_by = fields.String(allow_none=True)
    made_by_id = fields.UUID(allow_none=True, metadata=about("Who wrote it, and cannot sign it."))
    asked_at = fields.String(allow_none=True, metadata=about("When its issue was asked for."))
    made_at = fields.String()
    signed_by = fields.String(allow_none=True)
    signed_at = fields.String(allow_none=True)
    sign_by = fields.String(allow_none=True, metadata=about("Until when a signature is waited for."))
    issued_at = fields.String(allow_none=True)
    issued_how = fields.String(allow_none=True)
    ended_at = fields.String(allow_none=True)
    ended_text = fields.String(allow_none=True)
    newest = fields.UUID(
        metadata=about("The last revision of it that has gone out; of one thing alone, not in a list.")
    )
    board = fields.Nested(BoardAnswer, allow_none=True)


class WarningPage(Schema):
    """A page of them, newest first."""

    items = fields.List(fields.Nested(WarningAnswer))
    next = fields.String(allow_none=True)


class BriefWarningAnswer(Schema):
    """Which warning a list is about."""

    id = fields.UUID()
    number = fields.String()
    revision = fields.Integer()
    state = fields.String()
    level = fields.String()
    headline = fields.String()
    drill = fields.Boolean()


class RollPage(Schema):
    """A page of people on a roll."""

    warning = fields.Nested(BriefWarningAnswer)
    items = fields.List(fields.Nested(CalledAnswer))
    next = fields.String(allow_none=True)


def revision_of(loaded: dict[str, Any]) -> tuple[tuple[UUID, bytes], dict[str, Any]]:
    """Id and digest of a change, and what it says."""
    said = {name: value for name, value in loaded.items() if name not in ("id", "body_sha256")}
    return (loaded["id"], loaded["body_sha256"]), said
