"""Walks that bear on each other: too soon after one another, or one a copy of the other.

Decided under a lock. Too soon is decided by when they were walked, so that the outcome is the same for any order of
arrival; a copy is what came in later, for nobody can forge that, and nothing that comes in makes an original of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.db import Session, lock
from backend.domain.patrols import too_soon
from backend.domain.reasons import Because, Reason
from backend.domain.rules import PatrolRule
from backend.domain.terms import Outcome
from backend.domain.verdicts import Stored, altered, has, outcome_of, reasons_of
from backend.store import changes, patrols
from backend.store import siblings as store
from backend.store.siblings import Beside
from geo.datum import Crs, to_wgs84
from geo.likeness import Likeness, near_sketches, places_near, same_walk
from geo.track import Fixes, unpack

_WINDOW = timedelta(hours=48)
"""How far a chain of walks, each too soon after the one before, is followed (our judgement)."""
_LAST = sys.maxsize
_SAME_MOMENTS_S = 60.0
"""Two recordings shifted by less than this are of one and the same walk (our judgement)."""


@dataclass(frozen=True, slots=True, eq=False)
class Newcomer:
    """A walk about to be kept, or kept already and judged again; `fixes` in WGS 84, `seq` none while it is new."""

    id: UUID
    seq: int | None
    person_id: UUID
    duty_of_id: UUID | None
    segment_id: UUID
    river_code: str
    walked_at: datetime
    fixes: Fixes
    sketch: bytes | None
    review_outcome: str | None = None
    withdrawn_at: datetime | None = None


def newcomer(walk: Any) -> Newcomer:
    """A kept walk, with its track, as one to be seen beside the others again."""
    return Newcomer(
        id=walk.id,
        seq=walk.seq,
        person_id=walk.person_id,
        duty_of_id=walk.duty_of_id,
        segment_id=walk.segment_id,
        river_code=walk.river_code,
        walked_at=walk.walked_at,
        fixes=in_wgs84(unpack(walk.track), Crs(walk.crs)),
        sketch=walk.sketch,
        review_outcome=walk.review_outcome,
        withdrawn_at=walk.withdrawn_at,
    )


def in_wgs84(fixes: Fixes, crs: Crs) -> Fixes:
    """Fixes as sent, turned to the datum in which walks are compared."""
    return Fixes(to_wgs84(fixes.lonlat, crs), fixes.at_ms, fixes.accuracy_m)


def hold(session: Session, person_id: UUID, sketch: bytes | None) -> None:
    """Let nobody else decide about this walker, or about walks around this one, until the transaction ends.

    Whoever alters a walk holds its walker or its place, so what is read after this stays as it is.
    """
    places = places_near(sketch) if sketch else []
    lock(session, f"walker:{person_id}", *(f"place:{place}" for place in places))


def beside(session: Session, me: Newcomer) -> Beside:
    """What my verdict must be seen beside, in one question."""
    return store.beside(
        session,
        person=me.person_id,
        duty_of=me.duty_of_id,
        river=me.river_code,
        at=me.walked_at,
        within=_WINDOW,
        segment=me.segment_id,
        places=places_near(me.sketch) if me.sketch else (),
    )


def settle(
    session: Session, me: Newcomer, mine: Stored, found: Beside, rule: PatrolRule, *, now: datetime
) -> tuple[Stored, Outcome]:
    """My verdict beside its siblings; those that I change are altered and their walkers told."""
    mine = _too_soon(session, me, _as_copy(session, me, mine, found.alike), found.around, rule, now)
    return mine, outcome_of(mine)


def apart(session: Session, me: Newcomer, mine: Stored, rule: PatrolRule) -> Stored:
    """My verdict as the hours of a rule would have it beside the walks that are there. Nobody's is altered."""
    counting = [row for row in beside(session, me).around if _could_count(row.verdict, row.review_outcome)]
    others = [row for row in counting if row.id != me.id]
    walks: list[Any] = [*others, me] if _could_count(mine, me.review_outcome) else others
    received = sorted(walks, key=lambda walk: _LAST if walk.seq is None else walk.seq)
    settled = {row.id for row in others if row.review_outcome is not None}
    late = too_soon([(walk.id, walk.walked_at) for walk in received], timedelta(hours=rule.apart_h), settled)
    return altered(mine, Reason.TOO_SOON, _because(rule) if me.id in late else None)


def settle_again(session: Session, walk: Any, rule: PatrolRule, *, now: datetime) -> None:
    """Judge the siblings of a walk that was reviewed or withdrawn: what stood in their way may have gone, or come."""
    around = beside(session, newcomer(walk)).around
    if walk.withdrawn_at is not None:
        for row in around:
            _freed(session, row, walk, now)
        around = beside(session, newcomer(walk)).around
    _decide(session, around, [], set(), rule, now)


def _too_soon(
    session: Session, me: Newcomer, mine: Stored, around: list[Any], rule: PatrolRule, now: datetime
) -> Stored:
    if me.withdrawn_at is not None:
        return mine  # it stands in nobody's way, and nothing matters to it any more
    counts = _could_count(mine, me.review_outcome)
    late = _decide(
        session,
        [row for row in around if row.id != me.id],
        [me] if counts else [],
        {me.id} if me.review_outcome is not None else set(),
        rule,
        now,
    )
    if me.review_outcome is not None:
        return mine
    return altered(mine, Reason.TOO_SOON, _because(rule) if me.id in late else None)


def _decide(
    session: Session,
    others: list[Any],
    mine: list[Newcomer],
    settled: set[UUID],
    rule: PatrolRule,
    now: datetime,
) -> set[UUID]:
    """Which of the walks came too soon; the others among them are altered, but for those a review has settled."""
    counting = [row for row in others if _could_count(row.verdict, row.review_outcome)]
    settled = settled | {row.id for row in counting if row.review_outcome is not None}
    received = sorted([*counting, *mine], key=lambda walk: _LAST if walk.seq is None else walk.seq)
    late = too_soon([(walk.id, walk.walked_at) for walk in received], timedelta(hours=rule.apart_h), settled)
    for row in counting:
        if row.id not in settled and has(row.verdict, Reason.TOO_SOON) != (row.id in late):
            kept = altered(row.verdict, Reason.TOO_SOON, _because(rule) if row.id in late else None)
            _alter(session, row, kept, now)
    return late


def _could_count(verdict: Stored, review_outcome: str | None) -> bool:
    """Whether a walk fulfils a duty but for coming too soon; a review has the last word."""
    if review_outcome is not None:
        return Outcome(review_outcome).counts
    return outcome_of(verdict, without=[Reason.TOO_SOON]).counts


def _as_copy(session: Session, me: Newcomer, mine: Stored, alike: list[Any]) -> Stored:
    """My verdict, with the first walk that has the same track on whatever reach, if one came in before me."""
    original = next(_of_the_same_track(session, me, alike), None)
    because = None if original is None else Because.of(Reason.COPIED_TRACK, patrol=str(original.id))
    return altered(mine, Reason.COPIED_TRACK, because)


def _of_the_same_track(session: Session, me: Newcomer, alike: list[Any]) -> Iterator[Any]:
    """Walks with my track that came in before me, first ones first; not those that mine corrects, or the other way."""
    if me.sketch is None:
        return
    earlier = sorted((row for row in alike if me.seq is None or row.seq < me.seq), key=lambda row: row.seq)
    for index in near_sketches(me.sketch, [row.sketch for row in earlier]):
        walk = store.walk(session, earlier[index].seq)
        likeness = same_walk(me.fixes, in_wgs84(unpack(walk.track), Crs(walk.crs)))
        if likeness.same and not _corrects(me, walk, likeness):
            yield walk


def _corrects(me: Newcomer, walk: Any, likeness: Likeness) -> bool:
    """Whether one is the withdrawn report and the other the corrected one of what one person walked once."""
    is_taken_back = me.withdrawn_at is not None or walk.withdrawn_at is not None
    return is_taken_back and me.person_id == walk.person_id and abs(likeness.shift_s) <= _SAME_MOMENTS_S


def _freed(session: Session, row: Any, withdrawn: Any, now: datetime) -> None:
    """A correction handed in before its mistaken report was withdrawn is no copy of it any more."""
    because = next((because for because in reasons_of(row.verdict) if because.reason is Reason.COPIED_TRACK), None)
    if because is None or because.values.get("patrol") != str(withdrawn.id):
        return
    walk = store.walk(session, row.seq)
    again = newcomer(walk)
    kept = _as_copy(session, again, walk.verdict, beside(session, again).alike)
    if kept != walk.verdict:
        _alter(session, walk, kept, now)


def _alter(session: Session, row: Any, kept: Stored, now: datetime) -> None:
    outcome = outcome_of(kept)
    values: dict[str, Any] = {"verdict": kept, "outcome": outcome.value}
    if row.review_outcome is None:
        values["counts"] = outcome.counts and row.withdrawn_at is None
    patrols.change(session, row.seq, **values)
    changes.changed(session, now, [row.person_id], "patrol", row.id)


def _because(rule: PatrolRule) -> Because:
    return Because.of(Reason.TOO_SOON, hours=round(rule.apart_h))
