"""The door for the outlook: the countdown of the key window, the gravest signal and our own warnings, for the bar
of every page.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.schemas.fields import Between, RegionCode, about
from backend.api.seasons import own_region
from backend.api.shown import moment
from backend.clock import day_of
from backend.context import house, now
from backend.domain.access import scope_of
from backend.domain.actions import Action
from backend.domain.seasons import Phase
from backend.services import outlook
from backend.services.outlook import Held, Warned

door = Door(
    "outlook",
    "The outlook (汛情): the countdown of the key window (七下八上), the gravest signal and our own warnings in force.",
)

MOST_WARNINGS = 20


class OutlookArguments(Schema):
    """Where: all of one's own regions when nothing is said."""

    region = RegionCode()
    within_s = fields.Integer(
        validate=Between(1, outlook.OLDEST_S),
        metadata=about("An answer as old as that will do; so pages that look often need not ask the database."),
    )


class HeldAnswer(Schema):
    """A signal in force."""

    colour = fields.String(metadata=about("blue, yellow, orange or red."))
    event = fields.String()
    until = fields.String()


class WarnedAnswer(Schema):
    """A warning of our own in force."""

    id = fields.String()
    number = fields.String()
    level = fields.String(metadata=about("blue, yellow, orange or red."))
    headline = fields.String()
    drill = fields.Boolean()
    until = fields.String(allow_none=True, metadata=about("null: until it is lifted."))


class OutlookAnswer(Schema):
    """What is told on every page; it may be half a minute old."""

    phase = fields.String(metadata=about(f"Where today stands: {', '.join(Phase)}."))
    turn = fields.String(metadata=about("What begins next, be it next year."))
    days_to_go = fields.Integer()
    signal = fields.Nested(HeldAnswer, allow_none=True, metadata=about("The gravest one over, around or inside it."))
    warnings = fields.List(
        fields.Nested(WarnedAnswer),
        metadata=about(
            "Our own warnings in force there, as far as the reader sees warnings: those that are meant before drills, "
            f"the gravest first; at most {MOST_WARNINGS}."
        ),
    )
    at = fields.String(metadata=about("When it was looked at."))
    others = fields.Integer(metadata=about("How many further signals are in force there."))


@door.get("/flood/outlook")
@needs(Action.SEE_FLOOD)
@door.arguments(OutlookArguments, location="query")
@door.response(200, OutlookAnswer)
def of_regions(asked: dict[str, Any]) -> Response:
    """How far it is to the next turn of the flood year, the gravest signal, and our own warnings."""
    here = house()
    zone = here.settings.zone
    regions = [asked["region"]] if "region" in asked else [own_region(), *(seat.region for seat in actor().seats)]
    sky = here.lookout.fresh(now(), timedelta(seconds=asked.get("within_s", outlook.FRESH_S)))
    if sky is None:
        with here.database.reading() as session:
            sky = here.lookout.sky = outlook.look(session, now=now(), zone=zone)
    found = outlook.over(sky, regions, day_of(now(), zone), now())
    warned = outlook.warned_over(sky, regions, scope_of(actor(), Action.SEE_WARNINGS).regions, now())
    signal = found.signal
    return answer(
        {
            "phase": found.phase.value,
            "turn": found.turn.value,
            "days_to_go": found.days_to_go,
            "signal": _shown(signal) if signal else None,
            "others": found.others,
            "warnings": [_warned(each) for each in warned[:MOST_WARNINGS]],
            "at": moment(sky.at, zone),
        }
    )


def _shown(signal: Held) -> dict[str, Any]:
    until = moment(signal.until, house().settings.zone)
    return {"colour": signal.colour.value, "event": signal.event, "until": until}


def _warned(warning: Warned) -> dict[str, Any]:
    until = moment(warning.until, house().settings.zone) if warning.until else None
    said = {"id": str(warning.id), "number": warning.number, "level": warning.level.value, "headline": warning.headline}
    return said | {"drill": warning.is_drill, "until": until}
