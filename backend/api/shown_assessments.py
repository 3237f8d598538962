"""Assessments, league tables and appeals as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from backend.api.door import BASE
from backend.api.shown import moment
from backend.clock import start_of
from backend.domain.access import Actor, may
from backend.domain.actions import Action
from backend.domain.assessment_rules import AssessmentRule, Indicator
from backend.domain.assessments import MOVES, State, Tally
from backend.domain.wilson import wilson
from backend.services import appraisal
from backend.services.assessments import Preview

Said = dict[str, Any]


def assessment(row: Any, actor: Actor, zone: ZoneInfo) -> Said:
    """An assessment as it stands, and what the actor may do with it."""
    is_office = may(actor, Action.MAKE_ASSESSMENT, row.region_code)
    acts = [act.value for begin, act in MOVES if begin == row.state] if is_office else []
    return {
        "id": str(row.id),
        "name": row.name,
        "region": {"code": row.region_code, "name": row.region_name},
        "posts": row.posts,
        "from": row.begin_day.isoformat(),
        "until": row.until_day.isoformat(),
        "state": row.state,
        "edition": row.edition,
        "rule_version": row.rule_version,
        "people": row.people,
        "computed_at": moment(row.computed_at, zone),
        "made_at": moment(row.made_at, zone),
        "made_by": row.made_by,
        "published_at": moment(row.published_at, zone) if row.published_at else None,
        "closed_at": moment(row.closed_at, zone) if row.closed_at else None,
        "appeals_open": row.appeals_open,
        "may": acts,
    }


def until(row: Any, rule: AssessmentRule, zone: ZoneInfo) -> str | None:
    """Until when an appeal may be made."""
    is_out = row.state == State.PUBLISHED and row.published_at is not None
    return moment(rule.appeals_until(row.published_at, zone), zone) if is_out else None


def edition(row: Any, zone: ZoneInfo) -> Said:
    """One computing."""
    same = {name: getattr(row, name) for name in ("number", "rule_version", "people", "by", "reason")}
    return same | {"computed_at": moment(row.computed_at, zone)}


def preview(found: Preview) -> Said:
    """Whom it would be about."""
    posts = [{"post": post.value, "people": each[0], "needed": each[1]} for post, each in sorted(found.people.items())]
    first, after = found.settled or (None, None)
    return {
        "people": sum(each["people"] for each in posts),
        "posts": posts,
        "rule": found.rule.body(),
        "rule_version": found.rule.version,
        "settled": {"from": first.isoformat() if first else None, "until": after.isoformat() if after else None},
    }


def share(tally: Tally) -> Said:
    """A share with its sample size and its interval."""
    found = wilson(tally.hits, tally.size)
    said = None if tally.share is None else round(tally.share, 4)
    return {
        "hits": tally.hits,
        "size": tally.size,
        "share": said,
        "low": round(found.low, 4) if tally.size else None,
        "high": round(found.high, 4) if tally.size else None,
    }


def score(row: Any, assessed: Any, zone: ZoneInfo) -> Said:
    """A row of a league table, with the way to the records behind each figure."""
    records = f"{BASE}/assessments/{row.assessment_id}/people/{row.person_id}/records"
    where = {"post": row.post, "region": row.region_code}
    indicators = {
        each.value: share(tally) | {"path": f"{records}?{urlencode({'of': each.value} | where)}"}
        for each, tally in appraisal.tallies_of(row).items()
    }
    return {
        "person": {"id": str(row.person_id), "name": row.person},
        "post": row.post,
        "region": {"code": row.region_code, "name": row.region_name or row.region_code},
        "edition": row.edition,
        "score": None if row.score is None else round(row.score, 2),
        "rank": row.rank,
        "of": row.ranked_of,
        "score_was": None if row.score_was is None else round(row.score_was, 2),
        "rank_was": row.rank_was,
        "indicators": indicators,
        "figures": _figures(row, assessed, f"{records}?{urlencode({'of': 'hazards'} | where)}", zone),
    }


def _figures(row: Any, assessed: Any, hazards: str, zone: ZoneInfo) -> Said:
    begin, end = (moment(start_of(day, zone), zone) for day in (assessed.begin_day, assessed.until_day))
    walks = urlencode({"person": str(row.person_id), "from": begin, "to": end})
    return {
        "walks": row.walks,
        "counted": row.counted,
        "doubtful": row.doubtful,
        "covered_m": round(row.covered_m, 1),
        "hazards": row.hazards,
        "reports_per_100_walks": round(100 * row.hazards / row.walks, 1) if row.walks else None,
        "leave_days": row.leave_days,
        "walks_path": f"{BASE}/patrols?{walks}" if row.walks else None,
        "hazards_path": hazards if row.hazards else None,
    }


def place(place: Any, people: Any, assessed: Any) -> Said:
    """A county or town: its people's sums, what became of the hazards of the time, and what nobody walked."""
    is_own = place.region_code == assessed.region_code
    where = urlencode({"region": place.region_code} | ({"alone": "true"} if is_own else {}))
    return {
        "region": {"code": place.region_code, "name": place.name},
        "scores_path": f"{BASE}/assessments/{assessed.id}/scores?{where}",
        "hazards_path": f"{BASE}/hazards?{where}",
        **_people([people] if people else []),
        "hazards": place.hazards,
        "stages": {name: _stage(each) for name, each in place.stages.items()},
        "reaches": place.reaches,
        "reaches_m": round(place.reaches_m, 1),
        "unwalked": place.unwalked,
        "unwalked_m": round(place.unwalked_m, 1),
    }


def total(places: Sequence[Any], people: Sequence[Any]) -> Said:
    """All of them together; a median of medians would mean nothing."""
    stages: dict[str, Tally] = {}
    for each in places:
        for name, said in each.stages.items():
            stages[name] = stages.get(name, Tally()) + Tally(said["hits"], said["size"])
    return {
        **_people(people),
        "hazards": sum(each.hazards for each in places),
        "stages": {name: share(tally) | {"median_h": None} for name, tally in stages.items()},
        "reaches": sum(each.reaches for each in places),
        "reaches_m": round(sum(each.reaches_m for each in places), 1),
        "unwalked": sum(each.unwalked for each in places),
        "unwalked_m": round(sum(each.unwalked_m for each in places), 1),
    }


def appeal(row: Any, zone: ZoneInfo) -> Said:
    """An appeal, and what became of it."""
    return {
        "id": str(row.id),
        "assessment": str(row.assessment_id),
        "person": {"id": str(row.person_id), "name": row.person},
        "post": row.post,
        "region": {"code": row.region_code, "name": row.region_name or row.region_code},
        "indicator": row.indicator,
        "text": row.text,
        "made_at": moment(row.made_at, zone),
        "state": row.state,
        "decided_at": moment(row.decided_at, zone) if row.decided_at else None,
        "decided_by": row.decided_by,
        "reason": row.reason,
        "before": row.before,
        "after": row.after,
    }


def record(kind: str, row: Any, zone: ZoneInfo) -> Said:
    """What stands behind a figure: one period, call, answer or report."""
    return _RECORDS[kind](row, zone)


def _period(row: Any, zone: ZoneInfo) -> Said:
    begin, end = (moment(start_of(day, zone), zone) for day in (row.begin_day, row.until_day))
    walks = urlencode({"duty_of": str(row.person_id), "from": begin, "to": end})
    return {
        "river": {"code": row.river_code, "name": row.river},
        "from": row.begin_day.isoformat(),
        "until": row.until_day.isoformat(),
        "basis": row.basis,
        "rule_version": row.rule_version,
        "needed": row.needed,
        "done": row.done,
        "is_hit": row.done >= row.needed,
        "path": f"{BASE}/patrols?{walks}",
    }


def _call(row: Any, zone: ZoneInfo) -> Said:
    return {
        "warning": {"id": str(row.warning_id), "number": row.warning, "headline": row.headline},
        "begun_at": moment(row.begun_at, zone),
        "answered_at": moment(row.answered_at, zone) if row.answered_at else None,
        "climbed_at": moment(row.climbed_at, zone) if row.climbed_at else None,
        "is_hit": bool(row.is_hit),
        "path": f"{BASE}/flood/callouts/{row.id}",
    }


def _reply(row: Any, zone: ZoneInfo) -> Said:
    return {
        "campaign": {"id": str(row.id), "name": row.campaign},
        "segment": {"code": row.segment, "name": row.segment_name},
        "deadline": moment(row.deadline, zone),
        "answered_at": moment(row.answered_at, zone) if row.answered_at else None,
        "is_hit": bool(row.is_hit),
        "path": f"{BASE}/campaigns/{row.id}",
    }


def _session(row: Any, zone: ZoneInfo) -> Said:
    return {
        "training": {"id": str(row.id), "title": row.title},
        "begins_at": moment(row.begins_at, zone),
        "is_hit": bool(row.is_hit),
        "path": f"{BASE}/trainings/{row.id}",
    }


def _report(row: Any, zone: ZoneInfo) -> Said:
    same = {name: getattr(row, name) for name in ("kind", "severity", "state")}
    said = {"id": str(row.id), "segment": row.segment_name, "reported_at": moment(row.reported_at, zone)}
    return same | said | {"is_hit": True, "path": f"{BASE}/hazards/{row.id}"}


_RECORDS = {"patrols": _period, "callouts": _call, "campaigns": _reply, "training": _session, "hazards": _report}


def _people(rows: Sequence[Any]) -> Said:
    sums = {
        each: sum(
            (Tally(int(getattr(row, f"{each}_hits")), int(getattr(row, f"{each}_size"))) for row in rows), Tally()
        )
        for each in Indicator
    }
    counts = {name: sum(int(getattr(row, name)) for row in rows) for name in ("people", "ranked", "walks", "reported")}
    return counts | {"indicators": {each.value: share(tally) for each, tally in sums.items()}}


def _stage(said: Mapping[str, Any]) -> Said:
    return share(Tally(said["hits"], said["size"])) | {"median_h": said["median_h"]}
