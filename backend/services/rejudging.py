"""Running the rules again over walks that are there: after a new rule, or a river surveyed anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.patrols import PatrolDraft, Standing, judge, timing
from backend.domain.reasons import Reason
from backend.domain.rules import PatrolRule
from backend.domain.terms import CHIEFS, Level, Post
from backend.domain.verdicts import Stored, altered, reasons_of, stored
from backend.services import reaches, rules, siblings
from backend.store import changes, patrols
from backend.store import reaches as reach_store
from backend.store import siblings as sibling_store
from geo.datum import Crs
from geo.track import unpack

_OF_SIBLINGS = (Reason.TOO_SOON, Reason.COPIED_TRACK)


def rejudge(session: Session, walk: Any, *, now: datetime, zone: ZoneInfo) -> bool:
    """Judge one kept walk by the rules of its day as they are now; whether anything changed.

    What was handed in is never altered; a review keeps the last word on whether it counts.
    """
    siblings.hold(session, walk.person_id, walk.sketch)
    walk = sibling_store.walk(session, walk.seq)
    rule = rules.patrol_rule_at(session, walk.walked_at)
    segment = reach_store.named(session, walk.segment_id)
    assert segment is not None  # a foreign key

    kept = judged(session, walk, segment, rule, rules.patrol_rule_at(session, walk.received_at), zone)
    me = siblings.newcomer(walk)
    kept, outcome = siblings.settle(session, me, kept, siblings.beside(session, me), rule, now=now)
    if kept == walk.verdict and rule.version == walk.rule_version:
        return False

    values = {
        "verdict": kept,
        "outcome": outcome.value,
        "covered_m": kept["figures"]["covered_m"],
        "rule_version": rule.version,
        "segment_version": segment.version,
    }
    if walk.review_outcome is None:
        values["counts"] = outcome.counts and walk.withdrawn_at is None
    patrols.change(session, walk.seq, **values)
    if outcome.value != walk.outcome:
        changes.changed(session, now, [walk.person_id], "patrol", walk.id)
        body = {"before": walk.outcome, "after": outcome.value, "rule": rule.version}
        changes.record(session, now, None, "rejudge_patrol", "patrol", str(walk.id), body)
    return True


def judged(
    session: Session, walk: Any, segment: reach_store.Named, rule: PatrolRule, at_receipt: PatrolRule, zone: ZoneInfo
) -> Stored:
    """What a rule makes of a kept walk by itself; what its siblings say of it stays as it is.

    `at_receipt`: the rule of the day on which it came in, which says whether the phone's clock is believed.
    """
    reach, draft = reaches.prepared(session, segment.id, segment.version), _draft(walk)
    when = timing(draft, at_receipt, walk.received_at)
    kept = stored(judge(draft, reach, _standing(walk, segment, zone), rule, when))
    for reason in _OF_SIBLINGS:
        before = next((because for because in reasons_of(walk.verdict) if because.reason is reason), None)
        kept = altered(kept, reason, before)
    return kept


def _draft(walk: Any) -> PatrolDraft:
    return PatrolDraft(
        id=walk.id,
        segment=str(walk.named_segment_id),
        started_at=walk.started_at,
        ended_at=walk.ended_at,
        crs=Crs(walk.crs),
        fixes=unpack(walk.track),
        photos=(),
        body_sha256=walk.body_sha256,
        report=walk.report,
        sent_at=walk.sent_at,
        claims_mock=walk.claims_mock,
    )


def _standing(walk: Any, segment: reach_store.Named, zone: ZoneInfo) -> Standing:
    """Whose duty it was is decided once, when it is handed in; a later transfer does not change it."""
    level = CHIEFS.get(Post(walk.post), Level.VILLAGE) if walk.duty_of_id else Level(segment.level)
    day = day_of(walk.walked_at, zone)
    return Standing.of_day(level, walk.duty_of_id is not None, segment.until_day, day)
