"""Who is behind with their walks is reminded, and their superior sees the list."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from backend.domain.terms import Duty, Post
from backend.models.notices import Notice
from backend.models.people import Absence, Appointment
from backend.services import reminding, wording
from jobs import reminders
from tests.api.hazard_cases import Case
from tests.cast import LINE, NOON, add_appointment, add_person, assign
from tests.makers import new_id, patrol_body

THURSDAY = datetime.fromisoformat("2025-07-03T07:00:00+08:00")
FRIDAY = THURSDAY + timedelta(days=1)
MONDAY = THURSDAY + timedelta(days=4)


@pytest.fixture
def said(session, house):
    """What the reminders of a morning say, by person."""

    def at(morning: datetime) -> dict[UUID, list[str]]:
        reminders.run(house, now=morning)
        session.expire_all()
        found: dict[UUID, list[str]] = {}
        for row in session.scalars(select(Notice).where(Notice.created_at == morning).order_by(Notice.key)):
            found.setdefault(row.person_id, []).append(wording.sentence(row, "zh-CN", house.settings.zone))
        return found

    return at


def test_a_warden_is_told_of_yesterday_and_a_village_chief_when_half_of_the_week_is_gone(said, cast):
    assert said(THURSDAY)[cast.he] == ["徒骇河上期应巡1次，只巡0次，截至2025-07-02差1次。"]
    assert cast.wang not in said(THURSDAY + timedelta(minutes=15)), "once a day"
    friday = said(FRIDAY)
    assert friday[cast.wang] == ["徒骇河本期应巡1次，已巡0次，2025-07-06前还差1次。"]
    assert said(MONDAY)[cast.wang] == ["徒骇河上期应巡1次，只巡0次，截至2025-07-06差1次。"]


def test_the_superior_sees_who_is_behind_below(said, cast):
    assert said(THURSDAY)[cast.li] == ["古楼街道巡河未完成1人：何巡河。"]
    assert said(FRIDAY)[cast.li] == ["古楼街道巡河未完成3人：王村长、何巡河、陈村长。"]


def test_whoever_has_walked_is_left_alone(said, cast, phone_of, clock):
    body = patrol_body(LINE, started_at=NOON - timedelta(hours=4))
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=body).json["verdict"]["outcome"] == "valid"
    assert cast.wang not in said(FRIDAY)


def test_nothing_is_said_before_six_in_the_morning_and_the_lines_wait_for_the_digest(said, session):
    assert said(THURSDAY - timedelta(hours=1, minutes=1)) == {}
    assert said(THURSDAY)
    assert set(session.scalars(select(Notice.lane))) == {"digest"}


def test_a_long_list_is_cut_and_says_how_many_there_are(said, cast, session, keyring):
    for number in range(25):
        person = add_person(session, keyring, f"warden{number}", f"巡河员{number}", 100 + number)
        add_appointment(session, person, Post.WARDEN, "371502001001")
        assign(session, person, cast.segments["TUHAI-371502-001"], Duty.WARDEN)
    (line,) = said(THURSDAY)[cast.li]
    assert line.startswith("古楼街道巡河未完成26人：")
    assert line.count("、") == reminding.NAMED - 1
    assert line.endswith("等，名单见系统。")


def test_where_the_town_has_no_chief_the_county_sees_the_list_and_the_absent_are_stood_in_for(said, cast, session):
    session.execute(update(Appointment).where(Appointment.person_id == cast.li).values(until_day=date(2025, 7, 1)))
    session.add(Absence(id=uuid4(), person_id=cast.he, substitute_id=cast.wang, from_day=date(2025, 7, 1)))
    session.flush()
    thursday = said(THURSDAY)
    assert thursday[cast.wang] == ["徒骇河上期应巡1次，只巡0次，截至2025-07-02差1次。"]
    assert cast.he not in thursday
    assert any("何巡河" in line for line in thursday[cast.zhao])


def test_a_check_of_an_interim_measure_is_told_to_its_watcher_when_it_falls_due(phone_of, cast, said):
    case = Case(phone_of, cast.wang, kind="flood.seepage", severity="major")
    case.act(cast.feng, "accept")
    added = case.act(cast.feng, "add_interim", note="编织袋压住", watcher=str(cast.wang), every_h=12)
    assert added.status_code == 200
    assert cast.wang not in said(NOON + timedelta(hours=11))
    due = said(NOON + timedelta(hours=12))
    assert due[cast.wang] == ["徒骇河兴华村段的度汛措施应于2025-07-02 24:00检查，请现场查看并上报。"]
    assert said(NOON + timedelta(hours=12, minutes=15)) == {}
