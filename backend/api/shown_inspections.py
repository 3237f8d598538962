"""Spot checks as they are shown: draws, what was drawn in which stratum, records, and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backend.api.auth import actor
from backend.api.door import BASE
from backend.api.shown import moment, moment_or_none, named_photos
from backend.context import house, language
from backend.domain.access import may
from backend.domain.actions import Action
from backend.domain.inspections import By, Of
from backend.domain.terms import Level
from backend.services.inspecting import Found
from backend.words import Text, say

_PATHS = {Of.SEGMENTS: "segments", Of.PATROLS: "patrols", Of.HAZARDS: "hazards"}
_RANKS = {Of.PATROLS: "post", Of.HAZARDS: "hazard.severity"}
_CLASSES = {Of.PATROLS: "patrol.outcome", Of.HAZARDS: "hazard.kind"}


def places_of(rows: Iterable[Any]) -> set[str]:
    """The regions that are named where these targets are shown."""
    return {place for row in rows for place in (row.region_code, row.stratum.partition("/")[0]) if place.isdigit()}


def stratum(said: str, of: Of, by: By, names: Mapping[str, str]) -> str:
    """A stratum in words: a place with the level, post or severity there, or a class."""
    place, _, rank = said.rpartition("/")
    keys = _RANKS if by is By.REGION else _CLASSES
    key = f"inspect.level.{Level(int(rank)).word}" if of is Of.SEGMENTS else f"{keys[of]}.{rank}"
    word = say(Text(key), language())
    return f"{names.get(place, place)} · {word}" if place else word


def draw(row: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """A draw, with everything by which it can be drawn again."""
    zone = house().settings.zone
    return {
        "id": str(row.id),
        "region": row.region_code,
        "region_name": names.get(row.region_code, row.region_code),
        "of": row.drawn_of,
        "by": row.drawn_by,
        "each": row.each,
        "from": row.from_day.isoformat(),
        "to": row.to_day.isoformat(),
        "seed": row.seed,
        "rule": row.rule,
        "frame": row.frame,
        "frame_sha256": row.frame_sha256.hex(),
        "strata": row.strata,
        "drawn": sum(each["drawn"] for each in row.strata.values()),
        "made_by": {"id": str(row.made_by_id), "name": row.made_by},
        "made_at": moment(row.made_at, zone),
        "done_at": moment_or_none(row.done_at, zone),
        "may_inspect": may(actor(), Action.INSPECT, row.region_code),
    }


def target(row: Any, made: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """What was drawn, and what was seen there; `made` is its draw."""
    of = Of(made.drawn_of)
    seen = {"id": str(row.inspection_id), "note": row.note, "by": row.inspector}
    return {
        "place": row.place,
        "stratum": row.stratum,
        "stratum_name": stratum(row.stratum, of, By(made.drawn_by), names),
        "region": row.region_code,
        "region_name": names.get(row.region_code, row.region_code),
        "segment": {"id": str(row.segment_id), "code": row.segment_code, "name": row.segment_name},
        "thing": {"id": str(row.thing_id), "path": f"{BASE}/{_PATHS[of]}/{row.thing_id}"},
        "inspection": seen | {"at": moment(row.at, house().settings.zone)} if row.inspection_id else None,
    }


def record(row: Any, states: Mapping[str, str], found: Sequence[Any]) -> dict[str, Any]:
    """What inspectors saw, with the hazards that came from it."""
    own = [each for each in found if each.inspection_id == row.id]
    return {
        "id": str(row.id),
        "draw": str(row.draw_id) if row.draw_id else None,
        "place": row.place,
        "segment": {"id": str(row.segment_id), "code": row.segment_code, "name": row.segment_name},
        "region": row.region_code,
        "at": moment(row.at, house().settings.zone),
        "note": row.note,
        "by": {"id": str(row.person_id), "name": row.inspector},
        "location": {"lon": row.lon, "lat": row.lat} if row.lon is not None else None,
        "photos": named_photos(states),
        "findings": [{"id": str(each.hazard_id), "kind": each.kind, "state": each.state} for each in own],
    }


def finding(each: Found, names: Mapping[str, str]) -> dict[str, Any]:
    """A hazard that inspectors found, and the chief's report that had told it."""
    row, before, zone = each.row, each.before, house().settings.zone
    told = {"id": str(before.id), "by": before.reporter, "at": moment(before.at, zone)} if before else None
    return {
        "id": str(row.id),
        "kind": row.kind,
        "severity": row.severity,
        "state": row.state,
        "description": row.description,
        "region": row.region_code,
        "region_name": names.get(row.region_code, row.region_code),
        "segment": row.segment_name,
        "at": moment(row.at, zone),
        "source": "inspection",
        "inspection": str(row.inspection_id),
        "hazard": f"{BASE}/hazards/{row.id}",
        "chief_report": told,
    }
