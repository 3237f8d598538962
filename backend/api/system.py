"""The door for the house itself: whether it is well, what waits, and which version of it runs."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from backend import schema
from backend.api.auth import needs
from backend.api.door import Door, answer
from backend.api.schemas.fields import about
from backend.api.shown import moment
from backend.context import house, now
from backend.domain.actions import Action
from backend.durability import frailties
from backend.services import watching
from backend.services.watching import SILENT_S, Standing

door = Door("system", "The house itself (系统): its signs of life, its queues and its version.")
NAME = "hezhang"


class SystemAnswer(Schema):
    """How the house does at this moment."""

    version = fields.String()
    stage = fields.String()
    database = fields.Dict(metadata=about("`kind`, `revision` of the schema, whether it is `current`, and `frail`."))
    engine = fields.Dict(metadata=about("Whether it `runs`; seconds since the last sweep and of the longest wait."))
    parts = fields.List(fields.Dict(), metadata=about("Parts of the house, each with its last sign of life."))
    jobs = fields.List(fields.Dict(), metadata=about("Jobs of the clockwork, each with its last turn."))
    queues = fields.List(fields.Dict(), metadata=about("By lane how many letters wait, and for how long the oldest."))
    dead_letters = fields.Integer(metadata=about("Letters that no channel took."))
    channels = fields.List(fields.Dict(), metadata=about("Channels, and whether they rest after failures."))


@door.get("/system")
@needs(Action.SEE_ALARMS)
@door.response(200, SystemAnswer)
def standing() -> Response:
    """What somebody who keeps the house looks at first."""
    here = house()
    speed = here.settings.drill.speed if here.settings.drill else 1.0
    with here.database.reading() as session:
        found, revision = watching.standing(session, now=now(), speed=speed), schema.revision(session)
    frail = frailties(here.database) if here.settings.stage == "production" else []
    database = {"kind": here.database.dialect, "revision": revision, "current": revision == schema.head()}
    said = {"version": version(NAME), "stage": here.settings.stage, "database": database | {"frail": frail}}
    return answer(said | _shown(found))


def _shown(found: Standing) -> dict[str, Any]:
    engine, zone = found.engine, house().settings.zone
    sweep_s = round(engine.sweep_s, 1) if engine.sweep_s is not None else None
    return {
        "engine": {"runs": engine.runs, "sweep_s": sweep_s, "waits_s": round(engine.waits_s, 1)},
        "parts": [
            {"name": part, "seconds": round(age, 1), "silent": age > SILENT_S} for part, age in found.parts.items()
        ],
        "jobs": [{"name": job, "last_at": moment(slot, zone)} for job, slot in found.jobs.items()],
        "queues": [
            {"lane": lane.value, "waiting": waiting, "oldest_s": round(oldest, 1)}
            for lane, (waiting, oldest) in found.queues.items()
        ],
        "dead_letters": found.dead,
        "channels": [{"name": name, "resting": is_resting} for name, is_resting in sorted(found.channels.items())],
    }
