"""Flood hazards have half the time where the window is open or a response holds, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import select

from backend.domain.flood_days import Pressing
from backend.domain.responses import Response, ResponseLevel
from backend.models.segments import Segment
from backend.store.pressing import presses
from jobs import deadlines
from tests.api.flood_cases import declare, set_year
from tests.api.hazard_cases import Case
from tests.cast import COUNTY, NEXT_TOWN, NOON, OTHER_COUNTY, TOWN, VILLAGE

USUAL, HALF = "2025-07-31T00:00:00+08:00", "2025-07-17T00:00:00+08:00"
"""20 working days to mend what is major, and 10."""


@pytest.fixture
def crack(phone_of, cast):
    """A weak levee that was given out to be mended."""
    case = Case(phone_of, cast.wang, kind="flood.levee_defect", severity="major")
    case.act(cast.feng, "accept")
    case.act(cast.feng, "assign", unit="HOUSING")
    return case


def due(case: Case, person) -> str:
    return case.seen_by(person).json["deadlines"]["due_at"]


def test_a_response_halves_what_is_open_where_it_holds_and_its_end_gives_it_back(phone_of, cast, house, clock, crack):
    heap = Case(phone_of, cast.wang, severity="major")
    before = due(heap, cast.feng)
    assert due(crack, cast.feng) == USUAL
    declare(phone_of(cast.deng), "IV", [OTHER_COUNTY])
    assert deadlines.run(house, now=clock.now) == 0
    declare(phone_of(cast.deng), "IV", [TOWN])
    assert deadlines.run(house, now=clock.now) == 1
    assert deadlines.run(house, now=clock.now) == 0
    assert (due(crack, cast.feng), due(heap, cast.feng)) == (HALF, before)
    counted = crack.seen_by(cast.feng).json["timeline"][-1]
    assert (counted["act"], counted["body"]["is_pressing"]) == ("recount", True)
    clock.now += timedelta(minutes=5)
    declare(phone_of(cast.deng), "none", [TOWN])
    assert deadlines.run(house, now=clock.now) == 1
    assert due(crack, cast.feng) == USUAL


def test_what_a_response_has_pressed_stays_pressed_when_the_superior_lists_it(phone_of, cast, house, clock, crack):
    clock.now += timedelta(hours=1)
    declare(phone_of(cast.deng), "III", [COUNTY])
    assert deadlines.run(house, now=clock.now) == 1
    assert crack.act(cast.zhao, "supervise", watch="listed").status_code == 200
    assert due(crack, cast.feng) == "2025-08-01T12:00:00+08:00", "half of sixty days"
    assert deadlines.run(house, now=clock.now) == 0


def test_one_about_another_river_presses_nothing_here(phone_of, cast, house, clock, crack):
    declare(phone_of(cast.deng), "III", [COUNTY], rivers=["CHIPING"])
    assert deadlines.run(house, now=clock.now) == 0
    declare(phone_of(cast.deng), "III", [COUNTY], rivers=["TUHAI"])
    assert deadlines.run(house, now=clock.now) == 1
    assert due(crack, cast.feng) == HALF


def test_what_is_reported_under_a_response_is_pressed_from_the_first(phone_of, cast, house, clock):
    declare(phone_of(cast.deng), "IV", [VILLAGE])
    fresh = Case(phone_of, cast.wang, kind="flood.levee_defect", severity="critical")
    assert fresh.answer.json["deadlines"]["due_at"] == "2025-07-02T12:15:00+08:00"
    assert deadlines.run(house, now=clock.now) == 0
    assert Case(phone_of, cast.wang, kind="flood.wind", severity="critical").act(cast.feng, "accept").status_code == 200


def test_a_window_of_ones_own_presses_here_and_not_next_door(phone_of, cast, house, clock):
    clock.now = datetime(2025, 7, 14, 4, 0, tzinfo=UTC)
    here, there = (
        Case(phone_of, cast.people[who], kind="flood.levee_defect", severity="major", segment=segment, location=None)
        for who, segment in (("wang", "TUHAI-371502-001"), ("wu", "CHIPING-371503"))
    )
    assert set_year(phone_of(cast.sun), COUNTY, window_begin="2025-07-10").status_code == 201
    assert deadlines.run(house, now=clock.now) == 1
    assert here.seen_by(cast.qian).json["timeline"][-1]["act"] == "recount"
    assert there.seen_by(cast.qian).json["timeline"][-1]["act"] == "report"
    clock.now = datetime(2025, 8, 15, 4, 0, tzinfo=UTC)
    late = Case(phone_of, cast.wang, kind="flood.levee_defect", severity="critical")
    assert late.answer.json["deadlines"]["due_at"] == "2025-08-15T12:30:00+08:00"


def test_a_database_says_the_same_as_the_rule(session, cast):
    def response(region: str, *rivers: str) -> Response:
        return Response(uuid4(), ResponseLevel.IV, (region,), rivers, False, NOON, None)

    windows = [(), ((NEXT_TOWN, True),), ((TOWN, False), (COUNTY, True)), ((VILLAGE, True), ("3715", False))]
    under = [(), (response(TOWN),), (response("3715", "CHIPING"), response(VILLAGE)), (response("37", "TUHAI"),)]
    rows = session.execute(select(Segment.id, Segment.region_code, Segment.river_code)).all()
    for usually, window, responses in product((True, False), windows, under):
        pressing = Pressing(usually, window, responses)
        question = select(Segment.id, presses(pressing, Segment.region_code, Segment.river_code).label("presses"))
        found = {row.id: bool(row.presses) for row in session.execute(question)}
        assert found == {row.id: pressing.holds(row.region_code, row.river_code) for row in rows}
