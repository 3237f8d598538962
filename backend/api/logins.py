"""The door for logins. Passwords are checked with no transaction open: that is slow on purpose."""

from __future__ import annotations

from typing import Any

from flask import Response

from backend.api.auth import actor, login_id, needs
from backend.api.door import Door, answer, fails
from backend.api.limits import limiter
from backend.api.schemas.logins import (
    CodeSchema,
    LoginSchema,
    LogoutSchema,
    PasswordSchema,
    PhoneSchema,
    RefreshSchema,
    TokensAnswer,
)
from backend.api.shown import person as shown_person
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.domain.logins import Purpose
from backend.errors import BadInput, Conflict, TooMany, Unauthenticated
from backend.formats import phones
from backend.services import logins, tokens
from backend.services.logins import Pair
from backend.store import people, regions

door = Door("auth", "Logins (登录).")

PER_ADDRESS = "600 per minute"
"""A whole village may sit behind one address; accounts are locked one by one in the database."""


@door.post("/auth/login")
@needs(Action.PUBLIC)
@limiter.limit(PER_ADDRESS)
@door.arguments(LoginSchema)
@door.response(200, TokensAnswer)
@fails(Unauthenticated, TooMany)
def login(said: dict[str, Any]) -> Response:
    """Sign in with number and password."""
    here = house()
    with here.database.transaction() as session:
        candidate = logins.candidate(session, here.keyring, said["phone"], is_live=_is_live(), now=now())
    logins.check(candidate, said["password"])
    with here.database.transaction() as session:
        pair = logins.sign_in(session, here.keyring, candidate, said.get("device_id"), now=now())
    return _handed_out(pair)


@door.post("/auth/refresh")
@needs(Action.PUBLIC)
@limiter.limit(PER_ADDRESS)
@door.arguments(RefreshSchema)
@door.response(200, TokensAnswer)
@fails(Unauthenticated, TooMany)
def refresh(said: dict[str, Any]) -> Response:
    """A new pair; the token handed in works on until one that was handed out after it is used.

    So whoever lost the answer, or died before it was on their disk, sends the same token again, also a week later;
    what was handed out meanwhile is void then. Within 60 seconds nothing is void, for it may be sent twice at once.
    A token that is void, or older than one that was used, ends the login: somebody has a copy.
    """
    with house().database.transaction() as session:
        outcome = logins.refresh(session, house().keyring, said["refresh_token"], is_live=_is_live(), now=now())
    if isinstance(outcome, str):
        raise Unauthenticated(outcome)
    return _handed_out(outcome)


@door.post("/auth/logout")
@needs(Action.SEE_SELF)
@door.arguments(LogoutSchema, required=False)
@door.response(204)
def logout(said: dict[str, Any]) -> Response:
    """Sign this device out, or every one; no body is needed."""
    with house().database.transaction() as session:
        if said.get("everywhere"):
            logins.sign_out_everywhere(session, actor(), now=now())
        else:
            logins.sign_out(session, actor(), login_id(), said.get("refresh_token"), now=now())
    return Response(status=204)


@door.post("/auth/password")
@needs(Action.SEE_SELF)
@limiter.limit(PER_ADDRESS)
@door.arguments(PasswordSchema)
@door.response(204)
@fails(TooMany)
def password(said: dict[str, Any]) -> Response:
    """Another password; it ends every other login."""
    _prove("old", said)
    hashed = logins.fit_password(said["new"], actor().name)
    with house().database.transaction() as session:
        logins.new_password(session, actor().person_id, login_id(), hashed, now=now())
    return Response(status=204)


@door.post("/auth/activate")
@needs(Action.PUBLIC)
@limiter.limit(PER_ADDRESS)
@door.arguments(CodeSchema)
@door.response(204)
@fails(Unauthenticated, TooMany)
def activate(said: dict[str, Any]) -> Response:
    """The first password, by the one-time code that an import made."""
    return _by_code(said, Purpose.ACTIVATE)


@door.post("/auth/reset")
@needs(Action.PUBLIC)
@limiter.limit(PER_ADDRESS)
@door.arguments(CodeSchema)
@door.response(204)
@fails(Unauthenticated, TooMany)
def reset(said: dict[str, Any]) -> Response:
    """A new password, by the one-time code that the office gave."""
    return _by_code(said, Purpose.RESET)


@door.post("/auth/phone")
@needs(Action.SEE_SELF)
@limiter.limit(PER_ADDRESS)
@door.arguments(PhoneSchema)
@door.response(204)
@fails(Conflict, TooMany)
def phone(said: dict[str, Any]) -> Response:
    """Another number for the same account."""
    _prove("password", said)
    check_number(said["phone"])
    with house().database.transaction() as session:
        me = actor().person_id
        logins.change_phone(session, house().keyring, me, said["phone"], me, now=now())
    return Response(status=204)


def check_number(typed: str) -> None:
    """BadInput when nobody can have that number; in production nobody has a made-up one."""
    try:
        number = phones.normal(typed)
    except phones.BadPhone:
        raise BadInput.at("/phone", "flaw.phone") from None
    if _is_live() and phones.is_made_up(number):
        raise BadInput.at("/phone", "flaw.made_up")


def _is_live() -> bool:
    return house().settings.stage == "production"


def _by_code(said: dict[str, Any], purpose: Purpose) -> Response:
    here = house()
    with here.database.transaction() as session:
        logins.count_code_try(session, here.keyring, said["phone"], now=now())
    hashed = logins.fit_password(said["new"], said["phone"])
    with here.database.transaction() as session:
        logins.by_code(session, here.keyring, said["phone"], said["code"], purpose, hashed, now=now())
    return Response(status=204)


def _prove(field: str, said: dict[str, Any]) -> None:
    """Somebody signed in proves it by the password again; wrong ones count as tries.

    BadInput, not Unauthenticated: a phone takes that for the end of its login and forgets it.
    """
    here = house()
    with here.database.transaction() as session:
        candidate = logins.again(session, here.keyring, actor(), is_live=_is_live(), now=now())
    try:
        logins.check(candidate, said[field])
    except Unauthenticated:
        raise BadInput.at(f"/{field}", "flaw.wrong_password") from None


def _handed_out(pair: Pair) -> Response:
    with house().database.reading() as session:
        account = people.account_on(session, pair.person_id, today())
        person = people.named(session, pair.person_id)
        seats = account.seats if account else ()
        names = regions.names(session, {seat.region for seat in seats})
    return answer(
        {
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
            "token_type": "Bearer",
            "expires_in": int(tokens.LIFE.total_seconds()),
            "person": shown_person(person, seats, names),
        },
        Cache_Control="no-store",
    )
