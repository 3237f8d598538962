"""Access tokens: signed, short-lived, and dead as soon as their login ends or their person's version moves on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import jwt

from backend.errors import Unauthenticated
from backend.keyring import KeyRing

LIFE = timedelta(minutes=15)
_ISSUER = "hezhang"
_KIND = "access"
_ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid access token says."""

    person_id: UUID
    token_version: int
    login_id: UUID | None = None
    """The login (one device that signed in once) it belongs to."""


def issue(claims: Claims, keyring: KeyRing, now: datetime) -> str:
    """A token for 15 minutes."""
    body = {
        "sub": str(claims.person_id),
        "ver": claims.token_version,
        "iss": _ISSUER,
        "aud": _ISSUER,
        "kind": _KIND,
        "sid": str(claims.login_id) if claims.login_id else None,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
    }
    return jwt.encode(body, keyring.signing_key, _ALGORITHM)


def read(token: str, keyring: KeyRing, now: datetime) -> Claims:
    """The claims of a token; Unauthenticated when it is not ours, altered or over.

    Time is judged by `now`, not by the library's own clock.
    """
    claims, begins, ends = _opened(token, keyring.signing_key)
    if not begins - LIFE.total_seconds() <= now.timestamp() < ends:
        raise Unauthenticated("expired")
    return claims


@lru_cache(maxsize=1024)
def _opened(token: str, key: bytes) -> tuple[Claims, int, int]:
    """What a token says and from when to when, by a signature that is checked once: it comes with every request."""
    try:
        body = jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            audience=_ISSUER,
            issuer=_ISSUER,
            options={
                "require": ["sub", "exp", "iat"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
        login_id = UUID(body["sid"]) if body.get("sid") else None
        claims = Claims(UUID(body["sub"]), int(body["ver"]), login_id)
        begins, ends = int(body["iat"]), int(body["exp"])
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, AttributeError):
        raise Unauthenticated("invalid") from None
    if body.get("kind") != _KIND:
        raise Unauthenticated("invalid")
    return claims, begins, ends
