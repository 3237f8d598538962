"""Estimates (试算): what a proposed rule would change, counted over what is there now. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.access import Actor
from backend.domain.actions import Action
from backend.domain.deadlines import DeadlineRule, Setting, deadline, phase_of, recomputed, soonest
from backend.domain.escalation import next_look
from backend.domain.flood_events import Source, What
from backend.domain.flood_warnings import SIGN_WITHIN
from backend.domain.hazards import Kind, Severity, State, Watch
from backend.domain.policies import HazardPolicy
from backend.domain.reasons import Reason
from backend.domain.regions import LENGTHS
from backend.domain.signals import Danger
from backend.domain.terms import Level
from backend.domain.verdicts import Stored, outcome_of, reasons_of
from backend.domain.warning_rules import Follows, Line, Mode, WarningRules, follows, is_new_cause
from backend.domain.workdays import Due
from backend.services import charge, due_dates, rejudging, rules, siblings
from backend.services.policies import CALLOUTS, HAZARDS, WARNINGS
from backend.store import estimates as store
from backend.store import flood_warnings, regions
from backend.store.reaches import Named

LATELY = timedelta(days=30)
"""So far back walks are judged by a proposed rule."""
YEAR = timedelta(days=365)
"""So far back events are followed by proposed rules for warnings."""
MOST_HAZARDS, MOST_WALKS, MOST_EVENTS = 50_000, 200, 5_000
"""More are sampled, or left out: whoever waits for an estimate waits for seconds, not minutes (our judgement)."""
_COUNTY = LENGTHS[Level.COUNTY]


@dataclass
class Redated:
    """What a policy makes of the deadlines and next steps of hazards."""

    policy: HazardPolicy
    begins_at: datetime
    open: int = 0
    """All that wait for something."""
    late: int = 0
    """Of them late when it begins: they stay as they are."""
    extended: int = 0
    """Given more time: they stay, too."""
    earlier: int = 0
    later: int = 0
    hurried: int = 0
    """Of the earlier ones those that would be over at once: they are given the least notice that there is."""
    steps_earlier: int = 0
    steps_later: int = 0
    first_step_at: datetime | None = None
    """The first step that comes earlier."""
    severities: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By severity and what becomes of the deadline: `earlier` or `later`."""
    counties: Counter[tuple[str, str]] = field(default_factory=Counter)
    names: Mapping[str, str] = field(default_factory=dict)
    """Of these counties."""


@dataclass
class Rejudged:
    """What a rule makes of the walks of the last days."""

    body: dict[str, Any]
    walks: int
    """All of these days, without those that were reviewed or withdrawn."""
    judged: int = 0
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By outcome now and outcome then, where they differ."""
    reasons: Counter[str] = field(default_factory=Counter)
    """What speaks for the new outcome, or spoke for the old one where none is left."""

    @property
    def otherwise(self) -> int:
        """How many come out otherwise."""
        return self.moves.total()


@dataclass
class Reruled:
    """What rules for warnings make of the events of the last year."""

    rules: WarningRules
    events: int = 0
    cases: Counter[tuple[str, str, Line | None, Line | None]] = field(default_factory=Counter)
    """By source, step, what followed and what would follow, where they differ."""


def of_hazards(
    session: Session,
    actor: Actor,
    body: Mapping[str, Any],
    *,
    valid_from: datetime,
    now: datetime,
    today: date,
    zone: ZoneInfo,
) -> Redated:
    """Deadlines and steps as they would be counted on the day on which the policy begins, or now if that is over."""
    charge.everywhere(session, actor, Action.CHANGE_RULES, today=today)
    policy, present = HAZARDS.proposed(session, body, valid_from=valid_from), HAZARDS.at(session, now)
    found, calendar = Redated(policy, max(now, valid_from)), due_dates.calendar(session)
    for row in store.dated(session, MOST_HAZARDS):
        found.open += 1
        if row.due_at <= found.begins_at:
            found.late += 1
        elif row.is_extended:
            found.extended += 1
        elif _is_otherwise(row, present, policy):
            _redate(found, row, Setting(policy.deadlines, calendar, zone, is_pressing=row.is_pressing))
    found.names = regions.names(session, {county for county, _ in found.counties})
    return found


def _is_otherwise(row: Any, present: HazardPolicy, policy: HazardPolicy) -> bool:
    """Whether its period or its ladder differs; one that was counted by an older version may in any case."""
    severity = Severity(row.severity)
    if row.policy_version != present.version:
        return True
    is_same = present.ladders.ladders[severity] == policy.ladders.ladders[severity]
    return not is_same or _period(row, present.deadlines) != _period(row, policy.deadlines)


def _period(row: Any, rule: DeadlineRule) -> Any:
    severity = Severity(row.severity)
    phase = phase_of(State(row.state), severity)
    return rule.period(phase, severity, Watch(row.watch)) if phase else None


def _redate(found: Redated, row: Any, setting: Setting) -> None:
    severity, old = Severity(row.severity), Due(row.due_at, row.is_provisional)
    phase = phase_of(State(row.state), severity)
    assert phase is not None  # it has a deadline
    fresh = deadline(phase, Kind(row.kind), severity, Watch(row.watch), row.phase_begun_at, setting)
    new = recomputed(old, fresh, severity, found.begins_at)
    if new.at != old.at:
        way = "earlier" if new.at < old.at else "later"
        found.earlier += way == "earlier"
        found.later += way == "later"
        found.hurried += way == "earlier" and fresh.at < new.at
        found.severities[severity.value, way] += 1
        found.counties[row.region_code[:_COUNTY], way] += 1
    _restep(found, row, severity, new.at)


def _restep(found: Redated, row: Any, severity: Severity, due_at: datetime) -> None:
    """Its next step: earlier, later, or there is none any more."""
    ladder = found.policy.ladders.ladders[severity]
    step = soonest(row.next_step_at, next_look(ladder, row.rung, row.phase_begun_at, due_at), severity, found.begins_at)
    if step == row.next_step_at:
        return
    if step is not None and (row.next_step_at is None or step < row.next_step_at):
        found.steps_earlier += 1
        found.first_step_at = min(found.first_step_at or step, step)
    else:
        found.steps_later += 1


def of_patrols(
    session: Session,
    actor: Actor,
    body: dict[str, Any],
    *,
    valid_from: datetime,
    now: datetime,
    today: date,
    zone: ZoneInfo,
) -> Rejudged:
    """Walks of the last days as the rule would judge them; a sample evenly spread over them where there are many."""
    charge.everywhere(session, actor, Action.CHANGE_RULES, today=today)
    rule, since = rules.proposed(session, body, valid_from=valid_from), now - LATELY
    found = Rejudged(rule.body(), store.count_walks(session, since))
    stride = max(1, -(-found.walks // MOST_WALKS))
    known = rules.patrol_rules(session)
    for walk in store.walks(session, since, stride=stride, limit=2 * MOST_WALKS):
        kept = rejudging.judged(session, walk, _named(walk), rule, rule, zone)
        if rule.apart_h != rules.in_force(known, walk.walked_at).apart_h:
            kept = siblings.apart(session, siblings.newcomer(walk), kept, rule)
        found.judged += 1
        _compare(found, walk.verdict, kept)
    return found


def _compare(found: Rejudged, before: Stored, after: Stored) -> None:
    was, will = outcome_of(before), outcome_of(after)
    if was is will:
        return
    found.moves[was.value, will.value] += 1
    old, new = _codes(before), _codes(after)
    found.reasons.update({reason.value: 1 for reason in ((new - old) or (old - new))})


def _codes(kept: Stored) -> set[Reason]:
    return {because.reason for because in reasons_of(kept)}


def _named(walk: Any) -> Named:
    return Named(
        id=walk.segment_id,
        code=walk.segment_code,
        name=walk.segment_name,
        river_code=walk.river_code,
        region_code=walk.region_code,
        level=walk.segment_level,
        until_day=walk.segment_until,
        version=walk.surveyed,
    )


def of_warnings(
    session: Session, actor: Actor, body: Mapping[str, Any], *, valid_from: datetime, now: datetime, today: date
) -> Reruled:
    """What would have followed from the events of the last year, where it is not what follows by present rules."""
    charge.everywhere(session, actor, Action.CHANGE_RULES, today=today)
    present, proposed = WARNINGS.at(session, now), WARNINGS.proposed(session, body, valid_from=valid_from)
    found = Reruled(proposed)
    for event in store.events(session, now - YEAR, MOST_EVENTS):
        source, what = Source(event.kind), What(event.what)
        if not is_new_cause(source, what) or not _is_of_water(event):
            continue
        found.events += 1
        before, after = (_line(follows(each, source, what, event.level)) for each in (present, proposed))
        if before != after:
            found.cases[source.value, event.level or "", before, after] += 1
    return found


def _line(found: tuple[Follows, Line | None]) -> Line | None:
    """The line by which a warning follows, with its wait as it is meant where it says none."""
    line = found[1]
    if line is None:
        return None
    return replace(line, at_least="", within=line.within or SIGN_WITHIN[line.level] if line.mode is Mode.SIGN else None)


def _is_of_water(event: Any) -> bool:
    danger = event.values.get("danger")
    return danger is None or Danger(danger).is_of_water


def of_callouts(
    session: Session, actor: Actor, body: Mapping[str, Any], *, valid_from: datetime, today: date
) -> tuple[dict[str, Any], Counter[str]]:
    """The plans as they would be, and by level how many warnings are out that go on as the plan of theirs has it."""
    charge.everywhere(session, actor, Action.CHANGE_RULES, today=today)
    proposed = CALLOUTS.proposed(session, body, valid_from=valid_from)
    return dict(CALLOUTS.body_of(proposed)), Counter(row.level for row in flood_warnings.live(session))
