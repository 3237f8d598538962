"""The console: signing in and out at a desk, the second factor, the language, and what went wrong, as a page."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from unicodedata import normalize

import orjson
import segno
from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import declares, house, now
from backend.domain.actions import Action
from backend.domain.web_sessions import Stage
from backend.errors import BadInput, NotFound, Problem, TooMany, Unauthenticated
from backend.services import logins, web_sessions
from backend.web import desk
from backend.web.forms import flaws_of, status_of
from backend.words import LANGUAGES

blueprint = desk.furnished(Blueprint("console", __name__, url_prefix="/console"))
_YEAR_S = 365 * 86_400


@blueprint.get("/login")
@declares(Action.PUBLIC)
def login_form() -> Response:
    """Number and password."""
    return desk.page("login.html", wanted=request.args.get("next", ""), phone="", flaws=[])


@blueprint.post("/login")
@declares(Action.PUBLIC)
def login() -> AnyResponse:
    """Sign in; a wrong password is told in the form, with what was typed still in it."""
    desk.check_same_site()
    here, phone = house(), request.form.get("phone", "").strip()[:40]
    is_live = here.settings.stage == "production"
    try:
        with here.database.transaction() as session:
            candidate = logins.candidate(session, here.keyring, phone, is_live=is_live, now=now())
        logins.check(candidate, request.form.get("password", "")[:200])
    except (Unauthenticated, TooMany) as problem:
        wanted, status = request.form.get("next", ""), _status_of(problem)
        return desk.page("login.html", status=status, wanted=wanted, phone=phone, flaws=flaws_of(problem))
    with here.database.transaction() as session:
        token = web_sessions.begin(session, logins.admit(session, candidate), now=now())
    return _with_cookie(redirect(desk.inside(request.form.get("next", "")), 303), token)


@blueprint.get("/code")
@declares(Action.PUBLIC)
def code_form() -> AnyResponse:
    """The one-time code, or setting it up."""
    return _code_page(request.args.get("next", ""))


@blueprint.post("/code")
@declares(Action.PUBLIC)
def code() -> AnyResponse:
    """Let in whoever has the device, too; wrong codes count as tries of the account."""
    here, sitting = house(), desk.sitting()
    desk.check_form()
    typed, wanted = normalize("NFKC", request.form.get("code", "")), request.form.get("next", "")
    said = "".join(typed.split())[:10]  # a Chinese keyboard may type １２３
    try:
        with here.database.transaction() as session:
            web_sessions.count_code_try(session, here.keyring, sitting, now=now())
    except TooMany as problem:
        return _code_page(wanted, problem)
    with here.database.transaction() as session:
        token = web_sessions.enter_code(session, here.keyring, desk.cookie(), sitting, said, now=now())
    if token is None:
        return _code_page(wanted, BadInput.at("/code", "flaw.one_time_code"))
    return _with_cookie(redirect(desk.inside(wanted), 303), token)


def _code_page(wanted: str, wrong: Problem | None = None) -> AnyResponse:
    here, sitting = house(), desk.sitting()
    if sitting.stage is Stage.IN:
        return redirect(desk.inside(wanted))
    values: dict[str, Any] = {"secret": None, "square": None, "wanted": wanted, "flaws": flaws_of(wrong)}
    if sitting.stage is Stage.ENROL:
        with here.database.transaction() as session:
            secret, address = web_sessions.enrolment(
                session, here.keyring, sitting.claims.person_id, sitting.actor.name
            )
        square = segno.make(address, error="m").svg_data_uri(scale=5, border=2)
        values |= {"secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)), "square": square}
    return desk.page("code.html", status=status_of(wrong), **values)


@blueprint.post("/logout")
@declares(Action.PUBLIC)
def logout() -> AnyResponse:
    """Sign out of this desk."""
    desk.check_form()
    with house().database.transaction() as session:
        web_sessions.end(session, desk.cookie(), now=now())
    gone = redirect(desk.LOGIN, 303)
    gone.delete_cookie(desk.COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return gone


@blueprint.get("/prove")
@desk.sits(Action.SEE_SELF)
def prove_form() -> Response:
    """The password again, before something dangerous."""
    return desk.page("prove.html", wanted=request.args.get("next", ""), flaws=[])


@blueprint.post("/prove")
@desk.sits(Action.SEE_SELF)
def prove() -> AnyResponse:
    """Remember for a while that it was typed."""
    here, wanted = house(), request.form.get("next", "")
    is_live = here.settings.stage == "production"
    try:
        with here.database.transaction() as session:
            candidate = logins.again(session, here.keyring, desk.actor(), is_live=is_live, now=now())
        logins.check(candidate, request.form.get("password", "")[:200])
    except (Unauthenticated, TooMany) as problem:
        return desk.page("prove.html", status=_status_of(problem), wanted=wanted, flaws=flaws_of(problem))
    with here.database.transaction() as session:
        logins.admit(session, candidate)
        web_sessions.proved(session, desk.cookie(), now=now())
    return redirect(desk.inside(wanted), 303)


@blueprint.post("/language")
@declares(Action.PUBLIC)
def language() -> AnyResponse:
    """The other language, from now on, on this computer."""
    desk.check_same_site()
    back = redirect(desk.inside(request.form.get("next", "")), 303)
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        back.set_cookie(desk.LANGUAGE_COOKIE, chosen, max_age=_YEAR_S, samesite="Lax", httponly=True)
    return back


@blueprint.get("/style")
@desk.sits(Action.SEE_SELF)
def style() -> Response:
    """Every part of which pages are made, side by side; for whoever builds pages, so not in production."""
    if house().settings.stage == "production":
        raise NotFound()
    return desk.page("style.html")


@blueprint.get("/<path:_rest>")
@declares(Action.PUBLIC)
def nothing(_rest: str) -> Response:
    """A page that is not there is said so in a page."""
    raise NotFound()


def as_page(response: Response) -> Response:
    """A problem that a page ran into, told as a page: what failed, what is safe, what to do, and its number."""
    if not request.path.startswith("/console/") or response.mimetype != "application/problem+json":
        return response
    if response.status_code < 500:
        with suppress(Unauthenticated):
            desk.sitting()  # who has signed in keeps the navigation
    told = desk.page("problem.html", status=response.status_code, problem=orjson.loads(response.get_data()))
    for name in ("Retry-After", "Allow"):
        if name in response.headers:
            told.headers[name] = response.headers[name]
    return told


def _status_of(problem: Problem) -> int:
    """A wrong password is a mistake in the form: whoever typed it is not sent away to sign in."""
    return 422 if isinstance(problem, Unauthenticated) else status_of(problem)


def _with_cookie(response: AnyResponse, token: str) -> AnyResponse:
    response.set_cookie(desk.COOKIE, token, path="/", secure=True, httponly=True, samesite="Lax")
    return response
