"""Warnings (预警): written, signed by a second person, issued, and then updated, corrected or lifted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session, lock
from backend.domain.access import Actor, may, scope_of
from backend.domain.actions import Action
from backend.domain.flood_warnings import (
    MOVES,
    WARNING,
    Act,
    How,
    Level,
    Standing,
    State,
    WarningDraft,
    check_draft,
    check_signer,
    check_time,
    goes_out,
    moved,
    number,
    sign_by,
)
from backend.domain.regions import overlap, widest
from backend.errors import Flaw, Forbidden, NotFound
from backend.services import reaches, replays
from backend.services.policies import CALLOUTS
from backend.store import changes, drills, flood_warnings, regions
from backend.words import Text

CORRECT = "correct"
"""What `because` calls a revision that puts a mistake right."""


def make(session: Session, actor: Actor, draft: WarningDraft, *, now: datetime, zone: ZoneInfo) -> tuple[UUID, bool]:
    """Write a draft once; whether it is new. NotFound for a place that is not the actor's to warn, BadInput for one
    about nothing, Conflict for an id that stands for another.
    """
    known = flood_warnings.existing(session, draft.id)
    if known is not None:
        replays.same(known, actor.person_id, draft.body_sha256)
        return draft.id, False
    check_draft(draft, now)
    touched, ids = places(session, actor, draft)
    check_list(session, actor, draft)

    values = {
        "id": draft.id,
        "root_id": draft.id,
        "revision": 1,
        "body_sha256": draft.body_sha256,
        "number": next_number(session, is_drill=draft.is_drill, now=now, zone=zone),
        "level": draft.level.value,
        "headline": draft.headline,
        "instruction": draft.instruction,
        "contact": draft.contact,
        "regions": list(widest(draft.regions)),
        "segments": [str(each) for each in ids],
        "focus": list(draft.focus),
        "posts": [post.value for post in draft.called],
        "drill_list_id": draft.drill_list,
        "is_drill": draft.is_drill,
        "because": {},
        "expires_at": draft.expires_at,
    }
    if not add(session, values, touched, by=actor.person_id, now=now):
        replays.same(flood_warnings.existing(session, draft.id), actor.person_id, draft.body_sha256)
        return draft.id, False
    return draft.id, True


def add(session: Session, values: Mapping[str, Any], touched: Sequence[str], *, by: UUID | None, now: datetime) -> bool:
    """Write a revision as a draft; whether it is new."""
    whole = {
        "version": 1,
        "state": State.DRAFT.value,
        "policy_version": CALLOUTS.at(session, now).version,
        "made_by_id": by,
        "made_at": now,
    } | dict(values)
    if not flood_warnings.add(session, whole, touched):
        return False
    said = {name: whole[name] for name in ("number", "revision", "level", "headline", "is_drill")}
    changes.record(session, now, by, "make", WARNING, str(whole["id"]), said)
    return True


def ask(
    session: Session,
    warning: Any,
    *,
    by: UUID | None,
    within: timedelta | None = None,
    at_once: bool = False,
    now: datetime,
) -> How | None:
    """Ask for its issue; how it goes out now, None while a second signature is waited for.

    `at_once`: a rule, a correction or an update that is no graver waits for nobody. Conflict for what is over.
    """
    moved(State(warning.state), Act.ISSUE)
    check_time(standing_of(warning), now)
    until = None if at_once else sign_by(Level(warning.level), now, within)
    asked = {"asked_at": now, "asked_by_id": by, "sign_by": until}
    if warning.asked_at is not None:
        asked = {}
    flood_warnings.change(session, warning.id, **asked)
    changes.record(session, now, by, "ask_issue", WARNING, str(warning.id), {})
    standing = standing_of(flood_warnings.existing(session, warning.id))
    how = goes_out(standing, now)
    return How.RULE if how is How.ALONE and by is None else how


def sign(session: Session, actor: Actor, warning: Any, *, now: datetime) -> How | None:
    """Put a second name under it; how it goes out now, None when its issue was not asked for yet.

    Forbidden where the actor may not, Conflict for whoever wrote it or for what cannot be signed any more.
    """
    # The second pair of eyes need not answer for every sliver of a neighbour that a signal touches.
    if not any(may(actor, Action.SIGN_WARNING, region) for region in flood_warnings.regions_of(session, warning.id)):
        raise Forbidden("region")
    after = moved(State(warning.state), Act.SIGN)
    check_signer(standing_of(warning), actor.person_id)
    check_time(standing_of(warning), now)
    flood_warnings.change(session, warning.id, state=after.value, signed_by_id=actor.person_id, signed_at=now)
    changes.record(session, now, actor.person_id, "sign", WARNING, str(warning.id), {})
    return How.SIGNED if warning.asked_at is not None else None


def issue(session: Session, warning: Any, how: How, *, now: datetime) -> tuple[Any, Any]:
    """Let it out, on record: the warning as it is now, and the revision whose place it takes, if there is one.

    That one may have run out while this one waited for its signature; what was written before this one and still waits
    is of no use any more.
    """
    after = moved(State(warning.state), Act.ISSUE)
    earlier = [row for row in flood_warnings.revisions(session, warning.root_id) if row.issued_at is not None]
    before = next((row for row in earlier if row.state == State.ISSUED), earlier[-1] if earlier else None)
    flood_warnings.change(session, warning.id, state=after.value, issued_at=now, issued_how=how.value)
    drop_waiting(session, warning.root_id, warning.revision, now=now)
    if before is not None:
        flood_warnings.reopen(session, warning.root_id)
    if before is not None and before.state == State.ISSUED:
        kind = Act.CORRECT if warning.because.get("kind") == CORRECT else Act.UPDATE
        flood_warnings.change(session, before.id, state=moved(State(before.state), kind).value, ended_at=now)
    changes.record(session, now, None, "issue", WARNING, str(warning.id), {"how": how.value})
    return flood_warnings.existing(session, warning.id), before


def drop_waiting(session: Session, root_id: UUID, below: int, *, now: datetime) -> None:
    """Revisions before one of that number that have not gone out never will."""
    for row in flood_warnings.revisions(session, root_id):
        if row.revision < below and (State(row.state), Act.DROP) in MOVES:
            after = moved(State(row.state), Act.DROP)
            flood_warnings.change(session, row.id, state=after.value, ended_at=now, sign_by=None)
            changes.record(session, now, None, "drop", WARNING, str(row.id), {})


def seen(session: Session, actor: Actor, warning_id: UUID) -> tuple[Any, tuple[str, ...]]:
    """A warning that touches the actor's part of the world, with what of its regions lies there; else NotFound."""
    warning = flood_warnings.existing(session, warning_id)
    if warning is None:
        raise NotFound()
    return warning, parts(session, actor, warning)


def held(session: Session, actor: Actor, warning_id: UUID) -> tuple[Any, tuple[str, ...]]:
    """The same, and nobody else alters it until the transaction ends."""
    flood_warnings.held(session, warning_id)
    return seen(session, actor, warning_id)


def parts(session: Session, actor: Actor, warning: Any) -> tuple[str, ...]:
    """What of its regions lies in the actor's part of the world; NotFound when nothing does."""
    mine = scope_of(actor, Action.SEE_WARNINGS).regions
    found = overlap(mine, flood_warnings.regions_of(session, warning.id))
    if not found:
        raise NotFound()
    return found


def newest(session: Session, warning: Any) -> UUID:
    """The revision that has taken its place, if one has."""
    if warning.state != State.UPDATED:
        found: UUID = warning.id
        return found
    return [row.id for row in flood_warnings.revisions(session, warning.root_id) if row.issued_at is not None][-1]


def listed(
    session: Session, actor: Actor, *, states: Sequence[str], drill: bool | None, limit: int, after: int | None
) -> list[Any]:
    """Warnings that touch the actor's part of the world, newest first; those that are meant, or drills, or both."""
    scope = scope_of(actor, Action.SEE_WARNINGS)
    return flood_warnings.listed(session, scope, states=states, drill=drill, limit=limit, after=after)


def taken_out(session: Session, actor: Actor, warning: Any, *, now: datetime) -> None:
    """Who was not reached by it has left the house in a file, on record."""
    changes.record(session, now, actor.person_id, "export_dead_numbers", WARNING, str(warning.id), {})


def standing_of(row: Any) -> Standing:
    """A row as the rules know it."""
    times = (row.signed_by_id, row.expires_at, row.sign_by, row.is_drill)
    return Standing(State(row.state), Level(row.level), row.made_by_id, *times)


def require(actor: Actor, action: Action, session: Session, warning: Any) -> None:
    """Forbidden for whoever may not do it over every region that a warning touches."""
    if not all(may(actor, action, region) for region in flood_warnings.regions_of(session, warning.id)):
        raise Forbidden("region")


def places(session: Session, actor: Actor, draft: WarningDraft) -> tuple[tuple[str, ...], list[UUID]]:
    """The regions that a draft touches and the segments it names, each the actor's to warn; else NotFound."""
    names = regions.names(session, (*draft.regions, *draft.focus))
    refs = [reaches.by_name(each) for each in draft.segments]
    found = flood_warnings.segments_named(session, refs)
    wrong = [
        Flaw(f"/{field}/{index}", Text("flaw.region_here"))
        for field, codes in (("regions", draft.regions), ("focus", draft.focus))
        for index, code in enumerate(codes)
        if code not in names or not may(actor, Action.MAKE_WARNING, code)
    ] + [
        Flaw(f"/segments/{index}", Text("flaw.segment_here"))
        for index, ref in enumerate(refs)
        if ref not in found or not may(actor, Action.MAKE_WARNING, found[ref].region_code)
    ]
    if wrong:
        raise NotFound.of(wrong)
    segments = [found[ref] for ref in refs]
    return widest([*draft.regions, *(row.region_code for row in segments)]), [row.id for row in segments]


def check_list(session: Session, actor: Actor, draft: WarningDraft) -> None:
    """NotFound for a drill with a list that is not the actor's."""
    if draft.drill_list is None:
        return
    row = drills.existing(session, draft.drill_list)
    if row is None or not may(actor, Action.MAKE_DRILL, row.region_code):
        raise NotFound.at("/drill_list", "flaw.drill_list")


def next_number(session: Session, *, is_drill: bool, now: datetime, zone: ZoneInfo) -> str:
    """The next number of the year, which nobody else is given; drills have numbers of their own."""
    lock(session, "warning_number")
    return likely_number(session, is_drill=is_drill, now=now, zone=zone)


def likely_number(session: Session, *, is_drill: bool, now: datetime, zone: ZoneInfo) -> str:
    """The same as a look ahead: whoever writes first takes it."""
    year = day_of(now, zone).year
    last = flood_warnings.newest_number(session, number(year, 0, is_drill=is_drill)[:-4])
    return number(year, int(last.rpartition("-")[2]) + 1 if last else 1, is_drill=is_drill)
