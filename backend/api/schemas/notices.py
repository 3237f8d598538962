"""Notices, wishes and push subscriptions as JSON; shape only."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate, validates_schema

from backend.api.paging import PageArguments
from backend.api.schemas.fields import Length, OneOf, about, one_of, text
from backend.domain.lanes import Lane
from backend.domain.letters import State
from backend.domain.notices import CHANNELS, CHAT, MAIL
from backend.formats import phones
from backend.words import LANGUAGES, Text

_MAIL = re.compile(r"[0-9A-Za-z.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[0-9A-Za-z-]{1,63}\.)+[0-9A-Za-z-]{2,63}")
"""An address as everybody has it; quoted ones and other alphabets are for those who need them, and nobody here has."""


class NoticeListArguments(PageArguments):
    """One's own notices; or those that no channel took, for whoever looks after them."""

    state = fields.String(
        validate=OneOf(["failed"]),
        metadata=about("`failed`: messages to people of one's region that no channel took."),
    )


class LetterAnswer(Schema):
    """A notice on its way by one channel."""

    channel = fields.String()
    state = fields.String(validate=validate.OneOf([state.value for state in State]))
    failure = fields.String(allow_none=True)
    tries = fields.Integer()
    accepted_at = fields.DateTime(allow_none=True)
    delivered_at = fields.DateTime(allow_none=True)
    answered_at = fields.DateTime(allow_none=True)


class AboutAnswer(Schema):
    """What a notice is about."""

    type = fields.String()
    id = fields.UUID()


class NoticeAnswer(Schema):
    """What somebody was told."""

    id = fields.UUID()
    person = fields.UUID()
    name = fields.String(allow_none=True, metadata=about("Of the person, where they are not oneself."))
    title = fields.String()
    text = fields.String()
    lane = fields.String(validate=validate.OneOf([lane.value for lane in Lane]))
    number = fields.Integer()
    is_drill = fields.Boolean()
    about = fields.Nested(AboutAnswer, allow_none=True)
    created_at = fields.DateTime()
    letters = fields.List(fields.Nested(LetterAnswer))


class NoticePage(Schema):
    """A page of notices."""

    items = fields.List(fields.Nested(NoticeAnswer))
    next = fields.String(allow_none=True)


def _channels(description: str, otherwise: list[str]) -> fields.List:
    return fields.List(
        fields.String(validate=OneOf(list(CHANNELS))),
        load_default=otherwise,
        validate=Length(max=len(CHANNELS)),
        metadata=about(description),
    )


class WishesSchema(Schema):
    """The body of PUT /me/notices."""

    class Meta:
        unknown = RAISE

    EXAMPLE = {"channels": ["app", "sms"], "muted": ["sms"], "language": "zh-CN"}

    channels = _channels("The first choice first; those left out come after them.", list(CHANNELS))
    muted = _channels("Channels for nothing but what is urgent.", [])
    language = one_of(*LANGUAGES)

    @validates_schema
    def _each_once(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("channels", "muted"):
            if len(set(data[name])) < len(data[name]):
                raise ValidationError({name: [Text("flaw.channels", {"choices": ", ".join(CHANNELS)})]})


class DeviceAnswer(Schema):
    """A device that takes messages."""

    id = fields.UUID()
    channel = fields.String()


class WishesAnswer(Schema):
    """How somebody wants to be reached, and what takes messages for them."""

    channels = fields.List(fields.String())
    muted = fields.List(fields.String())
    language = fields.String()
    devices = fields.List(fields.Nested(DeviceAnswer))
    push_key = fields.String(
        allow_none=True, metadata=about("The `applicationServerKey` to subscribe with; null where nothing is pushed.")
    )


class AddressSchema(Schema):
    """The body of PUT /me/addresses/{id}: a mailbox, or the number under which a chat knows somebody."""

    class Meta:
        unknown = RAISE

    EXAMPLE = {"channel": "mail", "address": "li@example.cn"}

    channel = fields.String(required=True, validate=OneOf([MAIL, CHAT]))
    address = text(200, "An address of e-mail, or for `chat` a phone number.", required=True, least=1)

    @post_load
    def _read(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if data["channel"] == MAIL and not _MAIL.fullmatch(data["address"]):
            raise ValidationError({"address": [Text("flaw.mail_address")]})
        return data if data["channel"] == MAIL else data | {"address": _number(data["address"])}


class PushKeysSchema(Schema):
    """The keys of a subscription, as the browser gives them."""

    class Meta:
        unknown = RAISE

    p256dh = text(200, required=True, least=1)
    auth = text(100, required=True, least=1)


class PushSchema(Schema):
    """The body of PUT /me/push/{id}: a subscription as the browser gives it (`toJSON()`)."""

    class Meta:
        unknown = RAISE

    EXAMPLE = {
        "endpoint": "https://push.example.com/send/cJ7x",
        "expirationTime": None,
        "keys": {"p256dh": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQt", "auth": "tBHItJI5svbpez7KI4CCXg"},
    }

    endpoint = text(2_000, "An https address of the browser's push service.", required=True, least=1)
    expirationTime = fields.Float(allow_none=True)  # noqa: N815 - the browser's own name
    keys = fields.Nested(PushKeysSchema, required=True)

    @validates_schema
    def _sealed(self, data: dict[str, Any], **_: Any) -> None:
        try:
            url = urlsplit(data["endpoint"])
            is_good = url.scheme == "https" and bool(url.hostname) and url.port != 0
        except ValueError:
            is_good = False
        if not is_good:
            raise ValidationError({"endpoint": [Text("flaw.push_address")]})


def _number(typed: str) -> str:
    try:
        return phones.normal(typed)
    except phones.BadPhone:
        raise ValidationError({"address": [Text("flaw.phone")]}) from None


def address_of(said: dict[str, Any]) -> str:
    """A subscription as the address of a device: always written the same way."""
    return json.dumps({"endpoint": said["endpoint"], "keys": said["keys"]}, sort_keys=True)


class PushAnswer(Schema):
    """A device that takes messages now."""

    id = fields.UUID()
