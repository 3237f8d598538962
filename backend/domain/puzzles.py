"""A small proof of work: whoever tells us something without an account has let a machine count for a moment.

A puzzle is a text that only we can write. It is solved by a number n for which SHA-256 of `text:n` begins with so many
zero bits. It names the one report that it is good for, so it needs no row: the report's key is taken the second time.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

LIFE = timedelta(minutes=60)
"""Somebody takes a picture, looks for words and is rung up in between (our judgement)."""
LEAST_BITS, MOST_BITS = 13, 19
"""Eight thousand digests on a quiet day, a tenth of a second of a cheap phone; half a million at the worst, some
seconds. Ten thousand reports then cost a machine an hour of counting (our judgement).
"""
_MOST_DIGITS = 15
_PARTS = re.compile(r"([0-9a-f]{32})\.([0-9]{1,2})\.([0-9]{1,12})\.([0-9a-f]{32})")

Sign = Callable[[str], bytes]
"""A keyed digest of a text, by a key of the house."""


class Standing(StrEnum):
    """What came of a puzzle."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    """Nobody has counted, or wrongly."""
    EXPIRED = "expired"
    FOREIGN = "foreign"
    """We have not written it."""


@dataclass(frozen=True, slots=True)
class Puzzle:
    """What it is good for, how hard it is, and until when."""

    id: UUID
    bits: int
    expires_at: datetime

    def written(self, sign: Sign) -> str:
        """As it goes out."""
        said = f"{self.id.hex}.{self.bits}.{int(self.expires_at.timestamp())}"
        return f"{said}.{_seal(said, sign)}"


def bits_for(fullness: float) -> int:
    """How hard a puzzle is while the house is that full (0 idle – 1 no more is taken)."""
    return LEAST_BITS + round((MOST_BITS - LEAST_BITS) * min(1.0, max(0.0, fullness)))


def judged(text: str, answer: str, sign: Sign, now: datetime) -> tuple[Standing, UUID | None]:
    """What came of a puzzle, and what it is good for; None where we have not written it."""
    found = _PARTS.fullmatch(text)
    if found is None or not hmac.compare_digest(_seal(text.rpartition(".")[0], sign), found[4]):
        return Standing.FOREIGN, None
    puzzle_id = UUID(found[1])
    if now.timestamp() > int(found[3]):
        return Standing.EXPIRED, puzzle_id
    is_number = answer.isascii() and answer.isdigit() and len(answer) <= _MOST_DIGITS
    is_solved = is_number and zeros(f"{text}:{answer}") >= int(found[2])
    return (Standing.SOLVED if is_solved else Standing.UNSOLVED), puzzle_id


def zeros(text: str) -> int:
    """With how many zero bits its digest begins."""
    digest = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    return 256 - digest.bit_length()


def _seal(said: str, sign: Sign) -> str:
    return sign(f"puzzle:{said}").hex()[:32]
