"""An alarm is told to whoever must look, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from backend.channels.sending import DeliveryFailed
from backend.domain.alarms import Alarm
from backend.models.alarms import Alarm as AlarmRow
from backend.models.notices import Notice
from backend.models.people import Appointment
from backend.services import alarms
from jobs import alerts, delivery
from tests.cast import COUNTY, NOON


@pytest.fixture
def told(session, house):
    """Who is told of an alarm of a region."""

    def of(region: str, about: str = "x", kind: Alarm = Alarm.SILENT) -> set:
        alarms.sound(session, kind, about, now=NOON, region=region, what=about, part=about, seconds=60)
        session.flush()
        assert alerts.run(house, now=NOON) == 1
        assert alerts.run(house, now=NOON) == 0
        return set(session.scalars(select(Notice.person_id).where(Notice.key == "alarm")))

    return of


def test_an_alarm_of_a_county_goes_to_its_office_at_once(told, cast, session):
    assert told(COUNTY) == {cast.sun}
    assert session.scalars(select(Notice.lane)).all() == ["urgent"]


def test_what_can_wait_wakes_nobody_up(told, session):
    told(COUNTY, kind=Alarm.SET_ASIDE)
    assert session.scalars(select(Notice.lane)).all() == ["normal"]


def test_one_that_nobody_looks_after_is_told_again_after_six_hours_and_not_before(told, session, house):
    told(COUNTY)
    for hours, again in ((5, 0), (7, 1), (8, 0)):
        now = NOON + timedelta(hours=hours)
        alarms.sound(session, Alarm.SILENT, "x", now=now, region=COUNTY, part="x", seconds=60)
        session.flush()
        assert alerts.run(house, now=now) == again


def test_one_that_comes_back_after_a_pause_is_told_again_though_somebody_has_seen_it(told, session, house, cast):
    told(COUNTY)
    session.execute(update(AlarmRow).values(seen_at=NOON, seen_by_id=cast.sun))
    later = NOON + timedelta(days=180)
    alarms.sound(session, Alarm.SILENT, "x", now=later, region=COUNTY, part="x", seconds=60)
    session.flush()
    assert alerts.run(house, now=later) == 1


def test_where_the_county_has_nobody_it_goes_to_the_city(told, cast, session):
    session.execute(update(Appointment).where(Appointment.person_id == cast.sun).values(until_day=date(2025, 7, 1)))
    assert told(COUNTY) == {cast.deng}


def test_what_is_wrong_with_the_house_itself_goes_to_its_administrators(told, cast):
    assert told("") == {cast.jin}


def test_when_nobody_can_be_told_that_a_message_failed_it_does_not_go_round_in_a_circle(
    office, tell, session, sms, voice, house
):
    refuse = lambda letter, nth: DeliveryFailed("no_such_number", permanent=True)  # noqa: E731
    sms.plan = voice.plan = refuse
    tell()
    for _ in range(6):
        delivery.run(office, now=NOON)
        alerts.run(house, now=NOON)
    assert set(session.scalars(select(AlarmRow.about))) == {
        "letters/sms/no_such_number",
        "letters/voice/no_such_number",
    }
    assert len(sms.sent) == 3
