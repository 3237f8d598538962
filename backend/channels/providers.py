"""What the providers that the house has chosen for itself have in common: a wrong address is ours to mend.

A letter that meets one waits, and the channel counts as down, so that somebody is told. Where a person named the
address (a push subscription) the same failure is the end of that letter instead; `push.py` sees to that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from backend.channels.outside import Answer, Outside, refuse
from backend.channels.sending import DeliveryFailed

_OURS = frozenset({404, 405, 410})
_LONGEST = 200
_LONGEST_CODE = 20
_UNSAID = re.compile(r"[^0-9A-Za-z._-]")
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def address(wanted: Mapping[str, Any], name: str = "url") -> str:
    """Where a provider is; ValueError when it cannot be an address."""
    url = str(wanted[name])
    place = urlsplit(url)
    if place.scheme not in ("http", "https") or not place.hostname or place.port == 0:
        raise ValueError(name)
    return url


def asked(
    outside: Outside, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Answer:
    """Ask a provider; DeliveryFailed, never for good, when it is not to be had."""
    try:
        return outside.ask(method, url, body, headers)
    except DeliveryFailed as failed:
        raise DeliveryFailed(failed.reason, is_ambiguous=failed.is_ambiguous) from None


def accepted(answer: Answer) -> Answer:
    """The answer; DeliveryFailed for a status that says no, for good only where it is the letter that is not wanted."""
    if 300 <= answer.status < 400 or answer.status in _OURS:
        raise DeliveryFailed(f"http_{answer.status}")
    refuse(answer)
    return answer


def code(said: Any) -> str:
    """A provider's number of an error as a reason: short, and without whatever it wrote about somebody."""
    return f"code_{_UNSAID.sub('', str(said))[:_LONGEST_CODE]}"


def text(said: Any) -> str | None:
    """What a provider says, as far as it can be kept."""
    return None if said is None else _UNREADABLE.sub("", str(said))[:_LONGEST]
