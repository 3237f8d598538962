"""Campaigns: the list, one with its sums and its ledger by region, the lists behind the numbers, and the workbook."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.access import may_try
from backend.domain.actions import Action
from backend.domain.ledgers import Answered, Fixed
from backend.errors import NotFound, Problem
from backend.web import desk, exports
from backend.web.campaign_files import behind_of, ledger_export
from backend.web.exports import Export, Item, Value
from backend.web.forms import flaws_of, status_of

blueprint = desk.furnished(Blueprint("console_campaigns", __name__, url_prefix="/console/campaigns"))
CAMPAIGNS = "/console/campaigns"
COLUMNS = ("owed", "answered", "silent", "late", "found", "fixed", "overdue")
"""Numbers of the ledger that a page has room for; the workbook has all of them."""
_HEADINGS = (
    *("campaign.name", "flood.document", "campaign.stage", "people.region", "campaign.begins", "campaign.deadline"),
    *("campaign.made_by", "campaign.ended_at"),
)
_LISTS = {**dict.fromkeys(map(str, Answered), "segments"), **dict.fromkeys(map(str, Fixed), "hazards")}


@blueprint.get("")
@desk.sits(Action.SEE_CAMPAIGNS)
def campaigns() -> Response:
    """Campaigns that touch one's own part of the world, newest first."""
    listed = desk.ask("/campaigns", desk.query()).body
    return desk.page("campaigns.html", items=listed["items"], next=desk.next_of(listed))


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_CAMPAIGNS)
def export(form: str) -> Response:
    """The whole list as a file, a row a campaign."""
    return exports.file_of(Export("campaigns", "/campaigns", "console.nav.campaigns", _HEADINGS, _rows, {}), form)


@blueprint.get("/<uuid:campaign_id>")
@desk.sits(Action.SEE_CAMPAIGNS)
def campaign(campaign_id: UUID) -> Response:
    """One campaign; its ledger for those who may see it, one region at a time."""
    return _campaign(campaign_id)


@blueprint.get("/<uuid:campaign_id>/ledger.<form>")
@desk.sits(Action.SEE_LEDGER)
def ledger(campaign_id: UUID, form: str) -> Response:
    """The ledger as a file, a row a region and their sum."""
    return exports.file_of(ledger_export(campaign_id), form)


@blueprint.route("/<uuid:campaign_id>/<name>/export.<form>", methods=exports.METHODS)
@desk.sits(Action.SEE_LEDGER)
def behind_export(campaign_id: UUID, name: str, form: str) -> Response:
    """The list behind a number as a file."""
    if name not in _LISTS:
        raise NotFound()
    return exports.file_of(behind_of(campaign_id, name, _LISTS[name]), form)


@blueprint.get("/<uuid:campaign_id>/<name>")
@desk.sits(Action.SEE_LEDGER)
def behind(campaign_id: UUID, name: str) -> Response:
    """The list behind a number."""
    if name not in _LISTS:
        raise NotFound()
    noun = _LISTS[name]
    found = desk.ask(f"/campaigns/{campaign_id}").body
    listed = desk.ask(f"/campaigns/{campaign_id}/{noun}", {"status": name} | desk.query("region", "alone")).body
    values = {"items": listed["items"], "next": desk.next_of(listed), "name": name, "noun": noun}
    return desk.page("campaign_list.html", found=found, **values)


@blueprint.post("/<uuid:campaign_id>/end")
@desk.sits(Action.MAKE_CAMPAIGN)
@desk.proven
def end(campaign_id: UUID) -> AnyResponse:
    """End it before its deadline."""
    reason = request.form.get("reason", "").strip()
    try:
        version = request.form.get("version")
        desk.tell("POST", f"/campaigns/{campaign_id}/end", {"reason": reason}, version=version)
    except Problem as problem:
        return _campaign(campaign_id, status=status_of(problem), flaws=flaws_of(problem), reason=reason)
    return desk.kept(f"{CAMPAIGNS}/{campaign_id}", "console.did.campaign_ended")


def _rows(item: Item) -> list[list[Value]]:
    """A campaign as a row of a file."""
    ended = item["ended"]
    return [
        [
            *(item["name"], item["document"], exports.word(f"campaign.stage.{item['stage']}")),
            "、".join(each["name"] or each["code"] for each in item["places"]),
            *(exports.moment(item["begins_at"]), exports.moment(item["deadline"]), item["made_by"]["name"]),
            exports.moment(ended["at"]) if ended else None,
        ]
    ]


def _campaign(campaign_id: UUID, *, status: int = 200, **shown: Any) -> Response:
    seen = desk.ask(f"/campaigns/{campaign_id}")
    ledger = None
    if seen.body["ledger"] and may_try(desk.actor(), Action.SEE_LEDGER):
        ledger = desk.ask(f"/campaigns/{campaign_id}/ledger", desk.query("region") | {"cursor": ""}).body
    values = {"flaws": [], "reason": ""} | shown
    version, is_proven = seen.etag, desk.is_proven_now()
    page = {"found": seen.body, "ledger": ledger, "columns": COLUMNS, "version": version, "proven": is_proven}
    return desk.page("campaign.html", status=status, **page, **values)
