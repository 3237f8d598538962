"""E-mail and whatever else Apprise speaks (over a hundred services, generic JSON and XML among them), by its URLs.

{"kind": "apprise", "url": "mailtos://user:password@smtp.example.cn:465/?to={address}&from=河长办"}
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import apprise

from backend.channels.outside import Outside, guarded, is_blocked
from backend.channels.sending import Accepted, DeliveryFailed, Forged, Letter, Receipt

_SLOWEST_S = 10.0
# Apprise writes addresses and answers of providers into its log, and these are somebody's.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


class Postbox:
    """A service that Apprise knows; it says whether it took a letter, and no more."""

    timeout_s = _SLOWEST_S

    def __init__(self, wanted: Mapping[str, Any], outside: Outside) -> None:
        self._url, self._doors = str(wanted["url"]), outside.doors

    def send(self, letter: Letter) -> Accepted:
        """Hand it over; where the service says no, nobody knows whether for good."""
        service = apprise.Apprise.instantiate(self._url.replace("{address}", quote(letter.address, safe="@+")))
        if service is None:
            raise DeliveryFailed("bad_address", permanent=True)
        with guarded(self._doors):
            try:
                is_taken = service.notify(title=letter.title, body=letter.text)
            except Exception as broken:
                # Any of a hundred services may break in its own way; what became of the letter is unknown then.
                raise DeliveryFailed(f"broke_{type(broken).__name__[:20]}", is_ambiguous=True) from None
            if not is_taken:
                raise DeliveryFailed("blocked" if is_blocked() else "refused", permanent=is_blocked())
        return Accepted(is_delivered=True)

    def ask(self, letter_id: UUID) -> Accepted | None:
        """It cannot be asked."""
        return None

    def receipts(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Sequence[Receipt]:
        """It reports on nothing."""
        raise Forged
