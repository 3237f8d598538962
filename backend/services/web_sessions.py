"""Web sessions: a desk signs in by a cookie that stands for a login, with a second factor where the post needs one."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

import pyotp

from backend.db import Session
from backend.domain.access import Actor
from backend.domain.logins import WINDOW, seconds_to_wait
from backend.domain.terms import Post
from backend.domain.web_sessions import IDLE, LIFE, TOUCH, Stage, is_over, stage_of
from backend.errors import BadInput, TooMany, Unauthenticated
from backend.keyring import KeyRing
from backend.services import access
from backend.services.tokens import Claims
from backend.store import logins, web_sessions

NEED_CODE = frozenset({Post.ADMINISTRATOR})
"""Posts that sign in at a desk with a second factor: they can give every other post."""
_ISSUER = "Hezhang 河长"
_STEP_S = 30


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody at a desk: who, by which login, how far in, and when the password was last typed."""

    actor: Actor
    claims: Claims
    stage: Stage
    proved_at: datetime


def begin(session: Session, person_id: UUID, *, now: datetime) -> str:
    """A new session after a right password: the cookie's value."""
    family_id, token = uuid4(), secrets.token_urlsafe(32)
    logins.add_family(session, family_id, person_id, "console", now)
    web_sessions.add(session, _digest(token), family_id, now)
    return token


def resumed(session: Session, token: str, *, day: date, now: datetime) -> tuple[Sitting, bool]:
    """Who sits there, and whether a sign of life should be written down; Unauthenticated when it is over."""
    row = web_sessions.found(session, _digest(token))
    if row is None:
        raise Unauthenticated("missing")
    if is_over(row.begun_at, row.seen_at, now):
        raise Unauthenticated("expired")
    claims = Claims(row.person_id, row.token_version, row.family_id)
    actor = access.actor_of(session, claims, day)
    sitting = Sitting(actor, claims, _stage(session, actor, row.code_at is not None), row.proved_at)
    return sitting, now - row.seen_at >= TOUCH


def touch(session: Session, token: str, *, now: datetime) -> None:
    """A sign of life."""
    web_sessions.change(session, _digest(token), seen_at=now)


def proved(session: Session, token: str, *, now: datetime) -> None:
    """The password was typed again."""
    web_sessions.change(session, _digest(token), proved_at=now)


def end(session: Session, token: str, *, now: datetime) -> None:
    """Signed out; the login dies with it."""
    row = web_sessions.found(session, _digest(token))
    if row is not None:
        logins.end_family(session, row.family_id, "logout", now)
        web_sessions.forget(session, _digest(token))


def enrolment(session: Session, keyring: KeyRing, person_id: UUID, name: str) -> tuple[str, str]:
    """The secret of the factor that is being set up, as letters to type and as an `otpauth:` address to scan."""
    held = web_sessions.factor(session, person_id)
    if held is None:
        web_sessions.propose_factor(session, person_id, keyring.seal(pyotp.random_base32()))
        held = web_sessions.factor(session, person_id)
    assert held is not None
    if held.confirmed_at is not None:
        raise Unauthenticated("wrong")
    secret = keyring.open(held.secret_sealed)
    return secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)


def count_code_try(session: Session, keyring: KeyRing, sitting: Sitting, *, now: datetime) -> None:
    """Count a try at a code before it is made; TooMany when there were as many as of a password."""
    wait = seconds_to_wait(*logins.count_try(session, _tries(keyring, sitting), now, WINDOW), now)
    if wait:
        raise TooMany(wait)


def enter_code(
    session: Session, keyring: KeyRing, token: str, sitting: Sitting, code: str, *, now: datetime
) -> str | None:
    """The one-time code of the second factor lets in under a new cookie's value; None when it is wrong.

    A code works once, a step early or late (RFC 6238, 5.2). The try is counted before.
    """
    person_id = sitting.claims.person_id
    held = web_sessions.factor(session, person_id)
    if held is None or sitting.stage is Stage.IN:
        return None
    totp, here = pyotp.TOTP(keyring.open(held.secret_sealed)), int(now.timestamp()) // _STEP_S
    said = code.encode()  # bytes: of strings only those in ASCII can be compared
    fits = [
        step for step in (here - 1, here, here + 1) if secrets.compare_digest(totp.generate_otp(step).encode(), said)
    ]
    if not fits or fits[0] <= (held.used_step or 0):
        return None
    web_sessions.code_used(session, person_id, fits[0], now)
    logins.forget_tries(session, _tries(keyring, sitting))
    fresh = secrets.token_urlsafe(32)  # what was half a session is none any more, whoever knows its name
    web_sessions.change(session, _digest(token), token_sha256=_digest(fresh), code_at=now)
    return fresh


def tidy(session: Session, *, now: datetime) -> int:
    """Delete sessions that are over; how many."""
    return web_sessions.tidy(session, now - LIFE, now - IDLE)


def csrf_of(keyring: KeyRing, token: str) -> str:
    """What a form of this session carries, so that no other page can send one in its name."""
    return keyring.index(f"csrf:{token}").hex()


def check_csrf(keyring: KeyRing, token: str, said: str) -> None:
    """BadInput when a form was not ours."""
    if not secrets.compare_digest(csrf_of(keyring, token).encode(), said.encode()):
        raise BadInput.at("/csrf", "flaw.csrf")


def _stage(session: Session, actor: Actor, has_given_code: bool) -> Stage:
    needs_code = any(seat.post in NEED_CODE for seat in actor.seats)
    is_asked = needs_code and not has_given_code
    has_factor = is_asked and web_sessions.has_factor(session, actor.person_id)
    return stage_of(needs_code=needs_code, has_given_code=has_given_code, has_factor=has_factor)


def _tries(keyring: KeyRing, sitting: Sitting) -> bytes:
    return keyring.index(f"code:{sitting.claims.person_id}")


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
