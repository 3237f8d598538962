"""Every door of the API in one list, and the document that describes them."""

from __future__ import annotations

import threading
from http import HTTPStatus
from typing import Any

import flask_smorest
from flask import Flask, Response

from backend.api import (
    absences,
    alarms,
    appeals,
    appointments,
    assessments,
    assignments,
    attendance,
    callouts,
    campaigns,
    claims,
    cooperation,
    drills,
    duties,
    estimates,
    feeds,
    filters,
    flood_warnings,
    handovers,
    hazards,
    hooks,
    inspections,
    ledgers,
    letters,
    logins,
    lookbacks,
    notices,
    operations,
    order_boards,
    orders,
    outlook,
    patrols,
    people,
    people_import,
    photos,
    points,
    policies,
    previews,
    readings,
    recordings,
    records,
    regions,
    responses,
    risk,
    roster,
    rules,
    search,
    seasons,
    segments,
    signals,
    signs,
    silences,
    splits,
    stations,
    stats,
    suggestions,
    surveys,
    sync,
    system,
    timelines,
    today,
    traces,
    training,
    training_coverage,
    units,
    vacancies,
    warning_areas,
)
from backend.api.bodies import refuse_nul_in_address
from backend.api.door import Door
from backend.api.errors import MEDIA_TYPE
from backend.api.open import cap, open311, tiles
from backend.api.packing import packed
from backend.api.schemas.problems import ProblemAnswer
from backend.statuses import STATUS

DOORS: tuple[Door, ...] = (
    logins.door,
    people.door,
    people_import.door,
    appointments.door,
    absences.door,
    handovers.door,
    regions.door,
    duties.door,
    today.door,
    filters.door,
    segments.door,
    surveys.door,
    splits.door,
    signs.door,
    training.door,
    attendance.door,
    training_coverage.door,
    inspections.door,
    points.door,
    cooperation.door,
    suggestions.door,
    vacancies.door,
    assignments.door,
    photos.door,
    recordings.door,
    patrols.door,
    traces.door,
    hazards.door,
    timelines.door,
    claims.door,
    units.door,
    campaigns.door,
    ledgers.door,
    orders.door,
    order_boards.door,
    assessments.door,
    appeals.door,
    lookbacks.door,
    flood_warnings.door,
    warning_areas.door,
    previews.door,
    policies.door,
    silences.door,
    callouts.door,
    drills.door,
    stations.door,
    readings.door,
    risk.door,
    stats.door,
    sync.door,
    rules.door,
    estimates.door,
    seasons.door,
    outlook.door,
    responses.door,
    roster.door,
    notices.door,
    letters.door,
    hooks.door,
    alarms.door,
    records.door,
    system.door,
    search.door,
    signals.door,
    feeds.door,
    tiles.door,
)


class Api(flask_smorest.Api):
    """flask-smorest without its error handlers: ours make problem+json, and the document says so.

    The document is written when somebody first asks for it: that takes four times as long as all else at the start.
    """

    # Each operation names every status it can answer with; a default would excuse any other.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask) -> None:
        self._writing = threading.Lock()
        self._to_describe: list[Door] = []
        self._document = b""
        super().__init__(app)

    def register_blueprint(self, blp: Door, **_: Any) -> None:
        """Open the door now; it is described later."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        self._to_describe.append(blp)

    def _openapi_json(self) -> Response:
        with self._writing:
            if not self._document:
                for door in self._to_describe:
                    door.register_views_in_doc(self, self._app, self.spec, name=door.name, parameters=None)
                    self.spec.tag({"name": door.name, "description": door.description})
                self._document = super()._openapi_json().get_data()
        return Response(self._document, mimetype="application/json")

    def _register_error_handlers(self) -> None:
        pass

    def _register_pagination_header(self) -> None:
        """Pages are not told of in a header."""

    def _register_responses(self) -> None:
        """One answer for each status of a problem, under the name of the status."""
        for status in sorted(set(STATUS.values())):
            content = {MEDIA_TYPE: {"schema": ProblemAnswer}}
            known = {"description": HTTPStatus(status).phrase, "content": content}
            self.spec.components.response(HTTPStatus(status).name, known, lazy=True)


def _documented(_converter: Any, field: Any, *, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Fields of our own say themselves what they take; that nothing is said is not a value of theirs."""
    own: dict[str, Any] = getattr(field, "DOCUMENT", {})
    if own and ret.get("default", "") is None:
        del ret["default"]
    if ret.get("type") == "object":  # its length is a number of members, which `maxProperties` says
        ret.pop("maxLength", None)
    return {name: field.metadata.get(name, value) for name, value in own.items()}


def _asked(_converter: Any, _field: Any, *, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The example of a question stands in its description: the reference page would ask it of everybody."""
    example = ret["schema"].pop("example", None)
    if example is None:
        return {}
    return {"description": f"{ret.get('description', '')} For example `{example}`.".strip()}


_ABOUT = """\
河长制巡河后端。先用 `POST /api/v1/auth/login` 登录，此后每个请求带上 `Authorization: Bearer …`。
手机自己编号（UUID），同一份记录可以重复上传，不会重复入库。
出错时返回 `application/problem+json`，`errors` 指出哪个字段不对。

Patrols for China's river chiefs. Sign in with `POST /api/v1/auth/login`, then send
`Authorization: Bearer …`. A phone makes its own ids (UUID), and may send the same thing any number of times: it
is kept once. A problem is `application/problem+json`, and its `errors` point at the field.
"""


def register(app: Flask) -> None:
    """Every blueprint in one list."""
    app.config.update(
        API_TITLE="Hezhang 河长",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={"info": {"description": _ABOUT}},
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    app.before_request(refuse_nul_in_address)
    app.after_request(packed)
    app.register_blueprint(operations.blueprint)
    app.register_blueprint(cap.blueprint)
    app.register_blueprint(open311.blueprint)
    api = Api(app)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    api.ma_plugin.converter.add_attribute_function(_documented)
    api.ma_plugin.converter.add_parameter_attribute_function(_asked)
    for door in DOORS:
        api.register_blueprint(door)
