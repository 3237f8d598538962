"""Attendance, quizzes and coverage of training as JSON: what is scanned, ticked, answered and counted; shape only."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.fields import Length, RegionCode, about, alone, number, one_of, text
from backend.api.schemas.hazards import LocationSchema
from backend.api.schemas.training import TrainingAnswer, place_of_choice
from backend.domain.terms import CHIEFS
from backend.domain.training import MOST_CHOICES, MOST_QUESTIONS


class AttendSchema(Schema):
    """The body of POST /trainings/attend: what the phone has read from the screen."""

    class Meta:
        unknown = RAISE

    EXAMPLE: dict[str, Any] = {
        "code": "0198c1f000007000800000000000000152a3b4c-0123456789abcdef",
        "location": {"lon": 115.98, "lat": 36.45, "crs": "WGS84"},
        "accuracy_m": 20,
    }

    code = text(100, "From the address in the QR code.", required=True, least=1)
    location = fields.Nested(LocationSchema, metadata=about("Where the phone is, if it knows."))
    accuracy_m = number(0, 10_000_000, "Metres, as the phone says.")


class TickSchema(Schema):
    """The body of POST /trainings/{id}/attendance: the clerk's list."""

    class Meta:
        unknown = RAISE

    EXAMPLE: dict[str, Any] = {"there": ["0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c77"], "away": []}

    there = fields.List(fields.UUID(), load_default=[], validate=Length(max=2_000))
    away = fields.List(
        fields.UUID(), load_default=[], validate=Length(max=2_000), metadata=about("Who was noted by mistake.")
    )


class QuizAnswersSchema(Schema):
    """The body of POST /trainings/{id}/quiz: of each question the places of the choices that were taken."""

    class Meta:
        unknown = RAISE

    EXAMPLE: dict[str, Any] = {"answers": [[0]]}

    answers = fields.List(
        fields.List(place_of_choice(), validate=Length(max=MOST_CHOICES)),
        required=True,
        validate=Length(1, MOST_QUESTIONS),
    )


class CoverageArguments(Schema):
    """Of where, and of which calendar year."""

    region = RegionCode(load_default=None)
    year = fields.Integer(load_default=None, metadata=about("This one, when nothing is said."))


class CoveragePeopleArguments(PageArguments):
    """Which people behind the numbers of a coverage."""

    region = RegionCode(load_default=None)
    alone = alone()
    year = fields.Integer(load_default=None)
    post = one_of(*CHIEFS)
    trained = fields.Boolean(load_default=None, metadata=about("Only those, or only the others."))


class CodeAnswer(Schema):
    """What stands on the screen now."""

    code = fields.String()
    path = fields.String(metadata=about("Where it leads in the app; it belongs in the QR code."))
    step_s = fields.Integer()
    seconds_left = fields.Integer()
    present = fields.Integer(metadata=about("How many have signed in, of wherever they are."))


class AttendAnswer(Schema):
    """That one was there."""

    training = fields.Nested(TrainingAnswer)
    is_new = fields.Boolean(data_key="new")


class QuizAnswer(Schema):
    """What a quiz came to."""

    right = fields.Integer()
    of = fields.Integer()
    pass_mark = fields.Integer()
    passed = fields.Boolean()
    hours = fields.Float(metadata=about("Credited, by the best try."))


class CoverageAnswer(Schema):
    """How many of those in a post were trained: by place, by post, and in all."""

    year = fields.Integer()
    day = fields.String(metadata=about("Whose posts of that day are counted: who has left is not."))
    region = fields.String()
    region_name = fields.String()
    rows = fields.List(fields.Dict())
    total = fields.Dict()
