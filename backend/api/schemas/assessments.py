"""The shape of assessments asked for and shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import Between, Day, Length, RegionCode, about, alone, one_of, text
from backend.domain.assessment_rules import Indicator
from backend.domain.assessments import AppealDraft, AssessmentDraft, Decision, Order, Ruling, State
from backend.domain.terms import WALKERS, Post

RECORDS = (*(each.value for each in Indicator), "hazards")
_POSTS = [post.value for post in Post if post in WALKERS]
_EDITION = "Figures as they were computed at one time; those that hold where it is not said."


class AssessmentSchema(Digested):
    """The body of PUT /assessments/{uuid}."""

    EXAMPLE: dict[str, Any] = {
        "name": "2025年第二季度河长履职考核",
        "region": "371502",
        "posts": ["town_chief", "village_chief"],
        "from": "2025-04-01",
        "until": "2025-07-01",
    }

    name = text(120, required=True, least=1)
    region = RegionCode(required=True)
    posts = fields.List(one_of(*_POSTS), required=True, validate=Length(1, len(_POSTS)))
    begin = Day(data_key="from", required=True)
    until = Day(required=True, metadata=about("The first day after it."))


def assessment_of(assessment_id: UUID, loaded: dict[str, Any]) -> AssessmentDraft:
    """The assessment as the rules know it."""
    return AssessmentDraft(
        id=assessment_id,
        body_sha256=loaded["body_sha256"],
        name=loaded["name"].strip(),
        region=loaded["region"],
        posts=tuple(Post(each) for each in dict.fromkeys(loaded["posts"])),
        begin=loaded["begin"],
        until=loaded["until"],
    )


class AssessmentListArguments(PageArguments):
    """Which assessments; all that one sees when nothing is said."""

    state = one_of(*State)


class ScoreListArguments(PageArguments):
    """Which rows of a league table, in which order."""

    edition = fields.Integer(strict=False, validate=Between(1, 2**31 - 1), metadata=about(_EDITION))
    region = RegionCode()
    alone = alone()
    post = one_of(*_POSTS)
    q = text(60, "A part of a name.", least=1)
    order = one_of(
        *Order,
        description="`rank`: post by post, the best first, those without a rank last; `score`: the lowest first.",
    )


class PlaceArguments(Schema):
    """Which figures of places."""

    edition = fields.Integer(validate=Between(1, 2**31 - 1), metadata=about(_EDITION))


class RecordArguments(PageArguments):
    """What of a person's records."""

    of = one_of(*RECORDS, required=True, description="What the figure is about.")
    post = one_of(*_POSTS, description="Where somebody stands in it more than once.")
    region = RegionCode()


class AppealListArguments(Schema):
    """Which appeals; all that one sees when nothing is said."""

    state = one_of(*Ruling)


class RecomputeSchema(Schema):
    """Why figures are counted anew."""

    class Meta:
        unknown = RAISE

    EXAMPLE = {"reason": "复核后补录了3条巡河记录"}

    reason = text(2000, required=True, least=1)


class AppealSchema(Digested):
    """The body of PUT /assessments/{id}/appeals/{uuid}."""

    EXAMPLE: dict[str, Any] = {"indicator": "patrols", "text": "5月6日那周手机坏了，村里有纸质记录。"}

    indicator = one_of(*Indicator, required=True, description="The figure that is wrong.")
    words = fields.String(data_key="text", required=True, validate=Length(1, 2000), metadata=about("What is wrong."))
    post = one_of(*_POSTS, description="Where one stands in it more than once.")
    region = RegionCode()


def appeal_of(appeal_id: UUID, loaded: dict[str, Any]) -> AppealDraft:
    """The appeal as the rules know it."""
    return AppealDraft(
        id=appeal_id,
        body_sha256=loaded["body_sha256"],
        indicator=Indicator(loaded["indicator"]),
        text=loaded["words"].strip(),
        post=Post(loaded["post"]) if "post" in loaded else None,
        region=loaded.get("region"),
    )


class DecisionSchema(Schema):
    """The office's word on an appeal."""

    class Meta:
        unknown = RAISE

    EXAMPLE: dict[str, Any] = {"ruling": "upheld", "reason": "核对纸质记录，确已巡河。", "hits": 13, "size": 13}

    ruling = one_of(Ruling.UPHELD, Ruling.DENIED, required=True)
    reason = text(2000, required=True, least=1)
    hits = fields.Integer(strict=True, validate=Between(0, 100_000), metadata=about("Upheld: how many were done."))
    size = fields.Integer(strict=True, validate=Between(0, 100_000), metadata=about("Upheld: of how many owed."))


def decision_of(loaded: dict[str, Any]) -> Decision:
    """The decision as the rules know it."""
    is_upheld = loaded["ruling"] == Ruling.UPHELD
    return Decision(is_upheld, loaded["reason"].strip(), loaded.get("hits"), loaded.get("size"))


class AssessmentAnswer(Schema):
    """An assessment."""

    id = fields.UUID()
    name = fields.String()
    region = fields.Dict()
    posts = fields.List(fields.String())
    begin = fields.Date(data_key="from")
    until = fields.Date(metadata=about("The first day after it."))
    state = fields.String(metadata=about(", ".join(State)))
    edition = fields.Integer(metadata=about("Which figures hold; those of 1 to this one can be seen."))
    rule_version = fields.Integer()
    people = fields.Integer(metadata=about("Rows of the league table: of each person one a post."))
    computed_at = fields.String()
    made_at = fields.String()
    made_by = fields.String()
    published_at = fields.String(allow_none=True)
    appeals_until = fields.String(allow_none=True, metadata=about("The first moment at which it is too late."))
    closed_at = fields.String(allow_none=True)
    appeals_open = fields.Integer()
    may = fields.List(fields.String(), metadata=about("What whoever asks may do with it now."))
    rule = fields.Dict(metadata=about("Of one alone: what each indicator weighs, and the least number."))
    editions = fields.List(fields.Dict(), metadata=about("Of one alone: every computing with its reason."))
    places = fields.List(
        fields.Dict(), metadata=about("Of one alone: the places below its region in which somebody stands in it.")
    )
    mine = fields.List(fields.Dict(), metadata=about("Of one alone: one's own rows."))


class AssessmentPage(Schema):
    """A page of assessments, newest first."""

    items = fields.List(fields.Nested(AssessmentAnswer))
    next = fields.String(allow_none=True)


class AssessmentPreviewAnswer(Schema):
    """Whom an assessment would be about."""

    people = fields.Integer()
    posts = fields.List(fields.Dict(), metadata=about("By post: `people`, and `needed` walks of all of them."))
    rule = fields.Dict()
    rule_version = fields.Integer()
    settled = fields.Dict(metadata=about("`from` and `until` when duty is settled."))


class ScoreAnswer(Schema):
    """A row of a league table."""

    person = fields.Dict()
    post = fields.String()
    region = fields.Dict()
    edition = fields.Integer()
    score = fields.Float(allow_none=True, metadata=about("0–100; null: nothing was owed."))
    rank = fields.Integer(allow_none=True, metadata=about("Among those of the same post; null: too little was owed."))
    of = fields.Integer(metadata=about("How many are ranked beside each other."))
    score_was = fields.Float(allow_none=True, metadata=about("As it was computed, before any appeal."))
    rank_was = fields.Integer(allow_none=True)
    indicators = fields.Dict(metadata=about("Of each: `hits`, `size`, `share`, `low`, `high` (Wilson, 95 %), `path`."))
    figures = fields.Dict(
        metadata=about(
            "What weighs nothing: walks, metres, hazards, days of leave. Walks stand in the first of somebody's rows "
            "of a post, hazards in the first of all; only there they have a path."
        )
    )


class ScorePage(Schema):
    """A page of a league table."""

    items = fields.List(fields.Nested(ScoreAnswer))
    next = fields.String(allow_none=True)


class AssessedPersonAnswer(Schema):
    """One person in an assessment: their rows in every computing, the newest first, and their appeals."""

    items = fields.List(fields.Nested(ScoreAnswer))
    appeals = fields.List(fields.Dict())
    assessment = fields.Nested(AssessmentAnswer)
    may_appeal = fields.Boolean()


class PlaceListAnswer(Schema):
    """Counties or towns beside each other."""

    items = fields.List(fields.Dict())
    total = fields.Dict()


class RecordListAnswer(Schema):
    """What stands behind a figure, as it is now."""

    items = fields.List(fields.Dict())
    next = fields.String(allow_none=True)


class AppealAnswer(Schema):
    """An appeal."""

    id = fields.UUID()
    assessment = fields.UUID()
    person = fields.Dict()
    post = fields.String()
    region = fields.Dict()
    indicator = fields.String()
    words = fields.String(data_key="text")
    made_at = fields.String()
    state = fields.String(metadata=about(", ".join(Ruling)))
    decided_at = fields.String(allow_none=True)
    decided_by = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    before = fields.Dict(allow_none=True, metadata=about("`hits`, `size`, `score`, `rank`, `of` before the decision."))
    after = fields.Dict(allow_none=True)


class AppealList(Schema):
    """Appeals of an assessment, those that wait first."""

    items = fields.List(fields.Nested(AppealAnswer))
