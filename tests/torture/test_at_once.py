"""The same thing twice in one moment, and two hands that cross: kept once, told so, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from backend.models.training import TrainingAttendance
from tests.api.hazard_cases import HAZARDS, Case
from tests.api.training_cases import Held
from tests.cast import COUNTY, NOON
from tests.makers import new_id

pytestmark = pytest.mark.torture
API = "/api/v1"
MANY = 4


def at_once(*hands: Callable[[], Any]) -> list[int]:
    """What each is answered."""
    with ThreadPoolExecutor(len(hands)) as pool:
        return sorted(future.result().status_code for future in [pool.submit(hand) for hand in hands])


def joint_work(lasting: Any) -> dict[str, tuple[Any, dict[str, Any]]]:
    """By path: who sends it, and what."""
    cast, people = lasting.cast, [str(lasting.cast.wang), str(lasting.cast.shen)]
    case = Case(lasting.phone_of, cast.wang)
    case.act(cast.feng, "accept")
    case.act(cast.feng, "transfer", post="prosecutor", note="移送")
    clue = {"hazard": str(case.id), "return_on": "2025-07-20", "note": "请答复"}
    walk = {"segment": "TUHAI-371502-001", "day": "2025-07-02", "purpose": "查采砂船", "people": people}
    meeting = {"region": COUNTY, "title": "会商", "place": "会议室", "at": NOON.isoformat(), "minutes": "通报"}
    suggestion = {"hazard": str(case.id), "document": "东检建1号", "text": "建议清理"}
    return {
        "clues": (cast.feng, clue),
        "joint-patrols": (cast.feng, walk),
        "joint-meetings": (cast.feng, meeting | {"people": people, "tasks": []}),
        "suggestions": (cast.han, suggestion),
    }


def test_what_is_sent_twice_in_one_moment_is_kept_once_and_answered_as_it_is(lasting, times):
    work = joint_work(lasting)
    for _ in range(times(1)):
        for noun, (person, body) in work.items():
            path, phones = f"{API}/{noun}/{new_id()}", [lasting.phone_of(person) for _ in range(MANY)]
            hands = [partial(phone.put, path, json=body) for phone in phones]
            assert at_once(*hands) == [200] * (MANY - 1) + [201], noun


def merge(person: Any, case: Case, into: Case) -> Callable[[], Any]:
    return lambda: case.act(person, "merge", into=str(into.id), note="同一处")


def test_two_cases_that_are_merged_into_each_other_at_once_leave_one_of_them(lasting, times):
    feng, sun = lasting.cast.feng, lasting.cast.sun
    for _ in range(times(2)):
        one, other = (Case(lasting.phone_of, lasting.cast.wang) for _ in range(2))
        answers = at_once(merge(feng, one, other), merge(sun, other, one))
        assert answers in ([200, 409], [200, 412])
        states = [lasting.phone_of(feng).get(f"{HAZARDS}/{case.id}").json["state"] for case in (one, other)]
        assert sorted(states) == ["merged", "reported"]


def test_hours_that_are_put_right_hold_for_whoever_signs_in_meanwhile(lasting, times):
    cast, right = lasting.cast, {"reason": "多讲了", "hours": 8}
    for _ in range(times(1)):
        held = Held(lasting.phone_of, cast.sun, begins_at=NOON - timedelta(minutes=10))
        office, code = lasting.phone_of(cast.sun), held.code()
        seen = {"If-Match": office.get(held.path).headers["ETag"]}
        hands = [partial(held.scan, person, code) for person in (cast.wang, cast.chen, cast.li)]
        hands.append(partial(office.post, f"{held.path}/correct", json=right, headers=seen))
        assert set(at_once(*hands)) <= {200, 201}
        with lasting.database.reading() as session:
            there = select(TrainingAttendance.hours).where(TrainingAttendance.training_id == held.id)
            assert session.scalars(there).all() == [8, 8, 8]
