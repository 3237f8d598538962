"""The phone's app (掌上巡河) at `/m/`: its shell and whatever it keeps, to start without signal, come from here.

It is a client of the public API like anybody's own app: no view here knows who is asking.
"""

from __future__ import annotations

import hashlib
from functools import cache

import orjson
from flask import Blueprint, Response, render_template, request

from backend.context import declares
from backend.domain.actions import Action
from backend.errors import NotFound
from backend.files import app_icon
from backend.web.assets import BUILT, asset
from backend.words import LANGUAGES, Language, catalogue

blueprint = Blueprint("phone", __name__, url_prefix="/m")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_SAID = ("phone.", "reason.", "hazard.kind.", "warning.level.", "today.task.")
"""Keys of what the app says; the rest of the catalogue is the console's."""
_SCRIPTS = ("built/phone/app.js", "built/phone/app.css")
_WORKER = BUILT / "phone/worker.js"
_MANIFEST = "/m/manifest.webmanifest"


@blueprint.get("/")
@declares(Action.PUBLIC)
def shell() -> Response:
    """The one page of the app; without its scripts it says what is missing."""
    addresses = [asset(name) for name in _SCRIPTS]
    words = {language: _words_address(language) for language in LANGUAGES}
    page = render_template("phone.html", script=addresses[0], style=addresses[1], words=words)
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Permissions-Policy"] = "geolocation=(self), camera=(self), microphone=(self)"
    response.headers["Cache-Control"] = "no-cache"
    return _unless_known(response)


@blueprint.get("/worker.js")
@declares(Action.PUBLIC)
def worker() -> Response:
    """The service worker, with the list of what belongs to this version written before it."""
    if not _WORKER.exists():
        raise NotFound()
    files = [{"url": "/m/", "revision": _version()}, *({"url": each, "revision": None} for each in _files())]
    script = b"self.PRECACHE=" + orjson.dumps(files) + b";\n" + _WORKER.read_bytes()
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = _POLICY
    return _unless_known(response)


@blueprint.get("/words/<any('zh-CN', en):language>.json")
@declares(Action.PUBLIC)
def words(language: Language) -> Response:
    """What the app says in one language; the address changes with the words, so they are kept for good."""
    response = Response(_words(language), mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@blueprint.get("/manifest.webmanifest")
@declares(Action.PUBLIC)
def manifest() -> Response:
    """What makes it an app that can be put on the home screen."""
    said = catalogue("zh-CN")
    icons = [
        {"src": f"/m/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in app_icon.SIZES
        for purpose in ("any", "maskable")
    ]
    body = {
        "id": "/m/",
        "name": said["phone.title"],
        "short_name": said["phone.short"],
        "lang": "zh-CN",
        "start_url": "/m/",
        "scope": "/m/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f5f7f9",
        "theme_color": "#0b4fb3",
        "icons": icons,
    }
    response = Response(orjson.dumps(body), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/icon-<int:size>.png")
@declares(Action.PUBLIC)
def icon(size: int) -> Response:
    """The picture on the home screen."""
    if size not in app_icon.SIZES:
        raise NotFound()
    response = Response(app_icon.drawn(size), mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _unless_known(response: Response) -> Response:
    """304 without a body for a phone that has these bytes."""
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:16])
    response.make_conditional(request)
    return response


def _files() -> list[str]:
    """Addresses of all that a phone keeps beside the shell."""
    scripts = [address for name in _SCRIPTS if (address := asset(name))]
    icons = [f"/m/icon-{size}.png" for size in app_icon.SIZES]
    return [*scripts, *map(_words_address, LANGUAGES), *icons]


def _version() -> str:
    """What changes whenever a file of the app does."""
    return hashlib.sha256("\n".join(_files()).encode()).hexdigest()[:12]


def _words_address(language: Language) -> str:
    return f"/m/words/{language}.json?v={hashlib.sha256(_words(language)).hexdigest()[:12]}"


@cache
def _words(language: Language) -> bytes:
    return orjson.dumps({key: text for key, text in catalogue(language).items() if key.startswith(_SAID)})
