"""The log as a way to people, for demonstrations: whatever goes out by it is taken and delivered at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import structlog

from backend.channels.sending import Accepted, Forged, Letter, Receipt

log = structlog.get_logger(__name__)


class LogChannel:
    """Writes a line for each letter: which one and what it is about, never to whom, nor a word that names somebody."""

    timeout_s = 1.0

    def __init__(self, name: str) -> None:
        self.name = name

    def send(self, letter: Letter) -> Accepted:
        """Write the line."""
        log.info(
            "letter",
            channel=self.name,
            letter=str(letter.id),
            title=letter.title,
            number=letter.number,
            urgent=letter.is_urgent,
        )
        return Accepted(is_delivered=True)

    def ask(self, letter_id: UUID) -> Accepted | None:
        """A log cannot be asked; a line twice does no harm."""
        return None

    def receipts(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Sequence[Receipt]:
        """Nobody reports on what stands in a log."""
        raise Forged
