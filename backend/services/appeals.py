"""Appeals (申诉): somebody says what is wrong with a figure of theirs, and the office says what is right."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.access import Actor, Scope
from backend.domain.assessment_rules import Indicator
from backend.domain.assessments import (
    APPEAL,
    AppealDraft,
    Decision,
    Ruling,
    State,
    Tally,
    check_appeal,
)
from backend.domain.notices import Wanted
from backend.errors import BadInput, Conflict, Forbidden, NotFound
from backend.services import appraisal, notices, replays
from backend.services.policies import ASSESSMENTS
from backend.store import appeals as store
from backend.store import assessments, changes


def make(
    session: Session, actor: Actor, found: Any, draft: AppealDraft, *, now: datetime, zone: ZoneInfo
) -> tuple[Any, bool]:
    """Appeal against a figure of one's own, once; whether it is new.

    BadInput where one has no such figure, Conflict after its time, for a second one, or for an id that stands for
    another.
    """
    known = store.existing(session, draft.id)
    if known is not None:
        return replays.same(known, actor.person_id, draft.body_sha256, owner="person_id", assessment_id=found.id), False
    rule = ASSESSMENTS.of_version(session, found.rule_version)
    check_appeal(State(found.state), found.published_at, rule, now, zone)
    row = _own(session, actor, found, draft)
    values = {
        "id": draft.id,
        "assessment_id": found.id,
        "edition": found.edition,
        "person_id": actor.person_id,
        "post": row.post,
        "region_code": row.region_code,
        "indicator": draft.indicator.value,
        "text": draft.text,
        "body_sha256": draft.body_sha256,
        "made_at": now,
        "state": Ruling.OPEN.value,
    }
    if not store.add(session, values):
        raise Conflict("appeal_again")
    assessments.change(session, found.id)
    said = {"assessment": str(found.id), "indicator": draft.indicator.value, "text": draft.text}
    changes.record(session, now, actor.person_id, "appeal", APPEAL, str(draft.id), said)
    return store.existing(session, draft.id), True


def decide(session: Session, actor: Actor, found: Any, appeal_id: UUID, decision: Decision, *, now: datetime) -> Any:
    """The office's word on one, on record: what is upheld changes the figure, the score, and everybody's place.

    Forbidden for whoever is assessed by it; Conflict where it was decided before.
    """
    appeal = store.existing(session, appeal_id)
    if appeal is None or appeal.assessment_id != found.id:
        raise NotFound()
    if actor.person_id == appeal.person_id:
        raise Forbidden("own_appeal")
    if appeal.state != Ruling.OPEN:
        raise Conflict("appeal_decided")
    right = decision.corrected()
    before = _standing(_row(session, found, appeal), appeal.indicator)
    if right is not None:
        _correct(session, found, appeal, right)
    after = _standing(_row(session, found, appeal), appeal.indicator)
    ruling = Ruling.DENIED if right is None else Ruling.UPHELD
    by = {"decided_by_id": actor.person_id, "decided_at": now, "reason": decision.reason}
    store.decide(session, appeal_id, state=ruling.value, before=before, after=after, **by)
    assessments.change(session, found.id)
    said = {"assessment": str(found.id), "indicator": appeal.indicator, "reason": decision.reason}
    said |= {"ruling": ruling.value, "before": before, "after": after}
    changes.record(session, now, actor.person_id, "decide", APPEAL, str(appeal_id), said)
    notices.queue(session, [_news(found, appeal, ruling, decision.reason, before, after)], now=now)
    return store.existing(session, appeal_id)


def listed(
    session: Session, found: Any, scope: Scope, *, state: str | None = None, person: UUID | None = None
) -> list[Any]:
    """Appeals of an assessment that one sees."""
    return store.listed(session, found.id, scope, state=state, person=person)


def _own(session: Session, actor: Actor, found: Any, draft: AppealDraft) -> Any:
    """The row that an appeal is about: one's own, in the figures that hold."""
    rows = assessments.of_person(session, found.id, actor.person_id, Scope((), (actor.person_id,)))
    own = [
        row
        for row in rows
        if row.edition == found.edition and draft.post in (None, row.post) and draft.region in (None, row.region_code)
    ]
    if not own:
        raise BadInput.at("/post", "flaw.appeal_none")
    if len(own) > 1:
        raise BadInput.at("/post", "flaw.appeal_which")
    return own[0]


def _row(session: Session, found: Any, appeal: Any) -> Any:
    """The figures that an appeal is about, as they are now; Conflict where a recomputing left them out."""
    rows = assessments.of_person(session, found.id, appeal.person_id, Scope((), (appeal.person_id,)))
    same = (appeal.post, appeal.region_code, found.edition)
    for row in rows:
        if (row.post, row.region_code, row.edition) == same:
            return row
    raise Conflict("appeal_gone")


def _correct(session: Session, found: Any, appeal: Any, right: Tally) -> None:
    """Put the figure right, and place everybody of the post anew."""
    rule = ASSESSMENTS.of_version(session, found.rule_version)
    rows = assessments.group(session, found.id, found.edition, appeal.post)
    indicator, found_tallies = Indicator(appeal.indicator), []
    for row in rows:
        tallies = dict(appraisal.tallies_of(row))
        if (row.person_id, row.region_code) == (appeal.person_id, appeal.region_code):
            tallies[indicator] = right
        found_tallies.append(tallies)
    scores = appraisal.ranks([row.post for row in rows], found_tallies, rule)
    anew = [
        {"seq": row.seq}
        | appraisal.columns_of(tallies)
        | {"score": each.score, "rank": each.rank, "ranked_of": each.of}
        for row, tallies, each in zip(rows, found_tallies, scores, strict=True)
    ]
    assessments.place_anew(session, anew)


def _standing(row: Any, indicator: str) -> dict[str, Any]:
    """A figure with the score and place that come of it."""
    hits, size = getattr(row, f"{indicator}_hits"), getattr(row, f"{indicator}_size")
    return {"hits": hits, "size": size, "score": row.score, "rank": row.rank, "of": row.ranked_of}


def _news(
    found: Any, appeal: Any, ruling: Ruling, reason: str, before: dict[str, Any], after: dict[str, Any]
) -> Wanted:
    values = {
        "name": found.name,
        "indicator": {"key": f"assessment.indicator.{appeal.indicator}"},
        "reason": reason,
        "was": f"{before['hits']}/{before['size']}",
        "figure": f"{after['hits']}/{after['size']}",
        "score_was": _said(before["score"]),
        "score": _said(after["score"]),
        "rank_was": before["rank"] or "—",
        "rank": after["rank"] or "—",
    }
    key = f"appeal_{ruling}"
    return Wanted(appeal.person_id, f"appeal:{appeal.id}:{ruling}", key, values, about=("assessment", found.id))


def _said(score: float | None) -> str:
    return "—" if score is None else f"{score:.1f}"
