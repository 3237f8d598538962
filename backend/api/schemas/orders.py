"""Orders as JSON: what is given to whom, what they say of it, lists and the board; shape only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, RAISE, Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.digested import DigestedWhole
from backend.api.schemas.fields import Length, Moment, RegionCode, about, alone, one_of, text
from backend.api.schemas.hazards import pictures
from backend.api.schemas.patrols import ClientSchema
from backend.domain.orders import (
    MOST_NAMED,
    CorrectionDraft,
    Kind,
    OrderDraft,
    Said,
    Status,
    To,
    Wanted,
    WordDraft,
)
from backend.domain.terms import Post
from backend.domain.work_points import MOST, Milestone

_SOME = Length(max=MOST_NAMED)


class ToSchema(Schema):
    """Whom an order names."""

    class Meta:
        unknown = RAISE

    posts = fields.List(one_of(*Post), load_default=[], validate=_SOME, metadata=about("Everybody in these posts."))
    regions = fields.List(
        RegionCode(),
        load_default=[],
        validate=_SOME,
        metadata=about("With posts: everybody in them there. Without: the chiefs of these very regions (一县一单)."),
    )
    rivers = fields.List(
        fields.String(validate=Length(1, 40)),
        load_default=[],
        validate=_SOME,
        metadata=about("Codes of rivers: whoever answers for a reach of theirs, below whoever gives the order."),
    )
    people = fields.List(fields.UUID(), load_default=[], validate=_SOME, metadata=about("People by name."))


class MilestoneSchema(Schema):
    """A milestone of work points (年度工作要点)."""

    class Meta:
        unknown = RAISE

    title = text(120, required=True, least=1)
    due_at = Moment(required=True, metadata=about("No later than the whole is due."))


class OrderSchema(DigestedWhole):
    """The body of PUT /orders/{uuid}."""

    EXAMPLE = {
        "kind": "patrol",
        "wanted": "patrol",
        "title": "暴雨后全线巡查",
        "document": "古楼河长令〔2025〕3号",
        "text": "昨夜暴雨，请各村级河长中午 12 点前把责任河段走一遍，发现问题立即上报。",
        "to": {"posts": ["village_chief"], "regions": ["371502001"]},
        "due_at": "2025-07-02T18:00:00+08:00",
    }

    kind = one_of(*Kind, required=True, description="What the document is.")
    wanted = one_of(*Wanted, required=True, description="What is expected of whoever gets it.")
    title = text(120, "What it is about.", required=True, least=1)
    document = text(120, "Its number (文号).", least=1)
    words = fields.String(data_key="text", load_default="", validate=Length(0, 10_000), metadata=about("Its text."))
    to = fields.Nested(ToSchema, load_default={"posts": [], "regions": [], "rivers": [], "people": []})
    segment = text(60, "Code or id of the reach that is to be walked; nothing: each their own.", least=1)
    due_at = Moment(required=True, metadata=about("By when it is to be done."))
    is_safe = fields.Boolean(
        data_key="is_safe_to_patrol",
        load_default=False,
        metadata=about("It is safe to walk there, though a response in force keeps people off the water."),
    )
    milestones = fields.List(
        fields.Nested(MilestoneSchema),
        load_default=[],
        validate=Length(max=MOST),
        metadata=about("Of work points alone: each is an order of its own, to be answered by the same people."),
    )
    photos = pictures()
    client = fields.Nested(ClientSchema)


def order_of(order_id: UUID, loaded: dict[str, Any]) -> OrderDraft:
    """The order as the rules know it."""
    to = loaded["to"]
    return OrderDraft(
        id=order_id,
        body_sha256=loaded["body_sha256"],
        kind=Kind(loaded["kind"]),
        wanted=Wanted(loaded["wanted"]),
        title=loaded["title"],
        text=loaded["words"],
        due_at=loaded["due_at"],
        to=To(
            posts=tuple(Post(each) for each in dict.fromkeys(to["posts"])),
            regions=tuple(dict.fromkeys(to["regions"])),
            rivers=tuple(dict.fromkeys(to["rivers"])),
            people=tuple(dict.fromkeys(to["people"])),
        ),
        document=loaded.get("document"),
        segment=loaded.get("segment"),
        is_safe=loaded["is_safe"],
        photos=tuple(loaded["photos"]),
        milestones=tuple(Milestone(each["title"], each["due_at"]) for each in loaded["milestones"]),
    )


class StormSchema(DigestedWhole):
    """The body of POST /orders/after-storm: everything else is known."""

    EXAMPLE = {"id": "0198c1f0-0000-7000-8000-000000000001"}

    id = fields.UUID(required=True, metadata=about("Of the order."))
    region = RegionCode()
    due_at = Moment(metadata=about("Noon, or a few hours from now, when nothing is said."))
    is_safe = fields.Boolean(
        data_key="is_safe_to_patrol", load_default=False, metadata=about("See PUT /orders/{uuid}.")
    )


class OrderWordSchema(DigestedWhole):
    """The body of PUT /orders/{id}/words/{uuid}."""

    EXAMPLE = {"said": "answer", "text": "全段走完，没有发现问题。", "at": "2025-07-02T10:40:00+08:00"}

    said = one_of(*Said, required=True, description="That it is read, signed (签收), or answered.")
    words = fields.String(data_key="text", load_default="", validate=Length(0, 5_000))
    photos = pictures()
    at = Moment(required=True, metadata=about("When it was said, by the phone's clock."))
    client = fields.Nested(ClientSchema)


def word_of(word_id: UUID, loaded: dict[str, Any]) -> WordDraft:
    """The word as the rules know it."""
    original = loaded["original"]
    return WordDraft(
        id=word_id,
        body_sha256=loaded["body_sha256"],
        said=Said(loaded["said"]),
        at=loaded["at"],
        text=loaded["words"],
        photos=tuple(loaded["photos"]),
        report={name: original[name] for name in ("photos", "client") if name in original},
    )


class WordItemSchema(Schema):
    """What a word in a batch says beside itself."""

    class Meta:
        unknown = EXCLUDE

    order = fields.UUID(required=True)


class CorrectionSchema(DigestedWhole):
    """The body of POST /orders/{id}/correct: only what changes."""

    EXAMPLE = {
        "id": "0198c1f0-0000-7000-8000-000000000002",
        "due_at": "2025-07-02T20:00:00+08:00",
        "reason": "雨还没停，推迟到傍晚",
    }

    id = fields.UUID(required=True, metadata=about("Of the correction."))
    reason = text(2000, "Why; everybody who got the order reads it.", required=True, least=1)
    title = text(120, least=1)
    words = fields.String(data_key="text", validate=Length(0, 10_000))
    document = text(120, least=1)
    due_at = Moment()


def correction_of(loaded: dict[str, Any]) -> CorrectionDraft:
    """The correction as the rules know it."""
    said = {name: loaded.get(name) for name in ("title", "document", "due_at")}
    return CorrectionDraft(loaded["id"], loaded["body_sha256"], loaded["reason"], text=loaded.get("words"), **said)


class OrderWithdrawSchema(Schema):
    """Why an order is withdrawn."""

    EXAMPLE = {"reason": "发错了范围"}

    reason = text(2000, required=True, least=1)


class OrderListArguments(PageArguments):
    """Which orders."""

    kind = one_of(*Kind)
    mine = fields.Boolean(load_default=False, metadata=about("Only those that one got."))
    waiting = fields.Boolean(load_default=False, metadata=about("Only those that one got and has not done."))


class OrderBoardArguments(Schema):
    """Of which region, and in which form."""

    region = RegionCode()
    format = one_of("json", "xlsx")


class OrderPeopleArguments(PageArguments):
    """Which of those who got it."""

    region = RegionCode()
    alone = alone()
    status = one_of(*Status)


class OrderAnswer(Schema):
    """An order as it is now."""

    id = fields.UUID()
    kind = fields.String()
    wanted = fields.String()
    title = fields.String()
    document = fields.String(allow_none=True)
    text = fields.String()
    by = fields.Dict(metadata=about("Who gave it, in which post and of which region."))
    to = fields.Dict(metadata=about("Whom it named."))
    segment = fields.Dict(allow_none=True)
    made_at = fields.String()
    due_at = fields.String()
    text_at = fields.String(metadata=about("Since when it reads as it does."))
    people = fields.Integer(metadata=about("How many got it."))
    vacant = fields.Integer(metadata=about("Places that it named where nobody sits."))
    totals = fields.Dict(allow_none=True, metadata=about("Over what the reader sees of it."))
    withdrawn = fields.Dict(allow_none=True)
    corrections = fields.List(fields.Dict())
    photos = fields.List(fields.Dict())
    part_of = fields.UUID(allow_none=True, metadata=about("Of a milestone: the work points whose it is."))
    milestones = fields.List(fields.Dict(), metadata=about("Of work points, with their totals."))
    mine = fields.List(fields.Dict(), metadata=about("What the reader got, with the three dates."))
    board = fields.String(allow_none=True, metadata=about("Where its board is, for whoever may see it."))


class OrderPage(Schema):
    """A page of orders, the newest first."""

    items = fields.List(fields.Nested(OrderAnswer))
    next = fields.String(allow_none=True)


class OrderPreviewAnswer(Schema):
    """Whom an order would reach."""

    people = fields.Integer(metadata=about("How many get it."))
    stood_in_for = fields.Integer(metadata=about("Of these somebody else gets it, because they are away."))
    without_reach = fields.Integer(metadata=about("Of these so many answer for no reach."))
    vacant = fields.List(fields.Dict(), metadata=about("The first places where nobody sits."))
    vacant_count = fields.Integer()


class WordAnswer(Schema):
    """A word as it was said."""

    id = fields.UUID()
    order = fields.UUID()
    said = fields.String()
    text = fields.String()
    at = fields.String()
    received_at = fields.String()
    by = fields.Dict()
    photos = fields.List(fields.Dict())
    receipt = fields.Dict()


class OrderBoardAnswer(Schema):
    """The board: rows by place that add up to the total; `links` says who is behind each number."""

    order = fields.UUID()
    region = fields.String(allow_none=True)
    at = fields.String()
    rows = fields.List(fields.Dict())
    total = fields.Dict()


class AddresseePage(Schema):
    """A page of people who got an order, those who have not done it first."""

    items = fields.List(fields.Dict())
    next = fields.String(allow_none=True)
