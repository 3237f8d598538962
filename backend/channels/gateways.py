"""Gateways for text messages and calls: JSON over HTTP, the same letter under the same key, reports coming back signed.

Providers differ in the names of their fields and the numbers of their errors, so both are settings of the channel:

    {"kind": "sms", "url": "https://…", "secret": "…", "ask": "https://…/{id}",
     "fields": {"mobile": "{address}", "content": "{text}", "uid": "{id}"},
     "code": "code", "good": 0, "reference": "reference", "permanent": [1001], "throttled": [1029]}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from backend.channels import signing
from backend.channels.outside import Outside, refuse, rest_s
from backend.channels.sending import Accepted, DeliveryFailed, Letter, Outcome, Receipt

FIELDS = {"to": "{address}", "text": "{text}", "key": "{id}", "number": "{number}"}
_MOST_RECEIPTS = 1_000


class Gateway:
    """A provider of text messages or calls."""

    def __init__(self, wanted: Mapping[str, Any], outside: Outside) -> None:
        self._wanted, self._outside = wanted, outside
        self.timeout_s = outside.timeout_s
        self._secret = str(wanted["secret"])
        self._permanent = {str(code) for code in wanted.get("permanent", ())}
        self._throttled = {str(code) for code in wanted.get("throttled", ())}

    def send(self, letter: Letter) -> Accepted:
        """Hand a letter over; what the provider says in the body counts, whatever the status."""
        given = {
            "address": letter.address,
            "text": letter.text,
            "title": letter.title,
            "id": str(letter.id),
            "number": str(letter.number),
        }
        fields = self._wanted.get("fields") or FIELDS
        body = orjson.dumps({name: value.format_map(given) for name, value in fields.items()})
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(letter.id)}
        answer = self._outside.post(
            self._wanted["url"], body, headers | signing.signed(self._secret, body, now=self._outside.clock())
        )
        refuse(answer)
        said = _read(answer.body)
        code = said.get(self._wanted.get("code", "code"))
        if str(code) != str(self._wanted.get("good", 0)):
            raise self._no(str(code), rest_s(answer))
        return Accepted(_text(said.get(self._wanted.get("reference", "reference"))))

    def ask(self, letter_id: UUID) -> Accepted | None:
        """Whether the provider knows the letter; None when it does not, or has no address for that question."""
        url = self._wanted.get("ask")
        if not url:
            return None
        signature = signing.signed(self._secret, b"", now=self._outside.clock())
        answer = self._outside.ask("GET", url.format_map({"id": str(letter_id)}), headers=signature)
        if answer.status == 404:
            return None
        refuse(answer)
        return Accepted(_text(_read(answer.body).get(self._wanted.get("reference", "reference"))))

    def receipts(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Sequence[Receipt]:
        """`[{"key" | "reference", "outcome": "delivered|answered|failed", "at", "answer"?, "reason"?}]`, signed."""
        signing.check(self._secret, headers, body, now=now)
        said = orjson.loads(body)
        if not isinstance(said, list) or len(said) > _MOST_RECEIPTS:
            raise ValueError("a list of reports")
        return [_receipt(each) for each in said]

    def _no(self, code: str, rest: float) -> DeliveryFailed:
        if code in self._throttled:
            return DeliveryFailed("throttled", retry_after_s=rest)
        return DeliveryFailed(f"code_{code[:20]}", permanent=code in self._permanent)


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
    if at.tzinfo is None or (key is None and said.get("reference") is None):
        raise ValueError("a moment with its offset, and a key or a reference")
    return Receipt(
        Outcome(str(said.get("outcome"))),
        at,
        UUID(str(key)) if key is not None else None,
        _text(said.get("reference")),
        _text(said.get("answer")),
        _text(said.get("reason")),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)[:100]
