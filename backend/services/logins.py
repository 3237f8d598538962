"""Logins: sign in, stay signed in over a bad network, and end it the moment something changes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from backend.db import AlreadyTaken, Session
from backend.domain.access import Actor
from backend.domain.logins import (
    CODE_LIFE,
    REFRESH_LIFE,
    RESET_LIFE,
    WINDOW,
    Held,
    Purpose,
    Use,
    new_code,
    seconds_to_wait,
    typed_code,
    use_of,
)
from backend.errors import BadInput, Conflict, TooMany, Unauthenticated
from backend.formats import phones
from backend.keyring import KeyRing
from backend.services import charge, tokens
from backend.services.passwords import NOBODY, hashed, matches, too_easy
from backend.services.tokens import Claims
from backend.store import changes, logins, people, web_sessions


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who says who they are: the hash to check, and the account if there is one."""

    phone_index: bytes
    person_id: UUID | None
    token_version: int
    password_hash: str
    """Of nobody's password where there is no account, so that it takes as long."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What a login or a refresh hands out."""

    person_id: UUID
    access_token: str
    refresh_token: str


def candidate(session: Session, keyring: KeyRing, phone: str, *, is_live: bool, now: datetime) -> Candidate:
    """Count a try and find the account; TooMany when the account, known or not, has had too many.

    `is_live`: in production a made-up person, whose password stands in a public list, is nobody.
    """
    index = keyring.index(_number(phone))
    wait = seconds_to_wait(*logins.count_try(session, index, now, WINDOW), now)
    if wait:
        raise TooMany(wait)
    account = logins.account(session, index)
    if account is None or not account.is_active or account.password_hash is None or (is_live and account.is_demo):
        return Candidate(index, None, 0, NOBODY)
    return Candidate(index, account.id, account.token_version, account.password_hash)


def again(session: Session, keyring: KeyRing, actor: Actor, *, is_live: bool, now: datetime) -> Candidate:
    """Somebody signed in whose password is asked once more; counted like any other try."""
    sealed = people.named(session, actor.person_id).phone_sealed
    return candidate(session, keyring, keyring.open(sealed) if sealed else "", is_live=is_live, now=now)


def check(candidate: Candidate, password: str) -> None:
    """Whether the password is theirs; slow on purpose, so no transaction may be open. Else Unauthenticated."""
    is_right = matches(candidate.password_hash, password)
    if not is_right or candidate.person_id is None:
        raise Unauthenticated("wrong")


def admit(session: Session, candidate: Candidate) -> UUID:
    """Whoever gave the right password; their tries are forgotten."""
    assert candidate.person_id is not None
    logins.forget_tries(session, candidate.phone_index)
    return candidate.person_id


def sign_in(session: Session, keyring: KeyRing, candidate: Candidate, device_id: str | None, *, now: datetime) -> Pair:
    """A new family for this device."""
    person_id, family_id = admit(session, candidate), uuid4()
    logins.add_family(session, family_id, person_id, device_id, now)
    return _pair(session, keyring, person_id, candidate.token_version, family_id, now)


def refresh(session: Session, keyring: KeyRing, refresh_token: str, *, is_live: bool, now: datetime) -> Pair | str:
    """A new pair, or why not: `invalid`, `signed_out`, `ended`, `expired`, `reused` (which ends the whole family)."""
    digest = _digest(refresh_token)
    logins.hold_family_of(session, digest)
    held = logins.held_token(session, digest)
    if held is None:
        return "invalid"
    if held.ended_at is not None:
        return "signed_out"
    if not held.is_active or (is_live and held.is_demo):
        return "ended"
    use = use_of(Held(held.expires_at, held.replaced_at, held.is_void, held.is_newer_used), now)
    if use is Use.EXPIRED:
        return "expired"
    if use is Use.REUSED:
        logins.end_family(session, held.family_id, "reused", now)
        return "reused"
    if use is Use.ROTATE:
        logins.void_after(session, held.family_id, held.number, now)
        logins.replaced(session, digest, now)
    return _pair(session, keyring, held.person_id, held.token_version, held.family_id, now)


def sign_out(
    session: Session, actor: Actor, login_id: UUID | None, refresh_token: str | None, *, now: datetime
) -> None:
    """End this device's login, and that of the refresh token it names; their access tokens die with them."""
    if login_id is not None:
        logins.end_family(session, login_id, "logout", now)
    if refresh_token is None:
        return
    held = logins.held_token(session, _digest(refresh_token))
    if held is not None and held.person_id == actor.person_id:
        logins.end_family(session, held.family_id, "logout", now)


def sign_out_everywhere(session: Session, actor: Actor, *, now: datetime) -> None:
    """End every login of the person."""
    end_all(session, actor.person_id, "logout", now=now)


def end_all(session: Session, person_id: UUID, why: str, *, now: datetime, **values: Any) -> None:
    """End every login of a person, and alter the account in the same breath."""
    logins.end_families(session, person_id, why, now, None)
    logins.change_account(session, person_id, **values)


def fit_password(new: str, *known: str) -> str:
    """The hash of a new password; BadInput when it is too easy. Slow, so no transaction may be open."""
    if too_easy(new, known):
        raise BadInput.at("/new", "flaw.easy_password")
    return hashed(new)


def new_password(
    session: Session, person_id: UUID, login_id: UUID | None, password_hash: str, *, now: datetime
) -> None:
    """A new password ends every other login; the one it was set by goes on."""
    if login_id is None:
        end_all(session, person_id, "password", now=now, password_hash=password_hash)
    else:
        logins.end_families(session, person_id, "password", now, login_id)
        logins.set_password(session, person_id, password_hash)
    changes.record(session, now, person_id, "change_password", "person", str(person_id), {})


def by_code(
    session: Session, keyring: KeyRing, phone: str, code: str, purpose: Purpose, password_hash: str, *, now: datetime
) -> None:
    """Set a password by a one-time code; Unauthenticated when the code is not good.

    What the office has opened anew has no second factor any more: whoever asks for it has lost both often enough.
    """
    number = _number(phone)
    person_id = logins.use_code(session, _code_index(keyring, number, typed_code(code)), purpose.value, now)
    if person_id is None:
        raise Unauthenticated("activation" if purpose is Purpose.ACTIVATE else "code")
    logins.forget_tries(session, keyring.index(number))
    if purpose is Purpose.RESET:
        web_sessions.forget_factor(session, person_id)
    end_all(session, person_id, purpose.value, now=now, password_hash=password_hash)
    changes.record(session, now, person_id, purpose.value, "person", str(person_id), {})


def count_code_try(session: Session, keyring: KeyRing, phone: str, *, now: datetime) -> None:
    """Codes are guessed at like passwords: the same count holds for both."""
    wait = seconds_to_wait(*logins.count_try(session, keyring.index(_number(phone)), now, WINDOW), now)
    if wait:
        raise TooMany(wait)


def issue_code(
    session: Session, keyring: KeyRing, person_id: UUID, purpose: Purpose, issued_by: UUID | None, *, now: datetime
) -> str:
    """A one-time code, said once and kept as a keyed digest only."""
    sealed = people.named(session, person_id).phone_sealed
    if sealed is None:
        raise Conflict("no_phone")
    code = new_code()
    life = RESET_LIFE if purpose is Purpose.RESET else CODE_LIFE
    index = _code_index(keyring, keyring.open(sealed), code)
    logins.add_code(session, index, person_id, purpose.value, issued_by, now, now + life)
    return code


def reset_by_office(
    session: Session, keyring: KeyRing, actor: Actor, person_id: UUID, *, today: date, now: datetime
) -> str:
    """The office gives somebody whose every post it could give a code for a new password, on record."""
    charge.taken(session, actor, person_id, today=today)
    code = issue_code(session, keyring, person_id, Purpose.RESET, actor.person_id, now=now)
    changes.record(session, now, actor.person_id, "reset_login", "person", str(person_id), {})
    return code


def change_phone_by_office(
    session: Session, keyring: KeyRing, actor: Actor, person_id: UUID, phone: str, *, today: date, now: datetime
) -> None:
    """Another number for somebody whose every post the office could give: whoever has it can sign in as them."""
    charge.taken(session, actor, person_id, today=today)
    change_phone(session, keyring, person_id, phone, actor.person_id, now=now)


def change_phone(session: Session, keyring: KeyRing, person_id: UUID, phone: str, by: UUID, *, now: datetime) -> None:
    """Another number for the same account; Conflict when it is somebody's already."""
    number = _number(phone)
    head, tail = phones.ends(number)
    try:
        with session.begin_nested():
            end_all(
                session,
                person_id,
                "phone",
                now=now,
                phone_sealed=keyring.seal(number),
                phone_index=keyring.index(number),
                phone_head=head,
                phone_tail=tail,
            )
    except AlreadyTaken:
        raise Conflict("phone_taken") from None
    changes.record(session, now, by, "change_phone", "person", str(person_id), {})


def _pair(
    session: Session, keyring: KeyRing, person_id: UUID, token_version: int, family_id: UUID, now: datetime
) -> Pair:
    refresh_token = secrets.token_urlsafe(32)
    logins.add_token(session, _digest(refresh_token), family_id, now, now + REFRESH_LIFE)
    return Pair(person_id, tokens.issue(Claims(person_id, token_version, family_id), keyring, now), refresh_token)


def _number(phone: str) -> str:
    """The written form of a number; one that nobody can have still costs a try under its own name."""
    try:
        return phones.normal(phone)
    except phones.BadPhone:
        return phone.strip()[:40]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _code_index(keyring: KeyRing, number: str, code: str) -> bytes:
    return keyring.index(f"{number}:{code}")


def tidy(session: Session, *, now: datetime) -> int:
    """Delete tries, codes and tokens that can never matter again; how many rows."""
    return logins.tidy(session, now, WINDOW)
