"""Whatever else Apprise speaks (over a hundred services, generic JSON and XML among them), by its URLs.

{"kind": "apprise", "url": "xml://gateway.example.cn/notices?to={address}"}
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import apprise

from backend.channels.guard import guarded
from backend.channels.outside import BLOCKED, Outside
from backend.channels.sending import Accepted, DeliveryFailed, Forged, Letter, Receipt

_SLOWEST_S = 10.0
_SEPARATORS = frozenset(" ,;&?/#\r\n\t\0")
"""With one of these in it an address would be several, or something else of the URL."""
_SAMPLES = ("+8613800000000", "name@example.cn")
# Apprise writes addresses and answers of providers into its log, and these are somebody's.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


class Postbox:
    """A service that Apprise knows; it says whether it took a letter, and no more."""

    timeout_s = _SLOWEST_S

    def __init__(self, wanted: Mapping[str, Any], outside: Outside) -> None:
        self._url, self._doors = str(wanted["url"]), outside.doors
        if not any(map(self._service, _SAMPLES)):
            raise ValueError("url")

    def send(self, letter: Letter) -> Accepted:
        """Hand it over; where the service says no, nobody knows whether for good."""
        if "{address}" in self._url and (not letter.address or _SEPARATORS & set(letter.address)):
            raise DeliveryFailed("bad_address", permanent=True)
        service = self._service(letter.address)
        if service is None:
            raise DeliveryFailed("bad_address", permanent=True)
        with guarded(self._doors, self.timeout_s) as errand:
            try:
                is_taken = service.notify(title=letter.title, body=self._said(letter))
            except Exception as broken:
                # Any of a hundred services may break in its own way; what became of the letter is unknown then.
                raise DeliveryFailed(f"broke_{type(broken).__name__[:20]}", is_ambiguous=True) from None
            if not is_taken:
                raise DeliveryFailed(BLOCKED if errand.is_blocked else "refused")
        return Accepted(is_delivered=True)

    def ask(self, letter_id: UUID) -> Accepted | None:
        """It cannot be asked."""
        return None

    def receipts(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Sequence[Receipt]:
        """It reports on nothing."""
        raise Forged

    def _said(self, letter: Letter) -> str:
        """A link by which somebody answers is nothing for a service that may lead to many."""
        return letter.text_and_link if "{address}" in self._url else letter.text

    def _service(self, address: str) -> Any:
        """The service, writing plain text: some make a page of it, and a citizen's words would be part of that page."""
        found = apprise.Apprise.instantiate(self._url.replace("{address}", quote(address, safe="@+")))
        if found is not None:
            found.notify_format = apprise.NotifyFormat.TEXT
        return found
