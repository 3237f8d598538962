"""Links of call-outs: a token for one purpose, which follows from the keys of the house and is kept only as digest."""

from __future__ import annotations

import base64
import hashlib
from uuid import UUID

from backend.keyring import KeyRing

_BYTES = 10
"""Sixteen small letters and digits: nobody guesses one of 2^80, and no phone takes the last one for punctuation."""


def token(keyring: KeyRing, callout_id: UUID) -> str:
    """The token of a call-out's link; the same whenever its text is sent again."""
    return base64.b32encode(keyring.index(f"callout-link:{callout_id}")[:_BYTES]).decode().lower()


def path(keyring: KeyRing, callout_id: UUID) -> str:
    """Where the link leads, below the address of the house."""
    return f"/a/{token(keyring, callout_id)}"


def digest(said: str) -> bytes:
    """By which a token is found again."""
    return hashlib.sha256(said.encode()).digest()
