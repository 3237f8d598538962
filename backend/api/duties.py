"""The door for duty: oneself, a region, and what nobody walked of a segment."""

from __future__ import annotations

from operator import index
from typing import Any
from uuid import UUID

from flask import Response

from backend.api import shown_matters, shown_warnings
from backend.api.auth import actor, needs
from backend.api.door import BASE, Door, answer, fails
from backend.api.etag import version_of
from backend.api.paging import next_path
from backend.api.rules import soon
from backend.api.schemas.duties import DutyArguments, DutyPage, MeAnswer, WalkedAnswer, WalkedArguments
from backend.api.schemas.rules import DutyChangeSchema, RuleAnswer
from backend.api.shown import moment
from backend.api.shown import person as shown_person
from backend.clock import day_of
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.domain.duty_rules import body_of
from backend.errors import BadInput, Conflict, NotFound
from backend.services import duties, matters, my_reaches, segments, versions, waiting
from backend.services.duties import Owing
from backend.services.hazards import HAZARD
from backend.services.my_reaches import Mine
from backend.store import callouts as callout_store
from backend.store import door_knocks as door_store
from backend.store import people, regions
from backend.store.duties import Place
from geo.chainage import share

MOST_CALLS = 20
door = Door("duties", "Duty (巡河任务): what is owed this period and what is done.")


@door.get("/me")
@needs(Action.SEE_SELF)
@door.response(200, MeAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def me() -> Response:
    """The person asking: posts, segments (also of those stood in for), duties of the period, and what waits."""
    zone = house().settings.zone
    today = day_of(now(), zone)
    with house().database.reading() as session:
        person = people.named(session, actor().person_id)
        mine = my_reaches.of(session, actor(), today)
        owing = duties.of_people(session, actor().whose, today, zone)
        names = regions.names(session, {seat.region for seat in actor().seats})
        found = matters.of(session, actor(), [each.row.id for each in mine], now=now(), zone=zone)
        hazards = [each for each in found if each.type == HAZARD]
        many = waiting.counted(session, actor(), hazards, now=now())
        called = callout_store.waiting_for(session, actor().whose, MOST_CALLS)
        doors = door_store.waiting_for(session, actor().whose)
    shown = shown_person(person, actor().seats, names)
    body = {
        "person": {key: shown[key] for key in ("id", "name", "phone")},
        "posts": shown["posts"],
        "segments": [_segment(each) for each in mine],
        "duties": [_shown(each) for each in owing],
        "tasks": [shown_matters.matter(each, now(), zone) for each in found],
        "tasks_path": f"{BASE}/hazards?waiting=true",
        "waiting": sum(matters.counted(found, many).values()) + len(doors),
        "callouts": [shown_warnings.callout(row, (), (), zone) for row in called],
        "doors": [shown_warnings.door(row, zone) for row in doors],
    }
    return answer(body, etag=version_of(body))


@door.get("/duties")
@needs(Action.SEE_DUTY)
@door.arguments(DutyArguments, location="query")
@door.response(200, DutyPage)
@fails(NotFound)
def of_region(asked: dict[str, Any]) -> Response:
    """Everybody's duty in a region: who is done and who is behind."""
    zone = house().settings.zone
    limit, day = asked["limit"], asked["day"] or day_of(now(), zone)
    with house().database.reading() as session:
        owing = duties.of_region(
            session,
            actor(),
            asked["region"],
            day,
            zone,
            is_behind=asked["behind"],
            after=_after(asked["cursor"]),
            limit=limit,
        )
    rank, river, person = owing[limit - 1].place if len(owing) > limit else (0, "", None)
    last = [rank, river, str(person)] if person else None
    return answer({"items": [_shown(each) for each in owing[:limit]], "next": next_path(last)})


@door.get("/rules/duty")
@needs(Action.SEE_RULES)
@door.response(200, RuleAnswer)
def rule() -> Response:
    """The rule by which duty is owed now: walks a period for each post, usually, in the window and under responses."""
    with house().database.reading() as session:
        found = duties.duty_rule_at(session, now())
    body = {"kind": duties.DUTY, "version": found.version, "body": body_of(found)}
    return answer(body, etag=f"duty-{found.version}")


@door.post("/rules/duty")
@needs(Action.CHANGE_RULES)
@door.arguments(DutyChangeSchema)
@door.response(201, RuleAnswer)
@fails(Conflict)
def change_rule(proposed: dict[str, Any]) -> Response:
    """A new version of the duty, on record: only what changes, from when, and why."""
    with house().database.transaction() as session:
        versions.require_newest(session, duties.DUTY, proposed.get("seen"))
        made = duties.change_rule(
            session,
            actor(),
            proposed["body"],
            valid_from=soon(proposed["valid_from"]),
            reason=proposed["reason"],
            now=now(),
        )
    begins = moment(proposed["valid_from"], house().settings.zone)
    body = {"kind": duties.DUTY, "version": made.version, "valid_from": begins, "body": body_of(made)}
    return answer(body | {"reason": proposed["reason"]}, 201)


@door.get("/segments/<ref>/walked")
@needs(Action.SEE_SEGMENTS)
@door.arguments(WalkedArguments, location="query")
@door.response(200, WalkedAnswer)
def walked(asked: dict[str, Any], ref: str) -> Response:
    """Which metres of a segment were walked between two moments, by everybody together."""
    with house().database.reading() as session:
        segment = segments.one(session, actor(), ref, today=today())
        found = duties.walked(session, segment.id, segment.length_m, asked["begin"], asked["end"])
    return answer(
        {
            "segment": segment.code,
            "length_m": round(found.length_m, 1),
            "walked": [[round(begin, 1), round(end, 1)] for begin, end in found.walked],
            "unwalked": [[round(begin, 1), round(end, 1)] for begin, end in found.unwalked],
            "share": round(share(found.walked, found.length_m), 4),
        }
    )


def _segment(each: Mine) -> dict[str, Any]:
    row = each.row
    return {
        "id": str(row.id),
        "code": row.code,
        "name": row.name,
        "length_m": round(row.length_m, 1),
        "river": {"code": row.river_code, "name": row.river_name},
        "level": each.level.word,
        "post": each.post.value,
        "for": {"id": str(each.absent[0]), "name": each.absent[1]} if each.absent else None,
    }


def _after(cursor: list[Any] | None) -> Place | None:
    if cursor is None:
        return None
    try:
        rank, river, person = cursor
        return index(rank), str(river), UUID(person)
    except (ValueError, TypeError, AttributeError):
        raise BadInput.at("/cursor", "flaw.cursor") from None


def _shown(each: Owing) -> dict[str, Any]:
    return {
        "person": {"id": str(each.person_id), "name": each.person},
        "river": {"code": each.river_code, "name": each.river},
        "post": each.post.value,
        "period": {"from": each.period.begin.isoformat(), "until": each.period.until.isoformat()},
        "basis": each.period.basis.value,
        "needed": each.needed,
        "done": each.done.walks,
        "doubtful": each.done.doubtful,
        "by_office": each.done.by_office,
    }
