"""Two hands at one roll in the same moment: whoever comes second waits, and then finds it as the first has left it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.db import Session
from backend.domain.callouts import Answer
from backend.domain.flood_warnings import Level
from backend.models.notices import Notice
from backend.services import acks, links
from backend.services.acks import AckDraft
from backend.store import flood_warnings as store
from jobs import callouts, flood_warnings
from jobs.callouts import calling_of
from tests.api.drill_cases import drill_list, say
from tests.api.warning_cases import WARNINGS, body
from tests.cast import NOON, TOWN, VILLAGE
from tests.makers import new_id
from tests.torture.test_callouts import MINUTE, office, on_roll, steps_of, warn

__all__ = ["office"]
pytestmark = pytest.mark.torture

OVERTAKEN_S = 0.5
"""So long the second hand has to get in front of the first, if it does not wait."""


@contextmanager
def crossing(lasting: Any, second: Callable[[], Any]) -> Iterator[tuple[Session, list[Future[Any]]]]:
    """A transaction of the first hand, which commits after the second has begun; what that one has come to."""
    found: list[Future[Any]] = []
    with ThreadPoolExecutor(1) as pool:
        with lasting.database.transaction() as session:
            yield session, found
            found.append(pool.submit(second))
            time.sleep(OVERTAKEN_S)
        found[0].result()


def post(lasting: Any, who: str, path: str, **said: Any) -> Any:
    return lasting.phone_of(lasting.cast.people[who]).post(f"{WARNINGS}/{path}", json=said or None)


def states(lasting: Any, warning: UUID) -> list[str]:
    with lasting.database.reading() as session:
        return [row.state for row in store.revisions(session, warning)]


def revised(lasting: Any, warning: UUID, what: str = "update", **said: Any) -> str:
    made = post(lasting, "deng", f"{warning}/{what}", id=str(new_id()), reason="雨势变化", **said)
    assert made.status_code == 201, made.json
    found: str = made.json["id"]
    return found


@pytest.mark.parametrize("what", ["update", "correct", "all-clear"])
def test_an_answer_that_is_being_kept_outlives_what_becomes_of_the_warning(office, lasting, what):
    warning = warn(office, 1, now=NOON)
    who = on_roll(lasting.database, warning)[0].id
    lasting.clock.now = NOON + MINUTE
    end = {"text": "水退了"} if what == "all-clear" else {"id": str(new_id()), "reason": "雨停", "headline": "变了"}
    with crossing(lasting, lambda: post(lasting, "deng", f"{warning}/{what}", **end)) as (session, found):
        draft = AckDraft(new_id(), b"x" * 32, Answer.ACTING, "", lasting.clock.now)
        acks.ack_by_link(session, links.token(office.keyring, who), draft, now=lasting.clock.now)
    assert found[0].result().status_code in (200, 201)
    assert on_roll(lasting.database, warning)[0].state == "acting"


def test_nobody_is_called_by_a_look_that_the_all_clear_overtakes(office, lasting):
    warning = warn(office, 1, now=NOON)
    lasting.clock.now = at = NOON + timedelta(seconds=100)
    with crossing(lasting, lambda: post(lasting, "deng", f"{warning}/all-clear", text="水退了")) as (session, _):
        assert calling_of(office).sweep(session, now=at) == 3
    with lasting.database.reading() as session:
        calls = select(Notice.expires_at).where(Notice.created_at >= at, Notice.key.startswith("callout"))
        assert session.scalars(calls).all() == [at] * 3


def test_a_step_is_taken_once_when_a_revision_crosses_it(office, lasting):
    warning = warn(office, 1, now=NOON)
    lasting.clock.now = at = NOON + 3 * MINUTE
    with crossing(lasting, lambda: revised(lasting, warning, headline="变了")) as (session, _):
        calling_of(office).sweep(session, now=at)
    for look in range(4):
        callouts.run(office, now=at + look * MINUTE)
    for steps in steps_of(lasting.database).values():
        assert [step.what for step in steps].count("substitute") == 1


def test_of_two_revisions_that_are_signed_at_once_the_later_one_takes_the_place_of_the_other(office, lasting):
    warning = warn(office, 1, now=NOON, level=Level.YELLOW)
    lasting.clock.now = NOON + MINUTE
    first, second = revised(lasting, warning, level="orange"), revised(lasting, warning, level="red", regions=[VILLAGE])
    with crossing(lasting, lambda: post(lasting, "qian", f"{second}/sign")) as (session, _):
        later = NOON + timedelta(minutes=6)
        store.held(session, UUID(first))
        store.change(session, UUID(first), signed_by_id=lasting.cast.qian, signed_at=later, state="signed")
        calling_of(office).ask(session, store.existing(session, UUID(first)), by=lasting.cast.deng, now=later)
    assert states(lasting, warning) == ["updated", "updated", "issued"]
    assert {row.region_code for row in on_roll(lasting.database, warning) if row.next_at is not None} == {VILLAGE}


@pytest.mark.parametrize("is_signed_first", [True, False])
def test_an_all_clear_and_a_signature_of_the_same_moment_come_one_after_the_other(office, lasting, is_signed_first):
    warning = warn(office, 1, now=NOON, level=Level.YELLOW)
    lasting.clock.now = NOON + MINUTE
    graver = revised(lasting, warning, level="red")
    hands = [
        lambda: post(lasting, "qian", f"{graver}/sign").status_code,
        lambda: post(lasting, "deng", f"{warning}/all-clear", text="水退了").status_code,
    ]
    with ThreadPoolExecutor(2) as pool:
        with lasting.database.transaction() as session:
            store.held(session, warning)
            store.change(session, warning)
            first = pool.submit(hands[not is_signed_first])
            time.sleep(OVERTAKEN_S)
            second = pool.submit(hands[is_signed_first])
            time.sleep(OVERTAKEN_S)
        assert sorted([first.result(), second.result()]) == [200, 409]
    assert states(lasting, warning) in (["updated", "issued"], ["all_clear", "dropped"])


def test_a_signature_and_the_clockwork_that_waits_no_longer_for_it_let_it_out_once(office, lasting):
    lasting.clock.now = NOON
    made = lasting.phone_of(lasting.cast.deng).post(WARNINGS, json=body()).json["id"]
    lasting.clock.now = NOON + 2 * MINUTE
    with ThreadPoolExecutor(3) as pool:
        clockwork = [pool.submit(flood_warnings.run, office, now=lasting.clock.now) for _ in range(2)]
        signed = pool.submit(post, lasting, "qian", f"{made}/sign").result()
        done = sum(each.result() for each in clockwork)
    assert (signed.status_code, done) in ((200, 0), (409, 1))
    assert len(on_roll(lasting.database, UUID(made))) == 3


def test_whoever_leaves_a_drill_while_a_look_is_at_them_is_not_called(office, lasting):
    lasting.clock.now = NOON
    night = SimpleNamespace(phone_of=lasting.phone_of, cast=lasting.cast, clock=lasting.clock)
    people = [lasting.cast.wang, lasting.cast.li]
    which = drill_list(night, people, by=lasting.cast.deng, region=TOWN)
    drill = lasting.phone_of(lasting.cast.deng).post(WARNINGS, json=body(drill=True, drill_list=which)).json["id"]
    assert post(lasting, "qian", f"{drill}/sign").status_code == 200
    lasting.clock.now = at = NOON + timedelta(seconds=100)
    with crossing(lasting, lambda: say(night, which, lasting.cast.wang, agree=False)) as (session, _):
        assert calling_of(office).sweep(session, now=at) == 2
    with lasting.database.reading() as session:
        calls = select(Notice.expires_at).where(Notice.created_at >= at, Notice.key.startswith("callout"))
        assert session.scalars(calls.where(Notice.person_id == lasting.cast.wang)).all() == [at]


def test_a_roll_that_was_changed_while_it_was_filled_is_closed_and_told_about(office, lasting, monkeypatch):
    fill = calling_of(office).fill
    monkeypatch.setattr(
        "backend.services.calling.Calling.fill", lambda _, *args, **more: fill(*args, **more | {"limit": 1})
    )
    warning = warn(office, 1, now=NOON)
    lasting.clock.now = NOON + MINUTE
    revised(lasting, warning, headline="变了")
    for minute in range(2, 40):
        callouts.run(office, now=NOON + minute * MINUTE)
    assert [row.state for row in on_roll(lasting.database, warning)] == ["unreached"] * 3
    with lasting.database.reading() as session:
        assert all(row.closed_at is not None for row in store.revisions(session, warning))
