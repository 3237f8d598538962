"""The system on a page: whether the house is well, and alarms that somebody looks after."""

from __future__ import annotations

import pytest

from backend.domain.alarms import Alarm
from backend.services import alarms, clockwork, watching
from backend.words import say
from jobs import reminders
from jobs.schedule import TIMETABLE
from tests.cast import COUNTY, NOON, OTHER_COUNTY
from tests.counting import HARMFUL, MOST, is_harmless, questions
from tests.makers import new_id

SYSTEM = "/console/system"


@pytest.fixture
def sounded(session):
    """Something is wrong with a message of a county."""

    def sound(about: str = "letter/1", region: str = COUNTY, reason: str = "bad_number") -> None:
        alarms.sound(session, Alarm.DEAD_LETTER, about, now=NOON, region=region, channel="sms", reason=reason)
        session.flush()

    return sound


def test_an_office_sees_whether_the_house_is_well_and_a_chief_does_not(desk_of, cast, session):
    clockwork.take_turn(session, watching.SWEEP, NOON)
    watching.beat(session, "worker@a")
    page = desk_of(cast.sun).get(SYSTEM)
    assert page.status_code == 200
    for said in ("在转", "问题升级", "SQLite" if "SQLite" in page.text else "PostgreSQL", "没有告警", "网页服务", "@a"):
        assert said in page.text
    assert desk_of(cast.zhao).get(SYSTEM).status_code == 403
    assert desk_of(None).get(SYSTEM).status_code == 302


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_turn_of_the_clockwork_has_a_word(language):
    for name in [*(job.name for job in TIMETABLE), reminders.DUTY]:
        assert say(f"system.job.{name}", language) != f"system.job.{name}"


def test_a_clockwork_that_stands_still_is_said_so_with_what_to_do(desk_of, cast):
    page = desk_of(cast.deng).get(SYSTEM)
    assert "停了" in page.text
    assert "python -m jobs" in page.text


def test_an_alarm_is_looked_after_and_ended_from_the_page_that_shows_it(desk_of, cast, sounded):
    sounded()
    sounded("letter/2", OTHER_COUNTY)
    desk = desk_of(cast.sun)
    page = desk.get(f"{SYSTEM}/alarms")
    assert page.text.count("没人看") == 1
    (action,) = [
        part.split('"')[0] for part in page.text.split('action="') if part.startswith(SYSTEM) and "/seen" in part
    ]
    assert desk.submit(action, next=SYSTEM).headers["Location"] == f"{SYSTEM}?kept=console.did.alarm"
    page = desk.get(SYSTEM)
    assert "有人在看" in page.text
    assert desk.submit(action.replace("/seen", "/end")).status_code == 303
    assert "没有告警" in desk.get(f"{SYSTEM}/alarms").text
    assert "已解除" in desk.get(f"{SYSTEM}/alarms?state=all").text


def test_another_countys_alarm_is_not_there(desk_of, cast, sounded):
    desk = desk_of(cast.sun)
    desk.get(SYSTEM)
    assert desk.submit(f"{SYSTEM}/alarms/{new_id()}/end").status_code == 404


@pytest.mark.parametrize("text", HARMFUL)
def test_what_a_provider_says_is_shown_as_text(desk_of, cast, sounded, text):
    sounded(reason=text)
    page = desk_of(cast.sun).get(f"{SYSTEM}/alarms").text
    assert is_harmless(page)
    assert "&lt;" in page


def test_the_pages_ask_few_questions_and_speak_both_languages(desk_of, cast, sounded):
    for number in range(6):
        sounded(f"letter/{number}")
    desk = desk_of(cast.sun)
    for path, said in (
        (SYSTEM, "Clockwork"),
        (f"{SYSTEM}/alarms", "Nobody looks"),
    ):
        with questions() as asked:
            assert desk.get(path).status_code == 200
        assert len(asked) <= MOST, "\n".join(asked)
        assert said in desk.get(path, headers={"Accept-Language": "en"}).text
