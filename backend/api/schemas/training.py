"""Training as JSON: sessions, the code on the screen, attendance, quizzes and coverage; shape only."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, validates

from backend.api.paging import PageArguments
from backend.api.schemas.digested import DigestedWhole
from backend.api.schemas.fields import Between, Length, Moment, RegionCode, about, number, one_of, text
from backend.api.schemas.hazards import LocationSchema, pictures
from backend.domain.terms import Post
from backend.domain.training import (
    MOST_CHOICES,
    MOST_LINKS,
    MOST_NAMED,
    MOST_QUESTIONS,
    Question,
    Quiz,
    SessionDraft,
    Status,
)
from backend.words import Text

_MOST_HOURS = 200


def place_of_choice() -> fields.Integer:
    """The place of a choice, from 0."""
    return fields.Integer(strict=True, validate=Between(0, MOST_CHOICES - 1))


class QuestionSchema(Schema):
    """A question with its choices."""

    class Meta:
        unknown = RAISE

    words = fields.String(data_key="text", required=True, validate=Length(1, 500))
    choices = fields.List(fields.String(validate=Length(1, 200)), required=True, validate=Length(2, MOST_CHOICES))
    right = fields.List(
        place_of_choice(), required=True, metadata=about("The places, from 0, of the choices that are right.")
    )


class QuizSchema(Schema):
    """A quiz, with the number of right answers that passes it."""

    class Meta:
        unknown = RAISE

    questions = fields.List(fields.Nested(QuestionSchema), required=True, validate=Length(1, MOST_QUESTIONS))
    pass_mark = fields.Integer(strict=True, required=True, validate=Between(1, MOST_QUESTIONS))


class TrainingSchema(DigestedWhole):
    """The body of PUT /trainings/{uuid}."""

    EXAMPLE = {
        "title": "2025年河长制业务培训",
        "place": "东昌府区委党校报告厅",
        "teacher": "区水利局 王工",
        "begins_at": "2025-07-03T09:00:00+08:00",
        "ends_at": "2025-07-03T11:30:00+08:00",
        "hours": 2.5,
        "posts": ["town_chief", "village_chief"],
        "regions": ["371502"],
        "text": "讲解巡河要求和问题上报。",
        "links": ["https://www.example.org/hezhang.pdf"],
        "location": {"lon": 115.98, "lat": 36.45},
        "quiz": {
            "questions": [{"text": "村级河长多久巡河一次？", "choices": ["每周", "每月"], "right": [0]}],
            "pass_mark": 1,
        },
    }

    title = text(120, "What it is about.", required=True, least=1)
    place = text(120, "Where it is held, in words.", required=True, least=1)
    teacher = text(120, "Who teaches.")
    begins_at = Moment(required=True)
    ends_at = Moment(required=True)
    hours = fields.Float(
        required=True,
        validate=Between(0.5, _MOST_HOURS),
        metadata=about("Hours that are credited to whoever was there."),
    )
    posts = fields.List(
        one_of(*Post), required=True, validate=Length(1, len(Post)), metadata=about("Who is asked to come.")
    )
    regions = fields.List(
        RegionCode(), required=True, validate=Length(1, MOST_NAMED), metadata=about("And of which regions.")
    )
    words = fields.String(data_key="text", load_default="", validate=Length(0, 10_000))
    links = fields.List(
        fields.String(validate=Length(1, 500)),
        load_default=[],
        validate=Length(max=MOST_LINKS),
        metadata=about("Addresses of material, with http or https."),
    )
    location = fields.Nested(
        LocationSchema, metadata=about("Where it is held; a phone that signs in far away is told as doubtful.")
    )
    quiz = fields.Nested(QuizSchema)
    photos = pictures()

    @validates("links")
    def _are_links(self, links: list[str], **_: Any) -> None:
        if any(not _is_link(link) for link in links):
            raise ValidationError([Text("flaw.training_link")])


def session_of(session_id: UUID, loaded: dict[str, Any]) -> SessionDraft:
    """The session as the rules know it."""
    quiz = loaded.get("quiz")
    asked = quiz["questions"] if quiz else []
    questions = [Question(each["words"], tuple(each["choices"]), frozenset(each["right"])) for each in asked]
    return SessionDraft(
        id=session_id,
        body_sha256=loaded["body_sha256"],
        title=loaded["title"],
        place=loaded["place"],
        teacher=loaded.get("teacher", ""),
        begins_at=loaded["begins_at"],
        ends_at=loaded["ends_at"],
        hours=loaded["hours"],
        posts=tuple(Post(each) for each in dict.fromkeys(loaded["posts"])),
        regions=tuple(dict.fromkeys(loaded["regions"])),
        text=loaded["words"],
        links=tuple(loaded["links"]),
        lonlat=loaded.get("location"),
        quiz=Quiz(tuple(questions), quiz["pass_mark"]) if quiz else None,
        photos=tuple(loaded["photos"]),
    )


def _is_link(said: str) -> bool:
    try:
        parts = urlsplit(said)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


class TrainingChangeSchema(Schema):
    """The body of POST /trainings/{id}/correct: only what changes, and why."""

    class Meta:
        unknown = RAISE

    EXAMPLE: dict[str, Any] = {"place": "区政府三楼会议室", "reason": "报告厅停电"}

    title = text(120, least=1)
    place = text(120, least=1)
    teacher = text(120)
    begins_at = Moment()
    ends_at = Moment()
    hours = number(0.5, _MOST_HOURS)
    reason = text(2_000, required=True, least=1)


class TrainingWithdrawSchema(Schema):
    """The body of POST /trainings/{id}/withdraw."""

    class Meta:
        unknown = RAISE

    EXAMPLE: dict[str, Any] = {"reason": "遇台风改期"}

    reason = text(2_000, required=True, least=1)


class TrainingListArguments(PageArguments):
    """Which sessions."""

    mine = fields.Boolean(load_default=False, metadata=about("Those to which one is asked, or at which one was."))


class TrainingPeopleArguments(PageArguments):
    """Which people of a session."""

    status = one_of(*Status, description="Nothing: everybody who is asked to come or was there.")


class TrainingAnswer(Schema):
    """A session as it is now, for whoever reads it."""

    id = fields.UUID()
    title = fields.String()
    place = fields.String()
    teacher = fields.String()
    begins_at = fields.String()
    ends_at = fields.String()
    hours = fields.Float()
    text = fields.String()
    links = fields.List(fields.String())
    location = fields.Dict(allow_none=True)
    region = fields.String()
    region_name = fields.String()
    invited = fields.List(fields.Dict(), metadata=about("`post`, `region`, `region_name`."))
    made_by = fields.Dict()
    made_at = fields.String()
    withdrawn = fields.Dict(allow_none=True)
    totals = fields.Dict(
        allow_none=True,
        metadata=about("`asked`, of these `present`, `guests`, of all who came `credited` and `doubtful`."),
    )
    mine = fields.Dict(allow_none=True, metadata=about("How I was there: `how`, `at`, `doubtful`, `right`, `hours`."))
    quiz = fields.Dict(allow_none=True, metadata=about("What is right stands in it only for the office that holds it."))
    photos = fields.List(fields.Dict())
    may_keep = fields.Boolean()


class TrainingPage(Schema):
    """A page of sessions, the newest first."""

    items = fields.List(fields.Dict())
    next = fields.String(allow_none=True)


class TrainingPeoplePage(Schema):
    """A page of people by region."""

    items = fields.List(fields.Dict())
    next = fields.String(allow_none=True)
