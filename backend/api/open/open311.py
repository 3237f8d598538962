"""The door for other cities' apps: Open311 GeoReport v2, over the same reports and limits as the pages of `/report`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request

from backend.api.bodies import read_bytes
from backend.api.limits import limiter
from backend.context import declares, house, language, now, today
from backend.domain.actions import Action
from backend.domain.hazards import Kind
from backend.domain.public_reports import CHOICES, LONGEST, Told, Via, sender_of
from backend.errors import BadInput, NotFound, Problem, TooMany, Unavailable
from backend.formats import open311 as form_of
from backend.formats.open311 import REQUESTS, SERVICES, Shape
from backend.services import gates, public_cases, public_phones, public_reports
from backend.services.gates import Gate
from backend.services.public_cases import Asked, Case
from backend.statuses import STATUS
from backend.words import Text, say

blueprint = Blueprint("open311", __name__, url_prefix="/open311/v2")
_SPAN = timedelta(days=90)
"""So far back a question goes that says nothing else (the specification)."""
_USUAL, _MOST, _MOST_PAGES, _MOST_IDS = 100, 500, 200, 50
_CODES: Mapping[str, Kind] = {kind.value.replace(".", "-"): kind for kind in CHOICES}
_FORM = "application/x-www-form-urlencoded"


@blueprint.get("/services.<form>")
@declares(Action.PUBLIC)
@limiter.limit("600 per minute")
def services(form: str) -> Response:
    """What can be reported."""
    return _answer(form, SERVICES, [_service(code, kind) for code, kind in _CODES.items()])


@blueprint.get("/services/<code>.<form>")
@declares(Action.PUBLIC)
@limiter.limit("600 per minute")
def service(code: str, form: str) -> Response:
    """What one of them asks for beside the usual: nothing."""
    _check(form)
    if code not in _CODES:
        raise NotFound.at("/service_code", "open311.flaw.service")
    return _sent(form_of.definition(form, code), form)


@blueprint.get("/requests.<form>")
@declares(Action.PUBLIC)
@limiter.limit("600 per minute")
def requests(form: str) -> Response:
    """Reports that anybody may see, the newest first: those of some ids, or of the last 90 days, or as is asked."""
    _check(form)
    said = request.args
    size = form_of.page_of(said.get("page_size", ""), "page_size", _MOST, _USUAL)
    page = form_of.page_of(said.get("page", ""), "page", _MOST_PAGES, 1)
    ids = _ids(said.get("service_request_id", ""))
    asked = None if ids else _asked(said)
    with house().database.reading() as session:
        if asked is None:
            found = public_cases.of_ids(session, ids)
        else:
            found = public_cases.listed(session, asked, limit=size, offset=(page - 1) * size)
    return _answer(form, REQUESTS, [_shown(each) for each in found])


@blueprint.post("/requests.<form>")
@declares(Action.PUBLIC)
def tell(form: str) -> Response:
    """Report something; a puzzle of `/report/puzzle` that is solved (`puzzle`, `answer`) opens the wide door."""
    _check(form)
    here, sender = house(), sender_of(request.remote_addr)
    here.gates.enter(Gate.REPORT, sender, now())
    if request.mimetype != _FORM:
        raise BadInput.at("/", "open311.flaw.form")
    said = form_of.form(read_bytes(form_of.MOST_BYTES + 1), request.mimetype_params.get("charset", ""))
    told = _told(said, _admitted(said, sender))
    with here.database.reading() as session:
        if not public_reports.is_known(session, told.id):
            public_reports.check_room(session, public_reports.reach_of(session, told, today=today()), 0, now=now())
    with here.database.transaction() as session:
        code = public_reports.tell(session, told, [], here.keyring, now=now(), zone=here.settings.zone, today=today())
    notice = say(Text("open311.kept", {"code": code}), language())
    return _answer(
        form, REQUESTS, [{"service_request_id": str(told.id), "service_notice": notice, "account_id": None}], 201
    )


@blueprint.get("/requests/<request_id>.<form>")
@declares(Action.PUBLIC)
@limiter.limit("600 per minute")
def one(request_id: str, form: str) -> Response:
    """One report; whoever made it sees it from the first moment."""
    _check(form)
    with house().database.reading() as session:
        found = public_cases.of_ids(session, [_id(request_id)])
    if not found:
        raise NotFound.at("/service_request_id", "open311.missing")
    return _answer(form, REQUESTS, [_shown(found[0])])


@blueprint.get("/tokens/<token_id>.<form>")
@declares(Action.PUBLIC)
@limiter.limit("600 per minute")
def token(token_id: str, form: str) -> Response:
    """The case to which a report belongs; ours have their id at once, so nobody needs to wait for it."""
    _check(form)
    with house().database.reading() as session:
        found = public_cases.of_report(session, _id(token_id))
    if found is None:
        raise NotFound.at("/token", "open311.missing")
    return _answer(form, REQUESTS, [{"token": token_id, "service_request_id": str(found)}])


@blueprint.errorhandler(Problem)
def wrong(problem: Problem) -> Response:
    """Errors as the specification has them: a list of codes and descriptions; what is malformed is 400 there."""
    form = (request.view_args or {}).get("form", "")
    status = 400 if isinstance(problem, BadInput) else STATUS[type(problem)]
    texts = [f"{flaw.pointer.strip('/')}: {say(flaw.text, language())}".strip(": ") for flaw in problem.flaws]
    items = form_of.errors_of(status, texts or [say(problem.text, language())])
    response = _sent(form_of.written(form if form_of.is_format(form) else "json", form_of.ERRORS, items), form, status)
    if isinstance(problem, TooMany | Unavailable):
        response.headers["Retry-After"] = str(problem.seconds)
    return response


def _check(form: str) -> None:
    if not form_of.is_format(form):
        raise NotFound()


def _admitted(said: Mapping[str, str], sender: str) -> UUID:
    """The report that a puzzle is good for; a new one through the slow door where there is none."""
    here = house()
    if said.get("puzzle"):
        pair = (said["puzzle"], said.get("answer", ""))
        return gates.admitted(here.gates, here.keyring, pair, sender, now=now())
    here.gates.enter(Gate.SLOW_REPORT, sender, now())
    here.gates.pass_all(Gate.SLOW_REPORT, now())
    return uuid4()


def _told(said: Mapping[str, str], report_id: UUID) -> Told:
    """The report that is meant; names and addresses of mail are not kept, and no picture is fetched from elsewhere."""
    if not said.get("service_code"):
        raise BadInput.at("/service_code", "open311.flaw.needed", name="service_code")
    if said["service_code"] not in _CODES:
        raise NotFound.at("/service_code", "open311.flaw.service")
    description = "\n".join(
        filter(None, (said.get("description", "").strip(), said.get("media_url", "").strip()[:500]))
    )
    if len(said.get("description", "")) > LONGEST:
        raise BadInput.at("/description", "flaw.length", low=0, high=LONGEST)
    lonlat, segment = _place(said)
    phone = public_phones.number_in(said.get("phone", ""))
    return Told(report_id, _CODES[said["service_code"]], description, lonlat, segment, Via.OPEN311, phone)


def _place(said: Mapping[str, str]) -> tuple[tuple[float, float] | None, str | None]:
    lat, lon = said.get("lat", "").strip(), said.get("long", "").strip()
    if lat or lon:
        return (form_of.number(lon, "long"), form_of.number(lat, "lat")), None
    with house().database.reading() as session:
        found = public_reports.called(session, said.get("address_string", ""), today=today())
    if len(found) != 1:
        raise BadInput.at("/lat", "open311.flaw.place")
    return None, found[0].code


def _ids(said: str) -> list[UUID]:
    names = form_of.several(said)
    if len(names) > _MOST_IDS:
        raise BadInput.at("/service_request_id", "open311.flaw.id")
    try:
        return [UUID(name) for name in names]
    except ValueError:
        raise BadInput.at("/service_request_id", "open311.flaw.id") from None


def _id(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise NotFound.at("/service_request_id", "open311.missing") from None


def _asked(said: Mapping[str, str]) -> Asked:
    times: dict[str, datetime | None] = {
        name: form_of.time_in(said[name], name) if said.get(name) else None
        for name in ("start_date", "end_date", "updated_after", "updated_before")
    }
    codes, states = form_of.several(said.get("service_code", "")), form_of.several(said.get("status", ""))
    if not set(codes) <= set(_CODES):
        raise BadInput.at("/service_code", "open311.flaw.service")
    if not set(states) <= {"open", "closed"}:
        raise BadInput.at("/status", "open311.flaw.status")
    since, until = times["start_date"], times["end_date"]
    if not any(times.values()):
        since = now() - _SPAN
    elif since is None and until is not None:
        since = until - _SPAN
    return Asked(
        kinds=[_CODES[code] for code in codes],
        is_open=None if len(set(states)) != 1 else states[0] == "open",
        since=since,
        until=until,
        changed_after=times["updated_after"],
        changed_before=times["updated_before"],
    )


def _service(code: str, kind: Kind) -> dict[str, Any]:
    spoken = language()
    return {
        "service_code": code,
        "service_name": say(Text(f"hazard.kind.{kind.value}"), spoken),
        "description": say(Text(f"report.kind.{kind.value}"), spoken),
        "metadata": False,
        "type": "realtime",
        "keywords": None,
        "group": say(Text("open311.group"), spoken),
    }


def _shown(case: Case) -> dict[str, Any]:
    """One of them, without what anybody wrote: descriptions and photos may show people."""
    row, spoken = case.row, language()
    lon, lat = case.lonlat or (None, None)
    return {
        "service_request_id": str(case.id),
        "status": "open" if case.is_open else "closed",
        "status_notes": say(Text(f"report.stage.{case.stage.value}"), spoken),
        "service_name": say(Text(f"hazard.kind.{row.kind}"), spoken),
        "service_code": row.kind.replace(".", "-"),
        "description": None,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": form_of.moment(row.reported_at),
        "updated_datetime": form_of.moment(row.changed_at),
        "expected_datetime": form_of.moment(row.due_at) if case.is_open else None,
        "address": " ".join(filter(None, (row.region_name, row.river_name, row.segment_name))),
        "address_id": None,
        "zipcode": None,
        "lat": lat,
        "long": lon,
        "media_url": None,
    }


def _answer(form: str, shape: Shape, items: Sequence[Mapping[str, Any]], status: int = 200) -> Response:
    _check(form)
    return _sent(form_of.written(form, shape, items), form, status)


def _sent(document: bytes, form: str, status: int = 200) -> Response:
    response = Response(document, status, content_type=form_of.media_type(form if form_of.is_format(form) else "json"))
    response.headers["Access-Control-Allow-Origin"] = "*"  # nothing here is anybody's, and no cookie is read
    response.vary.add("Accept-Language")
    return response
