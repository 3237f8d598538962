"""create_app(settings): wiring only."""

from __future__ import annotations

import uuid
from time import perf_counter

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Histogram
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import logs, private
from backend.api import doors, errors, limits
from backend.channels.known import open_channels, ways
from backend.clock import Clock, outside
from backend.config import Settings
from backend.context import House, furnish
from backend.db import Database
from backend.durability import require_durable
from backend.files.store import PhotoStore
from backend.services import keys
from backend.web import assets, calls, console, pages, phone, public, public_map, public_reports, public_signs

BODY_LIMIT = 15 * 1024 * 1024 + 1
"""Bytes of the largest body of all, a photo; JSON has its own, smaller limit."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Those told apart in the figures; anybody may invent others, and each would be kept for ever."""
SECONDS = Histogram("hezhang_request_seconds", "Time to answer.", ["method", "route", "status"])

log = structlog.get_logger(__name__)


def create_app(settings: Settings, *, database: Database | None = None, clock: Clock | None = None) -> Flask:
    """The web application of these settings; `database` and `clock` are given by tests."""
    return wired(opened(settings, database=database, clock=clock))


def opened(settings: Settings, *, database: Database | None = None, clock: Clock | None = None) -> House:
    """Everything that a request stands on, opened."""
    logs.configure(settings.log_level)
    private.home(settings.home)
    database = database or Database.connect(settings.database_url)
    clock = clock or settings.clock
    channels = open_channels(settings, outside(clock))
    house = House(
        settings=settings,
        database=database,
        keyring=keys.opened(settings.keys_file, database),
        photos=PhotoStore.open(settings.photos_url),
        clock=clock,
        channels=channels,
        ways=ways(settings, channels),
    )
    if settings.stage == "production":
        require_durable(house.database)
    return house


def wired(house: House) -> Flask:
    """The application in front of that house."""
    settings = house.settings
    app = Flask("backend", static_folder="web/static", template_folder="web/templates")
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.json.sort_keys = False  # type: ignore[attr-defined]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    furnish(app, house)
    errors.register(app)
    limits.register(app, settings.limits_url, is_test=settings.stage == "test")
    doors.register(app)
    app.register_blueprint(public.blueprint)
    app.register_blueprint(calls.blueprint)
    app.register_blueprint(public_signs.blueprint)
    app.register_blueprint(public_reports.blueprint)
    app.register_blueprint(public_map.blueprint)
    app.register_blueprint(phone.blueprint)
    for blueprint in pages.EVERY:
        app.register_blueprint(blueprint)
    app.before_request(_begin)
    app.after_request(_end)
    app.after_request(console.as_page)
    app.after_request(assets.kept)
    return app


def _begin() -> None:
    wanted = request.headers.get("X-Request-Id", "")
    g.request_id = wanted if wanted.isascii() and wanted.isalnum() and len(wanted) <= 64 else uuid.uuid4().hex
    g.began = perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "-")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers.setdefault("Cache-Control", "no-store")
    route = request.url_rule.rule if request.url_rule else "-"
    seconds = perf_counter() - g.get("began", perf_counter())
    method = request.method if request.method in METHODS else "other"
    SECONDS.labels(method, route, response.status_code).observe(seconds)
    log.info(
        "answered",
        method=method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
    )
    return response
