"""Walks that bear on each other: too soon after one another, or one a copy of the other.

Decided under a lock and by when they were walked, so that the outcome is the same for any order of arrival.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.db import Session, lock
from backend.domain.patrols import too_soon
from backend.domain.reasons import Because, Reason
from backend.domain.rules import PatrolRule
from backend.domain.terms import Outcome
from backend.domain.verdicts import Stored, altered, has, outcome_of
from backend.store import changes, patrols
from backend.store import siblings as store
from geo.datum import Crs, to_wgs84
from geo.likeness import near_sketches, same_walk
from geo.track import Fixes, unpack

_WINDOW = timedelta(hours=48)
"""How far a chain of walks, each too soon after the one before, is followed (our judgement)."""
_COMPARED = 300
"""The latest walks of a segment that a new one is compared with (our judgement: a year of weekly patrols)."""


@dataclass(frozen=True, slots=True, eq=False)
class Newcomer:
    """A walk about to be kept, or kept already and judged again; `fixes` in WGS 84."""

    id: UUID
    person_id: UUID
    duty_of_id: UUID | None
    segment_id: UUID
    river_code: str
    walked_at: datetime
    fixes: Fixes
    sketch: bytes | None


def hold(session: Session, person_id: UUID, segment_id: UUID) -> None:
    """Let nobody else decide about this walker or this segment until the transaction ends."""
    lock(session, f"walker:{person_id}", f"segment:{segment_id}")


def settle(session: Session, me: Newcomer, mine: Stored, rule: PatrolRule, *, now: datetime) -> tuple[Stored, Outcome]:
    """My verdict beside its siblings; those that I change are altered and their walkers told."""
    mine = _copies(session, me, mine, now)
    mine = _too_soon(session, me, mine, rule, now)
    return mine, outcome_of(mine)


def left(session: Session, patrol: Any, rule: PatrolRule, *, now: datetime) -> None:
    """Judge the siblings of a walk that was withdrawn: one that came too soon after it may count now."""
    around = store.around(session, patrol.person_id, patrol.duty_of_id, patrol.river_code, patrol.walked_at, _WINDOW)
    kept = {row.id: row for row in around if row.id != patrol.id}
    _decide(session, kept, {}, rule, now, patrol.person_id)


def _too_soon(session: Session, me: Newcomer, mine: Stored, rule: PatrolRule, now: datetime) -> Stored:
    around = store.around(session, me.person_id, me.duty_of_id, me.river_code, me.walked_at, _WINDOW)
    others = {row.id: row for row in around if row.id != me.id}
    counting = {me.id: me.walked_at} if outcome_of(mine, without=[Reason.TOO_SOON]).counts else {}
    late = _decide(session, others, counting, rule, now, me.person_id)
    return altered(mine, Reason.TOO_SOON, _because(rule) if me.id in late else None)


def _decide(
    session: Session,
    others: dict[UUID, Any],
    mine: dict[UUID, datetime],
    rule: PatrolRule,
    now: datetime,
    who: UUID,
) -> set[UUID]:
    counting = {row.id: row.walked_at for row in others.values() if _could_count(row)}
    late = too_soon((counting | mine).items(), timedelta(hours=rule.apart_h))
    for patrol_id in counting:
        row = others[patrol_id]
        if has(row.verdict, Reason.TOO_SOON) != (patrol_id in late):
            kept = altered(row.verdict, Reason.TOO_SOON, _because(rule) if patrol_id in late else None)
            _alter(session, row, kept, who, now)
    return late


def _could_count(row: Any) -> bool:
    """Whether a walk fulfils a duty but for coming too soon; a review has the last word."""
    if row.review_outcome is not None:
        return Outcome(row.review_outcome).counts
    return outcome_of(row.verdict, without=[Reason.TOO_SOON]).counts


def _copies(session: Session, me: Newcomer, mine: Stored, now: datetime) -> Stored:
    """Of two walks with the same track the later one is the copy."""
    if me.sketch is None:
        return mine
    others = [row for row in store.sketches(session, me.segment_id, most=_COMPARED) if row.id != me.id]
    original: Any = None
    for index in near_sketches(me.sketch, [row.sketch for row in others]):
        other = others[index]
        theirs = store.track_of(session, other.seq)
        if not same_walk(me.fixes, _in_wgs84(theirs)).same:
            continue
        if (other.walked_at, other.id) < (me.walked_at, me.id):
            original = original or other
        elif not has(theirs.verdict, Reason.COPIED_TRACK):
            because = Because.of(Reason.COPIED_TRACK, patrol=str(me.id))
            kept = altered(theirs.verdict, Reason.COPIED_TRACK, because)
            row = store.Touched(other.seq, other.id, kept, theirs.review_outcome)
            _alter(session, row, kept, other.person_id, now)
    why = Because.of(Reason.COPIED_TRACK, patrol=str(original.id)) if original is not None else None
    return altered(mine, Reason.COPIED_TRACK, why)


def _alter(session: Session, row: Any, kept: Stored, walker_id: UUID, now: datetime) -> None:
    outcome = outcome_of(kept)
    values: dict[str, Any] = {"verdict": kept, "outcome": outcome.value}
    if row.review_outcome is None:
        values["counts"] = outcome.counts
    patrols.change(session, row.seq, **values)
    changes.changed(session, now, [walker_id], "patrol", row.id)


def _in_wgs84(row: Any) -> Fixes:
    fixes = unpack(row.track)
    return Fixes(to_wgs84(fixes.lonlat, Crs(row.crs)), fixes.at_ms, fixes.accuracy_m)


def _because(rule: PatrolRule) -> Because:
    return Because.of(Reason.TOO_SOON, hours=round(rule.apart_h))
