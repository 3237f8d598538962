"""Signatures between the house and a gateway: HMAC-SHA-256 over the moment and the body, good for five minutes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from backend.channels.sending import Forged

MOMENT, SIGNATURE = "X-Timestamp", "X-Signature"
_WINDOW = timedelta(minutes=5)


def signed(secret: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """The headers for a body."""
    moment = str(int(now.timestamp()))
    return {MOMENT: moment, SIGNATURE: _mac(secret, moment, body)}


def check(secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> None:
    """Forged when the signature is another one, or from another time."""
    moment, given = headers.get(MOMENT, ""), headers.get(SIGNATURE, "")
    if not (moment.isascii() and moment.isdecimal() and len(moment) <= 11 and given.isascii()):
        raise Forged
    is_good = hmac.compare_digest(given, _mac(secret, moment, body))
    if not is_good or abs(now - datetime.fromtimestamp(int(moment), UTC)) > _WINDOW:
        raise Forged


def _mac(secret: str, moment: str, body: bytes) -> str:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
