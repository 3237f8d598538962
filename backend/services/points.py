"""Points of citizens (碧水积分): they follow from what becomes of a report; clerks correct and redeem them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from backend.db import Session, lock
from backend.domain.access import Actor, may, scope_of
from backend.domain.actions import Action
from backend.domain.hazards import Act
from backend.domain.points import FOLLOWED, POINTS, Deed, DeedDraft, What, check, entered, following
from backend.domain.points_rules import PointsRule
from backend.domain.public_reports import code_in
from backend.errors import Conflict, NotFound
from backend.services import access, charge, policies, replays
from backend.store import changes, merges
from backend.store import points as store
from backend.store.points import Asked

LATELY = timedelta(days=30)
"""So far back reports are counted for a proposed rule."""


@dataclass(frozen=True, slots=True)
class Account:
    """What there is at a code: its report, its entries, and what a report earns now (0: nothing)."""

    report: Any
    entries: list[Any]
    per_report: int

    @property
    def balance(self) -> int:
        """The sum of the entries."""
        return sum(each.points for each in self.entries)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of entries, the sums of all that were asked for, and whether anything is earned now."""

    rows: list[Any]
    sums: Mapping[str, int]
    is_on: bool


def follow(session: Session, before: Any, after: Any, act: Act, *, now: datetime) -> None:
    """Enter what follows from an act on a hazard for the reports of its case, or of that from which it was taken out.

    This transaction holds the hazard, and the one into which it is merged.
    """
    into = before.merged_into_id or after.merged_into_id
    case_id = merges.ends(session, [into])[into] if into is not None else after.id
    if act not in FOLLOWED or not store.is_of_public(session, case_id):
        return
    lock(session, POINTS)
    case, rule = store.case(session, case_id), policies.POINTS.at(session, now)

    for report_id, points in following(act, case, rule).items():
        what = What.EARNED if points > 0 else What.TAKEN_BACK
        store.add(session, report_id, {"what": what.value, "points": points, "reason": "", "at": now})


def estimate(
    session: Session, actor: Actor, body: Mapping[str, Any], *, valid_from: datetime, now: datetime, today: date
) -> tuple[PointsRule, int]:
    """A proposed rule, and how many reports of the last 30 days would earn by it. Nothing is written."""
    charge.everywhere(session, actor, Action.CHANGE_RULES, today=today)
    return policies.POINTS.proposed(session, body, valid_from=valid_from), store.true_since(session, now - LATELY)


def own(session: Session, report: Any, *, now: datetime) -> Account:
    """What a citizen sees at a code of theirs."""
    rule = policies.POINTS.at(session, now)
    return Account(report, store.of_report(session, report.id), rule.per_report if rule.is_on else 0)


def ledger(
    session: Session, actor: Actor, asked: Asked, region: str | None, *, limit: int, after: int | None, now: datetime
) -> Ledger:
    """Entries of one's own part of the world, the newest first; NotFound for a region outside."""
    where = access.part_of(scope_of(actor, Action.SEE_POINTS).regions, region)
    rows = store.listed(session, where, asked, limit=limit, after=after)
    return Ledger(rows, store.sums(session, where, asked), policies.POINTS.at(session, now).is_on)


def account(session: Session, actor: Actor, typed: str, *, now: datetime) -> Account:
    """What there is at a code, as somebody typed it; NotFound for none, and outside one's part of the world."""
    code = code_in(typed)
    report = store.of_code(session, code) if code is not None else None
    if report is None or not may(actor, Action.SEE_POINTS, report.region_code):
        raise NotFound()
    return own(session, report, now=now)


def do(session: Session, actor: Actor, draft: DeedDraft, *, now: datetime) -> tuple[Any, bool]:
    """Enter a clerk's deed once: its entry, and whether it is new.

    NotFound for a code that is none or lies elsewhere; Conflict where there are not so many points, while none are
    given, and for an id that stands for another deed.
    """
    lock(session, POINTS)
    known = store.of_deed(session, draft.id)
    if known is not None:
        replays.same(known, actor.person_id, draft.body_sha256, owner="by_id")
        return known, False
    check(draft)
    seen = _kept(session, actor, draft.code, now=now)
    if not seen.entries and not seen.per_report:
        raise Conflict("points_off")

    points = entered(draft.deed, draft.points, seen.balance)

    what = What.CORRECTED if draft.deed is Deed.CORRECT else What.REDEEMED
    entry = {"what": what.value, "points": points, "reason": draft.reason, "by_id": actor.person_id, "at": now}
    store.add(session, seen.report.id, entry | {"deed_id": draft.id, "body_sha256": draft.body_sha256})
    body = {"points": points, "reason": draft.reason, "hazard": str(seen.report.hazard_id)}
    changes.record(session, now, actor.person_id, draft.deed.value, POINTS, str(draft.id), body)
    return store.of_deed(session, draft.id), True


def _kept(session: Session, actor: Actor, typed: str, *, now: datetime) -> Account:
    """The account of a code where the actor keeps points."""
    try:
        seen = account(session, actor, typed, now=now)
    except NotFound:
        raise NotFound.at("/code", "flaw.points_code") from None
    if not may(actor, Action.KEEP_POINTS, seen.report.region_code):
        raise NotFound.at("/code", "flaw.points_code")
    return seen
