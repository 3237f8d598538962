"""Rollups agree with a plain recount to the last unit, whatever happens to walks and hazards, in whatever order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from backend.clock import day_of
from backend.domain.access import Actor, Seat
from backend.domain.hazards import OPEN
from backend.domain.stats import ACTS, FIGURES, GROUPS, By, Period
from backend.domain.terms import Outcome, Post
from backend.models.hazards import Hazard, HazardAct
from backend.models.patrols import Patrol
from backend.models.segments import Assignment
from backend.services import rejudging, rollups, rules, stats
from backend.services.stats import Asked
from backend.store import patrols
from jobs import rollups as job
from tests.api.hazard_cases import Case
from tests.cast import CITY, LINE, NOON
from tests.makers import new_id, patrol_body

HISTORIES = max(100, settings().max_examples // 25)
"""A hundred of them on each database, and two hundred in `make torture`."""
PERIOD = Period(date(2025, 5, 1), date(2025, 12, 31))
KINDS = ("four_illegal.dump", "flood.seepage", "water.drift")
STEPS = ("walk", "walk", "late", "review", "withdraw", "rejudge", "reassign", "report", "act", "act", "merge", "count")


@dataclass
class History:
    """A city in which one thing happens after the other; what cannot be done then is left alone."""

    phone_of: Any
    cast: Any
    session: Any
    clock: Any
    house: Any
    walks: list[UUID] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)

    def go(self, step: str, dice: int) -> None:
        self.clock.now += timedelta(hours=7)
        getattr(self, f"_{step}")(dice)

    def _walk(self, dice: int, days: int = 0) -> None:
        who = ("wang", "chen", "he", "li")[dice % 4]
        started_at = self.clock.now - timedelta(days=days, hours=2, minutes=dice)
        segment = ("TUHAI-371502-001", "TUHAI-371502-002", "TUHAI-371502001")[dice % 3]
        metres = (60.0, 450.0, 900.0)[dice // 4 % 3]
        body = patrol_body(LINE, segment=segment, started_at=started_at, metres=metres, seed=dice)
        patrol = new_id()
        if self.phone_of(self.cast.people[who]).put(f"/api/v1/patrols/{patrol}", json=body).status_code == 201:
            self.walks.append(patrol)

    def _late(self, dice: int) -> None:
        self._walk(dice, days=1 + dice % 40)

    def _of_walk(self, dice: int, who: str, what: str, **said: Any) -> None:
        if self.walks:
            path = f"/api/v1/patrols/{self.walks[dice % len(self.walks)]}"
            phone = self.phone_of(self.cast.people[who])
            seen = phone.get(path)
            phone.post(f"{path}/{what}", json=said, headers={"If-Match": seen.headers.get("ETag", "")})

    def _review(self, dice: int) -> None:
        self._of_walk(dice, "li", "review", outcome=list(Outcome)[dice % 3].value, note="查过了")

    def _withdraw(self, dice: int) -> None:
        self._of_walk(dice, "sun", "withdraw", reason="走错了河")

    def _rejudge(self, dice: int) -> None:
        jin, now = Actor(self.cast.jin, "金管理", (Seat(Post.ADMINISTRATOR, CITY),)), self.clock.now
        numbers = {"minimums": {"village": {"metres": 50.0 + 100.0 * (dice % 6)}}}
        today = day_of(now, self.house.settings.zone)
        rules.change(
            self.session, jin, numbers, valid_from=now - timedelta(days=50), reason="试试", today=today, now=now
        )
        seq = 0
        while (walk := patrols.next_since(self.session, NOON - timedelta(days=90), after_seq=seq)) is not None:
            rejudging.rejudge(self.session, walk, now=now, zone=self.house.settings.zone)
            seq = walk.seq
        self.session.commit()

    def _reassign(self, dice: int) -> None:
        today = day_of(self.clock.now, self.house.settings.zone)
        chief = (self.cast.wang, self.cast.chen)[dice % 2]
        mine = update(Assignment).where(Assignment.person_id == chief)
        self.session.execute(mine.values(until_day=None if dice % 3 else today))
        self.session.commit()

    def _report(self, dice: int) -> None:
        self.cases.append(Case(self.phone_of, self.cast.wang, kind=KINDS[dice % 3]))

    def _act(self, dice: int) -> None:
        if self.cases:
            case = self.cases[dice % len(self.cases)]
            severity = ("minor", "major")[dice // 2 % 2]
            for act, said in (
                ("unmerge", {}),
                ("accept", {"severity": severity}),
                ("assign", {"unit": "HOUSING", "severity": severity}),
                ("return", {}),
                ("reject", {}),
                ("reopen", {}),
            )[dice % 6 :]:
                if case.act(self.cast.sun, act, note="办", **said).status_code == 200:
                    break

    def _merge(self, dice: int) -> None:
        if len(self.cases) > 1:
            one, into = self.cases[dice % len(self.cases)], self.cases[(dice + 1) % len(self.cases)]
            one.act(self.cast.sun, "merge", into=str(into.id), note="同一处")

    def _count(self, _: int) -> None:
        job.run(self.house, now=self.clock.now)


@settings(max_examples=HISTORIES, suppress_health_check=list(HealthCheck), deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 59)), min_size=6, max_size=16))
def test_totals_agree_with_a_plain_recount_in_random_histories(
    connection, phone_of, cast, session, clock, house, steps
):
    start = clock.now
    session.commit()
    before = connection.begin_nested()
    try:
        history = History(phone_of, cast, session, clock, house)
        for step, dice in steps:
            history.go(step, dice)
        job.run(house, now=clock.now)
        plain = {group: dict.fromkeys(FIGURES[noun], 0) for group, noun in GROUPS.items()} | recount(session)
        for by in (None, By.REGION, By.LEVEL, By.DAY):
            found = stats.of_regions(session, [CITY], Asked(PERIOD, by=by), now=clock.now, zone=house.settings.zone)
            assert (found.waiting, found.total) == (0, plain)
        checked = rollups.checked(house.database, zone=house.settings.zone)
        assert [each for _, _, wrong in checked for each in wrong] == []
    finally:
        session.rollback()
        session.expunge_all()
        before.rollback()
        clock.now = start


def test_a_hazard_that_is_found_graver_takes_its_earlier_acts_along(phone_of, cast, session, clock, house):
    case = Case(phone_of, cast.wang)
    for act, said in (("accept", {"severity": "minor"}), ("assign", {"unit": "HOUSING", "severity": "major"})):
        clock.now += timedelta(days=1)
        assert case.act(cast.sun, act, note="办", **said).status_code == 200
        job.run(house, now=clock.now)
    checked = rollups.checked(house.database, zone=house.settings.zone)
    assert [each for _, _, wrong in checked for each in wrong] == []


def recount(session: Any) -> dict[str, dict[str, int]]:
    """Every walk and hazard one by one, by somebody who knows no SQL."""
    walked: Counter[str] = Counter(dict.fromkeys(FIGURES[GROUPS["patrols"]], 0))
    for walk in session.scalars(select(Patrol).execution_options(populate_existing=True)):
        outcome = walk.review_outcome or walk.outcome
        walked["handed_in"] += 1
        walked["counted"] += walk.counts
        walked["doubtful"] += walk.counts and outcome == "doubtful"
        walked["withdrawn"] += walk.withdrawn_at is not None
        walked["not_counted"] += not walk.counts and walk.withdrawn_at is None
        walked["metres"] += int(walk.covered_m) if walk.counts else 0
        walked["seconds"] += int(walk.verdict["figures"]["duration_s"]) if walk.counts else 0
    found = {
        group: Counter(dict.fromkeys(FIGURES[GROUPS["hazards"]], 0)) for group in ("hazards", "four_illegal", "flood")
    }
    word = {act.value: figure for figure, act in ACTS.items()}
    state = {"closed": "cleared", "rejected": "rejected", "merged": "merged"} | {
        each.value: "standing" for each in OPEN
    }
    for hazard in session.scalars(select(Hazard).execution_options(populate_existing=True)):
        acts = session.scalars(select(HazardAct.act).where(HazardAct.hazard_id == hazard.id)).all()
        for figure in ("reported", state[hazard.state], *(word[act] for act in acts if act in word)):
            for group in {"hazards", hazard.kind.partition(".")[0]} & found.keys():
                found[group][figure] += 1
    return {"patrols": dict(walked)} | {group: dict(of) for group, of in found.items()}
