"""Logins: how long things last, how many tries there are, and what a refresh token still is good for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

REFRESH_LIFE = timedelta(days=90)
"""A phone that is used once a quarter stays signed in (our judgement)."""
GRACE = timedelta(seconds=60)
"""How long a refresh token works on beside its successor: it may be sent twice at once."""
TRIES = 10
WINDOW = timedelta(minutes=15)
"""So many tries in such a time for each account, then none until it is over (OWASP ASVS 5, 6.3.1)."""
CODE_LIFE = timedelta(days=30)
RESET_LIFE = timedelta(hours=24)
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 10


class Purpose(StrEnum):
    """What a one-time code is for."""

    ACTIVATE = "activate"
    RESET = "reset"


class Use(StrEnum):
    """What becomes of a refresh token that is handed in."""

    ROTATE = "rotate"
    """It goes on, and whatever was handed out after it is void."""
    AGAIN = "again"
    """It goes on beside what was handed out after it: whoever sends twice at once knows which answer they keep."""
    EXPIRED = "expired"
    REUSED = "reused"


@dataclass(frozen=True, slots=True)
class Held:
    """A refresh token that is handed in, as it stands in its family."""

    expires_at: datetime
    replaced_at: datetime | None = None
    """When it last went on."""
    is_void: bool = False
    """An earlier one went on without it."""
    is_newer_used: bool = False
    """Whether one that was handed out after it was ever used, so that somebody has had its answer."""


def use_of(token: Held, now: datetime) -> Use:
    """A token goes on as long as nobody went on by a later one; otherwise it has been stolen or copied.

    So an answer may be lost for as long as a token lives, and of two people with one login only one goes on.
    """
    if now >= token.expires_at:
        return Use.EXPIRED
    if token.is_void:
        return Use.REUSED
    if token.replaced_at is not None and now - token.replaced_at <= GRACE:
        return Use.AGAIN
    return Use.REUSED if token.is_newer_used else Use.ROTATE


def seconds_to_wait(tries: int, window_started_at: datetime, now: datetime) -> int:
    """Seconds until another try is allowed; 0 when this one is."""
    if tries <= TRIES:
        return 0
    return max(1, int((window_started_at + WINDOW - now).total_seconds()))


def new_code() -> str:
    """A one-time code of letters and digits that nobody confuses, about 49 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


def typed_code(typed: str) -> str:
    """The code however it was typed: small letters, spaces, dashes."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())
