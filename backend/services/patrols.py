"""Patrols: ask what a walk stands on, judge it, tell the store; and find what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.access import Actor, may
from backend.domain.actions import Action
from backend.domain.patrols import PatrolDraft, Standing, Timing, Verdict, judge
from backend.domain.rules import PatrolRule
from backend.domain.terms import CHIEFS, WALKERS, Duty, Level, Outcome, Post
from backend.domain.verdicts import Stored, stored
from backend.errors import Conflict, NotFound, Unavailable
from backend.services import access, reaches, rules, siblings
from backend.store import patrols, people
from backend.store import reaches as reach_store
from backend.store.reaches import Claim, Named
from geo.coverage import Reach
from geo.likeness import place, sketch
from geo.track import pack

_POST_OF = {level: post for post, level in CHIEFS.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Everything a verdict stands on, as it was when the store was asked."""

    draft: PatrolDraft
    walker_id: UUID
    walker_name: str
    entered_by: UUID | None
    post: Post
    claim: Claim | None
    named: Named
    judged: Named
    reach: Reach
    standing: Standing
    rule: PatrolRule
    rule_version: int
    """The newest version of the rules then, whether it judges or not."""
    received_at: datetime
    when: Timing


class AskAgain(Unavailable):
    """What the case stood on has changed between asking and telling; nothing was kept."""


def ask(session: Session, actor: Actor, draft: PatrolDraft, *, now: datetime, zone: ZoneInfo) -> Case | Any:
    """The case of a new walk, or the patrol itself when the phone has sent it before.

    NotFound when nobody involved had a post over the segment on either day, Conflict when the id stands
    for another walk.
    """
    asked = reach_store.opening(session, draft.id, reaches.by_name(draft.segment))
    if asked.is_known:
        return replayed(patrols.existing(session, draft.id), actor, draft)
    if not (chain := asked.chain):
        raise _no_segment()
    rule, when = rules.of_walk(session, draft, now, asked.rule_version)
    day = day_of(when.walked_at, zone)
    walker_id = draft.on_behalf_of or actor.person_id
    found = reach_store.claims(session, chain, walker_id, day)
    claim = found[0] if found else None
    walker = _walker(session, actor, draft, chain[0], claim, day)
    judged = claim.segment if claim else chain[0]
    return Case(
        draft=draft,
        walker_id=walker_id,
        walker_name=walker.name,
        entered_by=actor.person_id if draft.on_behalf_of else None,
        post=_post(claim, walker),
        claim=claim,
        named=chain[0],
        judged=judged,
        reach=reaches.prepared(session, judged.id, judged.version),
        standing=_standing(chain[0], claim, day),
        rule=rule,
        rule_version=asked.rule_version,
        received_at=now,
        when=when,
    )


def decide(case: Case) -> Verdict:
    """Judge; no transaction is open."""
    return judge(case.draft, case.reach, case.standing, case.rule, case.when)


def tell(session: Session, actor: Actor, case: Case, verdict: Verdict) -> tuple[Any, bool]:
    """Keep the walk with its verdict, once: the patrol, and whether it is new.

    Walks that it comes too close to are judged with it in the same transaction, so the order of arrival does not
    matter. AskAgain when the rules or the reach are no longer those that judged.
    """
    draft, claim = case.draft, case.claim
    fixes = siblings.in_wgs84(draft.fixes, draft.crs)
    me = siblings.Newcomer(
        seq=None,
        id=draft.id,
        person_id=case.walker_id,
        duty_of_id=claim.person_id if claim else None,
        segment_id=case.judged.id,
        river_code=case.judged.river_code,
        walked_at=case.when.walked_at,
        fixes=fixes,
        sketch=sketch(fixes) or None,
    )
    siblings.hold(session, me.person_id, me.sketch)
    found = siblings.beside(session, me)
    if (found.segment_version, found.rule_version) != (case.judged.version, case.rule_version):
        raise AskAgain(seconds=1)

    kept, outcome = siblings.settle(session, me, stored(verdict), found, case.rule, now=case.received_at)
    values = _row(case, verdict, kept, outcome, me.sketch)
    seq = patrols.add(session, values)
    if seq is None:
        return replayed(patrols.existing(session, draft.id), actor, draft), False
    return patrols.fresh(seq, values, case.walker_name, case.judged, case.reach.length_m), True


def _row(case: Case, verdict: Verdict, kept: Stored, outcome: Outcome, drawn: bytes | None) -> dict[str, Any]:
    """Everything of a patrol that is written at once."""
    draft = case.draft
    return {
        "id": draft.id,
        "person_id": case.walker_id,
        "duty_of_id": case.claim.person_id if case.claim else None,
        "entered_by_id": case.entered_by,
        "post": case.post.value,
        "segment_id": case.judged.id,
        "named_segment_id": case.named.id,
        "river_code": case.judged.river_code,
        "region_code": case.judged.region_code,
        "received_at": case.received_at,
        "started_at": draft.started_at,
        "ended_at": draft.ended_at,
        "walked_at": case.when.walked_at,
        "body_sha256": draft.body_sha256,
        "crs": draft.crs.value,
        "track": pack(draft.fixes),
        "points": draft.fixes.count,
        "sketch": drawn,
        "place": place(drawn) if drawn else None,
        "report": draft.report,
        "sent_at": draft.sent_at,
        "claims_mock": draft.claims_mock,
        "outcome": outcome.value,
        "counts": outcome.counts,
        "covered_m": kept["figures"]["covered_m"],
        "verdict": kept,
        "rule_version": verdict.rule_version,
        "segment_version": case.judged.version,
        "version": 1,
    }


def claims_on(session: Session, walker_id: UUID, named: Sequence[Named], day: date) -> dict[UUID, Claim]:
    """By which assignment somebody's walk on each of these reaches would be judged on a day, as the judge takes it."""
    found = reach_store.claims(session, named, walker_id, day)
    return {claim.segment.id: claim for claim in reversed(found)}


def level_of(claim: Claim) -> Level:
    """Whose minimum is asked of a walk by an assignment; a warden walks like a village chief."""
    return Level.VILLAGE if claim.duty is Duty.WARDEN else Level(claim.segment.level)


def post_of(claim: Claim) -> Post:
    """As what somebody walks by an assignment."""
    return Post.WARDEN if claim.duty is Duty.WARDEN else _POST_OF[Level(claim.segment.level)]


def replayed(known: Any, actor: Actor, draft: PatrolDraft) -> Any:
    """The patrol as it is now, for a phone that sent it again; Conflict for another body or another person."""
    if actor.person_id not in (known.person_id, known.entered_by_id):
        raise Conflict("foreign")
    if known.body_sha256 != draft.body_sha256:
        raise Conflict()
    return known


def one(session: Session, actor: Actor, patrol_id: UUID, *, today: date) -> Any:
    """One patrol in the actor's part of the world; NotFound outside it."""
    found = patrols.seen(session, patrol_id, access.scope(session, actor, Action.SEE_PATROLS, today))
    if found is None:
        raise NotFound()
    return found


def _walker(session: Session, actor: Actor, draft: PatrolDraft, named: Named, claim: Claim | None, day: date) -> Actor:
    """Whoever walked, with the posts of that day; NotFound when neither day gave a post over the segment."""
    if draft.on_behalf_of is not None:
        # A reach of the whole city runs through every town; whose walk it is says which office may enter it.
        for reach in (named, claim.segment if claim else named):
            if not may(actor, Action.ENTER_FOR_ANOTHER, reach.region_code):
                raise _no_segment()
    elif claim is not None or may(actor, Action.SUBMIT_PATROL, named.region_code):
        return actor
    walker_id = draft.on_behalf_of or actor.person_id
    account = people.account_on(session, walker_id, day)
    walker = account and Actor(walker_id, account.name, account.seats, account.standing_in_for)
    if walker and (claim is not None or may(walker, Action.SUBMIT_PATROL, named.region_code)):
        return walker
    raise NotFound.at("/on_behalf_of", "flaw.walker") if draft.on_behalf_of else _no_segment()


def _no_segment() -> NotFound:
    """The same for one that is not there and for one outside one's region."""
    return NotFound.at("/segment", "flaw.segment")


def _post(claim: Claim | None, walker: Actor) -> Post:
    if claim is not None:
        return post_of(claim)
    return next((seat.post for seat in walker.seats if seat.post in WALKERS), walker.seats[0].post)


def _standing(named: Named, claim: Claim | None, day: date) -> Standing:
    judged = claim.segment if claim else named
    level = level_of(claim) if claim else Level(judged.level)
    return Standing.of_day(level, claim is not None, judged.until_day, day)
