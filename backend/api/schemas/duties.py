"""The shape of duties asked for and shown."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.callouts import CalloutAnswer, DoorAnswer
from backend.api.schemas.fields import Day, Moment, RegionCode, about
from backend.api.schemas.segments import LEVELS
from backend.domain.duties import Basis
from backend.domain.terms import WALKERS, Post


class DutyArguments(PageArguments):
    """Whose duty: a region, in the periods around a day (today when not said), only those behind if wished."""

    region = RegionCode(required=True)
    day = Day(load_default=None)
    behind = fields.Boolean(load_default=False, metadata=about("Only those who have walked less than is owed."))


class WalkedArguments(Schema):
    """Between which moments."""

    begin = Moment(data_key="from", required=True, metadata=about("Walked at this moment or later, RFC 3339."))
    end = Moment(data_key="to", required=True, metadata=about("Walked before this moment."))


class DutyAnswer(Schema):
    """One person's duty on one river."""

    person = fields.Dict()
    river = fields.Dict()
    post = fields.String()
    period = fields.Dict()
    basis = fields.String(metadata=about(f"Why so many walks are owed: {', '.join(Basis)}."))
    needed = fields.Integer()
    done = fields.Integer(metadata={"description": "Walks that count."})
    doubtful = fields.Integer(metadata={"description": "Of those done: doubtful, and not reviewed yet."})
    by_office = fields.Integer(metadata={"description": "Of those done: entered by an office for the chief."})


class DutyPage(Schema):
    """A page of duties, city chiefs first, wardens last."""

    items = fields.List(fields.Nested(DutyAnswer))
    next = fields.String(allow_none=True)


class PersonNameAnswer(Schema):
    """A person by name."""

    id = fields.UUID()
    name = fields.String()


class RiverNameAnswer(Schema):
    """A river by name."""

    code = fields.String()
    name = fields.String()


class MySegmentAnswer(Schema):
    """A reach of one's own, or of somebody one stands in for today."""

    id = fields.UUID()
    code = fields.String()
    name = fields.String()
    length_m = fields.Float()
    river = fields.Nested(RiverNameAnswer)
    level = fields.String(
        metadata=about("Whose minimum in `/rules/current` a walk there is asked for.") | {"enum": LEVELS}
    )
    post = fields.String(
        metadata=about("As what one walks there.") | {"enum": [post.value for post in Post if post in WALKERS]}
    )
    absent = fields.Nested(
        PersonNameAnswer,
        data_key="for",
        allow_none=True,
        metadata=about("Whom one stands in for there; null where it is one's own."),
    )


class MeAnswer(Schema):
    """Oneself: posts, segments and what is owed."""

    person = fields.Dict()
    posts = fields.List(fields.Dict())
    segments = fields.List(fields.Nested(MySegmentAnswer))
    duties = fields.List(fields.Nested(DutyAnswer))
    tasks = fields.List(
        fields.Dict(), metadata={"description": "What waits for an act of one's own: late first, then by severity."}
    )
    tasks_path = fields.String(metadata={"description": "All the hazards among them: here are at most fifty."})
    waiting = fields.Integer(metadata={"description": "How many there are in all, with the doors; as of `/today`."})
    callouts = fields.List(fields.Nested(CalloutAnswer), metadata={"description": "Calls that wait for one's answer."})
    doors = fields.List(fields.Nested(DoorAnswer), metadata={"description": "Doors that one is to knock at."})


class WalkedAnswer(Schema):
    """Metres along a segment that were walked, and that nobody walked."""

    segment = fields.String()
    length_m = fields.Float()
    walked = fields.List(fields.List(fields.Float()))
    unwalked = fields.List(fields.List(fields.Float()))
    share = fields.Float()
