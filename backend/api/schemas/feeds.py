"""Feeds of signals as JSON; shape only."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, validates_schema

from backend.api.schemas.fields import Between, Length, about, one_of, text
from backend.domain.feeds import FeedDraft, Form, key_digest
from backend.words import Text

LEAST_KEY, MOST_KEY = 24, 200


class FeedSchema(Schema):
    """The body of PUT /flood/feeds/{name}."""

    class Meta:
        unknown = RAISE

    EXAMPLE = {
        "title": "山东省突发事件预警信息发布系统",
        "form": "atom",
        "url": "https://feeds.example.org/shandong/cap.atom",
        "every_s": 60,
        "silent_s": 900,
    }

    title = text(120, "What people call it.", required=True, least=1)
    form = one_of(*Form)
    url = text(1000, "Where its list is fetched; none: it brings its signals itself, by its key.")
    every_s = fields.Integer(load_default=60, validate=Between(10, 86_400), metadata=about("How often it is asked."))
    silent_s = fields.Integer(
        load_default=900,
        validate=Between(60, 30 * 86_400),
        metadata=about(
            "After so many seconds without a good answer, or without a signal that it brings, it is missed."
        ),
    )
    on = fields.Boolean(load_default=True)
    key = fields.String(
        validate=Length(LEAST_KEY, MOST_KEY),
        metadata=about("The secret by which it brings signals (X-Feed-Key), made by the administrator; never shown."),
    )

    @validates_schema(skip_on_field_errors=True)
    def _is_reachable(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("url") is None:
            return
        try:
            parts = urlsplit(data["url"])
            is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_web = False
        if not is_web or not data["url"].isascii() or not data["url"].isprintable() or " " in data["url"]:
            raise ValidationError([Text("flaw.web_address")], "url")


def draft_of(name: str, loaded: dict[str, Any]) -> FeedDraft:
    """The feed as the rules know it."""
    return FeedDraft(
        name=name,
        title=loaded["title"],
        form=Form(loaded.get("form", Form.ATOM)),
        url=loaded.get("url"),
        every_s=loaded["every_s"],
        silent_s=loaded["silent_s"],
        is_on=loaded["on"],
        key_sha256=key_digest(loaded["key"]) if "key" in loaded else None,
    )


class FeedAnswer(Schema):
    """A feed and how it does."""

    name = fields.String()
    title = fields.String()
    form = one_of(*Form)
    url = fields.String(allow_none=True)
    every_s = fields.Integer()
    silent_s = fields.Integer()
    on = fields.Boolean()
    has_key = fields.Boolean()
    heard_at = fields.String(allow_none=True, metadata=about("When it answered well last, or brought a signal."))
    due_at = fields.String(allow_none=True)
    failures = fields.Integer(metadata=about("In a row."))
    failure = fields.String(allow_none=True, metadata=about("The last of them, by a short code."))


class FeedPage(Schema):
    """Every feed."""

    items = fields.List(fields.Nested(FeedAnswer))
