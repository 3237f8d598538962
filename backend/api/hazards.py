"""The door for hazards: report, list, look, act."""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import index
from typing import Any
from uuid import UUID

from flask import Response, request

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import IF_MATCH, require_version
from backend.api.paging import due_keys, due_place, late_keys, late_place, next_path, number_in
from backend.api.schemas.hazard_answers import HazardAnswer, HazardPage, PhonesAnswer
from backend.api.schemas.hazards import (
    ActSchema,
    HazardListArguments,
    HazardSchema,
    act_of,
    draft_of,
)
from backend.api.schemas.people import ReasonSchema
from backend.api.shown_hazards import HELP, Around
from backend.api.shown_hazards import hazard as shown
from backend.context import house, language, now, today
from backend.db import Session
from backend.domain.access import Scope
from backend.domain.actions import Action
from backend.domain.handling import ActDraft
from backend.domain.hazards import HazardDraft, Kind
from backend.errors import Conflict, Stale, VersionNeeded
from backend.services import handling, hazards, public_phones, public_reports, reaches, sync, timeline, waiting
from backend.services.policies import HAZARDS
from backend.store import hazards as store
from backend.store import interim

SHOWN = 100
"""Facts on the page of a hazard, the newest; all of them have a list of their own."""
door = Door("hazards", "Hazards (问题、隐患): reported by anybody with a post, mended by units, verified by others.")


@door.put("/hazards/<uuid:hazard_id>")
@needs(Action.REPORT_HAZARD)
@door.arguments(HazardSchema)
@door.response(201, HazardAnswer, description="Kept; its owner has been told.")
@door.alt_response(200, schema=HazardAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def hand_in(loaded: dict[str, Any], hazard_id: UUID) -> Response:
    """Report a hazard; the same report may be sent any number of times."""
    hazard, around, is_new = keep(draft_of(hazard_id, loaded))
    return answer(as_shown(hazard, around), 201 if is_new else 200)


def keep(draft: HazardDraft) -> tuple[Any, Around, bool]:
    """Tell in one short transaction."""
    here = house()
    with here.database.transaction() as session:
        hazard, is_new = sync.tell_hazard(session, actor(), draft, now=now(), zone=here.settings.zone, today=today())
        return hazard, around(session, hazard), is_new


@door.get("/hazards")
@needs(Action.SEE_HAZARDS)
@door.arguments(HazardListArguments, location="query")
@door.response(200, HazardPage)
def listed(asked: dict[str, Any]) -> Response:
    """Hazards of one's own part of the world: newest first, what is late before all others, or soonest due first."""
    wanted = store.Asked(
        states=asked.get("status", ()),
        kind=asked.get("kind"),
        severities=asked.get("severity", ()),
        region=asked.get("region"),
        alone=asked.get("region") if asked["alone"] else None,
        segment=reaches.by_name(asked["segment"]) if "segment" in asked else None,
        late_at=now() if asked.get("overdue") else None,
        box=asked.get("bbox"),
        words=asked.get("q"),
        source=asked.get("source"),
        is_handed=asked.get("handed", False),
        interim=asked.get("interim"),
        at=now(),
        group=asked.get("group"),
        reported=(asked.get("reported_from"), asked.get("reported_to")),
        act=asked.get("act"),
        acted=(asked.get("act_from"), asked.get("act_to")),
        waits=[where for _, where in waiting.waits_of(actor(), now=now())] if asked.get("waiting") else None,
    )
    with house().database.reading() as session:
        scope = hazards.scope(session, actor(), today())
        rows, last = _page(session, scope, wanted, asked)
        files = sync.hazard_files(session, rows)
    items = [_in_list(row, Around(files=files[row.id])) for row in rows]
    return answer({"items": items, "next": next_path(last)})


def _page(
    session: Session, scope: Scope, wanted: store.Asked, asked: dict[str, Any]
) -> tuple[list[Any], list[Any] | None]:
    """A page of the list in the order asked for, and the keys of its last row if there are more."""
    limit, order = asked["limit"], asked.get("order")
    if order == "due":
        rows = hazards.due_first(session, scope, wanted, limit=limit, after=due_place(asked["cursor"]))
        last = rows[limit - 1] if len(rows) > limit else None
        return rows[:limit], due_keys(last.due_at, last.seq) if last is not None else None
    if order is not None or not asked.get("late_first"):
        rows = store.listed(session, scope, wanted, limit=limit, after=number_in(asked["cursor"]))
        return rows[:limit], [rows[limit - 1].seq] if len(rows) > limit else None
    at, after = late_place(asked["cursor"], now(), index)
    found = hazards.late_first(session, scope, wanted, at=at, limit=limit, after=after)
    split = found[limit - 1] if len(found) > limit else None
    return [row for _, row in found[:limit]], late_keys(at, split[0], split[1].seq) if split else None


def _in_list(row: Any, beside: Around) -> dict[str, Any]:
    """With its version, by which it can be acted on from the list; one that was merged has it on its own page only."""
    shown = as_shown(row, beside)
    return shown | {"etag": None} if row.merged_into_id else shown


@door.get("/hazards/<uuid:hazard_id>")
@needs(Action.SEE_HAZARDS)
@door.response(200, HazardAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(hazard_id: UUID) -> Response:
    """One hazard, with what the reader may do with it."""
    with house().database.reading() as session:
        world = hazards.scope(session, actor(), today())
        hazard = hazards.one(session, actor(), hazard_id, today=today(), world=world)
        beside = around(session, hazard, world=world)
    return answer(as_shown(hazard, beside), etag=etag_of(hazard, beside) + _claimed(hazard))


@door.post("/hazards/<uuid:hazard_id>/phone-reveal")
@needs(Action.REVEAL_PHONE)
@door.arguments(ReasonSchema)
@door.response(200, PhonesAnswer)
def reveal(said: dict[str, Any], hazard_id: UUID) -> Response:
    """The numbers that citizens left with it, to ask them where it is, for a reason that is kept on record."""
    with house().database.transaction() as session:
        hazard = hazards.one(session, actor(), hazard_id, today=today())
        numbers = public_phones.reveal(session, actor(), hazard, house().keyring, said["reason"], now=now())
    return answer({"phones": numbers}, Cache_Control="no-store")


@door.post("/hazards/<uuid:hazard_id>/actions")
@needs(Action.SEE_HAZARDS)
@door.arguments(ActSchema)
@door.response(200, HazardAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def act(loaded: dict[str, Any], hazard_id: UUID) -> Response:
    """Take an act on it, once; needs If-Match. What cannot be done is told with what is `allowed`."""
    hazard, beside, _ = take(hazard_id, act_of(loaded), request.headers.get("If-Match"))
    return answer(as_shown(hazard, beside), etag=etag_of(hazard, beside))


def take(hazard_id: UUID, draft: ActDraft, seen: str | None) -> tuple[Any, Around, bool]:
    """Take an act in one transaction, or show how the hazard is when it was taken before; whether it is new."""
    here = house()
    with here.database.transaction() as session:
        hazard = hazards.held(session, actor(), hazard_id, today=today(), into=draft.into)
        is_new = not handling.is_replay(session, actor(), hazard_id, draft)
        if is_new:
            beside = around(session, hazard)
            require_version(_of_any_language(seen), etag_of(hazard, beside), as_shown(hazard, beside))
            sync.tell_act(session, actor(), hazard, draft, now=now(), zone=here.settings.zone, today=today())
            hazard = store.existing(session, hazard_id)
        return hazard, around(session, hazard), is_new


def _of_any_language(seen: str | None) -> str | None:
    """A version is the same in whatever language it was read, and whoever was at it."""
    return re.sub(r'-(zh-CN|en)(~\d+)?"', f'-{language()}"', seen) if seen else seen


def _claimed(hazard: Any) -> str:
    """Who is at it is looked at anew, but hinders no act."""
    is_held = hazard.claimed_until is not None and hazard.claimed_until > now()
    return f"~{int(hazard.claimed_until.timestamp())}" if is_held else ""


def around(session: Session, hazard: Any, *, facts: int = SHOWN, world: Scope | None = None) -> Around:
    """What is told beside a hazard to the reader of this request, with so many facts of its timeline at most."""
    world, measures = world or hazards.scope(session, actor(), today()), interim.of_hazard(session, hazard.id)
    told = timeline.of_thing(session, hazard.id, after=hazard.facts - facts) if facts else []
    return Around(
        files=sync.hazard_files(session, [hazard])[hazard.id],
        similar=hazards.similar(session, world, hazard, now=now()),
        interim=measures,
        help=_helped(session, hazard, told) if hazard.helps else {},
        into=store.existing(session, hazard.merged_into_id) if hazard.merged_into_id else None,
        rule=HAZARDS.of_version(session, hazard.asked_version).kinds[Kind(hazard.kind)],
        timeline=told,
        lacking=handling.lacking(hazard, now=now()),
        allowed=handling.may_do(actor(), hazard, measures),
        public=public_reports.of_hazard(session, hazard.id),
    )


def _helped(session: Session, hazard: Any, told: list[timeline.Told]) -> Mapping[str, timeline.Told]:
    """With what words help was asked for and given last; mostly they are among what is told anyway."""
    known = {each.act: each for each in told if each.act in HELP}
    return known if HELP[0] in known else timeline.last_words(session, hazard.id, HELP)


def as_shown(hazard: Any, beside: Around) -> dict[str, Any]:
    """A hazard for the reader of this request, with the version by which it can be acted on later, without signal."""
    etag = f'"{etag_of(hazard, beside)}"'
    return shown(hazard, beside, now(), house().settings.zone, language()) | {"etag": etag}


def etag_of(hazard: Any, beside: Around) -> str:
    """Changes with the hazard, with the arrival of a photo or recording, and with the reader's language."""
    stored = sum(state == "stored" for states in beside.files.values() for state in states.values())
    merged = f"-{beside.into.version}" if beside.into else ""
    return f"{hazard.seq}-{hazard.version}{merged}-{stored}-{language()}"
