"""Gateways for text messages and calls: JSON over HTTP, the same letter under the same key, reports coming back signed.

Providers differ in the names of their fields and the numbers of their errors, so both are settings of the channel:

    {"kind": "sms", "url": "https://…", "secret": "…", "ask": "https://…/{id}",
     "fields": {"mobile": "{address}", "content": "{text}", "uid": "{id}"},
     "code": "code", "good": 0, "reference": "reference", "permanent": [1001], "throttled": [1029],
     "signature": "河长办", "segments": 4}

What these settings say is tried at the start: a gap in them would be found when the first warning goes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from backend.channels import signing, texts
from backend.channels.outside import Answer, Outside, rest_s
from backend.channels.providers import accepted, address, asked, code, text
from backend.channels.sending import Accepted, DeliveryFailed, Letter, Outcome, Receipt

FIELDS = {"to": "{address}", "text": "{text}", "key": "{id}", "number": "{number}"}
_MOST_RECEIPTS = 1_000
_FIRST_YEAR, _LAST_YEAR = 2000, 9000
_SEGMENTS = 4
_HEARD: Mapping[str | None, bool] = {None: False, "whole": False, "part": True}
"""How much of a call was heard, and whether that is only a part."""
_BLANK = dict.fromkeys(("address", "text", "title", "id", "number"), "")


class Gateway:
    """A provider of text messages or calls."""

    def __init__(self, wanted: Mapping[str, Any], outside: Outside) -> None:
        self._outside, self.timeout_s = outside, outside.timeout_s
        self._url, self._secret = address(wanted), str(wanted["secret"])
        self._ask_url = address(wanted, "ask") if wanted.get("ask") else None
        self._fields = _tried(wanted.get("fields") or FIELDS, self._ask_url)
        self._code, self._reference = wanted.get("code", "code"), wanted.get("reference", "reference")
        self._good = str(wanted.get("good", 0))
        self._permanent = {str(each) for each in wanted.get("permanent", ())}
        self._throttled = {str(each) for each in wanted.get("throttled", ())}

    def send(self, letter: Letter) -> Accepted:
        """Hand a letter over; what the provider says in the body counts, whatever the status."""
        given = {
            "address": letter.address,
            "text": self.worded(letter),
            "title": letter.title,
            "id": str(letter.id),
            "number": str(letter.number),
        }
        body = orjson.dumps({name: value.format_map(given) for name, value in self._fields.items()})
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(letter.id)}
        answer = accepted(asked(self._outside, "POST", self._url, body, headers | self._signed(body)))
        said = _read(answer.body)
        if self._code not in said:
            raise DeliveryFailed("unreadable", is_ambiguous=True)
        if str(said[self._code]) != self._good:
            raise self._no(said[self._code], answer)
        return Accepted(text(said.get(self._reference)))

    def worded(self, letter: Letter) -> str:
        """What is said of it: a call says all of it."""
        return letter.text

    def ask(self, letter_id: UUID) -> Accepted | None:
        """Whether the provider knows the letter; None when it does not, or has no address for that question."""
        if self._ask_url is None:
            return None
        url = self._ask_url.format_map({"id": str(letter_id)})
        answer = asked(self._outside, "GET", url, headers=self._signed(b""))
        if answer.status == 404:
            return None
        return Accepted(text(_read(accepted(answer).body).get(self._reference)))

    def receipts(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Sequence[Receipt]:
        """`[{"key" | "reference", "outcome": …, "at", "answer"?, "reason"?, "heard"?}]`, signed (docs/gateway.md)."""
        signing.check(self._secret, headers, body, now=now)
        said = orjson.loads(body)
        if not isinstance(said, list) or len(said) > _MOST_RECEIPTS:
            raise ValueError("a list of reports")
        return [_receipt(each) for each in said]

    def _signed(self, body: bytes) -> dict[str, str]:
        return signing.signed(self._secret, body, now=self._outside.clock())

    def _no(self, said: Any, answer: Answer) -> DeliveryFailed:
        if str(said) in self._throttled:
            return DeliveryFailed("throttled", retry_after_s=rest_s(answer))
        return DeliveryFailed(code(said), permanent=str(said) in self._permanent)


class Texts(Gateway):
    """A provider of text messages, which have a signature and an end."""

    def __init__(self, wanted: Mapping[str, Any], outside: Outside) -> None:
        super().__init__(wanted, outside)
        self._signature, self._segments = wanted.get("signature"), int(wanted.get("segments", _SEGMENTS))
        if not 1 <= self._segments <= 10 or not isinstance(self._signature, str | None):
            raise ValueError("segments")

    def worded(self, letter: Letter) -> str:
        """Behind its signature, and no longer than may be."""
        return texts.fitted(letter.text, self._signature, self._segments, letter.link)


def _tried(fields: Any, ask_url: str | None) -> Mapping[str, str]:
    """The fields, when every gap in them can be filled; ValueError otherwise."""
    try:
        for value in fields.values():
            value.format_map(_BLANK)
        (ask_url or "").format_map({"id": ""})
    except (AttributeError, LookupError, ValueError) as wrong:
        raise ValueError("fields") from wrong
    return dict(fields)


def _read(body: bytes) -> Mapping[str, Any]:
    """What the provider says; an answer that cannot be read says nothing of what became of the letter."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict):
        raise DeliveryFailed("unreadable", is_ambiguous=True)
    return said


def _receipt(said: Any) -> Receipt:
    if not isinstance(said, dict):
        raise ValueError("a report is an object")
    at = datetime.fromisoformat(str(said.get("at")))
    key = said.get("key")
    if at.tzinfo is None or not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise ValueError("a moment of our time with its offset")
    if key is None and said.get("reference") is None:
        raise ValueError("a key or a reference")
    heard = said.get("heard")
    if not isinstance(heard, str | None) or heard not in _HEARD:
        raise ValueError("heard")
    return Receipt(
        Outcome(str(said.get("outcome"))),
        at,
        UUID(str(key)) if key is not None else None,
        text(said.get("reference")),
        text(said.get("answer")),
        text(said.get("reason")),
        _HEARD[heard],
    )
