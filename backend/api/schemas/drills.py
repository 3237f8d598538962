"""The shape of drill lists, of consent, and of the report on numbers that lead nowhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, fields, post_load

from backend.api.paging import PageArguments
from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import Between, Length, OneOf, RegionCode, about, text
from backend.domain.drills import FIRST_HOUR, LAST_DAY, LAST_HOUR, MOST_PEOPLE, DrillListDraft, Monthly

_PERSON = "0197d0c1-0000-7000-8000-00000000000a"


def _people(least: int) -> fields.List:
    return fields.List(fields.UUID(), required=True, validate=Length(least, MOST_PEOPLE), metadata=about("Their ids."))


class MonthlySchema(Schema):
    """When a list is called each month."""

    class Meta:
        unknown = RAISE

    day = fields.Integer(strict=True, required=True, validate=Between(1, LAST_DAY))
    hour = fields.Integer(strict=True, required=True, validate=Between(FIRST_HOUR, LAST_HOUR))

    @post_load
    def _as_monthly(self, data: dict[str, Any], **_: Any) -> Monthly:
        return Monthly(**data)


class DrillListSchema(Digested):
    """The body of PUT /flood/drill-lists/{id}."""

    EXAMPLE = {
        "name": "古楼街道村级河长演练名单",
        "region": "371502001",
        "people": [_PERSON],
        "monthly": {"day": 5, "hour": 10},
    }

    name = text(120, required=True, least=1)
    region = RegionCode(required=True)
    people = _people(0)
    monthly = fields.Nested(MonthlySchema, load_default=None, allow_none=True)


def list_of(list_id: UUID, loaded: dict[str, Any]) -> DrillListDraft:
    """The list as the rules know it."""
    people = tuple(dict.fromkeys(loaded["people"]))
    return DrillListDraft(list_id, loaded["body_sha256"], loaded["name"], loaded["region"], people, loaded["monthly"])


class AskSchema(Schema):
    """The body of POST /flood/drill-lists/{id}/people."""

    class Meta:
        unknown = RAISE

    EXAMPLE = {"people": [_PERSON]}

    people = _people(1)


class MonthlyChangeSchema(Schema):
    """The body of PUT /flood/drill-lists/{id}/monthly."""

    class Meta:
        unknown = RAISE

    EXAMPLE = {"monthly": {"day": 5, "hour": 10}}

    monthly = fields.Nested(MonthlySchema, required=True, allow_none=True)


class ConsentSchema(Schema):
    """Whether one takes part."""

    class Meta:
        unknown = RAISE

    EXAMPLE: dict[str, Any] = {"agree": True}

    agree = fields.Boolean(required=True)


class PaperSchema(ConsentSchema):
    """The same from a paper."""

    EXAMPLE: dict[str, Any] = {"agree": True, "note": "书面同意书，镇档案第12号"}

    note = text(500, "Where the paper is.", required=True, least=1)


class DeadNumbersArguments(Schema):
    """In what form."""

    format = fields.String(validate=OneOf(["json", "xlsx"]), metadata=about("`xlsx`: a workbook."))


class MonthlyAnswer(Schema):
    """When a list is called each month."""

    day = fields.Integer()
    hour = fields.Integer()


class DrillListAnswer(Schema):
    """A list."""

    id = fields.UUID()
    name = fields.String()
    region = fields.String()
    region_name = fields.String(allow_none=True)
    made_at = fields.String()
    monthly = fields.Nested(MonthlyAnswer, allow_none=True)


class CountedListAnswer(DrillListAnswer):
    """The same with how many were asked, and how many take part."""

    asked = fields.Integer()
    agreed = fields.Integer()


class DrillListsAnswer(Schema):
    """All lists of one's own part of the world."""

    items = fields.List(fields.Nested(CountedListAnswer))


class MemberAnswer(Schema):
    """What somebody has said to a list."""

    list = fields.UUID()
    list_name = fields.String()
    person = fields.UUID()
    name = fields.String()
    asked_at = fields.String()
    agreed_at = fields.String(allow_none=True)
    left_at = fields.String(allow_none=True, metadata=about("When they left, or said no."))
    takes_part = fields.Boolean()
    said_by = fields.UUID(allow_none=True, metadata=about("Themselves, or whoever holds a paper of theirs."))
    note = fields.String()


class MemberPage(Schema):
    """A page of people."""

    items = fields.List(fields.Nested(MemberAnswer))
    next = fields.String(allow_none=True)


class MyDrillsAnswer(Schema):
    """Lists that have asked one."""

    items = fields.List(fields.Nested(MemberAnswer))


class MemberArguments(PageArguments):
    """Which people."""


class FailureAnswer(Schema):
    """How a channel failed."""

    channel = fields.String()
    reason = fields.String()


class UnreachedAnswer(Schema):
    """Somebody whom nothing reached."""

    person = fields.Dict()
    post = fields.String()
    region = fields.String()
    dead = fields.Boolean(metadata=about("A provider says that the number leads nowhere."))
    failures = fields.List(fields.Nested(FailureAnswer))


class DeadNumbersAnswer(Schema):
    """Whom a roll did not reach, those with a dead number first."""

    number = fields.String()
    drill = fields.Boolean()
    dead = fields.Integer()
    unanswered = fields.Integer(metadata=about("Of the others, who only did not answer."))
    items = fields.List(fields.Nested(UnreachedAnswer))
