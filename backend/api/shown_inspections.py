"""Spot checks as they are shown: draws, what was drawn in which stratum, records, and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

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


def draw(row: Any, names: Mapping[str, str], inspected: int) -> dict[str, Any]:
    """A draw, with everything by which it can be drawn again, and at how many places somebody has been."""
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
        "inspected": inspected,
        "made_by": {"id": str(row.made_by_id), "name": row.made_by},
        "made_at": moment(row.made_at, zone),
        "done_at": moment_or_none(row.done_at, zone),
        "may_inspect": may(actor(), Action.INSPECT, row.region_code),
    }


def target(
    row: Any, made: Any, names: Mapping[str, str], known: Sequence[Any], photos: Mapping[str, str], found: Sequence[Any]
) -> dict[str, Any]:
    """What was drawn, by what one knows it, and what was seen there with what was found; `made` is its draw."""
    of = Of(made.drawn_of)
    return {
        "place": row.place,
        "stratum": row.stratum,
        "stratum_name": stratum(row.stratum, of, By(made.drawn_by), names),
        "region": row.region_code,
        "region_name": names.get(row.region_code, row.region_code),
        "segment": _segment(row),
        "thing": {"id": str(row.thing_id), "path": f"{BASE}/{_PATHS[of]}/{row.thing_id}"} | _known(of, known),
        "inspection": _seen(row, photos, found) if row.inspection_id else None,
    }


def _known(of: Of, known: Sequence[Any]) -> dict[str, Any]:
    """By what one knows what was drawn."""
    zone = house().settings.zone
    if of is Of.SEGMENTS:
        return {"chiefs": [{"id": str(each.person_id), "name": each.name} for each in known]}
    (one,) = known
    if of is Of.PATROLS:
        about = {"person": {"id": str(one.person_id), "name": one.name}, "post": one.post, "outcome": one.outcome}
        return about | {"walked_at": moment(one.walked_at, zone), "withdrawn": one.withdrawn_at is not None}
    word = say(Text(f"hazard.kind.{one.kind}"), language())
    about = {"kind": one.kind, "kind_name": word, "severity": one.severity, "state": one.state}
    return about | {"closed_at": moment_or_none(one.closed_at, zone), "description": one.description}


def _seen(row: Any, photos: Mapping[str, str], found: Sequence[Any]) -> dict[str, Any]:
    """What was seen at a place that was drawn."""
    return {
        "id": str(row.inspection_id),
        "note": row.note,
        "by": row.inspector,
        "at": moment(row.at, house().settings.zone),
        "location": _location(row),
        "photos": named_photos(photos),
        "findings": _findings(row.inspection_id, found),
    }


def _segment(row: Any) -> dict[str, str]:
    return {"id": str(row.segment_id), "code": row.segment_code, "name": row.segment_name}


def _location(row: Any) -> dict[str, float] | None:
    return {"lon": row.lon, "lat": row.lat} if row.lon is not None else None


def _findings(inspection_id: UUID, found: Sequence[Any]) -> list[dict[str, str]]:
    own = [each for each in found if each.inspection_id == inspection_id]
    return [{"id": str(each.hazard_id), "kind": each.kind, "state": each.state} for each in own]


def record(row: Any, states: Mapping[str, str], found: Sequence[Any]) -> dict[str, Any]:
    """What inspectors saw, with the hazards that came from it."""
    return {
        "id": str(row.id),
        "draw": str(row.draw_id) if row.draw_id else None,
        "place": row.place,
        "segment": _segment(row),
        "region": row.region_code,
        "at": moment(row.at, house().settings.zone),
        "note": row.note,
        "by": {"id": str(row.person_id), "name": row.inspector},
        "location": _location(row),
        "photos": named_photos(states),
        "findings": _findings(row.id, found),
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
