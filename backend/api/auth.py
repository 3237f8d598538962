"""Who is asking: the bearer token of a request becomes an Actor, and every route says what it lets people do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from flask import g, request

from backend.context import declares, house, now, today
from backend.domain.access import Actor, may_try
from backend.domain.actions import Action
from backend.errors import Forbidden, Unauthenticated
from backend.services import access, tokens

View = Callable[..., Any]


def needs(action: Action) -> Callable[[View], View]:
    """Declare the action of a route; nobody gets in whose posts give it nowhere."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if action is not Action.PUBLIC and not may_try(actor(), action):
                raise Forbidden("post")
            return view(*args, **kwargs)

        return declares(action)(guarded)

    return declare


def needs_or(action: Action, is_let_in: Callable[[], bool]) -> Callable[[View], View]:
    """The same, but for a machine that another way lets in, which has no account; it is asked first."""

    def declare(view: View) -> View:
        guarded = needs(action)(view)

        @wraps(view)
        def either(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs) if is_let_in() else guarded(*args, **kwargs)

        return declares(action)(either)

    return declare


def actor() -> Actor:
    """The person asking; Unauthenticated without a valid token. Asked once a request."""
    if "actor" not in g:
        claims = tokens.read(_bearer(), house().keyring, now())
        with house().database.reading() as session:
            g.actor = access.actor_of(session, claims, today())
        g.login_id = claims.login_id
    return cast(Actor, g.actor)


def login_id() -> UUID | None:
    """The login by which the person is asking: this device's."""
    actor()
    return cast("UUID | None", g.login_id)


def _bearer() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("missing")
    return token.strip()
