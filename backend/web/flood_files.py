"""What files about the water hold: emergency responses, signals of the weather office, and shifts of duty."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter

from backend.domain.actions import Action
from backend.web import exports, places
from backend.web.exports import Export, Item, Value

_RESPONSES = (
    *("flood.response", "people.region", "flood.rivers", "people.reason", "flood.document", "flood.safe"),
    *("flood.begun", "flood.declared_by", "flood.ended_at"),
)
_SIGNALS = (
    *("flood.colour", "flood.event", "flood.headline", "flood.sender", "flood.sent", "flood.signal.until"),
    *("flood.ended_at", "flood.exercise", "people.region"),
)
_SHIFTS = ("people.name", "people.region", "flood.duty.from", "flood.duty.until")


def responses(region: str) -> Export:
    """Every act over a region, those that are over, too."""
    asked = {"region": region}
    return Export("responses", "/flood/responses", "flood.responses.all", _RESPONSES, _response, asked, said(region))


def signals(region: str) -> Export:
    """Every message that touched a region."""
    asked = {"region": region}
    return Export("signals", "/flood/signals", "flood.signals.all", _SIGNALS, _signal, asked, said(region))


def shifts(region: str, first: str, last: str) -> Export:
    """Shifts of duty that touch some days."""
    asked = {"region": region, "day": first, "last_day": last}
    about = [*said(region), (exports.word("flood.duty.first"), first), (exports.word("flood.duty.last"), last)]
    roster = Export("roster", "/flood/roster", "flood.duty", _SHIFTS, _shift, asked, about)
    return replace(roster, items=itemgetter("shifts"), is_whole=True)


def said(region: str) -> list[tuple[str, str]]:
    """Of which region a file is."""
    return [(exports.word("people.region"), places.around(region, Action.SEE_FLOOD).name)]


def _response(item: Item) -> list[list[Value]]:
    return [
        [
            exports.word(f"response.level.{item['level']}"),
            "、".join(place["name"] or place["code"] for place in item["places"]),
            *("、".join(item["rivers"] or []), item["reason"], item["document"]),
            exports.yes(item["is_safe_to_patrol"]),
            *(exports.moment(item["begun_at"]), item["made_by"]["name"], exports.moment(item["ended_at"])),
        ]
    ]


def _signal(item: Item) -> list[list[Value]]:
    return [
        [
            exports.word(f"outlook.signal.{item['colour']}") if item["colour"] else "",
            *(item["event"], item["headline"], item["sender_name"] or item["sender"], exports.moment(item["sent"])),
            *(exports.moment(item["until"]), exports.moment(item["ended_at"])),
            exports.yes(item["is_exercise"]),
            "、".join(place["name"] or place["code"] for place in item["regions"]),
        ]
    ]


def _shift(item: Item) -> list[list[Value]]:
    name, where = item["person"]["name"], item["region_name"]
    return [[name, where, exports.moment(item["from"]), exports.moment(item["until"])]]
