"""Lists that left the house (导出记录): who took which, asked for how, what for, when, and how much was in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from backend.domain.actions import Action
from backend.errors import BadInput
from backend.web import audit_words, desk, exports
from backend.web.audit_people import asked_for, said_of
from backend.web.exports import Export, Item
from backend.web.forms import flaws_of, status_of

PATH = "/console/audit/exports"
blueprint = desk.furnished(Blueprint("console_audit_exports", __name__, url_prefix=PATH))
_FILTERS = ("person", "list", "from", "until")
_HEADINGS = ("audit.exports.list", "audit.who", "audit.when", "export.filter", "export.purpose", "export.rows")


@blueprint.get("")
@desk.sits(Action.SEE_AUDIT)
def listed() -> Response:
    """The newest first; the filter stands in the address."""
    asked, flaws = asked_for(*_FILTERS)
    status = 422 if flaws else 200
    try:
        found = desk.ask("/audit/exports", asked | desk.query()).body
    except BadInput as problem:  # an address that somebody typed
        flaws, status = flaws + flaws_of(problem), status_of(problem)
        found, asked = desk.ask("/audit/exports").body, {}
    return desk.page(
        "audit_exports.html",
        status=status,
        items=found["items"],
        names=found["names"],
        next=desk.next_of(found),
        asked=asked,
        lists=audit_words.lists(),
        words=audit_words,
        flaws=flaws,
    )


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_AUDIT)
def export(form: str) -> Response:
    """The same as a file, which is a list that was taken, too."""
    asked, flaws = asked_for(*_FILTERS)
    if flaws:
        raise BadInput.at("/who", "audit.who.unclear")
    names: dict[str, str] = {}

    def items(found: Any) -> list[Item]:
        names.update(found["names"])
        return list(found["items"])

    def rows(item: Item) -> list[list[Any]]:
        by = item["by"]["name"] if item["by"] else exports.word("audit.by_itself")
        filtered = exports.word("audit.brief.join").join(
            exports.word("audit.brief", name=name, value=value) for name, value in audit_words.filter_of(item, names)
        )
        which = audit_words.list_of(item["list"])
        return [[which, by, exports.moment(item["at"]), filtered, item["purpose"] or "", item["rows"]]]

    taken = Export(
        "exports", "/audit/exports", "audit.tab.exports", _HEADINGS, rows, asked, said_of(asked), items=items
    )
    return exports.file_of(taken, form)
