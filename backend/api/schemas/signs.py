"""Notice boards as JSON; shape only."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.fields import Day, Digest, Length, RegionCode, about, one_of, text
from backend.api.schemas.hazards import LocationSchema
from backend.domain.signs import MOST_SHEETS, SignDraft, State, What

_MOST_TEXT = 2_000


class SignSchema(Schema):
    """The body of PUT /signs/{code}."""

    class Meta:
        unknown = RAISE

    EXAMPLE: dict[str, Any] = {
        "segment": "TUHAI-371502-007",
        "place": "沙镇大桥东侧",
        "put_up_on": "2025-05-20",
        "office_phone": "0635-0371502",
        "goals": "水清、岸绿、河畅",
        "forbidden": "禁止倾倒垃圾\n禁止非法采砂",
    }

    segment = text(60, "Code or id of the reach it stands on.", required=True, least=1)
    location = fields.Nested(LocationSchema, metadata=about("Without it: where it is, or the upper end of the reach."))
    place = text(120, "Where it stands, in words.")
    put_up_on = Day(allow_none=True, load_default=None)
    taken_down_on = Day(allow_none=True, load_default=None, metadata=about("It hangs no more: its page is gone."))
    office_phone = text(40, "The telephone of the office, as the board shows it; nobody's own.")
    goals = text(_MOST_TEXT, "Empty: the usual ones.")
    forbidden = text(_MOST_TEXT, "One act a line; empty: the usual ones.")
    photo = Digest(metadata=about("A picture of it, uploaded as any photo."))


def sign_of(code: str, loaded: dict[str, Any]) -> SignDraft:
    """The board as the rules know it."""
    return SignDraft(
        code=code,
        segment=loaded["segment"],
        lonlat=loaded.get("location"),
        place=loaded.get("place", "").strip(),
        put_up_on=loaded["put_up_on"],
        taken_down_on=loaded["taken_down_on"],
        office_phone=loaded.get("office_phone", "").strip(),
        goals=loaded.get("goals", "").strip(),
        forbidden=loaded.get("forbidden", "").strip(),
        photo=loaded.get("photo"),
    )


class SignListArguments(PageArguments):
    """Which boards: those that hang, unless something else is said."""

    region = RegionCode(load_default=None)
    river = fields.String(load_default=None, metadata=about("The code of a river."))
    segment = fields.String(load_default=None, metadata=about("Code or id of a reach."))
    state = one_of(*State, description="`overdue`: what is on it has been wrong for more than 15 days.")
    q = fields.String(load_default=None, validate=Length(1, 60), metadata=about("A part of place, reach or code."))


class SheetSchema(Schema):
    """One printed sheet."""

    class Meta:
        unknown = RAISE

    code = text(60, required=True, least=1)
    content = text(64, "The digest of what is on it, as the board told it.", required=True, least=1)


class PrintedSchema(Schema):
    """The body of POST /signs/printed."""

    class Meta:
        unknown = RAISE

    EXAMPLE: dict[str, Any] = {
        "signs": [{"code": "TUHAI-371502-007-B1", "content": "9f86d081884c7d659a2feaa0c55ad015"}]
    }

    signs = fields.List(fields.Nested(SheetSchema), required=True, validate=Length(1, MOST_SHEETS))
    on = Day(metadata=about("When they were put on the boards; without it: today."))


class PrintedAnswer(Schema):
    """What became of the sheets."""

    noted = fields.Integer(metadata=about("Those that were not known yet."))


class SignAnswer(Schema):
    """A notice board beside how it is today."""

    code = fields.String()
    page = fields.String(metadata=about("The path of its public page, which is in its QR code."))
    segment = fields.Dict(metadata=about("`id`, `code`, `name`."))
    river = fields.String()
    river_name = fields.String()
    region = fields.String()
    region_name = fields.String()
    location = fields.Dict()
    place = fields.String()
    put_up_on = fields.Date(allow_none=True)
    taken_down_on = fields.Date(allow_none=True)
    office_phone = fields.String()
    goals = fields.String()
    forbidden = fields.String()
    photo = fields.Dict(allow_none=True, metadata=about("`sha256` and `state`: `stored` or `pending`."))
    today = fields.Dict(metadata=about("What should stand on it, and its digest as `content`."))
    printed = fields.Dict(allow_none=True, metadata=about("What stands on it since `on`; null: nobody has said."))
    differs = fields.List(fields.Dict(), metadata=about(f"`what` ({', '.join(What)}) and `since` when, if known."))
    overdue = fields.Boolean(metadata=about("Whether it has been wrong for more than 15 days."))
    prints = fields.List(fields.Dict(), metadata=about("Of one board alone: its sheets, newest first."))


class SignPage(Schema):
    """A page of boards by code."""

    items = fields.List(fields.Nested(SignAnswer))
    next = fields.String(allow_none=True)
