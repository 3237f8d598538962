"""What files of a campaign hold: its ledger by region, and the segments and hazards behind its numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from backend.domain.ledgers import NUMBERS
from backend.web import desk, exports
from backend.web.exports import Export, Item, Value

_SHARES = ("share", "rate")
_NUMBERS = (*NUMBERS, *_SHARES)
_SEGMENTS = (
    *("search.reach", "segment.code", "people.region", "ledger.column.chief", "ledger.column.phone"),
    *("campaign.answer", "campaign.answered_at", "ledger.column.late"),
)
_HAZARDS = (
    *("hazards.id", "search.reach", "people.region", "hazards.kind", "hazard.severity", "people.state"),
    *("hazard.deadline", "hazards.description"),
)


def ledger_export(campaign_id: UUID) -> Export:
    """The ledger as the page shows it, with every number."""
    headings = ["people.region_code", "people.region", *(f"ledger.column.{name}" for name in _NUMBERS)]
    asked, path = desk.filters("region"), f"/campaigns/{campaign_id}/ledger"
    said = _which(campaign_id, asked)
    shares = frozenset(2 + at for at, name in enumerate(_NUMBERS) if name in _SHARES)
    ledger = Export("ledger", path, "ledger.title", headings, _ledger_rows, asked, said)
    return replace(ledger, items=_with_total, percent=shares, is_whole=True)


def _with_total(found: Any) -> list[Item]:
    return [*found["rows"], found["total"] | {"region": "", "name": exports.word("ledger.total")}]


def behind_of(campaign_id: UUID, name: str, noun: str) -> Export:
    """The list behind a number of the ledger: segments with whom to call, or hazards."""
    asked = {"status": name} | desk.filters("region", "alone")
    said = [*_which(campaign_id, asked), (exports.word("export.filter"), exports.word(f"ledger.column.{name}"))]
    has_phones = noun == "segments"
    headings, rows = (_SEGMENTS, _segment_rows) if has_phones else (_HAZARDS, _hazard_rows)
    path, title = f"/campaigns/{campaign_id}/{noun}", f"ledger.column.{name}"
    return Export(f"ledger_{noun}", path, title, headings, rows, asked, said, has_phones=has_phones)


def _which(campaign_id: UUID, asked: dict[str, Any]) -> list[tuple[str, str]]:
    """Which campaign a file is about, and which region of it."""
    said = [(exports.word("campaign.name"), desk.ask(f"/campaigns/{campaign_id}").body["name"])]
    if "region" in asked:
        said.append((exports.word("people.region"), desk.ask(f"/regions/{asked['region']}").body["name"]))
    return said


def _ledger_rows(item: Item) -> list[list[Value]]:
    return [[item["region"], item["name"], *(item[name] for name in _NUMBERS)]]


def _segment_rows(item: Item) -> list[list[Value]]:
    chief = item["chief"] or {"name": exports.word("ledger.vacant"), "phone": ""}
    if item["answered_at"]:
        said = exports.word("campaign.found" if item["found"] else "ledger.column.none_found")
    else:
        said = exports.word("ledger.column.excused" if item["excused"] else "ledger.column.silent")
    return [
        [
            *(item["segment"]["name"], item["segment"]["code"], item["region_name"] or item["region"]),
            *(chief["name"], chief["phone"], said, exports.moment(item["answered_at"])),
            exports.yes(item["late"]),
        ]
    ]


def _hazard_rows(item: Item) -> list[list[Value]]:
    return [
        [
            *(item["id"], item["segment"]["name"], item["region_name"] or item["region"]),
            *(exports.word(f"hazard.kind.{item['kind']}"), exports.word(f"hazard.severity.{item['severity']}")),
            *(exports.word(f"hazard.state.{item['state']}"), exports.moment(item["due_at"]), item["description"]),
        ]
    ]
