"""The door for timelines: what happened to a hazard, and its case file with the proof that nothing was altered."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, request, send_file

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, nothing
from backend.api.paging import next_path, number_in
from backend.api.schemas.timelines import TimelineArguments, TimelinePage
from backend.api.shown_timelines import fact, line
from backend.context import house, language, now, today
from backend.domain.actions import Action
from backend.formats.evidence import write
from backend.services import evidence, hazards, timeline
from backend.services.timeline import Told
from backend.words import Text, say

door = Door("timelines", "Timelines (处置记录): each fact with its link in a chain of proof, and the evidence package.")
_IN_MEMORY = 8 * 1024 * 1024


@door.get("/hazards/<uuid:hazard_id>/timeline")
@needs(Action.SEE_HAZARDS)
@door.arguments(TimelineArguments, location="query")
@door.response(200, TimelinePage)
def listed(asked: dict[str, Any], hazard_id: UUID) -> Response:
    """Everything that happened to a hazard, the first thing first."""
    limit, after = asked["limit"], number_in(asked["cursor"]) or 0
    with house().database.reading() as session:
        hazard = hazards.one(session, actor(), hazard_id, today=today())
        told = timeline.of_thing(session, hazard.id, after=after, limit=limit + 1)
    last = [told[limit - 1].number] if len(told) > limit else None
    zone = house().settings.zone
    return answer({"items": [fact(each, zone, language()) for each in told[:limit]], "next": next_path(last)})


@door.get("/hazards/<uuid:hazard_id>/evidence.zip")
@needs(Action.TAKE_EVIDENCE)
@door.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
def package(hazard_id: UUID) -> Response:
    """The case file for police or prosecutor, with a script that checks it without us; each taking is on record."""
    here = house()
    if request.method == "HEAD":  # nothing is taken, so nothing is put on record
        return nothing()
    with here.database.transaction() as session:
        hazard = hazards.held(session, actor(), hazard_id, today=today())
        readme = say("evidence.readme", language())
        taken = evidence.take(
            session, actor(), hazard, now=now(), readable=lambda told: _head(hazard) + _readable(told), readme=readme
        )
    # Outside the transaction: a dozen photos are a hundred megabytes.
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    write(file, taken, here.photos.original, made_at=now())
    file.seek(0)
    response = send_file(file, "application/zip", as_attachment=True, download_name=f"{taken.name}.zip")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _head(hazard: Any) -> str:
    """What it is and where, for whoever opens the file without us."""
    words = {
        "kind": Text(f"hazard.kind.{hazard.kind}"),
        "severity": Text(f"hazard.severity.{hazard.severity}"),
        "state": Text(f"hazard.state.{hazard.state}"),
        "segment": f"{hazard.segment_name} ({hazard.segment_code})",
        "place": f"{hazard.lon:.6f}, {hazard.lat:.6f} (WGS 84)" if hazard.lon is not None else "-",
        "region": hazard.region_code,
        "unit": hazard.unit_name or "-",
        "reporter": hazard.reporter_name,
        "id": str(hazard.id),
    }
    return say(Text("evidence.head", words), language()) + "\n"


def _readable(told: Sequence[Told]) -> str:
    return "".join(line(each, house().settings.zone, language()) for each in told)
