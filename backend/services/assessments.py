"""Assessments (考核): counted once, published, counted anew only with a reason, and closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.access import Actor, Scope, may, scope_of
from backend.domain.actions import Action
from backend.domain.assessment_rules import AssessmentRule, Indicator
from backend.domain.assessments import ASSESSMENT, Act, AssessmentDraft, State, Tally, after, check
from backend.domain.duty_periods import DAY
from backend.domain.notices import Wanted
from backend.domain.terms import Post
from backend.errors import BadInput, Conflict, NotFound
from backend.services import appraisal, charge, notices, replays
from backend.services.appraisal import Counted, Key
from backend.services.policies import ASSESSMENTS
from backend.store import appeals, assessment_figures, changes, duty_periods, regions
from backend.store import assessments as store
from backend.store.assessment_records import Whose


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom an assessment would be about, before it is made."""

    rule: AssessmentRule
    people: Mapping[Post, tuple[int, int]]
    """By post: of how many anything was owed, and how many walks of all of them."""
    settled: tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class Reweighed:
    """What a proposed library makes of the newest assessment that is out; there may be none."""

    rule: AssessmentRule
    name: str | None = None
    people: int = 0
    moved: int = 0
    """Of them those who would stand in another place."""
    ranked: int = 0
    ranked_before: int = 0


def offices(actor: Actor) -> Scope:
    """Where one makes assessments, and sees those that are not published yet."""
    return Scope(scope_of(actor, Action.MAKE_ASSESSMENT).regions)


def sight(actor: Actor) -> Scope:
    """Whose figures one sees: one's own, and those of everybody below."""
    return Scope(scope_of(actor, Action.SEE_ASSESSMENTS).regions, (actor.person_id,))


def settled(session: Session) -> tuple[date, date] | None:
    """The first day whose duty is settled, and the first whose is not."""
    known = duty_periods.bounds(session)
    return (known[0], known[1] + DAY) if known else None


def preview(session: Session, actor: Actor, draft: AssessmentDraft, *, now: datetime, zone: ZoneInfo) -> Preview:
    """Whom it would be about; refused like `drawn`. Nothing is written."""
    until = _checked(session, actor, draft)
    what = appraisal.asked(draft.region, draft.posts, draft.begin, draft.until, zone)
    found = {Post(row.post): (row.people, int(row.needed)) for row in assessment_figures.people(session, what)}
    if not found:
        raise BadInput.at("/region", "flaw.assessed_nobody")
    return Preview(ASSESSMENTS.at(session, now), found, until)


def drawn(session: Session, actor: Actor, draft: AssessmentDraft, *, now: datetime, zone: ZoneInfo) -> Counted | None:
    """What it comes to; None where it is there already. NotFound for a region that is not below the actor."""
    known = store.existing(session, draft.id)
    if known is not None:
        return None
    _checked(session, actor, draft)
    what = appraisal.asked(draft.region, draft.posts, draft.begin, draft.until, zone)
    counted = appraisal.counted(session, what, ASSESSMENTS.at(session, now), {}, now=now)
    if not counted.scores:
        raise BadInput.at("/region", "flaw.assessed_nobody")
    return counted


def make(session: Session, actor: Actor, draft: AssessmentDraft, counted: Counted | None, *, now: datetime) -> bool:
    """Keep one as a draft, once; whether it is new. Conflict for an id that stands for another."""
    values = {
        "id": draft.id,
        "made_by_id": actor.person_id,
        "made_at": now,
        "body_sha256": draft.body_sha256,
        "name": draft.name,
        "region_code": draft.region,
        "posts": [post.value for post in draft.posts],
        "begin_day": draft.begin,
        "until_day": draft.until,
        "state": State.DRAFT.value,
        "edition": 1,
        "version": 1,
    }
    if counted is None or not store.add(session, values):
        replays.same(store.existing(session, draft.id), actor.person_id, draft.body_sha256)
        return False
    _keep(session, actor, draft.id, 1, counted, "", now)
    said = {"name": draft.name, "region": draft.region, "people": len(counted.scores)}
    said |= {"from": draft.begin.isoformat(), "until": draft.until.isoformat()}
    changes.record(session, now, actor.person_id, "make", ASSESSMENT, str(draft.id), said)
    return True


def one(session: Session, actor: Actor, assessment_id: UUID) -> Any:
    """An assessment that the actor's office made or may make, or that is out and touches whom they see; else
    NotFound.
    """
    found = store.seen(session, assessment_id, offices(actor), sight(actor))
    if found is None:
        raise NotFound()
    return found


def held(session: Session, actor: Actor, assessment_id: UUID) -> Any:
    """One that the actor may alter, and nobody else until the transaction ends."""
    store.hold(session, assessment_id)
    found = one(session, actor, assessment_id)
    if not may(actor, Action.MAKE_ASSESSMENT, found.region_code):
        raise NotFound()
    return found


def publish(session: Session, actor: Actor, found: Any, *, now: datetime) -> None:
    """Let everybody in it see it, and hear of it; from now on they may appeal."""
    state = after(State(found.state), Act.PUBLISH)
    store.change(session, found.id, state=state.value, published_at=now)
    changes.record(session, now, actor.person_id, "publish", ASSESSMENT, str(found.id), {"name": found.name})
    days = ASSESSMENTS.of_version(session, found.rule_version).appeal_days
    people = store.everybody(session, found.id, found.edition)
    notices.queue(session, [_news(found, person, "assessment", days=days) for person in people], now=now)


def close(session: Session, actor: Actor, found: Any, *, now: datetime) -> None:
    """Let the figures stay as they are for good; Conflict while an appeal waits."""
    state = after(State(found.state), Act.CLOSE)
    if found.appeals_open:
        raise Conflict("appeals_open", count=found.appeals_open)
    store.change(session, found.id, state=state.value, closed_at=now)
    changes.record(session, now, actor.person_id, "close", ASSESSMENT, str(found.id), {"name": found.name})


def redrawn(session: Session, actor: Actor, assessment_id: UUID, *, now: datetime, zone: ZoneInfo) -> Counted:
    """What it comes to by the walks and rules of now; what an appeal has corrected stays so."""
    found = one(session, actor, assessment_id)
    after(State(found.state), Act.RECOMPUTE)
    what = appraisal.asked(found.region_code, found.posts, found.begin_day, found.until_day, zone)
    return appraisal.counted(session, what, ASSESSMENTS.at(session, now), _corrected(session, found.id), now=now)


def recompute(session: Session, actor: Actor, found: Any, counted: Counted, reason: str, *, now: datetime) -> None:
    """Keep figures that were counted anew beside those before them, with the reason on record."""
    after(State(found.state), Act.RECOMPUTE)
    number = found.edition + 1
    _keep(session, actor, found.id, number, counted, reason, now)
    store.change(session, found.id, edition=number)
    said = {"name": found.name, "reason": reason, "edition": number, "people": len(counted.scores)}
    changes.record(session, now, actor.person_id, "recompute", ASSESSMENT, str(found.id), said)
    if State(found.state) is State.PUBLISHED:
        people = store.everybody(session, found.id, number)
        fact = f"recomputed:{number}"
        told = [_news(found, person, "assessment_anew", fact=fact, reason=reason) for person in people]
        notices.queue(session, told, now=now)


def reweighed(
    session: Session, actor: Actor, body: Mapping[str, Any], *, valid_from: datetime, today: date
) -> Reweighed:
    """The places of the newest assessment that is out as a proposed library would have them. Nothing is written."""
    charge.everywhere(session, actor, Action.CHANGE_RULES, today=today)
    rule, newest = ASSESSMENTS.proposed(session, body, valid_from=valid_from), store.newest_out(session)
    if newest is None:
        return Reweighed(rule)
    rows = store.whole(session, newest.id, newest.edition)
    anew = appraisal.ranks([row.post for row in rows], [appraisal.tallies_of(row) for row in rows], rule)
    moved = sum(each.rank != row.rank for each, row in zip(anew, rows, strict=True))
    ranked = sum(each.rank is not None for each in anew)
    return Reweighed(rule, newest.name, len(rows), moved, ranked, sum(row.rank is not None for row in rows))


def behind(session: Session, row: Any) -> Whose:
    """Whose records stand behind the figures of a row."""
    rows = store.standings(session, row.assessment_id, row.edition, row.person_id)
    first = (rows[0].post, rows[0].region_code) == (row.post, row.region_code)
    regions_of = [each.region_code for each in rows if each.post == row.post]
    return Whose(row.person_id, Post(row.post), row.region_code, regions_of, first)


def _news(found: Any, person: UUID, key: str, *, fact: str = "published", **values: Any) -> Wanted:
    said = {"name": found.name} | values
    return Wanted(person, f"assessment:{found.id}:{fact}", key, said, about=(ASSESSMENT, found.id))


def _checked(session: Session, actor: Actor, draft: AssessmentDraft) -> tuple[date, date] | None:
    if not may(actor, Action.MAKE_ASSESSMENT, draft.region) or regions.one(session, draft.region) is None:
        raise NotFound.at("/region", "flaw.region_here")
    days = settled(session)
    check(draft, days)
    return days


def _corrected(session: Session, assessment_id: UUID) -> dict[tuple[Key, Indicator], Tally]:
    return {
        ((row.person_id, Post(row.post), row.region_code), Indicator(row.indicator)): Tally(
            row.after["hits"], row.after["size"]
        )
        for row in appeals.upheld(session, assessment_id)
    }


def _keep(
    session: Session, actor: Actor, assessment_id: UUID, number: int, counted: Counted, reason: str, now: datetime
) -> None:
    values = {
        "assessment_id": assessment_id,
        "number": number,
        "rule_version": counted.rule_version,
        "people": len(counted.scores),
        "computed_at": now,
        "computed_by_id": actor.person_id,
        "reason": reason,
    }
    store.add_edition(session, values, counted.scores, counted.places)
