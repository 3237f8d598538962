"""Handling a hazard: an act is taken once, by those who may, and moves state, deadline and ladder together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.access import Actor
from backend.domain.consequences import Taken, changes
from backend.domain.deadlines import deadline, phase_of, recomputed
from backend.domain.handling import ActDraft, Standing, allowed, check_needs, helper_for, lacks, moved
from backend.domain.hazards import Act, Kind, Picture, Severity, State, Watch
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level, Post
from backend.domain.workdays import Due
from backend.errors import BadInput, Conflict, NotFound
from backend.services import due_dates, replays, timeline
from backend.services.policies import HAZARDS
from backend.store import hazards, interim, people, units
from backend.words import Text

_ANEW = frozenset({Act.RETURN, Act.REOPEN, Act.UNMERGE})
"""Acts after which time begins anew, though the phase may be the same."""
AHEAD = timedelta(days=1)
"""So far a phone's clock may be ahead; further, it tells no time at all (as for walks)."""
LONGEST = timedelta(days=366)
"""More time than that is no extension (our judgement)."""
_NAMED = ("unit", "person", "severity", "watch", "post", "until", "into", "watcher", "measure", "every_h")
"""What an act may name, as it stands in its fact."""


def is_replay(session: Session, actor: Actor, hazard_id: UUID, draft: ActDraft) -> bool:
    """Whether this very act was taken before; Conflict when its id stands for another."""
    known = hazards.act_of(session, draft.id)
    if known is None:
        return False
    replays.same(known, actor.person_id, draft.body_sha256, owner="person_id", hazard_id=hazard_id)
    return True


def take(
    session: Session, actor: Actor, hazard: Any, draft: ActDraft, *, now: datetime, zone: ZoneInfo, today: date
) -> None:
    """Take an act on a hazard that is held by this transaction.

    BadInput for what the act lacks or names wrongly, Forbidden and Conflict with what is `allowed`.
    """
    check_needs(draft)
    standing = standing_of(hazard, interim.watched(session, hazard.id))
    # A photo from the future proves nothing: its phone's clock is wrong, or somebody's intent.
    timely = tuple(each for each in standing.done_photos if each.at is not None and each.at <= now + AHEAD)
    state = moved(replace(standing, done_photos=timely), draft, actor)
    _check_named(session, hazard, draft, now=now, today=today)

    columns = changes(_taken(actor, hazard, standing, draft, now), state)
    columns |= _due(session, hazard, draft, state, columns, now=now, zone=zone)
    happened = timeline.prepare([_fact(actor, hazard, draft, state, columns)], now=now)
    timeline.write(session, happened)
    hazards.change(session, hazard.seq, **columns, **timeline.columns(happened.heads[0]))
    _interim(session, actor, hazard, draft, state, now=now)
    act = {"id": draft.id, "hazard_id": hazard.id, "person_id": actor.person_id, "act": draft.act.value, "at": now}
    hazards.add_act(session, act | {"body_sha256": draft.body_sha256})


def _taken(actor: Actor, hazard: Any, standing: Standing, draft: ActDraft, now: datetime) -> Taken:
    """The act with all that its consequences follow from."""
    return Taken(
        standing,
        draft,
        actor.person_id,
        now,
        hazard.returns,
        hazard.rebounds,
        hazard.helps,
        helper=helper_for(actor, hazard.region_code),
        is_flood_pressed=hazard.is_pressing and Kind(hazard.kind).is_flood,
    )


def _fact(actor: Actor, hazard: Any, draft: ActDraft, state: State, columns: dict[str, Any]) -> timeline.Happened:
    """The act as a fact: what was said with it, and what it changed."""
    named = {name: getattr(draft, name) for name in _NAMED}
    moved_to = {"state": [hazard.state, state.value]} if state != hazard.state else {}
    photos = {"photos": [photo.written() for photo in draft.photos]} if draft.photos else {}
    due = {"due_at": columns.get("due_at")}
    said = {"id": draft.id, "body_sha256": draft.body_sha256.hex()} | named | moved_to | photos | due
    return timeline.Happened(
        "hazard",
        hazard.id,
        timeline.head_of(hazard),
        draft.act.value,
        timeline.whole(said),
        by=actor.person_id,
        personal={"note": draft.note} if draft.note else {},
    )


def may_do(actor: Actor, hazard: Any, measures: Sequence[Any]) -> list[Act]:
    """What the actor may do with it now; `measures` are those that it has, and has had."""
    watched = {each.id: each.watcher_id for each in measures if each.next_check_at is not None}
    return allowed(standing_of(hazard, watched), actor)


def lacking(hazard: Any, *, now: datetime) -> list[list[Text]]:
    """Of each photo of the mended place, why it proves nothing about this hazard; nothing where it does."""
    standing = standing_of(hazard)
    ahead = [Text("photo.ahead")]
    return [
        ahead if photo.at is not None and photo.at > now + AHEAD else lacks(standing, photo)
        for photo in standing.done_photos
    ]


def standing_of(hazard: Any, measures: Mapping[UUID, UUID] | None = None) -> Standing:
    """A row as the rules see it."""
    return Standing(
        id=hazard.id,
        state=State(hazard.state),
        reporter=hazard.reporter_id,
        region=hazard.region_code,
        place=(hazard.lon, hazard.lat) if hazard.lon is not None else None,
        unit=hazard.unit_code,
        assignee=hazard.assignee_id,
        handed_to=Post(hazard.handed_to) if hazard.handed_to else None,
        handed_region=hazard.handed_region,
        assigned_at=hazard.assigned_at,
        done_by=hazard.done_by_id,
        done_photos=tuple(map(Picture.read, hazard.done)),
        extension_until=hazard.extension_until,
        extension_by=hazard.extension_by_id,
        interim=measures or {},
        helper=Level(hazard.helped_by_level) if hazard.helped_by_level and not hazard.help_answered_at else None,
    )


def _due(
    session: Session,
    hazard: Any,
    draft: ActDraft,
    state: State,
    columns: dict[str, Any],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> dict[str, Any]:
    """The deadline after an act: of a phase that begins, moved by an extension or a listing, or as it was."""
    kind, before = Kind(hazard.kind), Severity(hazard.severity)
    severity = Severity(columns.get("severity", hazard.severity))
    watch = Watch(columns.get("watch", hazard.watch))
    place = hazard.region_code, hazard.river_code
    is_new = phase_of(state, severity) != phase_of(State(hazard.state), before) or draft.act in _ANEW
    if is_new:
        dated = due_dates.of_state(
            session, state, kind, severity, watch, place, begun_at=now, zone=zone, before=hazard.deadlines
        )
        return dated.columns()
    if hazard.due_at is None:
        return {}
    old = Due(hazard.due_at, hazard.is_provisional)
    if draft.act is Act.GRANT_EXTENSION:
        return _moved(session, hazard, severity, Due(hazard.extension_until)) | {"is_extended": True}
    phase = phase_of(state, severity)
    if (severity, watch) == (before, Watch(hazard.watch)) or phase is None:
        return {}
    # What a response has pressed since the phase began stays pressed, or a listing would be a way out.
    under = replace(due_dates.setting(session, hazard.phase_begun_at, zone, place), is_pressing=hazard.is_pressing)
    fresh = deadline(phase, kind, severity, watch, hazard.phase_begun_at, under)
    return _moved(session, hazard, severity, recomputed(old, fresh, severity, now))


def _moved(session: Session, hazard: Any, severity: Severity, due: Due) -> dict[str, Any]:
    """The same phase under another deadline: steps that were taken stay taken."""
    phase = phase_of(State(hazard.state), severity)
    assert phase is not None
    policy = HAZARDS.of_version(session, hazard.policy_version)
    return {
        "due_at": due.at,
        "is_provisional": due.is_provisional,
        "deadlines": hazard.deadlines | {phase.value: due.at.isoformat()},
        "next_step_at": due_dates.next_step(policy, severity, hazard.rung, hazard.phase_begun_at, due.at),
    }


def _check_named(session: Session, hazard: Any, draft: ActDraft, *, now: datetime, today: date) -> None:
    """What an act names must be there: a unit and a person to mend it, a watcher, a measure, another hazard."""
    if draft.unit is not None:
        unit = units.one(session, draft.unit)
        if unit is None or not hazard.region_code.startswith(unit.region_code):
            raise NotFound.at("/unit", "flaw.unit")
    for name, person in (("person", draft.person), ("watcher", draft.watcher)):
        if person is not None and not _is_in_office(session, person, today):
            raise NotFound.at(f"/{name}", "flaw.person")
    if draft.measure is not None and draft.measure not in interim.watched(session, hazard.id):
        raise NotFound.at("/measure", "flaw.measure")
    _check_until(draft, hazard, now)
    if draft.into is not None:
        _check_merge(session, hazard, draft.into)


def _check_until(draft: ActDraft, hazard: Any, now: datetime) -> None:
    if draft.until is not None and draft.until <= max(now, hazard.due_at or now):
        raise BadInput.at("/until", "flaw.no_more_time")
    if draft.until is not None and draft.until > now + LONGEST:
        raise BadInput.at("/until", "flaw.too_much_time", days=LONGEST.days)


def _check_merge(session: Session, hazard: Any, into: UUID) -> None:
    """Another one of the same county that is not merged or rejected itself."""
    other = hazards.existing(session, into)
    county = hazard.region_code[: LENGTHS[Level.COUNTY]]
    if other is None or other.id == hazard.id or not other.region_code.startswith(county):
        raise NotFound.at("/into", "flaw.hazard")
    if other.state in (State.MERGED, State.REJECTED, State.CLOSED):
        raise Conflict("merge_into")


def _is_in_office(session: Session, person_id: UUID, today: date) -> bool:
    account = people.account_on(session, person_id, today)
    return account is not None and account.is_active and bool(account.seats)


def _interim(session: Session, actor: Actor, hazard: Any, draft: ActDraft, state: State, *, now: datetime) -> None:
    """Measures are watched until the hazard is closed, merged or rejected."""
    if draft.act is Act.ADD_INTERIM:
        assert draft.watcher is not None
        assert draft.every_h is not None
        measure = interim.Measure(draft.id, hazard.id, draft.note, draft.watcher, draft.every_h)
        interim.add(session, measure, by=actor.person_id, now=now)
    elif draft.act is Act.CHECK_INTERIM and draft.measure is not None:
        interim.checked(session, draft.measure, now=now)
    elif state in (State.CLOSED, State.MERGED, State.REJECTED):
        interim.end(session, hazard.id)
