"""Rules (规则): what holds now, what held when and what will hold; a new version, tried before it is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from backend.clock import start_of
from backend.context import house, today
from backend.domain.actions import Action
from backend.errors import NotFound, Problem
from backend.web import desk, rule_forms, rule_words
from backend.web.forms import Flaws, flaw, flaws_of, moment_of, status_of
from backend.web.rule_fields import Typed
from backend.web.rule_words import PARTED, SUBJECTS
from backend.words import Text

blueprint = desk.furnished(Blueprint("console_rules", __name__, url_prefix="/console/rules"))
RULES = "/console/rules"
_SUBJECT = "<any(patrols, deadlines, ladders, callouts, warnings, training, points, assessment):subject>"
_LONGEST = 2_000
_PLAINER = {
    "flaw.period": "rules.flaw.period",
    "flaw.callout_time": "rules.flaw.time",
    "flaw.choice": "rules.flaw.choice",
}
"""Flaws that name what the API is sent, in the words of the form."""
Item = dict[str, Any]


@blueprint.get("")
@desk.sits(Action.SEE_RULES)
def overview() -> Response:
    """Every rule with the version that holds, and what is planned."""
    known = {name: _items(name) for name in dict.fromkeys(SUBJECTS.values())}
    rows = [(subject, _present(known[name]), _planned(known[name])) for subject, name in SUBJECTS.items()]
    return desk.page("rules.html", rows=rows)


@blueprint.get(f"/{_SUBJECT}")
@desk.sits(Action.SEE_RULES)
def one(subject: str) -> Response:
    """What one rule says, now or in a version that is named, and every version with what it changed."""
    items = _items(SUBJECTS[subject])
    said = request.args.get("version", "")
    chosen = next((each for each in items if str(each["version"]) == said), None) if said else _present(items)
    if chosen is None:
        raise NotFound()
    return desk.page(
        "rule.html",
        subject=subject,
        chosen=chosen,
        groups=rule_words.groups_of(subject, chosen["body"]),
        versions=_history(subject, items),
        is_parted=subject in PARTED,
    )


@blueprint.get(f"/{_SUBJECT}/new")
@desk.sits(Action.CHANGE_RULES)
@desk.proven
def form(subject: str) -> AnyResponse:
    """The version that holds, to be typed over."""
    items, part = _items(SUBJECTS[subject]), request.args.get("part", "")
    base = _base(subject, items)
    typed = rule_forms.typed_of(subject, _part(subject, part, base), base["body"])
    tomorrow = start_of(today() + timedelta(days=1), house().settings.zone)
    typed["valid_from"] = max(f"{tomorrow:%Y-%m-%dT%H:%M}", _begins(base))
    typed["base"] = str(items[-1]["version"])
    return _form(subject, part, typed)


@blueprint.post(f"/{_SUBJECT}/new")
@desk.sits(Action.CHANGE_RULES)
@desk.proven
def propose(subject: str) -> AnyResponse:
    """Try what is typed, keep what was tried, or go back to the form."""
    items, part = _items(SUBJECTS[subject]), request.args.get("part", "")
    base, typed = _base(subject, items), _typed()
    _part(subject, part, base)
    if typed.get("go") == "back":
        return _form(subject, part, typed)
    said = _proposal(subject, part, typed, base)
    if flaws := _lacking(typed, items):
        return _form(subject, part, typed, flaws, 422)
    try:
        if typed.get("go") == "keep":
            path = "/rules" if subject == "patrols" else f"/rules/{SUBJECTS[subject]}"
            desk.tell("POST", path, said | {"reason": typed["reason"], "seen": items[-1]["version"]})
            return desk.kept(f"{RULES}/{subject}", "console.did.rule")
        found = desk.tell("POST", f"/rules/{SUBJECTS[subject]}/estimate", said).body
    except Problem as problem:
        return _form(subject, part, typed, _flaws(problem), status_of(problem))
    changes = rule_words.changes(subject, base["body"], found["body"])
    if not changes:
        return _form(subject, part, typed, [flaw("", "rules.flaw.nothing")], 422)
    return _tried(subject, part, typed, changes, found)


def _form(subject: str, part: str, typed: Typed, flaws: Flaws | None = None, status: int = 200) -> Response:
    tables = rule_forms.tables_of(subject, typed)
    values = {"subject": subject, "part": part, "typed": typed, "tables": tables, "flaws": flaws or []}
    return desk.page("rule_form.html", status=status, **values)


def _tried(subject: str, part: str, typed: Typed, changes: list[rule_words.Change], found: Item) -> Response:
    hidden = [(name, value) for name, value in typed.items(multi=True) if name not in ("csrf", "go")]
    return desk.page(
        "rule_try.html",
        subject=subject,
        part=part,
        typed=typed,
        hidden=hidden,
        changes=changes,
        found=found,
        begins=moment_of(typed["valid_from"]),
        follows=rule_words.follows,
    )


def _items(name: str) -> list[Item]:
    found: list[Item] = desk.ask(f"/rules/{name}/versions").body["items"]
    return found


def _present(items: list[Item]) -> Item:
    return next(each for each in items if each["standing"] == "present")


def _planned(items: list[Item]) -> list[Item]:
    return [each for each in items if each["standing"] == "planned"]


def _base(subject: str, items: list[Item]) -> Item:
    """What a new version is made from: the last that is planned; of patrols, which are planned number by number, that
    of today.
    """
    return _present(items) if subject == "patrols" else items[-1]


def _begins(base: Item) -> str:
    """No version may begin before one that is planned."""
    return f"{datetime.fromisoformat(base['valid_from']):%Y-%m-%dT%H:%M}" if base["standing"] == "planned" else ""


def _part(subject: str, part: str, base: Item) -> str:
    """The part that is changed; NotFound where the subject has none of that name."""
    parts = {each.part for each in rule_words.groups_of(subject, base["body"])} if subject in PARTED else {""}
    if part not in parts:
        raise NotFound()
    return part


def _history(subject: str, items: list[Item]) -> list[tuple[Item, list[rule_words.Change]]]:
    """Every version, the newest first, with what it changed of this subject."""
    befores = [None, *items[:-1]]
    rows = [
        (each, rule_words.changes(subject, before["body"], each["body"]) if before else [])
        for each, before in zip(items, befores, strict=True)
    ]
    return rows[::-1]


def _typed() -> Typed:
    found: Typed = MultiDict()
    for name, values in request.form.lists():
        found.setlist(name, [value.strip()[:_LONGEST] for value in values])
    return found


def _proposal(subject: str, part: str, typed: Typed, base: Item) -> Item:
    body = rule_forms.proposal_of(subject, part, typed, base["body"])
    return {"body": body, "valid_from": moment_of(typed.get("valid_from", ""))}


def _lacking(typed: Typed, items: list[Item]) -> Flaws:
    """What nobody can try or keep: no reason, no day, or a version that somebody else has made meanwhile."""
    flaws = [flaw(name, "rules.flaw.missing") for name in ("valid_from", "reason") if not typed.get(name)]
    if typed.get("base") != str(items[-1]["version"]):
        flaws.append(flaw("", "rules.flaw.moved"))
    return flaws


def _flaws(problem: Problem) -> Flaws:
    """The flaws of a proposal, each beside the field in which it was typed."""
    if not problem.flaws:
        return flaws_of(problem)
    return [flaw(rule_forms.field_of(each.pointer), _plainer(each.text)) for each in problem.flaws]


def _plainer(text: Text | str) -> Text | str:
    key = text.key if isinstance(text, Text) else text
    return Text(_PLAINER[key]) if key in _PLAINER else text
