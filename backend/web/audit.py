"""The audit (审计): who did what, by person, act, thing and day; one act before and after; the state of the proof."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from backend.domain.actions import Action
from backend.errors import BadInput
from backend.web import audit_words, desk, exports
from backend.web.audit_people import asked_for, said_of
from backend.web.exports import Export, Item
from backend.web.forms import flaws_of, status_of

blueprint = desk.furnished(Blueprint("console_audit", __name__, url_prefix="/console/audit"))
AUDIT = "/console/audit"
_FILTERS = ("person", "act", "type", "thing", "from", "until")
_HEADINGS = ("audit.when", "audit.who", "audit.what", "audit.thing", "audit.said")


@blueprint.get("")
@desk.sits(Action.SEE_AUDIT)
def audit() -> Response:
    """What happened, the newest first; the filter stands in the address."""
    asked, flaws = asked_for(*_FILTERS)
    status = 422 if flaws else 200
    try:
        listed = desk.ask("/audit", asked | desk.query()).body
    except BadInput as problem:  # an address that somebody typed
        flaws, status = flaws + flaws_of(problem), status_of(problem)
        listed, asked = desk.ask("/audit").body, {}
    return desk.page(
        "audit.html",
        status=status,
        items=listed["items"],
        next=desk.next_of(listed),
        asked=asked,
        chain=desk.ask("/audit/chain").body,
        acts=audit_words.acts(),
        types=audit_words.types(),
        words=audit_words,
        flaws=flaws,
    )


@blueprint.get("/chain")
@desk.sits(Action.SEE_AUDIT)
def chain() -> Response:
    """Up to where the timelines are proven, when that was checked, and what it means."""
    return desk.page("audit_chain.html", found=desk.ask("/audit/chain").body)


@blueprint.get("/<any(record, fact):source>/<int:number>")
@desk.sits(Action.SEE_AUDIT)
def one(source: str, number: int) -> Response:
    """One act, with what was there before and after."""
    item = desk.ask(f"/audit/{source}/{number}").body
    is_rule = item["thing"]["type"] == "rule" and item["act"] == "change_rule"
    changes = audit_words.of_rule(item) if is_rule else []
    lines = audit_words.told(item["body"], item["before"], item["names"])
    return desk.page("audit_entry.html", item=item, changes=changes, lines=lines, words=audit_words)


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_AUDIT)
def export(form: str) -> Response:
    """The list as a file, with its filter in it."""
    asked, flaws = asked_for(*_FILTERS)
    if flaws:
        raise BadInput.at("/who", "audit.who.unclear")
    return exports.file_of(
        Export("audit", "/audit", "console.nav.audit", _HEADINGS, _rows, asked, said_of(asked)), form
    )


def _rows(item: Item) -> list[list[Any]]:
    by = item["by"]["name"] if item["by"] else exports.word("audit.by_itself")
    return [[item["at"], by, audit_words.act_of(item), audit_words.thing_of(item), audit_words.brief(item)]]
