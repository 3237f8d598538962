"""Signals of the weather office as JSON: CAP by its own names, lists and answers; shape only."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.fields import Length, RegionCode, about, one_of, text
from backend.domain.cap import CATEGORIES, CERTAINTIES, RESPONSES, SCOPES, URGENCIES, Kind, Message, Severity, Status
from backend.domain.signals import Colour, ColourFrom, Danger, State
from backend.formats.cap_values import LINE, LONG, MOST_AREAS, MOST_CODES, MOST_INFOS, MOST_SHAPES, Node, message_of

_TIME = "With its offset, such as 2025-07-28T09:00:00+08:00."


class _Strict(Schema):
    class Meta:
        unknown = RAISE


class CapCodeSchema(_Strict):
    """A value in a system of codes."""

    valueName = fields.String(required=True, validate=Length(0, LINE))  # noqa: N815 - CAP's own name
    value = fields.String(required=True, validate=Length(0, LONG))


def _several(inner: fields.Field[Any] | Schema, most: int, description: str = "") -> fields.List:
    field = fields.Nested(inner) if isinstance(inner, Schema) else inner
    return fields.List(field, validate=Length(0, most), metadata=about(description))


class CapAreaSchema(_Strict):
    """Where it holds: the union of what is drawn and named."""

    areaDesc = text(LONG, "In words.", required=True, least=1)  # noqa: N815
    polygon = _several(fields.String(), MOST_SHAPES, "Rings of `lat,lon lat,lon …`, closed.")
    circle = _several(fields.String(), MOST_SHAPES, "`lat,lon radius` in kilometres.")
    geocode = _several(CapCodeSchema(), MOST_CODES, "Division codes, padded to 12 digits or not.")


class CapInfoSchema(_Strict):
    """What is said in one language about one event."""

    language = text(40, "zh-CN when not said.")
    category = _several(one_of(*CATEGORIES), len(CATEGORIES), "Met when not said.")
    event = text(LINE, required=True, least=1)
    responseType = _several(one_of(*RESPONSES), len(RESPONSES))  # noqa: N815
    urgency = one_of(*URGENCIES)
    severity = one_of(*Severity)
    certainty = one_of(*CERTAINTIES)
    eventCode = _several(CapCodeSchema(), MOST_CODES)  # noqa: N815
    effective = text(40, _TIME)
    onset = text(40, _TIME)
    expires = text(40, f"{_TIME} A day after it was sent when not said.")
    senderName = text(LINE)  # noqa: N815
    headline = text(LINE, "The colour is read from it: …暴雨红色预警….")
    description = text(LONG)
    instruction = text(LONG)
    web = text(2000)
    contact = text(LINE)
    parameter = _several(CapCodeSchema(), MOST_CODES)
    area = _several(CapAreaSchema(), MOST_AREAS)


class SignalSchema(_Strict):
    """The body of POST /flood/signals: an alert of CAP 1.2 by CAP's own names; what is usual need not be said."""

    EXAMPLE = {
        "identifier": "37150241600000_20250702115500",
        "sender": "Dongchangfu_District_Meteorological_Observatory",
        "sent": "2025-07-02T11:55:00+08:00",
        "info": [
            {
                "event": "暴雨",
                "severity": "Extreme",
                "expires": "2025-07-02T17:55:00+08:00",
                "senderName": "东昌府区气象台",
                "headline": "东昌府区气象台发布暴雨红色预警信号",
                "area": [
                    {"areaDesc": "东昌府区", "geocode": [{"valueName": "区划代码", "value": "371502000000"}]},
                ],
            }
        ],
    }

    identifier = text(200, required=True, least=1)
    sender = text(200, required=True, least=1)
    sent = text(40, _TIME, required=True)
    status = one_of(*Status)
    msgType = one_of(*Kind)  # noqa: N815
    source = text(LINE)
    scope = one_of(*SCOPES)
    note = text(LONG)
    references = text(LONG, "`sender,identifier,sent` of earlier messages, with spaces between them.")
    info = _several(CapInfoSchema(), MOST_INFOS)


def message_in(loaded: dict[str, Any]) -> Message:
    """The message of a body of that shape; BadInput where CAP has rules beyond it."""
    usual = {"language": "zh-CN", "category": ["Met"]} | dict.fromkeys(("urgency", "severity", "certainty"), "Unknown")
    infos = [usual | info for info in loaded.get("info", ())]
    whole = {"status": "Actual", "msgType": "Alert", "scope": "Public"} | loaded | {"info": infos}
    return message_of(Node.of_json("alert", whole), "")


class SignalListArguments(PageArguments):
    """Which signals."""

    active = fields.Boolean(metadata=about("Only those in force, and no exercises; or only the others."))
    exercise = fields.Boolean(metadata=about("Only exercises and tests, or none of them."))
    region = RegionCode(metadata=about("Those that hold in this region, below it or around it."))


class SignalAnswer(Schema):
    """A signal as it stands."""

    id = fields.UUID()
    chain = fields.UUID(metadata=about("The first of its chain; events are told of this one."))
    sender = fields.String()
    identifier = fields.String()
    sent = fields.String()
    status = one_of(*Status)
    type = one_of(*Kind)
    is_exercise = fields.Boolean(metadata=about("Nothing real follows from it."))
    state = one_of(*State)
    ended_at = fields.String(allow_none=True)
    ended_by = fields.UUID(allow_none=True)
    conflicts_with = fields.UUID(allow_none=True)
    colour = fields.String(allow_none=True, metadata=about(f"One of {', '.join(Colour)}."))
    colour_from = fields.String(allow_none=True, metadata=about(f"One of {', '.join(ColourFrom)}."))
    colour_said = fields.Dict(metadata=about("By each of the ways to tell it."))
    disagrees = fields.Boolean(metadata=about("These ways differ; the text was followed."))
    danger = one_of(*Danger)
    rain = fields.Dict(allow_none=True, metadata=about("What a rain-storm signal of this colour means."))
    event = fields.String()
    headline = fields.String()
    description = fields.String()
    instruction = fields.String()
    sender_name = fields.String()
    until = fields.String()
    infos = fields.List(fields.Dict())
    regions = fields.List(fields.Dict(), metadata=about("Each with everything below it."))
    segments = fields.List(fields.UUID(), metadata=about("Where it holds on these reaches only; none: on all."))
    unmatched = fields.List(fields.String(), metadata=about("Codes of places that are not known here."))
    references = fields.List(fields.Dict())
    feed = fields.String(allow_none=True)
    entered_by = fields.UUID(allow_none=True)
    received_at = fields.String()
    document = fields.String(metadata=about("Where the message itself is, as it came."))


class SignalPage(Schema):
    """A page of signals, the newest first."""

    items = fields.List(fields.Nested(SignalAnswer))
    next = fields.String(allow_none=True)
