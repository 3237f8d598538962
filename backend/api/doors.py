"""Every door of the API in one list, and the document that describes them."""

from __future__ import annotations

import flask_smorest
from flask import Flask

from backend.api import (
    absences,
    appointments,
    duties,
    logins,
    operations,
    patrols,
    people,
    photos,
    regions,
    rules,
    segments,
    sync,
)
from backend.api.bodies import refuse_nul_in_address
from backend.api.door import Door
from backend.api.packing import packed

DOORS: tuple[Door, ...] = (
    logins.door,
    people.door,
    appointments.door,
    absences.door,
    regions.door,
    duties.door,
    segments.door,
    photos.door,
    patrols.door,
    sync.door,
    rules.door,
)


class Api(flask_smorest.Api):
    """flask-smorest without its error handlers: ours make problem+json."""

    def _register_error_handlers(self) -> None:
        pass


def register(app: Flask) -> None:
    """Every blueprint in one list."""
    app.config.update(
        API_TITLE="Hezhang 河长",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    app.before_request(refuse_nul_in_address)
    app.after_request(packed)
    app.register_blueprint(operations.blueprint)
    api = Api(app)
    for door in DOORS:
        api.register_blueprint(door)
