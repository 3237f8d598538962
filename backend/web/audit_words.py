"""Acts on record in plain words: what was done, to what, and what was said with it, before and after."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.clock import local
from backend.context import house
from backend.web import desk
from backend.web.exports import word
from backend.web.rule_words import Change, changes
from backend.words import catalogue

Item = Mapping[str, Any]
_ACT, _FIELD, _TYPE, _LIST = "audit.act.", "audit.field.", "audit.type.", "audit.list."
_WORDS = {
    "post": ("post.",),
    "state": ("hazard.state.",),
    "status": ("hazard.state.", "ledger.column."),
    "severity": ("hazard.severity.",),
    "outcome": ("patrol.outcome.",),
    "before": ("patrol.outcome.",),
    "after": ("patrol.outcome.",),
    "level": ("response.level.", "warning_rule.step.signal."),
    "phase": ("rules.phase.",),
    "form": ("export.",),
    "lane": ("system.lane.",),
    "kind": ("hazard.kind.", "flood.kind."),
    "watch": ("rules.watch.",),
    "for": ("escalation.rung.",),
    "at": ("escalation.rung.",),
    "channels": ("system.channel.",),
    "how": ("warnings.how.",),
}
"""Names of closed lists, by the member in which they stand."""
_HIDDEN = frozenset({"id", "body_sha256", "due_at", "action"})
"""Members that say nothing to a reader, or are said in the sentence."""
SUBJECTS_OF = {
    "patrol": ("patrols", ("patrols",)),
    "hazard": ("hazards", ("deadlines", "ladders")),
    "callout": ("callouts", ("callouts",)),
    "warning": ("warnings", ("warnings",)),
    "training": ("training", ("training",)),
    "points": ("points", ("points",)),
    "assessment": ("assessment", ("assessment",)),
}
"""Of each kind of rule that is put on record what the API calls it, and its pages."""
_FIRST = ("reason", "note", "text", "headline", "name", "kind", "severity", "outcome", "level", "post", "until")
"""What tells most of an act, in this order."""
_MOST = 3
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


def act_of(item: Item) -> str:
    """What was done."""
    if item["sentence"]:
        return str(item["sentence"])
    return _known(f"{_ACT}{item['thing']['type']}.{item['act']}") or _known(f"{_ACT}{item['act']}") or str(item["act"])


def thing_of(item: Item) -> str:
    """To what: its sort, and its name or the beginning of its id."""
    thing = item["thing"]
    sort = _known(f"{_TYPE}{thing['type']}") or thing["type"]
    if thing["type"] == "rule":
        kind, _, number = thing["id"].partition(":")
        return f"{_known(f'audit.rule.{kind}') or kind} · {word('rules.version', number=number)}"
    if thing["type"] == "list":
        return f"{sort} · {list_of(thing['id'])}"
    name = thing["name"] or (thing["id"][:8] if len(thing["id"]) > 20 else thing["id"])
    return f"{sort} · {name}"


def list_of(noun: str) -> str:
    """What a list is called that somebody took."""
    return _known(_LIST + noun) or noun


def lists() -> list[tuple[str, str]]:
    """Every list that can be taken, for a filter."""
    known = {key.removeprefix(_LIST): text for key, text in catalogue(desk.language()).items() if key.startswith(_LIST)}
    return sorted(known.items(), key=lambda each: each[1])


def filter_of(item: Item, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a list was asked for, by what and to what: as its file says it, or read off what was asked of the API."""
    if item["said"] is not None:
        return list(item["said"].items())
    return [(line.where, line.after) for line in told(item["asked"], {}, names)]


def page_of(item: Item) -> str:
    """The address of the thing, where it has a page."""
    thing = item["thing"]
    if thing["type"] == "rule":
        found = SUBJECTS_OF.get(thing["id"].partition(":")[0])
        return f"/console/rules/{found[1][0]}" if found else ""
    where = {"person": "people", "hazard": "hazards", "patrol": "patrols", "warning": "warnings"}
    where |= {"campaign": "campaigns", "order": "orders", "training": "training"}
    return f"/console/{where[thing['type']]}/{thing['id']}" if thing["type"] in where else ""


def brief(item: Item) -> str:
    """The most telling members of what was said with it, in one line."""
    body = {name: item["body"][name] for name in _FIRST if name in item["body"]}
    lines = [word("audit.brief", name=line.where, value=line.after) for line in told(body, {}, {})]
    return word("audit.brief.join").join(lines[:_MOST])


def told(body: Item, before: Item, names: Mapping[str, str]) -> list[Change]:
    """Every member with what it was before, where that is known; a pair of a timeline is both."""
    found = []
    for name, value in body.items():
        if name in _HIDDEN or value in (None, [], {}, "") or (name == "asked" and "said" in body):
            continue
        was, now = before.get(name), value
        if name == "state" and isinstance(value, list) and len(value) == 2:
            was, now = value
        old, new = ("" if was is None else _value(name, was, names)), _value(name, now, names)
        found.append(Change(_known(_FIELD + name) or name, "" if old == new else old, new))
    return found


def of_rule(item: Item) -> list[Change]:
    """What a new version of a rule changed, line by line; nothing of rules that have no page."""
    kind, _, number = item["thing"]["id"].partition(":")
    if kind not in SUBJECTS_OF:
        return []
    name, subjects = SUBJECTS_OF[kind]
    items = desk.ask(f"/rules/{name}/versions").body["items"]
    at = next((place for place, each in enumerate(items) if str(each["version"]) == number), 0)
    if not at:
        return []
    return [
        Change(f"{word(f'rules.tab.{subject}')} · {each.where}", each.before, each.after)
        for subject in subjects
        for each in changes(subject, items[at - 1]["body"], items[at]["body"])
    ]


def acts() -> list[tuple[str, str]]:
    """Every act that the catalogue knows by its own name, for a filter."""
    known = {key.removeprefix(_ACT): text for key, text in catalogue(desk.language()).items() if key.startswith(_ACT)}
    return sorted(((act, text) for act, text in known.items() if "." not in act), key=lambda each: each[1])


def types() -> list[tuple[str, str]]:
    """Every sort of thing."""
    known = catalogue(desk.language())
    return [(key.removeprefix(_TYPE), text) for key, text in known.items() if key.startswith(_TYPE)]


def _value(name: str, value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, bool) or value in ("true", "false"):
        return word("audit.yes" if value in (True, "true") else "audit.no")
    if isinstance(value, Mapping):
        return "；".join(f"{_known(_FIELD + each) or each} {_value(each, one, names)}" for each, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(_value(name, each, names) for each in value)
    text = str(value)
    return (
        _moment(text)
        or names.get(text)
        or next((said for each in _WORDS.get(name, ()) if (said := _known(each + text))), text)
    )


def _moment(text: str) -> str:
    """A moment in the zone of the house; nothing for what is none."""
    try:
        at = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return ""
    return f"{local(at, house().settings.zone):%Y-%m-%d %H:%M}" if at and at.tzinfo else ""


def _known(key: str) -> str:
    """The word of a key; nothing where the catalogue has none."""
    return catalogue(desk.language()).get(key, "")
