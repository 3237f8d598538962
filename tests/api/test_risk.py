"""Risk follows the water: what is touched is weighed anew and nothing else, and every past moment can be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from shapely import LineString, Point
from sqlalchemy import select

from backend.domain.cap import Area, Info
from backend.models.risk import SegmentFlow
from backend.models.segments import Checkpoint
from jobs import drift, flood_window, signals, stations
from tests.api.hazard_cases import Case
from tests.api.risk_cases import REACHES, Rivers
from tests.api.station_cases import BASE, level, make_station, send
from tests.cast import COUNTY, LINE, NOON, OTHER_COUNTY, TOWN
from tests.makers import new_id, patrol_body


@pytest.fixture
def rivers(house, phone_of, cast, clock, session) -> Rivers:
    """The day has begun: every reach was weighed."""
    drift.run(house, now=clock.now)
    found = Rivers(house, phone_of, cast, clock, session)
    found.settle()
    return found


@pytest.fixture
def later(clock) -> Callable[..., datetime]:
    """Let time pass."""

    def move(**time: float) -> datetime:
        clock.now += timedelta(**time)
        now: datetime = clock.now
        return now

    return move


def test_the_day_draws_the_water_and_weighs_every_reach(rivers, cast, session):
    names = {segment.id: code for code, segment in cast.segments.items()}
    drawn = {(names[row.upper_id], names[row.lower_id]) for row in session.scalars(select(SegmentFlow))}
    assert drawn == set(pairwise(REACHES))
    assert rivers.one() == {
        "level": "low",
        "score": 9,
        "factors": [{"name": "never_walked", "points": 9, "values": {}}],
    }
    assert rivers.told() == []
    before = rivers.changes()
    assert before == len(cast.segments)
    drift.run(rivers.house, now=NOON + timedelta(hours=1))
    assert rivers.changes() == before  # nothing has become another, and nothing is written


def test_a_river_that_ends_at_another_flows_into_it(house, cast, session, clock):
    other = cast.segments["CHIPING-371503"]
    west, _, east, north = LINE.bounds
    other.line = LineString([((west + east) / 2, north + 0.02), LINE.interpolate(0.4, normalized=True).coords[0]])
    other.west, other.south, other.east, other.north = other.line.bounds
    session.flush()
    drift.run(house, now=clock.now)
    lower = session.scalars(select(SegmentFlow.lower_id).where(SegmentFlow.upper_id == other.id)).all()
    assert lower == [cast.segments[REACHES[1]].id]
    other.line = LineString([(116.25, 36.58), (116.262, 36.583)])
    other.west, other.south, other.east, other.north = other.line.bounds
    session.flush()
    drift.run(house, now=clock.now)
    assert session.scalars(select(SegmentFlow.lower_id).where(SegmentFlow.upper_id == other.id)).all() == []


def test_a_signal_over_a_county_raises_its_reaches_and_those_they_lie_in_and_no_others(rivers):
    before = rivers.changes()
    rivers.signal("red", COUNTY)
    assert rivers.levels() == dict.fromkeys(REACHES, "high") | {"CHIPING-371503": "low"}
    assert rivers.levels("level=county") == {"TUHAI-371502": "high", "CHIPING-371503": "low"}
    assert rivers.levels("level=city") == {"TUHAI-3715": "high"}
    assert rivers.points() == {"signal": 40}
    assert rivers.told() == [("rose", "high", 3)]
    assert rivers.changes() == before + 3 + 2 + 1 + 1
    assert rivers.settle() == 0


def test_a_signal_that_moves_or_is_lifted_is_weighed_where_it_was_and_where_it_is(rivers, later):
    first = rivers.signal("red", COUNTY)
    later(minutes=1)
    second = rivers.signal("orange", OTHER_COUNTY, updates=(first,))
    assert rivers.levels() == dict.fromkeys(REACHES, "low") | {"CHIPING-371503": "moderate"}
    later(minutes=1)
    rivers.end(second)
    assert set(rivers.levels().values()) == {"low"}
    assert rivers.told() == [("rose", "high", 3), ("fell", "low", 3), ("rose", "moderate", 1), ("fell", "low", 1)]


def test_a_signal_that_runs_out_counts_no_more(rivers, later, house):
    rivers.signal("red", COUNTY, lasts=60)
    ended = later(hours=2)
    signals.run(house, now=ended)
    rivers.settle()
    assert set(rivers.levels().values()) == {"low"}


def test_a_signal_by_its_shape_touches_the_reaches_that_it_crosses(rivers):
    corner = ((115.96, 36.42), (115.975, 36.42), (115.975, 36.435), (115.96, 36.435), (115.96, 36.42))
    rain = Info("暴雨", "zh-CN", headline="暴雨红色预警", areas=(Area("河口", polygons=(corner,)),))
    rivers.signal("red", infos=(rain,))
    assert rivers.levels("region=371502") == dict.fromkeys(REACHES, "low") | {REACHES[0]: "high"}
    assert rivers.levels("level=city") == {"TUHAI-3715": "high"}


def test_season_and_response_add_to_it_and_a_response_may_be_for_one_river(rivers, house, clock, later, phone_of, cast):
    flood_window.run(house, now=clock.now)
    said = {"id": str(new_id()), "regions": ["3715"], "rivers": ["TUHAI"], "level": "II", "reason": "上游来水"}
    assert phone_of(cast.deng).post(f"{BASE}/responses", json=said).status_code == 201
    rivers.settle()
    assert rivers.points() == {"season": 5, "response": 35}
    assert rivers.points("CHIPING-371503") == {"season": 5}
    flood_window.run(house, now=later(days=25))
    rivers.settle()
    assert rivers.points("CHIPING-371503") == {"season": 10}
    assert (
        phone_of(cast.deng)
        .post(f"{BASE}/responses", json=said | {"id": str(new_id()), "level": "none", "reason": "水退"})
        .status_code
        == 201
    )
    rivers.settle()
    assert rivers.points() == {"season": 10}


def test_an_exercise_changes_no_risk(rivers, later):
    before = rivers.changes()
    rivers.signal("red", COUNTY, as_exercise=True)
    assert rivers.changes() == before
    later(minutes=1)
    rivers.signal("yellow", TOWN)
    assert rivers.points() == {"signal": 10}
    assert rivers.points(REACHES[2]) == {}


def test_a_gauge_over_its_mark_is_felt_on_its_reach_and_below_it(rivers, phone_of, cast, later):
    key = make_station(phone_of(cast.jin), segment=REACHES[1])
    send(phone_of(None), key, level(later(minutes=1), 35.2))
    rivers.settle()
    felt = {code: rivers.points(code).get("gauge") for code in REACHES}
    assert felt == {REACHES[0]: None, REACHES[1]: 75, REACHES[2]: 75}
    assert rivers.told() == [("rose", "extreme", 2)]
    shown = phone_of(cast.li).get(f"{BASE}/risk/{REACHES[1]}", headers={"Accept-Language": "en"}).json["items"][0]
    assert "over its guaranteed level" in shown["factors"][0]["text"]
    assert (shown["was"], shown["level"], shown["because"]) == ("low", "extreme", "station")


def test_the_nearest_gauge_speaks_and_a_silent_one_is_a_factor(rivers, phone_of, cast, later, house, clock):
    jin, gateway = phone_of(cast.jin), phone_of(None)
    upper = make_station(jin, "UP", segment=REACHES[0])
    lower = make_station(jin, "LOW", segment=REACHES[2])
    send(gateway, upper, level(later(minutes=1), 33.6, "UP"))
    send(gateway, lower, level(clock.now, 33.0, "LOW"))
    rivers.settle()
    assert [rivers.points(code).get("gauge") for code in REACHES] == [30, 30, None]
    later(hours=3)
    stations.run(house, now=clock.now)
    rivers.settle()
    assert rivers.points(REACHES[2]) == {"silent_gauge": 5}
    assert rivers.points(REACHES[1]) == {"gauge": 30, "silent_gauge": 5}
    send(gateway, lower, level(clock.now, 33.0, "LOW"))
    rivers.settle()
    assert rivers.points(REACHES[2]) == {}


def test_an_open_flood_hazard_counts_here_and_less_and_less_further_down_until_it_is_over(
    rivers, phone_of, cast, later
):
    case = Case(phone_of, cast.wang, kind="flood.seepage", severity="critical")
    Case(phone_of, cast.wang, kind="four_illegal.dump", severity="major")
    rivers.settle()
    assert [rivers.points(code)["hazards"] for code in REACHES] == [50, 25, 12]
    assert rivers.levels("level=town") == {"TUHAI-371502001": "high", "TUHAI-371502002": "moderate"}
    later(minutes=5)
    assert case.act(cast.sun, "reject", note="查无此事").status_code == 200
    rivers.settle()
    assert [rivers.points(code) for code in REACHES] == [{}] * 3


def test_weak_points_count_and_a_walk_that_counts_lowers_the_risk_until_days_go_by(
    rivers, phone_of, cast, session, later, house, clock
):
    segment = cast.segments[REACHES[0]]
    spot = Checkpoint(
        id=new_id(),
        code="W1",
        segment_id=segment.id,
        name="险工",
        kind="weak_point",
        point=Point(115.97, 36.43),
        chainage_m=0,
    )
    session.add(spot)
    session.flush()
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE)).status_code == 201
    rivers.settle()
    assert rivers.one()["factors"] == [{"name": "weak_points", "points": 3, "values": {"count": 1}}]
    later(days=15)
    drift.run(house, now=clock.now)
    assert rivers.one()["factors"][1] == {"name": "unwalked", "points": 6, "values": {"days": 14}}
    before = rivers.changes()
    later(days=1)
    drift.run(house, now=clock.now)
    assert rivers.changes() == before  # the sentence is as true as yesterday


def test_any_past_moment_can_be_told_and_every_change_has_its_reasons(rivers, later):
    began = later(hours=1)
    signal = rivers.signal("red", COUNTY)
    later(hours=5)
    rivers.end(signal)

    def at(moment: datetime) -> str | None:
        return rivers.levels("at=" + moment.isoformat().replace("+", "%2B")).get(REACHES[0])

    assert (at(NOON - timedelta(days=1)), at(NOON), at(began), at(began + timedelta(hours=4))) == (
        None,
        "low",
        "high",
        "high",
    )
    assert (at(rivers.clock.now), rivers.levels()[REACHES[0]]) == ("low", "low")
    first = rivers.phone.get(f"{BASE}/risk/{REACHES[0]}?limit=2").json
    rest = rivers.phone.get(first["next"]).json
    seen = [(each["was"], each["level"], each["because"]) for each in first["items"] + rest["items"]]
    assert seen == [("high", "low", "signal"), ("low", "high", "signal"), (None, "low", "day")]
    assert rest["next"] is None


def test_lists_are_paged_and_show_ones_own_part_of_the_world_alone(rivers, phone_of, cast):
    page = rivers.phone.get(f"{BASE}/risk?limit=2").json
    assert len(page["items"]) == 2
    assert [each["segment"]["code"] for each in rivers.phone.get(page["next"]).json["items"]] == REACHES[1:]
    mine = phone_of(cast.wang).get(f"{BASE}/risk").json["items"]
    assert [each["segment"]["code"] for each in mine] == [REACHES[0]]
    assert phone_of(cast.wu).get(f"{BASE}/risk/{REACHES[0]}").status_code == 404
    assert phone_of(cast.wu).get(f"{BASE}/risk?at=yesterday").status_code == 422


def test_an_administrator_changes_the_numbers_and_everything_is_weighed_anew(rivers, phone_of, cast, later):
    rivers.signal("yellow", COUNTY)
    jin = phone_of(cast.jin)
    assert jin.get("/api/v1/rules/risk").json["version"] == 0
    begins = later(minutes=1)
    body = {"body": {"signal_yellow": 80}, "valid_from": begins.isoformat(), "reason": "汛期加严"}
    made = jin.post("/api/v1/rules/risk", json=body)
    assert (made.status_code, made.json["version"], made.json["body"]["signal_yellow"]) == (201, 1, 80)
    later(minutes=1)
    assert rivers.settle() > 0
    assert (rivers.levels()[REACHES[0]], rivers.settle()) == ("extreme", 0)
    assert jin.get("/api/v1/rules/risk").json["valid_from"] == made.json["valid_from"]
    wrong = jin.post("/api/v1/rules/risk", json=body | {"body": {"signal_yellow": "many"}})
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/body/signal_yellow")
    earlier = body | {"valid_from": (begins - timedelta(days=1)).isoformat()}
    assert jin.post("/api/v1/rules/risk", json=earlier).status_code == 409
