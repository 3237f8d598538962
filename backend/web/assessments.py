"""Assessments (考核) at a desk: the list, a league table with its intervals, places beside each other, one person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.domain.assessment_rules import Indicator
from backend.domain.assessments import Order, Ruling, State
from backend.domain.terms import Post
from backend.errors import Problem
from backend.web import desk, exports
from backend.web.exports import Export, Item, Value
from backend.web.forms import field, flaws_of, status_of, whole

ASSESSMENTS = "/console/assessments"
blueprint = desk.furnished(Blueprint("console_assessments", __name__, url_prefix=ASSESSMENTS))
INDICATORS = tuple(each.value for each in Indicator)
STAGES = ("accept", "fix", "verify")
FILTERS = ("region", "alone", "post", "q", "order", "edition")
_SHARES = tuple(f"assessments.column.{name}_{part}" for name in INDICATORS for part in ("hits", "size", "share"))
_HEADINGS = (
    *("assessments.rank", "assessments.of", "assessments.person", "people.post", "people.region", "assessments.score"),
    *_SHARES,
    *(f"assessments.figure.{name}" for name in ("walks", "counted", "doubtful", "covered_m", "hazards")),
    *("assessments.figure.reports_per_100_walks", "assessments.figure.leave_days"),
    *("assessments.score_was", "assessments.rank_was"),
)
_PLACES = (
    *("people.region", "assessments.people", *_SHARES, "assessments.hazards"),
    *(f"assessments.stage.{name}_{part}" for name in STAGES for part in ("hits", "size", "median_h")),
    *("assessments.reaches", "assessments.unwalked", "assessments.unwalked_m"),
)


@blueprint.get("")
@desk.sits(Action.SEE_ASSESSMENTS)
def listed() -> Response:
    """Those that one sees, newest first."""
    found = desk.ask("/assessments", desk.query("state")).body
    states = [(state.value, exports.word(f"assessment.state.{state}")) for state in State]
    return desk.page("assessments.html", items=found["items"], next=desk.next_of(found), states=states, last=last_of)


@blueprint.get("/<uuid:assessment_id>")
@desk.sits(Action.SEE_ASSESSMENTS)
def one(assessment_id: UUID) -> Response:
    """The league table, post by post; filters stand in the address."""
    return _table(assessment_id)


@blueprint.get("/<uuid:assessment_id>/export.<form>")
@desk.sits(Action.SEE_ASSESSMENTS)
def export(assessment_id: UUID, form: str) -> Response:
    """The league table as a file, a row a person and post."""
    found = desk.ask(f"/assessments/{assessment_id}").body
    said = [(exports.word("assessments.title"), found["name"]), *_said(found)]
    path, asked = f"/assessments/{assessment_id}/scores", desk.filters(*FILTERS)
    percent = frozenset(8 + 3 * number for number in range(len(INDICATORS)))
    table = Export("assessment_scores", path, "assessments.table", _HEADINGS, _row, asked, said, percent=percent)
    return exports.file_of(table, form)


@blueprint.get("/<uuid:assessment_id>/regions")
@desk.sits(Action.SEE_ASSESSMENTS)
def regions(assessment_id: UUID) -> Response:
    """Counties or towns beside each other."""
    found = desk.ask(f"/assessments/{assessment_id}").body
    listed = desk.ask(f"/assessments/{assessment_id}/regions", desk.filters("edition")).body
    values = {"found": found, "items": listed["items"], "total": listed["total"], "last": last_of}
    return desk.page("assessment_regions.html", indicators=INDICATORS, stages=STAGES, **values)


@blueprint.get("/<uuid:assessment_id>/regions/export.<form>")
@desk.sits(Action.SEE_ASSESSMENTS)
def regions_export(assessment_id: UUID, form: str) -> Response:
    """The same as a file."""
    found = desk.ask(f"/assessments/{assessment_id}").body
    said = [(exports.word("assessments.title"), found["name"]), *_said(found)]
    path, asked = f"/assessments/{assessment_id}/regions", desk.filters("edition")
    percent = frozenset(4 + 3 * number for number in range(len(INDICATORS)))
    table = Export(
        "assessment_places", path, "assessments.places", _PLACES, _place, asked, said, percent=percent, is_whole=True
    )
    return exports.file_of(table, form)


@blueprint.get("/<uuid:assessment_id>/people/<uuid:person_id>")
@desk.sits(Action.SEE_ASSESSMENTS)
def person(assessment_id: UUID, person_id: UUID) -> Response:
    """One person: the figures that hold and those before them, what stands behind one, and appeals."""
    return _person(assessment_id, person_id)


@blueprint.post("/<uuid:assessment_id>/people/<uuid:person_id>/appeal")
@desk.sits(Action.APPEAL)
def appeal(assessment_id: UUID, person_id: UUID) -> AnyResponse:
    """Say which figure of one's own is wrong, and why."""
    said = {"indicator": field("indicator", 20), "text": field("text", 2_000)}
    said |= {name: field(name, 20) for name in ("post", "region") if field(name, 20)}
    try:
        desk.tell("PUT", f"/assessments/{assessment_id}/appeals/{uuid4()}", said)
    except Problem as problem:
        return _person(assessment_id, person_id, problem, said)
    return desk.kept(f"{ASSESSMENTS}/{assessment_id}/people/{person_id}", "console.did.appeal")


@blueprint.get("/<uuid:assessment_id>/appeals")
@desk.sits(Action.SEE_ASSESSMENTS)
def appeals(assessment_id: UUID) -> Response:
    """Appeals, those that wait first."""
    return _appeals(assessment_id)


@blueprint.post("/<uuid:assessment_id>/appeals/<uuid:appeal_id>")
@desk.sits(Action.MAKE_ASSESSMENT)
def decide(assessment_id: UUID, appeal_id: UUID) -> AnyResponse:
    """The office's word on one."""
    said: dict[str, Any] = {"ruling": field("ruling", 10), "reason": field("reason", 2_000)}
    if said["ruling"] == Ruling.UPHELD:
        said |= {name: whole(field(name, 10)) for name in ("hits", "size")}
    try:
        desk.tell("POST", f"/assessments/{assessment_id}/appeals/{appeal_id}/decide", said)
    except Problem as problem:
        return _appeals(assessment_id, problem, said | {"id": str(appeal_id)})
    return desk.kept(f"{ASSESSMENTS}/{assessment_id}/appeals", "console.did.appeal_decided")


@blueprint.post("/<uuid:assessment_id>/<any(publish, recompute, close):act>")
@desk.sits(Action.MAKE_ASSESSMENT)
@desk.proven
def change(assessment_id: UUID, act: str) -> AnyResponse:
    """Publish it, count it anew with a reason, or close it."""
    said = {"reason": field("reason", 2_000)} if act == "recompute" else None
    try:
        desk.tell("POST", f"/assessments/{assessment_id}/{act}", said, version=request.form.get("version"))
    except Problem as problem:
        return _table(assessment_id, problem)
    return desk.kept(f"{ASSESSMENTS}/{assessment_id}", "console.did.assessment_changed")


def last_of(until: str) -> str:
    """The last day of a time, as one says it."""
    return (date.fromisoformat(until) - timedelta(days=1)).isoformat()


def _table(assessment_id: UUID, problem: Problem | None = None) -> Response:
    seen = desk.ask(f"/assessments/{assessment_id}")
    asked = desk.query(*FILTERS) if problem is None else {}
    listed = desk.ask(f"/assessments/{assessment_id}/scores", asked).body
    path = f"{ASSESSMENTS}/{assessment_id}"
    values = {
        "found": seen.body,
        "version": seen.etag,
        "items": listed["items"],
        "next": desk.next_of(listed, path),
        "indicators": INDICATORS,
        "posts": [(each, exports.word(f"post.{each}")) for each in seen.body["posts"]],
        "orders": [(order.value, exports.word(f"assessments.order.{order}")) for order in Order],
        "places": [(each["code"], each["name"]) for each in seen.body["places"]],
        "last": last_of,
        "flaws": flaws_of(problem),
        "proven": desk.is_proven_now(),
    }
    return desk.page("assessment.html", status=status_of(problem), **values)


def _person(
    assessment_id: UUID, person_id: UUID, problem: Problem | None = None, typed: Item | None = None
) -> Response:
    seen = desk.ask(f"/assessments/{assessment_id}/people/{person_id}").body
    found = seen["assessment"]
    now = [each for each in seen["items"] if each["edition"] == found["edition"]]
    of = request.args.get("of", INDICATORS[0])
    of = of if of in (*INDICATORS, "hazards") else INDICATORS[0]
    row = next((each for each in now if _is_named(each)), (now or seen["items"])[0])
    asked = {"of": of, "post": row["post"], "region": row["region"]["code"], "limit": "100"}
    listed = desk.ask(f"/assessments/{assessment_id}/people/{person_id}/records", asked | desk.query()).body
    values = {
        "found": found,
        "rows": now,
        "row": row,
        "before": [each for each in seen["items"] if each["edition"] != found["edition"]],
        "appeals": seen["appeals"],
        "may_appeal": seen["may_appeal"],
        "of": of,
        "records": listed["items"],
        "next": desk.next_of(listed, f"{ASSESSMENTS}/{assessment_id}/people/{person_id}"),
        "indicators": INDICATORS,
        "flaws": flaws_of(problem),
        "typed": typed or {},
        "last": last_of,
        "walks": _walks(person_id, found),
        "righted": {each["indicator"] for each in seen["appeals"] if _is_righted(each, row)},
    }
    return desk.page("assessment_person.html", status=status_of(problem), **values)


def _is_named(row: Item) -> bool:
    post, region = request.args.get("post"), request.args.get("at")
    return post in (None, row["post"]) and region in (None, row["region"]["code"])


def _is_righted(appeal: Item, row: Item) -> bool:
    """Whether a figure of the row is what an appeal made of it."""
    is_of_it = (appeal["post"], appeal["region"]["code"]) == (row["post"], row["region"]["code"])
    if appeal["state"] != Ruling.UPHELD or not is_of_it:
        return False
    now = row["indicators"][appeal["indicator"]]
    return bool((now["hits"], now["size"]) == (appeal["after"]["hits"], appeal["after"]["size"]))


def _walks(person_id: UUID, found: Item) -> str:
    """Where the walks of somebody in the time are listed."""
    days = {"from": found["from"], "to": last_of(found["until"])}
    return f"/console/patrols?{urlencode({'person': str(person_id)} | days)}"


def _appeals(assessment_id: UUID, problem: Problem | None = None, typed: Item | None = None) -> Response:
    found = desk.ask(f"/assessments/{assessment_id}").body
    listed = desk.ask(f"/assessments/{assessment_id}/appeals").body["items"]
    standing = {}
    for each in listed:
        if each["state"] == Ruling.OPEN:
            rows = desk.ask(f"/assessments/{assessment_id}/people/{each['person']['id']}").body["items"]
            standing[each["id"]] = next((row for row in rows if _is_of(row, each, found)), None)
        if len(standing) == _MOST_STANDING:
            break
    values = {"found": found, "items": listed, "standing": standing, "flaws": flaws_of(problem), "typed": typed or {}}
    return desk.page("assessment_appeals.html", status=status_of(problem), last=last_of, **values)


_MOST_STANDING = 3
"""Appeals whose present figure is looked up for the form: each is a question or two more."""


def _is_of(row: Item, appeal: Item, found: Item) -> bool:
    same = (appeal["post"], appeal["region"]["code"], found["edition"])
    return (row["post"], row["region"]["code"], row["edition"]) == same


def _said(found: Item) -> list[tuple[str, str]]:
    """What was asked, in words."""
    days = f"{found['from']} – {last_of(found['until'])}"
    said = [(exports.word("assessments.days"), days), (exports.word("people.region"), found["region"]["name"])]
    for name, value in desk.filters("post", "q", "edition").items():
        shown = exports.word(f"post.{value}") if name == "post" and value in set(Post) else value
        said.append((exports.word(f"assessments.by.{name}"), shown))
    return said


def _shares(item: Item) -> list[Value]:
    return [item["indicators"][name][part] for name in INDICATORS for part in ("hits", "size", "share")]


def _row(item: Item) -> list[list[Value]]:
    figures = item["figures"]
    is_changed = item["score_was"] != item["score"] or item["rank_was"] != item["rank"]
    return [
        [
            *(item["rank"], item["of"], item["person"]["name"], exports.word(f"post.{item['post']}")),
            *(item["region"]["name"], item["score"], *_shares(item)),
            *(figures[name] for name in ("walks", "counted", "doubtful", "covered_m", "hazards")),
            *(figures["reports_per_100_walks"], figures["leave_days"]),
            *((item["score_was"], item["rank_was"]) if is_changed else (None, None)),
        ]
    ]


def _place(item: Item) -> list[list[Value]]:
    stages = [item["stages"][name][part] for name in STAGES for part in ("hits", "size", "median_h")]
    rest = (item["reaches"], item["unwalked"], item["unwalked_m"])
    return [[item["region"]["name"], item["people"], *_shares(item), item["hazards"], *stages, *rest]]
