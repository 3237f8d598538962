"""Whether the process lives, whether it can serve, and its figures for Prometheus."""

from __future__ import annotations

import os

import structlog
from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess
from prometheus_client import REGISTRY as PROCESS_REGISTRY

from backend import schema
from backend.api import gauges
from backend.api.door import answer
from backend.context import declares, house, now
from backend.db import AWAY
from backend.domain.actions import Action
from backend.durability import frailties
from backend.errors import Unavailable
from backend.services import watching

blueprint = Blueprint("operations", __name__)
log = structlog.get_logger(__name__)


@blueprint.get("/healthz")
@declares(Action.PUBLIC)
def healthz() -> Response:
    """The process lives."""
    return answer({"status": "alive"})


@blueprint.get("/readyz")
@declares(Action.PUBLIC)
def readyz() -> Response:
    """The database answers, has the schema of this code and, in production, keeps what it acknowledges; else 503."""
    try:
        current = schema.is_current(house().database)
        frail = house().settings.stage == "production" and frailties(house().database)
    except AWAY as away:
        log.error("not_ready", error=type(away).__name__)
        raise Unavailable("database") from None
    if not current:
        raise Unavailable("migrations")
    if frail:
        log.error("not_durable", settings=frail)
        raise Unavailable("durability")
    return answer({"status": "ready"})


@blueprint.get("/enginez")
@declares(Action.PUBLIC)
def enginez() -> Response:
    """A sweep was made within 15 s, and nothing due has waited for 30 s; else 503."""
    here = house()
    speed = here.settings.drill.speed if here.settings.drill else 1.0
    try:
        with here.database.reading() as session:
            engine = watching.engine(session, now=now(), speed=speed)
    except AWAY as away:
        log.error("no_engine", error=type(away).__name__)
        raise Unavailable("database") from None
    if not engine.runs:
        raise Unavailable("engine")
    assert engine.sweep_s is not None
    return answer({"status": "running", "sweep_s": round(engine.sweep_s, 1), "waits_s": round(engine.waits_s, 1)})


@blueprint.get("/metrics")
@declares(Action.PUBLIC)
def metrics() -> Response:
    """Figures of every worker together, without personal labels."""
    registry = PROCESS_REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    return Response(generate_latest(registry) + _asked(), content_type=CONTENT_TYPE_LATEST)


def _asked() -> bytes:
    """What the database says; figures of the processes are shown without it, too."""
    try:
        with house().database.reading() as session:
            return generate_latest(gauges.of_delivery(session, now()))
    except AWAY as away:
        log.error("no_figures", error=type(away).__name__)
        return b""
