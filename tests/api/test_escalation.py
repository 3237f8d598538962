"""A hazard that nobody handles climbs along the chief chain of its river, each step once, and never to nobody."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from backend.models.facts import Fact
from backend.models.hazards import Hazard
from backend.models.people import Absence, Appointment
from backend.models.segments import Assignment
from jobs import escalation
from jobs.runner import House
from tests.api.hazard_cases import Case, report
from tests.cast import NOON
from tests.makers import new_id

DUE = datetime.fromisoformat("2025-07-04T00:00:00+08:00")
"""Accepting an ordinary one that was reported at noon on a Wednesday."""


@pytest.fixture
def heap(phone_of, cast) -> Case:
    return Case(phone_of, cast.wang)


@pytest.fixture
def told(session, house):
    """Let the clockwork look at a moment; whom each step that it takes reaches."""

    def at(moment: datetime) -> list[tuple[str, UUID]]:
        before = set(session.scalars(select(Fact.seq)))
        escalation.run(house, now=moment)
        bodies = session.scalars(select(Fact.body).where(Fact.act == "climb", Fact.seq.not_in(before)))
        return [(each["for"], UUID(each["person"])) for body in bodies for each in json.loads(body)["told"]]

    return at


def test_it_climbs_from_the_owner_to_the_city_and_every_step_is_taken_once(heap, cast, told):
    assert told(NOON + timedelta(hours=1)) == []
    assert told(NOON + (DUE - NOON) * 0.8) == [("owner", cast.feng)]
    assert told(DUE - timedelta(seconds=1)) == []
    assert told(DUE) == [("owner", cast.feng), ("town_chief", cast.li)]
    assert told(DUE + timedelta(days=3)) == [("county_office", cast.sun)]
    assert told(DUE + timedelta(days=7)) == [("county_chief", cast.zhao)]
    assert told(DUE + timedelta(days=7, hours=1)) == []
    assert [rung for rung, _ in told(DUE + timedelta(days=15))] == ["city_office"]
    assert told(DUE + timedelta(days=400)) == []


def test_after_a_long_silence_every_step_is_made_up_for_in_one_go(heap, told):
    steps = [rung for rung, _ in told(DUE + timedelta(days=30))]
    assert steps == ["owner", "owner", "town_chief", "county_office", "county_chief", "city_office"]


def test_whoever_handles_it_in_time_is_left_alone_and_the_next_phase_has_a_ladder_of_its_own(heap, cast, told):
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", unit="HOUSING")
    assert told(DUE) == []
    fix_by = datetime.fromisoformat("2025-07-17T00:00:00+08:00")
    assert told(fix_by) == [("owner", cast.yang), ("owner", cast.yang), ("town_chief", cast.li)]


def test_the_phones_of_those_it_reaches_hear_of_it(heap, cast, told, phone_of, session):
    since = phone_of(cast.li).get("/api/v1/sync").json["next"]
    told(DUE)
    if session.get_bind().dialect.name == "sqlite":  # PostgreSQL shows only what is committed
        heard = phone_of(cast.li).get("/api/v1/sync", query_string={"since": since}).json["changes"]
        assert [(each["type"], each["id"]) for each in heard] == [("hazard", str(heap.id))]
        assert heard[0]["body"]["deadlines"]["is_late"] is False  # by the clock of the door, which has not moved


def test_an_absent_chief_is_stood_in_for(heap, cast, told, session):
    session.add(Absence(id=uuid4(), person_id=cast.li, substitute_id=cast.tang, from_day=date(2025, 7, 1)))
    session.flush()
    assert told(DUE)[-1] == ("town_chief", cast.tang)


def test_where_the_river_has_no_chief_it_goes_to_that_of_the_place_and_where_that_is_vacant_upwards(
    heap, cast, told, session
):
    session.execute(update(Assignment).where(Assignment.person_id == cast.li).values(until_day=date(2025, 7, 3)))
    session.flush()
    assert told(DUE)[-1] == ("town_chief", cast.li)
    ended = update(Appointment).where(Appointment.person_id.in_([cast.sun, cast.zhao]))
    session.execute(ended.values(until_day=date(2025, 7, 3)))
    session.flush()
    assert told(DUE + timedelta(days=3)) == [("county_office", cast.qian)]


def test_it_never_goes_to_nobody(heap, cast, told, session):
    session.execute(update(Appointment).where(Appointment.person_id != cast.jin).values(until_day=date(2025, 7, 3)))
    session.flush()
    assert {person for _, person in told(DUE + timedelta(days=30))} == {cast.jin}


def test_beforehand_it_is_said_who_would_be_told_and_nothing_is_done(heap, house, session):
    lines = list(escalation.preview(house, now=DUE))
    assert len(lines) == 3
    assert any("冯科员" in line for line in lines)
    assert session.scalar(select(Fact.seq).where(Fact.act == "climb")) is None


def test_one_that_cannot_climb_is_set_aside_and_keeps_back_no_other(heap, phone_of, cast, told, session, caplog):
    broken = Case(phone_of, cast.wang, description="坏的")
    session.execute(update(Hazard).where(Hazard.id == broken.id).values(severity="dragon"))
    session.flush()
    assert told(DUE)[-1] == ("town_chief", cast.li)
    aside = session.scalars(select(Hazard.next_step_at).where(Hazard.id == broken.id)).one()
    assert aside == DUE + timedelta(hours=1)
    (alarm,) = phone_of(cast.jin).get("/api/v1/alarms").json["items"]
    assert (alarm["kind"], alarm["about"]) == ("set_aside", f"hazard/{broken.id}")


def test_of_any_number_of_runners_one_takes_each_step(lasting, settings):
    wang = lasting.phone_of(lasting.cast.wang)
    for _ in range(30):
        assert wang.put(f"/api/v1/hazards/{new_id()}", json=report()).status_code == 201
    house = House(settings, lasting.database, lasting.app.extensions["hezhang"].photos)
    with ThreadPoolExecutor(4) as runners:
        done = list(runners.map(lambda _: escalation.run(house, now=DUE), range(4)))
    with lasting.database.reading() as session:
        climbed = list(session.scalars(select(Fact.thing_id).where(Fact.act == "climb")))
    assert sum(done) == len(climbed) == len(set(climbed)) == 30
