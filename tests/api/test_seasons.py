"""Seasons over HTTP: set by region and year, seen, and made known once by the clockwork."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from backend.domain.terms import Post
from backend.models.changes import Record
from backend.models.notices import Notice
from jobs import flood_window
from tests.api.flood_cases import SEASONS, Told, events, set_year, year
from tests.cast import CITY, COUNTY, NEXT_TOWN, NOON, OTHER_COUNTY, TOWN, VILLAGE, add_appointment, add_person
from tests.makers import new_id

SEASON = "/api/v1/flood/season"


@pytest.fixture
def told(session, house):
    return Told(session, house)


def test_where_nobody_has_set_anything_the_usual_dates_hold(phone_of, cast):
    seen = phone_of(cast.wang).get(SEASON)
    body = seen.json
    assert (body["region"], body["year"], body["phase"], body["decided_by"]) == (VILLAGE, 2025, "season", None)
    assert (body["window_begin"], body["window_end"], body["versions"]) == ("2025-07-21", "2025-08-10", [])
    assert body["next"] == {"phase": "window", "day": "2025-07-21", "days_to_go": 19}
    assert phone_of(cast.wang).get(SEASON, headers={"If-None-Match": seen.headers["ETag"]}).status_code == 304
    past = phone_of(cast.wang).get(f"{SEASON}?year=2024&region={CITY}").json
    assert (past["begin"], past["next"]) == ("2024-06-01", None)
    assert phone_of(cast.wang).get(f"{SEASON}?region=990000").status_code == 404
    assert phone_of(cast.wang).get(f"{SEASON}?year=99999").status_code == 422


def test_a_year_is_set_once_and_a_new_version_takes_the_place_of_the_old(phone_of, cast, session):
    sun, path = phone_of(cast.sun), f"{SEASONS}/{new_id()}"
    made = sun.put(path, json=year(window_end="2025-08-20", document="聊汛〔2025〕8号"))
    assert (made.status_code, made.json["version"], made.json["made_by"]["name"]) == (201, 1, "孙科员")
    assert sun.put(path, json=year(window_end="2025-08-20", document="聊汛〔2025〕8号")).status_code == 200
    assert sun.put(path, json=year()).status_code == 409
    assert phone_of(cast.jin).put(path, json=year(window_end="2025-08-20")).status_code == 409
    assert set_year(sun, window_end="2025-08-15").json["version"] == 2
    seen = sun.get(f"{SEASON}?region={TOWN}").json
    assert seen["window_end"] == "2025-08-15"
    assert [each["version"] for each in seen["versions"]] == [2, 1]
    assert seen["decided_by"] == seen["versions"][0]["id"]
    assert session.scalars(select(Record.act).where(Record.thing_type == "season")).all() == ["set", "set"]


def test_the_nearest_region_upward_decides(phone_of, cast):
    set_year(phone_of(cast.deng), CITY, window_end="2025-08-31")
    set_year(phone_of(cast.sun), COUNTY, window_end="2025-08-15")
    set_year(phone_of(cast.deng), CITY, window_end="2025-08-25")
    ends = {
        region: phone_of(cast.wu).get(f"{SEASON}?region={region}").json["window_end"]
        for region in (CITY, COUNTY, VILLAGE, OTHER_COUNTY)
    }
    assert ends == {CITY: "2025-08-25", COUNTY: "2025-08-15", VILLAGE: "2025-08-15", OTHER_COUNTY: "2025-08-25"}


@pytest.mark.parametrize(
    ("changed", "status", "pointer"),
    [
        ({"region": OTHER_COUNTY}, 404, "/region"),
        ({"region": CITY}, 404, "/region"),
        ({"region": "371502777"}, 404, "/region"),
        ({"region": "x"}, 422, "/region"),
        ({"year": 2024}, 422, "/year"),
        ({"year": "2025"}, 422, "/year"),
        ({"begin": "2025-13-01"}, 422, "/begin"),
        ({"begin": "2026-06-01"}, 422, "/begin"),
        ({"window_end": "2025-12-01"}, 422, "/window_end"),
        ({"reason": None}, 422, "/reason"),
        ({"wnidow_end": "2025-08-20"}, 422, "/wnidow_end"),
    ],
)
def test_a_year_that_cannot_be_meant_is_refused_by_its_place(phone_of, cast, changed, status, pointer):
    answer = phone_of(cast.sun).put(f"{SEASONS}/{new_id()}", json=year(**changed))
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (status, pointer)
    assert phone_of(cast.sun).get(f"{SEASON}?region={COUNTY}").json["versions"] == []


def test_entering_the_window_is_known_once_and_says_how_often_to_walk(phone_of, cast, house, clock, session, told):
    # A house that begins in July finds itself in the season.
    assert flood_window.run(house, now=clock.now) == 2
    assert told()[cast.wang] == "聊城市已进入汛期，到2025-09-30止。您的巡河任务：每周1次。"
    clock.now = datetime(2025, 7, 20, 16, 0, tzinfo=UTC)
    assert flood_window.run(house, now=clock.now) == 2
    assert flood_window.run(house, now=clock.now + timedelta(minutes=1)) == 0
    assert events(session) == [("season", "began", "season", [CITY]), ("season", "began", "window", [CITY])]
    news = told()
    assert news[cast.wang] == "聊城市已进入“七下八上”防汛关键期，到2025-08-10止。您的巡河任务：每周2次。"
    assert news[cast.li].endswith("您的巡河任务：每周1次。")
    assert news[cast.he].endswith("您的巡河任务：每天1次。")
    assert news[cast.qian].endswith("您的巡河任务：每季度1次。")
    assert news[cast.sun] == news[cast.deng]
    assert news[cast.sun].endswith("防汛隐患整改时限减半，请加强值班，值班表见系统。")
    assert not {cast.jin, cast.feng, cast.yang, cast.shen} & news.keys()
    kept = session.scalars(select(Notice).where(Notice.key.startswith("window_began"))).all()
    channels = {row.person_id: row.channels for row in kept}
    assert (channels[cast.wang], channels[cast.he], channels[cast.sun]) == ("app,sms", "app", "app")
    assert {row.lane for row in kept} == {"normal"}


def test_a_clockwork_that_was_down_for_weeks_makes_known_what_is_so_now(phone_of, cast, house, clock, session):
    clock.now = datetime(2025, 5, 1, 4, 0, tzinfo=UTC)
    assert flood_window.run(house, now=clock.now) == 0
    clock.now = datetime(2025, 7, 25, 4, 0, tzinfo=UTC)
    flood_window.run(house, now=clock.now)
    clock.now = datetime(2025, 10, 9, 4, 0, tzinfo=UTC)
    flood_window.run(house, now=clock.now)
    assert [each[1:3] for each in events(session)] == [
        ("began", "season"),
        ("began", "window"),
        ("ended", "window"),
        ("ended", "season"),
    ]
    keys = session.scalars(select(Notice.key).where(Notice.person_id == cast.wang).order_by(Notice.created_at))
    assert keys.all() == ["window_began", "season_ended"]


def test_a_county_with_a_window_of_its_own_hears_of_its_own_and_the_rest_of_the_citys(
    phone_of, cast, house, clock, session, told
):
    flood_window.run(house, now=clock.now)
    told()
    assert set_year(phone_of(cast.sun), COUNTY, window_begin="2025-07-10").status_code == 201
    assert flood_window.run(house, now=clock.now) == 0
    clock.now = datetime(2025, 7, 10, 4, 0, tzinfo=UTC)
    flood_window.run(house, now=clock.now)
    assert events(session)[1:] == [("season", "began", "window", [COUNTY])]
    assert {cast.wang, cast.sun} <= told().keys()
    clock.now = datetime(2025, 7, 21, 4, 0, tzinfo=UTC)
    flood_window.run(house, now=clock.now)
    assert events(session)[2:] == [("season", "began", "window", [OTHER_COUNTY])]
    assert told().keys() == {cast.wu, cast.qian, cast.deng}


def test_whoever_is_away_is_stood_in_for_and_the_news_is_told_in_any_number_of_batches(
    phone_of, cast, house, clock, session, keyring, told
):
    leave = {"from": "2025-07-02", "until": "2025-07-20", "substitute": str(cast.chen)}
    assert phone_of(cast.wang).put(f"/api/v1/me/absences/{new_id()}", json=leave).status_code == 201
    for number in range(30):
        person = add_person(session, keyring, f"warden{number}", f"巡河员{number}", 100 + number)
        add_appointment(session, person, Post.WARDEN, "371502002001")
    flood_window.run(house, now=NOON)
    news = told()
    assert cast.wang not in news
    assert len(news) == 30 + len(["qian", "zhao", "li", "tang", "chen", "he", "sun", "deng", "wu"])


def test_who_may_set_a_season(phone_of, cast):
    allowed = {name for name in cast.people if set_year(phone_of(cast.people[name]), NEXT_TOWN).status_code == 201}
    assert allowed == {"sun", "deng", "jin"}
