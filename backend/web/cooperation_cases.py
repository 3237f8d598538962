"""Handing a case on at a desk (线索移送、检察建议): a clue from the law or to it, and a prosecutor's suggestion."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.domain.cooperation import law_post
from backend.domain.hazards import Kind, Severity
from backend.domain.terms import Post
from backend.errors import Forbidden, Problem
from backend.web import desk, exports, hazard_acts
from backend.web.cooperation import COOPERATION
from backend.web.forms import Flaws, field, flaws_of, id_of, moment_of, place_of, status_of

blueprint = desk.furnished(Blueprint("console_cooperation_cases", __name__, url_prefix=COOPERATION))
_CLUE = ("id", "found", "hazard", "kind", "severity", "description", "segment", "lon", "lat", "return_on", "note")
_SUGGESTION = ("id", "hazard", "document", "text", "reply_by", "is_urgent")
_WITHIN_FOUND = frozenset({"kind", "severity", "description", "segment", "location", "photos"})
_MOST_CASES = "50"
_FIRST_LETTERS = 20


@blueprint.get("/clues/new")
@desk.sits(Action.COOPERATE)
def blank_clue() -> Response:
    """A form that nobody has typed in: the law tells what it found, an office names a case that lies with the law."""
    said = dict.fromkeys(_CLUE, "") | {"id": str(uuid4()), "found": str(uuid4()), "severity": Severity.ORDINARY.value}
    return _clue(said | {"hazard": request.args.get("hazard", "")[:40]})


@blueprint.post("/clues/new")
@desk.sits(Action.COOPERATE)
def hand_on() -> AnyResponse:
    """Hand a clue on, with the day by which an answer is asked for."""
    said, photos = {name: field(name, 5_000) for name in _CLUE}, hazard_acts.kept_photos()
    try:
        body: dict[str, Any] = {"return_on": said["return_on"], "note": said["note"]}
        if law_post(desk.actor()) is not None:
            hazard_acts.upload("photos", "photos", photos)
            body["found"] = _found(said, photos)
        elif said["hazard"]:
            body["hazard"] = said["hazard"]
        desk.tell("PUT", f"/clues/{id_of(said['id'])}", body)
    except Problem as problem:
        return _clue(said, photos, _flaws_of(problem), status_of(problem))
    return desk.kept(COOPERATION, "console.did.clue")


@blueprint.get("/suggestions/new")
@desk.sits(Action.COOPERATE)
def blank_suggestion() -> Response:
    """A form that nobody has typed in; the case may stand in the address."""
    said = dict.fromkeys(_SUGGESTION, "") | {"id": str(uuid4()), "hazard": request.args.get("hazard", "")[:40]}
    return _suggestion(said)


@blueprint.post("/suggestions/new")
@desk.sits(Action.COOPERATE)
def suggest() -> AnyResponse:
    """Make a suggestion about a case that lies with one's prosecution."""
    said = {name: field(name, 20_000) for name in _SUGGESTION}
    body: dict[str, Any] = {name: said[name] for name in ("hazard", "document", "text") if said[name]}
    body |= {"reply_by": moment_of(said["reply_by"])} if said["reply_by"] else {}
    body |= {"urgent": True} if said["is_urgent"] else {}
    try:
        desk.tell("PUT", f"/suggestions/{id_of(said['id'])}", body)
    except Problem as problem:
        return _suggestion(said, flaws_of(problem), status_of(problem))
    return desk.kept(COOPERATION, "console.did.suggestion")


def _found(said: dict[str, str], photos: list[str]) -> dict[str, Any]:
    """What the API takes of what was found: what was left open is left out."""
    found: dict[str, Any] = {"id": str(id_of(said["found"])), "description": said["description"]}
    found |= {name: said[name] for name in ("kind", "severity", "segment") if said[name]}
    return found | place_of(said) | ({"photos": [{"sha256": digest} for digest in photos]} if photos else {})


def _flaws_of(problem: Problem) -> Flaws:
    """What the API says of the form, beside the fields of what was found, too."""
    found = flaws_of(problem)
    for flaw, each in zip(found, problem.flaws, strict=False):
        parts = [part for part in each.pointer.strip("/").split("/") if part != "found"]
        if parts and parts[0] in _WITHIN_FOUND:
            flaw["field"] = parts[0]
    return found


def _cases(said: str, post: Post | None) -> list[tuple[str, str]]:
    """Cases that lie with the law now (with one post of it), the newest first; the one that was chosen besides."""
    listed = desk.ask("/hazards", {"handed": "true", "limit": _MOST_CASES}).body["items"]
    found = [(each["id"], _called(each, post)) for each in listed if post is None or each["handed_to"] == post.value]
    return found if not said or said in dict(found) else [*found, (said, said)]


def _called(case: dict[str, Any], post: Post | None) -> str:
    """By what one knows a case in a list: where, what, in whose hands unless that is asked for, and how it begins."""
    begins = case["description"][:_FIRST_LETTERS]
    hands = [] if post else [exports.word(f"post.{case['handed_to']}")]
    return " · ".join((case["segment"]["name"], case["kind_name"], *hands, *([begins] if begins else [])))


def _clue(
    said: dict[str, str], photos: list[str] | None = None, flaws: Flaws | None = None, status: int = 200
) -> Response:
    is_law = law_post(desk.actor()) is not None
    page = {"said": said, "photos": photos or [], "flaws": flaws or [], "is_law": is_law}
    return desk.page(
        "cooperation_clue.html",
        status=status,
        cases=[] if is_law else _cases(said["hazard"], None),
        kinds=[(kind.value, exports.word(f"hazard.kind.{kind}")) for kind in Kind],
        severities=[(each.value, exports.word(f"hazard.severity.{each}")) for each in Severity],
        **page,
    )


def _suggestion(said: dict[str, str], flaws: Flaws | None = None, status: int = 200) -> Response:
    if all(seat.post is not Post.PROSECUTOR for seat in desk.actor().seats):
        raise Forbidden("post")
    cases = _cases(said["hazard"], Post.PROSECUTOR)
    return desk.page("cooperation_suggestion.html", status=status, said=said, cases=cases, flaws=flaws or [])
