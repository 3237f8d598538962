"""Who sits at the desk: the cookie, the guard of every page, forms that are ours, and how a page is put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from flask import Blueprint, Response, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import declares, house, now, today
from backend.domain.access import Actor, may_try
from backend.domain.actions import Action
from backend.domain.hazards import Act
from backend.domain.web_sessions import Stage, is_proven
from backend.errors import BadInput, Forbidden, Unauthenticated
from backend.services import web_sessions
from backend.services.outlook import FRESH_S, OLDEST_S
from backend.services.web_sessions import Sitting
from backend.web import asking
from backend.web.asking import Answered, Query
from backend.web.assets import asset, style_sheet
from backend.web.moments import Moments
from backend.words import LANGUAGES, Language, Text, best_language, say

COOKIE = "__Host-hezhang"
LANGUAGE_COOKIE = "hezhang-language"
LOGIN, PROVE, CODE = "/console/login", "/console/prove", "/console/code"
HOME = "/console/"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "font-src 'self'; worker-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DONE = frozenset(
    [f"hazard.act.{act}" for act in Act]
    + [f"warnings.act.{act}" for act in ("sign", "issue", "ask", "update", "correct", "all_clear", "drop")]
    + [f"order.{act}" for act in ("correct", "withdraw")]
)
"""Acts that are named on the page to which they lead by the words of their buttons; others have words of their own."""
_DID = "console.did."
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
View = TypeVar("View", bound=Callable[..., Any])


def language() -> Language:
    """What the reader has chosen, or what the browser asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return best_language([str(tag) for tag, _ in request.accept_languages])


def sits(action: Action) -> Callable[[View], View]:
    """Declare the action of a page; nobody gets in without a session, nor one whose posts give it nowhere."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            here = sitting()
            if here.stage is not Stage.IN:
                raise Unauthenticated("code")
            if not may_try(here.actor, action):
                raise Forbidden("post")
            check_form()
            return view(*args, **kwargs)

        return cast(View, declares(action)(guarded))

    return declare


def sitting() -> Sitting:
    """Who sits there; Unauthenticated for nobody. A sign of life is written down now and then."""
    if "sitting" not in g:
        token = cookie()
        with house().database.reading() as session:
            day = today()
            here, is_old = web_sessions.resumed(session, token, day=day, now=now())
        if is_old:
            with house().database.transaction() as session:
                web_sessions.touch(session, token, now=now())
        g.sitting, g.actor, g.login_id = here, here.actor, here.claims.login_id
    return cast(Sitting, g.sitting)


def actor() -> Actor:
    """The person who sits there."""
    return sitting().actor


def cookie() -> str:
    """The cookie's value; Unauthenticated without one."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        raise Unauthenticated("missing")
    return token


def check_form() -> None:
    """A change comes from a form of ours, in this session; BadInput from anywhere else, and for a NUL in it."""
    if request.method in _SAFE:
        return
    check_same_site()
    said = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    web_sessions.check_csrf(house().keyring, cookie(), said)
    for name, values in request.form.lists():
        if any("\x00" in text for text in (name, *values)):
            raise BadInput.at("/" + name.replace("\x00", ""), "flaw.nul")


def check_same_site() -> None:
    """BadInput for a form that another site sends; every browser since 2023 says so (Fetch Metadata)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise BadInput.at("/csrf", "flaw.csrf")


def is_proven_now() -> bool:
    """Whether the password was typed lately enough for a dangerous act."""
    return is_proven(sitting().proved_at, now())


def proven(view: View) -> View:
    """Only after the password was typed lately; whoever has not comes back here afterwards."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if is_proven_now() else to_prove()

    return cast(View, guarded)


def to_prove() -> AnyResponse:
    """First the password, then back to this page, or to the page of the form that was sent."""
    return redirect(f"{PROVE}?next={quote(_this_page())}", 303)


def ask(path: str, query: Query | None = None) -> Answered:
    """Look at something in the name of who sits there."""
    return asking.ask(path, query, language=language())


def tell(method: str, path: str, body: Any = None, *, version: str | None = None) -> Answered:
    """Do something in the name of who sits there."""
    return asking.tell(method, path, body, version=version, language=language())


def pass_on(path: str, **rest: Any) -> Response:
    """The API's own answer, as it is, or that the browser has it already, or a part: pictures, files, tiles."""
    known = {name: request.headers[name] for name in ("If-None-Match", "Range", "If-Range") if name in request.headers}
    return asking.passed("GET", path, language=language(), headers=known, **rest)


def query(*names: str) -> dict[str, str]:
    """What the address asks for of these names: filters stand in it, so that it can be sent to a colleague."""
    return {name: request.args[name] for name in (*names, "cursor") if request.args.get(name)}


def filters(*names: str) -> dict[str, str]:
    """The same without the place in the list: what holds for the whole of it."""
    return {name: value for name, value in query(*names).items() if name != "cursor"}


def next_of(listed: Any, path: str | None = None, name: str = "cursor") -> str:
    """The address of the next page of a list, or nothing; the list stands at `path` where a form was sent elsewhere.

    Of several lists on a page each has its own `name` in the address.
    """
    if not listed["next"]:
        return ""
    cursor = parse_qs(urlsplit(listed["next"]).query)["cursor"][0]
    asked = {each: value for each, value in request.args.items() if each != "kept"}
    return f"{path or request.path}?{urlencode(asked | {name: cursor})}"


def kept(path: str, act: str = "1") -> AnyResponse:
    """Back to a page that says that it was kept, or which act was done: one of `DONE`, or `console.did.…`."""
    return redirect(f"{path}{'&' if '?' in path else '?'}kept={act}", 303)


def _did(spoken: Language) -> str:
    """The key of the act that the address says was done: an address may be made up, so only of those that there are."""
    key = request.args.get("kept", "")
    is_told = key in DONE or (key.startswith(_DID) and say(key, spoken) != key)
    return key if is_told else ""


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    """A page in the reader's language, with what every page shows."""
    spoken, token = language(), request.cookies.get(COOKIE, "")

    def speak(key: str, **places: Any) -> str:
        return say(Text(key, places), spoken)

    here: Sitting | None = g.get("sitting")
    html = render_template(
        f"console/{template}",
        say=speak,
        language=spoken,
        time=Moments(now(), house().settings.zone, spoken),
        actor=here.actor if here and here.stage is Stage.IN else None,
        may=_may(here),
        leads=lambda address, action: address if _may(here)(action) and _is_page(address) else "",
        csrf=web_sessions.csrf_of(house().keyring, token) if token else "",
        outlook=outlook if status < 500 else lambda *_: None,
        asset=asset,
        style_sheet=style_sheet,
        here=request.path,
        did=_did(spoken),
        **values,
    )
    return guarded_page(Response(html, status, mimetype="text/html"))


def guarded_page(response: Response) -> Response:
    """No script or style but ours; nothing of it is kept by a browser or on the way."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"  # a form whose session is over leads back to its page
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.update(("Cookie", "Accept-Language"))
    return response


def to_login() -> AnyResponse:
    """Whoever is not signed in comes back to where they wanted to go."""
    door = CODE if "sitting" in g and g.sitting.stage is not Stage.IN else LOGIN
    wanted, status = _this_page(), 302 if request.method in _SAFE else 303
    way = door if wanted == HOME else f"{door}?next={quote(wanted)}"
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": way})
    return redirect(way, status)


def _this_page() -> str:
    """The page that is asked for; of a part of a page, and of a form that was sent, the one on which it stands, which
    has kept what was typed.
    """
    is_part = "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Dest") == "empty"
    if request.method in _SAFE and not is_part:
        return request.full_path.rstrip("?")
    try:
        page = urlsplit(request.referrer or request.path)
    except ValueError:  # no address at all
        return HOME
    return inside(page.path + (f"?{page.query}" if page.query else ""))


def inside(wanted: str) -> str:
    """Where somebody wanted to go, if that is a page of ours."""
    is_ours = wanted.startswith("/console/") and "\\" not in wanted and "\n" not in wanted and "\r" not in wanted
    return wanted if is_ours else HOME


def furnished(blueprint: Blueprint) -> Blueprint:
    """A blueprint of pages: who is nobody goes to sign in."""
    blueprint.register_error_handler(Unauthenticated, lambda _: to_login())
    return blueprint


def _may(here: Sitting | None) -> Callable[[str], bool]:
    return lambda action: here is not None and may_try(here.actor, Action(action))


def outlook(within_s: int = OLDEST_S) -> Any:
    """The countdown of the window and the gravest signal, for whoever has a region; asked by whole pages alone.

    What a page says may be minutes old: it spends none of its questions on that, and the browser asks once more.
    """
    here: Sitting | None = g.get("sitting")
    if here is None or not here.actor.seats:
        return None
    said = ask("/flood/outlook", {"within_s": within_s}).body
    return said | {"is_old": now() - datetime.fromisoformat(said["at"]) >= timedelta(seconds=FRESH_S)}


def _is_page(address: str) -> bool:
    """Whether there is a page behind an address of ours, so that no link leads nowhere."""
    endpoint, _ = current_app.url_map.bind("").match(urlsplit(address).path, method="GET")
    return bool(endpoint != "console.nothing")
