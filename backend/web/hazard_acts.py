"""The forms by which a hazard is acted on: what each asks, and how what was filled in becomes an act."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.datastructures import FileStorage

from backend.domain.handling import NEEDS
from backend.domain.hazards import Act, State
from backend.errors import BadInput, Flaw, Problem
from backend.web import asking, desk, forms
from backend.web.forms import Flaws, moment_of, whole
from backend.words import Text

FIELDS: Mapping[Act, tuple[str, ...]] = {
    Act.ACCEPT: ("severity", "note"),
    Act.REJECT: ("note",),
    Act.ASSIGN: ("unit", "person", "severity", "note"),
    Act.START: ("note",),
    Act.REPORT_DONE: ("photos", "note"),
    Act.VERIFY: ("photos", "note"),
    Act.RETURN: ("note",),
    Act.CLOSE: ("photos", "note"),
    Act.REOPEN: ("note",),
    Act.TRANSFER: ("post", "note"),
    Act.HAND_BACK: ("note",),
    Act.SUPERVISE: ("watch", "note"),
    Act.ASK_EXTENSION: ("until", "note"),
    Act.GRANT_EXTENSION: ("note",),
    Act.REFUSE_EXTENSION: ("note",),
    Act.ASK_COORDINATION: ("note",),
    Act.ANSWER_COORDINATION: ("note",),
    Act.ADD_INTERIM: ("note", "watcher", "every_h"),
    Act.CHECK_INTERIM: ("measure", "photos", "note"),
    Act.MERGE: ("into", "note"),
    Act.UNMERGE: ("note",),
    Act.COMMENT: ("note", "photos"),
}
"""What the form of each act asks, in its order."""
FOLLOWING: Mapping[str, Act] = {
    State.REPORTED: Act.ACCEPT,
    State.ACCEPTED: Act.ASSIGN,
    State.ASSIGNED: Act.REPORT_DONE,
    State.IN_HAND: Act.REPORT_DONE,
    State.DONE_REPORTED: Act.VERIFY,
    State.VERIFIED: Act.CLOSE,
}
"""What a hazard waits for in each state."""
APART = (Act.REJECT, Act.MERGE, Act.TRANSFER)
"""They end it for us, or somewhere else: set apart, and asking again with its name."""
PROVEN = frozenset({Act.TRANSFER})
"""We cannot take it back by ourselves: the password was typed lately."""
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_MOST_NAMES = 20


@dataclass(slots=True)
class Filled:
    """A form as it was filled in, and what of it is kept whatever comes: photos that have arrived, people to choose."""

    act: Act
    typed: dict[str, str]
    photos: list[str] = field(default_factory=list)
    choices: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    flaws: Flaws = field(default_factory=list)
    is_stale: bool = False
    wants_proof: bool = False

    def told(self, name: str) -> str:
        """What was said in a field of this act."""
        return self.typed.get(f"{self.act}-{name}", "").strip()


def needed(act: Act) -> list[str]:
    """What the form of an act cannot do without."""
    return list(NEEDS.get(act, ()))


def possible(hazard: Mapping[str, Any]) -> list[Act]:
    """Of what the reader is allowed, that for which there is something: an answer needs a question."""
    asked = hazard["coordination"] is not None and hazard["coordination"]["answered_at"] is None
    there = {
        Act.GRANT_EXTENSION: hazard["extension"] is not None,
        Act.REFUSE_EXTENSION: hazard["extension"] is not None,
        Act.ASK_COORDINATION: not asked,
        Act.ANSWER_COORDINATION: asked,
        Act.CHECK_INTERIM: any(each["next_check_at"] for each in hazard["interim"]),
        Act.TRANSFER: hazard["handed_to"] is None,
    }
    return [act for act in map(Act, hazard["allowed"]) if there.get(act, True)]


def filled() -> Filled:
    """The form that was sent; BadInput for one that is none of ours."""
    try:
        act = Act(request.form.get("action", ""))
    except ValueError:
        raise BadInput.at("/action", "flaw.choice", choices=", ".join(Act)) from None
    return Filled(act, request.form.to_dict(), kept_photos())


def kept_photos() -> list[str]:
    """The digests of pictures that came with a form before, and are here whatever became of it."""
    return [each for each in request.form.getlist("photo") if re.fullmatch(r"[0-9a-f]{64}", each)]


def upload(field: str, name: str, photos: list[str]) -> None:
    """Hand the pictures of a field in, and add what is new to these digests; BadInput, at `name`, for what is none."""
    for file in request.files.getlist(field):
        if file.filename:
            digest = _uploaded(file, name)
            if digest not in photos:
                photos.append(digest)


def said_by(form: Filled) -> dict[str, Any]:
    """The act that the form means; BadInput that names what cannot be understood in it."""
    said: dict[str, Any] = {"id": form.typed.get("id", ""), "action": form.act.value}
    for name in FIELDS[form.act]:
        value = _READ[name](form, name) if name in _READ else form.told(name)
        if value not in ("", None, []):
            said[name] = value
    return said


def flaws_of(form: Filled, problem: Problem) -> Flaws:
    """What is wrong, each beside the field of its act."""
    known = FIELDS[form.act]
    return [
        each | {"field": f"{form.act}-{each['field']}" if each["field"] in known else ""}
        for each in forms.flaws_of(problem)
    ]


def _photos(form: Filled, name: str) -> list[dict[str, Any]]:
    """Hand the pictures in first, so that they are there whatever becomes of the act; with when and where."""
    upload(f"{form.act}-{name}", name, form.photos)
    about = {"at": _moment(form, "taken_at"), "location": _place(form)}
    return [{"sha256": digest} | {key: value for key, value in about.items() if value} for digest in form.photos]


def _uploaded(file: FileStorage, name: str) -> str:
    data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    media = file.mimetype or "application/octet-stream"
    try:
        asking.passed("PUT", f"/photos/{digest}", language=desk.language(), data=data, content_type=media)
    except BadInput as problem:
        raise BadInput(*(Flaw(f"/{name}", flaw.text) for flaw in problem.flaws)) from None
    return digest


def _moment(form: Filled, name: str) -> str:
    return moment_of(form.told(name))


def _place(form: Filled) -> dict[str, float] | None:
    said = form.told("taken_where")
    if not said:
        return None
    try:
        lon, lat = (float(each) for each in re.split(r"[,，\s]+", said))
    except ValueError:
        raise BadInput.at("/photos", "hazards.flaw.place") from None
    return {"lon": lon, "lat": lat}


def _person(form: Filled, name: str) -> str:
    """The person of that name; of several, the one who was chosen."""
    chosen, said = form.told(f"{name}_id"), form.told(name)
    if not said:
        return str(desk.actor().person_id) if name == "watcher" else ""
    found = desk.ask("/people", {"q": said, "limit": _MOST_NAMES}).body["items"]
    same = [each for each in found if each["name"] == said] or found
    picked = [each for each in same if each["id"] == chosen] or same
    if len(picked) == 1:
        return str(picked[0]["id"])
    if not picked:
        raise BadInput.at(f"/{name}", "hazards.flaw.nobody", name=said)
    form.choices[name] = picked
    raise BadInput(Flaw(f"/{name}", Text.of("hazards.flaw.several", name=said)))


def _into(form: Filled, name: str) -> str:
    """The id in what was said: one of those that are alike, or the address of another's page."""
    said = form.told(name) or form.told("alike")
    found = _ID.search(said)
    return str(UUID(found[0])) if found else said


def _number(form: Filled, name: str) -> int | str:
    return whole(form.told(name))


_READ = {
    "photos": _photos,
    "until": _moment,
    "person": _person,
    "watcher": _person,
    "into": _into,
    "every_h": _number,
}
