"""The door for previews: what a warning would say, and whom it would call, before anything goes out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.flood_warnings import calling
from backend.api.schemas.previews import PreviewAnswer, PreviewSchema, draft_of
from backend.api.shown import moment
from backend.context import house, now
from backend.domain.actions import Action
from backend.errors import NotFound
from backend.services import flood_warnings
from backend.services.previews import Channelled, Preview, Previewing
from geo import geojson

door = Door("previews", "Previews of warnings (预览): the texts of each channel and who would be called.")


@door.post("/flood/warnings/preview")
@needs(Action.MAKE_WARNING)
@door.arguments(PreviewSchema)
@door.response(200, PreviewAnswer)
@fails(NotFound)
def typed(loaded: dict[str, Any]) -> Response:
    """What would come of what is typed so far; without a place only its words. Nothing is written."""
    with house().database.reading() as session:
        before = flood_warnings.seen(session, actor(), loaded["of"])[0] if "of" in loaded else None
        about = {"before": before, "kind": loaded.get("kind", ""), "is_drill": loaded["drill"]}
        found = _previewing().of_draft(session, actor(), draft_of(loaded), **about, now=now())
    return answer(_shown(found))


@door.get("/flood/warnings/<uuid:warning_id>/preview")
@needs(Action.SEE_WARNINGS)
@door.response(200, PreviewAnswer)
def written(warning_id: UUID) -> Response:
    """The same of a warning that is written, for whoever is to sign or to issue it."""
    with house().database.reading() as session:
        warning, parts = flood_warnings.seen(session, actor(), warning_id)
        found = _previewing().of_written(session, warning, parts, now=now())
    return answer(_shown(found))


def _previewing() -> Previewing:
    here = house()
    return Previewing(calling(), here.ways, here.settings.address)


def _shown(found: Preview) -> dict[str, Any]:
    return {
        "number": found.number,
        "texts": [_channel(each) for each in found.texts],
        "told": [_channel(each) for each in found.told],
        "people": found.people,
        "places": [
            {"region": each.region, "name": each.name, "people": each.people, "at": each.at} for each in found.places
        ],
        "area": geojson.write(found.area) if found.area is not None else None,
        "first": list(found.plan.first),
        "again": list(found.plan.again),
        "tries": found.plan.tries,
        "begins_at": moment(found.begins_at, house().settings.zone),
        "sign_within_s": found.sign_within.total_seconds() if found.sign_within else None,
        "round_s": found.lasts.total_seconds() if found.lasts is not None else None,
    }


def _channel(each: Channelled) -> dict[str, Any]:
    return {
        "channel": each.channel,
        "title": each.title,
        "text": each.text,
        "length": each.length,
        "most": each.most,
    }
