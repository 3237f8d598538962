"""The book of rules over HTTP: what held when, and what a proposed version would change before it is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from backend.models.rules import Rule
from backend.services import rules
from jobs import deadlines
from tests.api.flood_cases import set_year, year
from tests.api.hazard_cases import Case
from tests.api.signal_cases import message, send
from tests.cast import CITY, COUNTY, LINE, NOON, OTHER_COUNTY, TOWN
from tests.makers import new_id, patrol_body

RULES = "/api/v1/rules"
SEASON = "/api/v1/flood/seasons/estimate"


@pytest.fixture
def jin(phone_of, cast):
    return phone_of(cast.jin)


def proposed(body: dict, since: datetime = NOON) -> dict:
    return {"body": body, "valid_from": since.isoformat()}


def kept(session) -> int:
    return session.scalar(select(func.count()).select_from(Rule))


def test_every_version_says_when_it_holds_and_who_made_it(jin, phone_of, cast):
    for listed, since in (("90d", NOON), ("80d", NOON + timedelta(days=9))):
        body = proposed({"listed": listed}, since) | {"reason": f"改为{listed}"}
        assert jin.post(f"{RULES}/hazards", json=body).status_code == 201
    items = phone_of(cast.wang).get(f"{RULES}/hazards/versions").json["items"]
    assert [(each["version"], each["standing"]) for each in items] == [(0, "past"), (1, "present"), (2, "planned")]
    assert [each["body"]["listed"] for each in items] == ["60d", "90d", "80d"]
    assert [each["until"] for each in items] == [items[1]["valid_from"], items[2]["valid_from"], None]
    assert (items[0]["made_by"], items[1]["made_by"]["name"], items[1]["reason"]) == (None, "金管理", "改为90d")
    assert phone_of(cast.wang).get(f"{RULES}/nonsense/versions").status_code == 404


def test_a_planned_version_whose_place_was_taken_never_holds(jin, session):
    rules.ensure_defaults(session, now=NOON)
    later = NOON + timedelta(days=30)
    for body, since in (({"near_m": 20}, later), ({"near_m": 40}, later)):
        assert jin.post(RULES, json=proposed(body, since) | {"reason": "收紧"}).status_code == 201
    items = jin.get(f"{RULES}/patrols/versions").json["items"]
    assert [each["standing"] for each in items] == ["present", "never", "planned"]


@pytest.mark.parametrize("name", ["patrols", "duty", "hazards", "callouts", "warnings", "risk"])
def test_what_nobody_has_changed_holds_as_it_is_built_in(jin, name):
    (only,) = jin.get(f"{RULES}/{name}/versions").json["items"]
    assert (only["version"], only["standing"], only["valid_from"], only["made_by"]) == (0, "present", None, None)
    assert only["body"]


def test_a_shorter_period_is_estimated_as_it_is_counted_afterwards(phone_of, cast, house, clock, session):
    short, other, late = (Case(phone_of, cast.wang, severity=each) for each in ("minor", "ordinary", "critical"))
    for case in (short, other):
        case.act(cast.feng, "accept")
        case.act(cast.feng, "assign", unit="HOUSING")
    clock.now += timedelta(hours=2)
    jin = phone_of(cast.jin)  # signed in again
    body = {"periods": {"fix": {"minor": "1d", "ordinary": "30wd"}}}
    before = kept(session)
    found = jin.post(f"{RULES}/hazards/estimate", json=proposed(body, clock.now)).json
    assert kept(session) == before
    assert (found["open"], found["late"], found["earlier"], found["later"]) == (3, 1, 1, 1)
    assert found["hurried"] == 1  # a day is over in 22 hours, and nobody is given less than 24
    assert found["counties"] == [{"region": COUNTY, "name": "东昌府区", "earlier": 1, "later": 1}]
    assert {each["severity"]: each["earlier"] for each in found["severities"]} == {"minor": 1, "ordinary": 0}
    assert (found["body"]["periods"]["fix"]["minor"], found["body"]["listed"]) == ("1d", "60d")

    was = [case.seen_by(cast.feng).json["deadlines"]["due_at"] for case in (short, other, late)]
    assert jin.post(f"{RULES}/hazards", json=proposed(body, clock.now) | {"reason": "汛期"}).status_code == 201
    assert deadlines.run(house, now=clock.now) == 2
    now = [case.seen_by(cast.feng).json["deadlines"]["due_at"] for case in (short, other, late)]
    assert (now[0] < was[0], now[1] > was[1], now[2] == was[2]) == (True, True, True)


def test_another_ladder_says_how_many_climb_sooner_and_when_the_first_does(jin, phone_of, cast, clock):
    Case(phone_of, cast.wang)
    ladder = [
        {"tell": ["owner"], "share": 0.5},
        {"tell": ["owner", "town_chief"], "channels": ["app", "sms"]},
    ]
    found = jin.post(f"{RULES}/hazards/estimate", json=proposed({"ladders": {"ordinary": ladder}})).json
    assert (found["earlier"], found["later"], found["steps_earlier"], found["steps_later"]) == (0, 0, 1, 0)
    # Half of the time to the end of Thursday has passed at midnight; who has climbed to nothing yet is given a day.
    assert found["first_step_at"] == "2025-07-03T12:00:00+08:00"


def test_walks_of_the_last_days_are_judged_by_the_proposed_rule_and_stay_as_they_are(jin, phone_of, cast, session):
    wang, walk = phone_of(cast.wang), new_id()
    assert wang.put(f"/api/v1/patrols/{walk}", json=patrol_body(LINE)).json["verdict"]["outcome"] == "valid"
    strict = {"minimums": {"village": {"metres": 2000}}, "length_share": 1.0}
    found = jin.post(f"{RULES}/patrols/estimate", json=proposed(strict)).json
    assert (found["walks"], found["judged"], found["otherwise"]) == (1, 1, 1)
    assert found["moves"] == [{"before": "valid", "after": "invalid", "count": 1}]
    assert found["reasons"] == [{"code": "too_little", "count": 1}]
    assert (found["body"]["minimums"]["village"]["metres"], found["body"]["near_m"]) == (2000, 50)
    assert wang.get(f"/api/v1/patrols/{walk}").json["verdict"]["outcome"] == "valid"
    assert jin.post(f"{RULES}/patrols/estimate", json=proposed({"near_m": 60})).json["otherwise"] == 0


def test_walks_that_come_too_soon_are_counted_by_the_hours_of_the_proposed_rule(jin, phone_of, cast):
    wang = phone_of(cast.wang)
    for hours, speed in ((8, 1.2), (5, 0.8)):
        body = patrol_body(LINE, started_at=NOON - timedelta(hours=hours), speed_mps=speed, metres=800)
        assert wang.put(f"/api/v1/patrols/{new_id()}", json=body).status_code == 201
    found = jin.post(f"{RULES}/patrols/estimate", json=proposed({"apart_h": 1})).json
    assert found["moves"] == [{"before": "invalid", "after": "valid", "count": 1}]
    assert found["reasons"] == [{"code": "too_soon", "count": 1}]


def test_rules_for_warnings_are_tried_on_what_has_happened(jin, phone_of, cast):
    send(phone_of(cast.deng), message(colour="orange"))
    lines = jin.get(f"{RULES}/warnings").json["body"]["lines"]
    milder = [each for each in lines if (each["source"], each["at_least"]) != ("signal", "orange")]
    found = jin.post(f"{RULES}/warnings/estimate", json=proposed({"lines": milder})).json
    assert found["events"] == 1
    (case,) = found["cases"]
    assert (case["source"], case["step"], case["count"]) == ("signal", "orange", 1)
    assert (case["before"]["level"], case["after"]["level"]) == ("orange", "yellow")
    assert jin.post(f"{RULES}/warnings/estimate", json=proposed({"lines": lines})).json["cases"] == []


def test_a_plan_of_callouts_says_how_many_warnings_go_on_as_they_began(night, phone_of, cast):
    jin = phone_of(cast.jin)  # at night
    assert night.warn(level="yellow").json["state"] == "issued"
    found = jin.post(f"{RULES}/callouts/estimate", json=proposed({"plans": {"yellow": {"closes": "3h"}}})).json
    assert found["running"] == {"yellow": 1}
    assert (found["body"]["plans"]["yellow"]["closes"], found["body"]["plans"]["blue"]["closes"]) == ("3h", "2h")


def test_an_estimate_is_refused_as_keeping_it_would_be(jin, phone_of, cast):
    path = f"{RULES}/hazards/estimate"
    wrong = jin.post(path, json=proposed({"periods": {"fix": {"minor": "soon"}}}))
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/body/periods/fix/minor")
    far = jin.post(path, json=proposed({}, NOON + timedelta(days=900)))
    assert far.json["errors"][0]["pointer"] == "/valid_from"
    jin.post(f"{RULES}/hazards", json=proposed({}, NOON + timedelta(days=9)) | {"reason": "x"})
    assert jin.post(path, json=proposed({})).status_code == 409
    for name in ("hazards", "patrols", "warnings", "callouts"):
        assert phone_of(cast.sun).post(f"{RULES}/{name}/estimate", json=proposed({})).status_code == 403


def test_other_dates_of_a_season_say_which_days_move_and_whose_walks(phone_of, cast):
    sun = phone_of(cast.sun)
    Case(phone_of, cast.wang, kind="flood.seepage", severity="major")
    body = {name: each for name, each in year(window_end="2025-08-20").items() if name != "reason"}
    found = sun.post(SEASON, json=body).json
    assert found["before"]["window_end"] == "2025-08-10"
    (days,) = found["stretches"]
    assert (days["begin"], days["end"], days["before"], days["after"]) == (
        "2025-08-11",
        "2025-08-20",
        "season",
        "window",
    )
    assert {each["post"]: each["people"] for each in days["posts"]} == {"town_chief": 2, "village_chief": 2}
    village = next(each for each in days["posts"] if each["post"] == "village_chief")
    assert (village["before"]["walks"], village["after"]["walks"]) == (1, 2)
    assert (found["flood_hazards"], found["own"]) == (1, [])
    assert sun.get(f"/api/v1/flood/season?region={COUNTY}").json["versions"] == []


def test_regions_with_dates_of_their_own_are_left_out_and_days_that_are_over_do_not_move(phone_of, cast, clock):
    set_year(phone_of(cast.sun), TOWN, window_end="2025-08-15")
    clock.now = datetime(2025, 8, 5, 4, 0, tzinfo=UTC)
    body = {name: each for name, each in year(CITY, window_begin="2025-08-07").items() if name != "reason"}
    found = phone_of(cast.deng).post(SEASON, json=body).json
    assert [(each["begin"], each["end"], each["after"]) for each in found["stretches"]] == [
        ("2025-08-05", "2025-08-06", "season")
    ]
    assert found["own"] == [{"region": TOWN, "name": "古楼街道"}]
    assert {each["post"]: each["people"] for each in found["stretches"][0]["posts"]} == {"town_chief": 1}


@pytest.mark.parametrize(
    ("changed", "status", "pointer"),
    [({"region": OTHER_COUNTY}, 404, "/region"), ({"year": 2024}, 422, "/year"), ({"end": "2025-05-01"}, 422, "/end")],
)
def test_dates_that_cannot_be_put_cannot_be_estimated(phone_of, cast, changed, status, pointer):
    body = {name: each for name, each in year(**changed).items() if name != "reason"}
    answer = phone_of(cast.sun).post(SEASON, json=body)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (status, pointer)
    assert phone_of(cast.wang).post(SEASON, json=body).status_code == 403
