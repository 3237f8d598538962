"""Call-outs under answers that race the clockwork, a clock that jumps, runners that die and plans that change."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.db import Database
from backend.domain.callout_plans import DOOR, CalloutRule, Plan
from backend.domain.callout_policies import body_of, changed
from backend.domain.callouts import Answer
from backend.domain.flood_warnings import How, Level
from backend.models.alarms import Alarm
from backend.models.callouts import Callout, CalloutStep
from backend.models.flood_warnings import FloodWarning
from backend.models.notices import Notice
from backend.services import acks, flood_warnings, links
from backend.services.acks import AckDraft
from backend.services.policies import CALLOUTS
from backend.store import flood_warnings as store
from backend.store import rules
from jobs import auditor, callouts
from jobs.callouts import calling_of
from jobs.runner import House
from tests.cast import NOON, TOWN, VILLAGE
from tests.makers import new_id

pytestmark = pytest.mark.torture

JUMPS = [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-1), timedelta(days=1)]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(lasting: Any, settings: Any, keyring: Any) -> House:
    return House(settings, lasting.database, lasting.app.extensions["hezhang"].photos, keyring)


def warn(office: House, number: int, *, now: datetime, level: Level = Level.RED, region: str = TOWN) -> UUID:
    """A warning that is in force: its id."""
    warning_id = new_id()
    said = {"level": level.value, "headline": "超警戒", "instruction": "上堤", "contact": "", "regions": [region]}
    rest = {"segments": [], "focus": [], "posts": ["village_chief", "town_chief"], "drill_list_id": None}
    name = {"id": warning_id, "root_id": warning_id, "revision": 1, "number": f"YJ2025-{number:04d}"}
    about = {"body_sha256": b"x" * 32, "is_drill": False, "because": {}, "expires_at": None}
    with office.database.transaction() as session:
        assert flood_warnings.add(session, name | said | rest | about, [region], by=None, now=now)
        calling_of(office).issue(session, store.existing(session, warning_id), How.RULE, now=now)
    return warning_id


def answer(office: House, callout_id: UUID, what: Answer, now: datetime) -> int:
    """Somebody taps a button of the page behind the link; how many steps had been taken when it was kept."""
    assert office.keyring is not None
    draft = AckDraft(new_id(), b"x" * 32, what, "", now)
    with office.database.transaction() as session:
        acks.ack_by_link(session, links.token(office.keyring, callout_id), draft, now=now)
        return session.scalar(select(func.count()).where(CalloutStep.callout_id == callout_id)) or 0


def steps_of(database: Database) -> dict[UUID, list[Any]]:
    """By call-out what was done about it."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    with database.reading() as session:
        for step in session.scalars(select(CalloutStep).order_by(CalloutStep.seq)):
            found[step.callout_id].append(step)
    return found


def on_roll(database: Database, warning: UUID | None = None) -> list[Any]:
    with database.reading() as session:
        question = select(*Callout.__table__.c, FloodWarning.level, FloodWarning.policy_version)
        question = question.join(FloodWarning, FloodWarning.id == Callout.warning_id)
        if warning is not None:
            question = question.where(Callout.root_id == warning)
        return list(session.execute(question.order_by(Callout.seq)))


def test_an_answer_that_races_the_escalation_is_never_lost_and_never_climbed_over_once_it_is_kept(
    office, lasting, times
):
    """B5: three people answer, or sleep, in the second in which three runners escalate."""
    dice, seen = Random(5), Counter[str]()
    for number in range(times(27)):
        begun = NOON + timedelta(hours=2 * number)
        warning = warn(office, number, now=begun)
        at = begun + dice.choice([3, 5, 7, 10]) * MINUTE
        rows = on_roll(lasting.database, warning)
        awake = [row.id for row in rows if dice.random() < 0.8]
        gate = threading.Barrier(len(awake) + 2)
        kept: dict[UUID, int] = {}

        def climb(wait_s: float, at: datetime = at, gate: threading.Barrier = gate) -> None:
            gate.wait()
            time.sleep(wait_s)
            callouts.run(office, now=at)

        def tap(who: UUID, wait_s: float, at: datetime = at, gate: Any = gate, kept: Any = kept) -> None:
            gate.wait()
            time.sleep(wait_s)
            kept[who] = answer(office, who, Answer.ACTING, at)

        with ThreadPoolExecutor(len(awake) + 2) as pool:
            racers = [pool.submit(climb, dice.uniform(0, 0.05)) for _ in range(2)]
            racers += [pool.submit(tap, who, dice.uniform(0, 0.05)) for who in awake]
            for racer in racers:
                racer.result()
        for minutes in (12, 20, 31):
            callouts.run(office, now=begun + minutes * MINUTE)
        steps = steps_of(lasting.database)
        for row in on_roll(lasting.database, warning):
            if row.id in awake:
                assert row.state == "acting"
                assert len(steps[row.id]) == kept[row.id], "climbed over after it was kept"
                seen["climbed before" if any(step.what != "call" for step in steps[row.id]) else "not climbed"] += 1
            else:
                assert row.state == "unreached"
                seen["silent"] += 1
        _is_closed_and_alarmed(lasting.database, warning, is_silent=len(awake) < len(rows))
    print(dict(seen))


def _is_closed_and_alarmed(database: Database, warning: UUID, *, is_silent: bool) -> None:
    with database.reading() as session:
        assert session.scalar(select(FloodWarning.closed_at).where(FloodWarning.id == warning))
        about = select(func.count()).where(Alarm.kind == "unreached", Alarm.about.startswith(str(warning)))
        assert session.scalar(about) == int(is_silent)


class Killed(Exception):
    """The runner dies before it commits."""


def _killed_in_the_middle(office: House, now: datetime, dice: Random) -> None:
    try:
        with office.database.transaction() as session:
            calling_of(office).sweep(session, now=now)
            if dice.random() < 0.7:
                raise Killed
    except Killed:
        return


def ticks(dice: Random, until: timedelta) -> Iterator[datetime]:
    """Moments as they go on, by a clock that jumps back and forth."""
    real, shift = NOON, timedelta()
    while real < NOON + until:
        real += timedelta(seconds=dice.choice([5, 30, 60, 100, 240]))
        if dice.random() < 0.1:
            shift = dice.choice([*JUMPS, timedelta(), timedelta()])
        yield real + shift


def test_whatever_the_clock_does_no_step_is_missed_taken_twice_early_or_in_a_burst(office, lasting, times):
    """A7, M10: warnings over clock jumps, killed runners and new plans; in the end the auditor has nothing to say."""
    dice, seen = Random(7), Counter[str]()
    for story in range(times(1)):
        fresh = iter(range(30 * story, 30 * story + 30))
        for now in ticks(dice, timedelta(minutes=100)):
            _something_happens(office, now, dice, fresh)
            with ThreadPoolExecutor(2) as runners:
                for each in [runners.submit(callouts.run, office, now=now) for _ in range(2)]:
                    each.result()
        # Three days later, whatever the clock did, two hours of quiet ticks.
        end = NOON + timedelta(days=3 + 3 * story)
        for minute in range(0, 130, 2):
            callouts.run(office, now=end + minute * MINUTE)
        assert auditor.run(office, now=end + 140 * MINUTE) == 0
    _check_all(lasting.database, seen)
    print(dict(seen))


def _something_happens(office: House, now: datetime, dice: Random, fresh: Iterator[int]) -> None:
    """New warnings, new plans, a runner that dies, somebody who answers."""
    for number in itertools.islice(fresh, dice.choice([0, 1, 2])):
        level = dice.choice([Level.RED, Level.RED, Level.ORANGE])
        warn(office, number, now=now, level=level, region=dice.choice([VILLAGE, VILLAGE, TOWN]))
    if dice.random() < 0.05:
        _change_the_plans(office, now, dice)
    if dice.random() < 0.3:
        _killed_in_the_middle(office, now, dice)
    rows = on_roll(office.database)
    if rows and dice.random() < 0.4:
        answer(office, dice.choice(rows[-60:]).id, dice.choice(list(Answer)), now)


def _change_the_plans(office: House, now: datetime, dice: Random) -> None:
    every, tries = dice.choice(["60s", "100s", "150s"]), dice.choice([2, 3, 4])
    with office.database.transaction() as session:
        version = max((row.version for row in rules.versions(session, "callout")), default=0) + 1
        body = body_of(changed(CalloutRule(), version, {"plans": {"red": {"every": every, "tries": tries}}}))
        rules.add(session, "callout", version, body, valid_from=now, reason="演", made_by=None, now=now)


def _check_all(database: Database, seen: Counter[str]) -> None:
    steps, calls = steps_of(database), 0
    with database.reading() as session:
        rows = on_roll(database)
        plan_of = {
            number: CALLOUTS.of_version(session, number).plans for number in {row.policy_version for row in rows}
        }
        notices = session.scalar(select(func.count()).select_from(Notice).where(Notice.key.startswith("callout")))
    for row in rows:
        plan = plan_of[row.policy_version][Level(row.level)]
        assert row.next_at is None, "nobody is waited for any more"
        by_round: dict[int, list[Any]] = defaultdict(list)
        for step in steps[row.id]:
            assert step.at >= step.due_at, "none early"
            by_round[step.round].append(step)
        calls += sum(_check_round(plan, these) for these in by_round.values())
        _check_end(plan, row, by_round)
        seen[row.state] += 1
    assert calls == notices, "each call is a notice"


def _check_round(plan: Plan, these: list[Any]) -> int:
    called = [step for step in these if step.what == "call"]
    assert [step.number for step in called] == list(range(1, len(called) + 1))
    assert len(called) <= plan.tries
    assert len({step.at for step in called}) == len(called), "never two in one look"
    told: dict[str, set[datetime]] = defaultdict(set)
    for step in these:
        if step.what != "call":
            told[step.what].add(step.at)
    assert all(len(moments) == 1 for moments in told.values()), "each step once"
    return len(called)


def _check_end(plan: Plan, row: Any, by_round: dict[int, list[Any]]) -> None:
    wanted = {step.what for step in plan.steps}
    last = Counter(step.what for step in by_round[row.round])
    if row.state == "unreached":
        assert set(last) == wanted | {"call", "unreached"}
        assert last["call"] == plan.tries
    elif row.state == "unable":
        assert set(last) >= wanted - {DOOR}
    else:
        assert row.state == "acting"
