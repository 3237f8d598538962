"""The signature of the farm, written a second time from its description: a mistake in one is found by the other.

`X-Signature` is the HMAC-SHA-256, in hexadecimal, of `X-Timestamp` (seconds since 1970), a full stop and the body.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping

_WINDOW_S = 300


def signed(secret: str, body: bytes) -> dict[str, str]:
    """The headers for a body that is sent now."""
    moment = f"{time.time():.0f}"
    return {"X-Timestamp": moment, "X-Signature": _mac(secret, moment, body)}


def is_signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a body is signed with the secret, lately."""
    moment = headers.get("X-Timestamp", "")
    if not moment.isdigit() or abs(time.time() - int(moment)) > _WINDOW_S:
        return False
    return hmac.compare_digest(headers.get("X-Signature", "").encode(), _mac(secret, moment, body).encode())


def _mac(secret: str, moment: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), f"{moment}.".encode() + body, "sha256").hex()
