"""The door for the ledger of a campaign (台账), as JSON and as a workbook, and for the lists behind its numbers."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Response

from backend.api import shown_campaigns as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.paging import next_path
from backend.api.schemas.campaigns import (
    FoundListArguments,
    LedgerArguments,
    LedgerPage,
    RowPage,
    SegmentListArguments,
)
from backend.context import house, language, now, today
from backend.domain.actions import Action
from backend.domain.ledgers import Answered, Fixed, Tally
from backend.errors import BadInput
from backend.formats import books, phones
from backend.formats.books import Sheet
from backend.services import campaigns, ledgers
from backend.services.ledgers import Ledger
from backend.words import Text, say

door = Door("ledgers", "Ledgers of campaigns (专项行动台账): who has answered, what was found, what is fixed.")

COLUMNS = (
    "owed",
    "answered",
    "share",
    "in_time",
    "late",
    "on_behalf",
    "silent",
    "excused",
    "none_found",
    "with_findings",
    "found",
    "fixed",
    "rate",
    "unfixed",
    "overdue",
    "rejected",
)
_SHARES = frozenset(2 + index for index, name in enumerate(COLUMNS) if name in ("share", "rate"))
_WORKBOOK = {"type": "string", "format": "binary"}


@door.get("/campaigns/<uuid:campaign_id>/ledger")
@needs(Action.SEE_LEDGER)
@door.arguments(LedgerArguments, location="query")
@door.response(200, LedgerPage, description="As JSON, or as a workbook.")
@door.doc(responses={200: {"content": {books.MEDIA_TYPE: {"schema": _WORKBOOK}}}})
def ledger(asked: dict[str, Any], campaign_id: UUID) -> Response:
    """Rows by region below the one asked for, and their sum; as xlsx also the silent segments and whom to call."""
    region = asked.get("region")
    if asked.get("format") == "xlsx":
        return _workbook(campaign_id, region)
    with house().database.reading() as session:
        part = ledgers.part_of(session, actor(), campaign_id, region)
        found = ledgers.ledger(session, part, region, now=now())
    return answer(shown.ledger(found, campaign_id, now(), house().settings.zone))


@door.get("/campaigns/<uuid:campaign_id>/segments")
@needs(Action.SEE_LEDGER)
@door.arguments(SegmentListArguments, location="query")
@door.response(200, RowPage)
def segments(asked: dict[str, Any], campaign_id: UUID) -> Response:
    """The segments that were asked, by region."""
    limit, which = asked["limit"], Answered(asked["status"]) if "status" in asked else None
    with house().database.reading() as session:
        part = ledgers.part_of(session, actor(), campaign_id, asked.get("region"), alone=asked["alone"])
        rows = ledgers.segments(session, part, which, limit=limit, after=_after(asked["cursor"]))
    items = [shown.asked_segment(row, house().settings.zone) for row in rows[:limit]]
    last = [rows[limit - 1].region_code, str(rows[limit - 1].segment_id)] if len(rows) > limit else None
    return answer({"items": items, "next": next_path(last)})


@door.get("/campaigns/<uuid:campaign_id>/hazards")
@needs(Action.SEE_LEDGER)
@door.arguments(FoundListArguments, location="query")
@door.response(200, RowPage)
def hazards(asked: dict[str, Any], campaign_id: UUID) -> Response:
    """The hazards that standing answers name, by region."""
    limit, which = asked["limit"], Fixed(asked["status"]) if "status" in asked else None
    with house().database.reading() as session:
        part = ledgers.part_of(session, actor(), campaign_id, asked.get("region"), alone=asked["alone"])
        page = {"limit": limit, "after": _after(asked["cursor"])}
        rows = ledgers.hazards(session, part, which, now=now(), **page)
    items = [shown.found_hazard(row, now(), house().settings.zone) for row in rows[:limit]]
    last = [rows[limit - 1].region_code, str(rows[limit - 1].hazard_id)] if len(rows) > limit else None
    return answer({"items": items, "next": next_path(last)})


def _workbook(campaign_id: UUID, region: str | None) -> Response:
    with house().database.transaction() as session:
        seen = campaigns.one(session, actor(), campaign_id, today=today())
        part = ledgers.part_of(session, actor(), campaign_id, region)
        found = ledgers.ledger(session, part, region, now=now())
        silent = ledgers.silent_for_export(session, actor(), part, now=now())
    response = Response(books.workbook([_numbers(found), _silent(silent)]), mimetype=books.MEDIA_TYPE)
    filename = quote(f"{seen.campaign.name}-{now().astimezone(house().settings.zone):%Y%m%d-%H%M}.xlsx", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename=\"ledger.xlsx\"; filename*=UTF-8''{filename}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _numbers(found: Ledger) -> Sheet:
    """The ledger itself, its sum last."""

    def cells(tally: Tally) -> list[Any]:
        return [getattr(tally, name) for name in COLUMNS]

    rows = [[row.region, row.name, *cells(row.tally)] for row in found.rows]
    rows.append(["", _said("ledger.total"), *cells(found.total)])
    headings = [_said(f"ledger.column.{name}") for name in ("region", "name", *COLUMNS)]
    return Sheet(_said("ledger.title"), headings, rows, _SHARES)


def _silent(rows: list[Any]) -> Sheet:
    """Who has not answered, and whom to call."""
    vacant = _said("ledger.vacant")
    names = ("segment", "code", "region", "chief", "phone")
    return Sheet(
        _said("ledger.silent"),
        [_said(f"ledger.column.{name}") for name in names],
        (
            (
                row.segment_name,
                row.segment_code,
                row.region_code,
                row.chief_name or vacant,
                phones.masked(row.phone_head, row.phone_tail) or "",
            )
            for row in rows
        ),
    )


def _said(key: str) -> str:
    return say(Text(key), language())


def _after(cursor: list[Any] | None) -> tuple[str, UUID] | None:
    if cursor is None:
        return None
    try:
        region, key = cursor
        return str(region), UUID(key)
    except (ValueError, TypeError, AttributeError):
        raise BadInput.at("/cursor", "flaw.cursor") from None
