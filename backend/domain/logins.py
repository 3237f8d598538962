"""Logins: how long things last, how many tries there are, and what a refresh token still is good for."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

REFRESH_LIFE = timedelta(days=90)
"""A phone that is used once a quarter stays signed in (our judgement)."""
GRACE = timedelta(seconds=60)
"""How long a refresh token works on after its successor was handed out: the answer may have been lost."""
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
    EXPIRED = "expired"
    REUSED = "reused"


def use_of(expires_at: datetime, replaced_at: datetime | None, now: datetime) -> Use:
    """A fresh token, or one within its grace, rotates; an older one has been stolen or copied."""
    if now >= expires_at:
        return Use.EXPIRED
    if replaced_at is None or now - replaced_at <= GRACE:
        return Use.ROTATE
    return Use.REUSED


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
