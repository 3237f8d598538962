"""Sums of an assessment agree with a plain recount, whatever became of posts, walks and leave in the meantime."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from backend.domain.assessment_rules import AssessmentRule, Indicator
from backend.domain.assessments import Tally
from backend.domain.terms import Post
from backend.models.duty_periods import DutyDay
from backend.models.patrols import Patrol
from backend.models.segments import Assignment
from backend.services import appraisal, duty_periods
from tests.api.assessment_cases import walk
from tests.cast import NOON, TOWN, assemble
from tests.makers import new_id

ZONE, NOW = ZoneInfo("Asia/Shanghai"), datetime(2025, 7, 20, 4, tzinfo=UTC)
BEGIN, DAYS = date(2025, 5, 5), 42
REACHES = ("TUHAI-371502-001", "TUHAI-371502-002")
PEOPLE = ("wang", "chen", "he")

spans = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(REACHES), st.integers(0, DAYS), st.integers(1, 30))
walks = st.tuples(st.sampled_from(PEOPLE), st.integers(0, DAYS + 6), st.sampled_from(PEOPLE), st.booleans())


def plain(held: list[tuple[date, date]], walked: list[date]) -> Tally:
    """A village chief's duty on a river counted on one's fingers: a walk a week, a part of it from half on."""
    total, begin = Tally(), BEGIN
    for number in range(DAYS):
        day = BEGIN + timedelta(days=number)
        if day.weekday() == 0:
            begin = max(begin, day)
        is_held, goes_on = (any(a <= each < b for a, b in held) for each in (day, day + timedelta(days=1)))
        if is_held and (day.weekday() == 6 or not goes_on):
            days = [begin + timedelta(days=n) for n in range((day - begin).days + 1)]
            served = sum(any(a <= each < b for a, b in held) for each in days)
            needed = 1 if served * 2 >= 7 else 0
            done = sum(each in days for each in walked)
            total += Tally(min(done, needed), needed)
            begin = day + timedelta(days=1)
    return total


def test_stored_sums_agree_with_a_plain_recount(session, keyring):
    cast = assemble(session, keyring)
    session.execute(insert(DutyDay), [{"day": BEGIN - timedelta(days=1), "settled_at": NOON, "periods": 0}])
    session.flush()

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(spans, max_size=6, unique_by=lambda each: each[:3]),
        st.lists(walks, max_size=14, unique_by=lambda each: each[:2]),
    )
    def holds(held, walked):
        with session.begin_nested() as inner:
            _agrees(session, cast, held, walked)
            inner.rollback()

    holds()


def _agrees(session: Any, cast: Any, held: list[Any], walked: list[Any]) -> None:
    _hold(session, cast, held)
    late, rejudged = walked[::3], walked[1::4]
    for each in walked:
        if each not in late:
            _walk(session, cast, *each)
    while days := duty_periods.reckon(session, today=date(2025, 7, 20), now=NOW, zone=ZONE):
        assert all(duty_periods.settle(session, day, now=NOW) for day in days)
    for each in late:  # handed in after the days were settled
        _walk(session, cast, *each)
    for person, number, *_ in rejudged:
        of = (Patrol.person_id == cast.people[person], Patrol.walked_at == _at(number))
        session.execute(update(Patrol).where(*of).values(counts=~Patrol.counts))
    found = _stored(session)
    for person in PEOPLE:
        mine = [(_day(begin), _day(begin + days)) for who, _, begin, days in held if who == person]
        counted = [_day(each[1]) for each in walked if each[2] == person and each[3] != (each in rejudged)]
        assert found.get(cast.people[person], Tally()) == plain(mine, counted)


def _stored(session: Any) -> dict[UUID, Tally]:
    """What each person comes to in all their rows."""
    what = appraisal.asked(TOWN, [Post.VILLAGE_CHIEF], BEGIN, _day(DAYS), ZONE)
    found: dict[UUID, Tally] = {}
    for row in appraisal.counted(session, what, AssessmentRule(), {}, now=NOW).scores:
        tally = Tally(row[f"{Indicator.PATROLS}_hits"], row[f"{Indicator.PATROLS}_size"])
        found[row["person_id"]] = found.get(row["person_id"], Tally()) + tally
    return found


def _hold(session: Any, cast: Any, held: list[Any]) -> None:
    reaches = [cast.segments[name].id for name in REACHES]
    session.execute(delete(Assignment).where(Assignment.segment_id.in_(reaches)))
    rows = [
        {
            "id": new_id(),
            "person_id": cast.people[person],
            "segment_id": cast.segments[reach].id,
            "duty": "chief",
            "from_day": _day(begin),
            "until_day": _day(begin + days),
        }
        for person, reach, begin, days in held
    ]
    if rows:
        session.execute(insert(Assignment), rows)


def _day(number: int) -> date:
    return BEGIN + timedelta(days=number)


def _walk(session: Any, cast: Any, walker: str, number: int, duty_of: str, counts: bool) -> None:
    """A walk of somebody for themselves, or in the place of somebody who is away."""
    day = _day(number)
    whose = {"duty_of_id": cast.people[duty_of], "counts": counts}
    walk(session, cast, cast.people[walker], "TUHAI-371502-001", day, **whose)


def _at(number: int) -> datetime:
    day = BEGIN + timedelta(days=number)
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
