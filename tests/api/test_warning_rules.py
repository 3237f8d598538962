"""Warnings that follow from what happened to the water, as the rules of the day have it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from backend.domain.flood_events import FloodEvent, Source, What
from backend.store import flood_events, risk
from jobs import flood_warnings
from tests.api.warning_cases import WARNINGS
from tests.cast import COUNTY, NEXT_TOWN, NOON, RIVER, TOWN, VILLAGE
from tests.makers import new_id

CHAIN = UUID("0197d0c1-0000-7000-8000-0000000000aa")


@pytest.fixture
def happens(night, session):
    """Something happens to the water, and the clockwork looks."""

    def happen(source=Source.SIGNAL, what=What.BEGAN, level="yellow", *, about=CHAIN, regions=(COUNTY,), **rest):
        values = rest.pop("values", {"event": "暴雨", "headline": "暴雨预警", "name": "聊城站", "level_m": 36.2})
        event = FloodEvent(source, what, about, level, regions=regions, values=values, **rest)
        flood_events.record(session, event, now=night.clock.now)
        flood_warnings.run(night.office, now=night.clock.now)
        return listed(night)

    return happen


def listed(night):
    return night.phone_of(night.cast.deng).get(WARNINGS).json["items"]


def test_a_yellow_signal_calls_at_once_and_what_grows_out_of_it_is_an_update(night, happens, cast):
    (yellow,) = happens()
    assert (yellow["state"], yellow["level"], yellow["issued_how"]) == ("issued", "yellow", "rule")
    assert yellow["headline"] == "东昌府区暴雨"
    assert yellow["because"]["source"] == "signal"

    orange, old = happens(what=What.CHANGED, level="orange")
    assert (old["state"], orange["state"], orange["revision"]) == ("issued", "draft", 2)
    assert orange["number"] == old["number"]
    signed = night.phone_of(cast.qian).post(f"{WARNINGS}/{orange['id']}/sign")
    assert signed.json["state"] == "issued"
    assert [each["state"] for each in listed(night)] == ["issued", "updated"]

    # It is less again: that waits for nobody.
    yellow, *_ = happens(what=What.CHANGED, level="yellow")
    assert (yellow["state"], yellow["level"], yellow["revision"]) == ("issued", "yellow", 3)


def test_a_red_signal_waits_two_minutes_for_a_second_name_and_then_goes_out(night, happens):
    (red,) = happens(level="red")
    assert (red["state"], red["made_by"]) == ("draft", None)
    night.at(1.9)
    assert listed(night)[0]["state"] == "draft"
    night.at(2.1)
    assert (listed(night)[0]["state"], listed(night)[0]["issued_how"]) == ("issued", "unanswered")


def test_what_is_only_an_exercise_is_followed_by_nothing(happens):
    assert happens(level="red", is_exercise=True) == []


def test_an_end_lays_a_draft_aside_and_asks_for_the_all_clear_of_what_is_out(night, happens, cast, session):
    assert happens(level="red")[0]["state"] == "draft"
    assert happens(what=What.ENDED, level="red")[0]["state"] == "dropped"

    yellow, _ = happens(about=new_id())
    night.tick()
    assert happens(what=What.ENDED, about=UUID(yellow["because"]["about"]))[0]["state"] == "issued"
    told = night.phone_of(cast.deng).get("/api/v1/notices").json["items"]
    assert "预警起因已消除" in [each["title"] for each in told]


def test_what_a_warning_in_force_says_already_is_not_said_twice(happens):
    assert len(happens(level="yellow")) == 1
    assert len(happens(Source.RESPONSE, level="III", about=new_id())) == 1
    assert len(happens(Source.RESPONSE, level="III", about=new_id(), regions=(TOWN,))) == 1
    assert len(happens(Source.RESPONSE, level="II", about=new_id())) == 2


def test_a_gauge_warns_its_own_reach_alone(night, happens, cast):
    segment = cast.segments["TUHAI-371502-001"].id
    (found,) = happens(Source.STATION, What.ROSE, "guaranteed", segments=(segment,), rivers=(RIVER,))
    assert found["segments"] == [str(segment)]
    assert found["headline"] == "聊城站水位36.2米，超保证水位"
    night.phone_of(cast.qian).post(f"{WARNINGS}/{found['id']}/sign")
    assert set(night.roll(found["id"])) == {"wang"}


def test_a_response_on_a_river_warns_its_reaches(night, happens, cast):
    (found,) = happens(Source.RESPONSE, What.BEGAN, "III", rivers=(RIVER,))
    assert found["segments"] == [str(cast.segments["TUHAI-371502"].id)]
    assert set(night.roll(found["id"])) == {"zhao", "li", "tang", "wang", "chen"}


@pytest.mark.parametrize(
    ("source", "what", "level"),
    [
        (Source.SEASON, What.BEGAN, "window"),
        (Source.STATION, What.FELL_SILENT, "warning"),
        (Source.STATION, What.FELL, "warning"),
        (Source.RESPONSE, What.BEGAN, "IV"),
        (Source.RISK, What.ROSE, "high"),
        (Source.SIGNAL, What.ENDED, "red"),
    ],
)
def test_from_some_things_no_warning_follows(happens, source, what, level):
    assert happens(source, what, level) == []


def test_an_administrator_changes_the_rules_and_a_draft_may_be_left_to_the_duty_officer(night, happens, cast):
    lines = [{"source": "signal", "at_least": "yellow", "level": "orange", "mode": "prepare"}]
    said = {"body": {"lines": lines}, "valid_from": night.clock.now.isoformat(), "reason": "试行"}
    changed = night.phone_of(cast.jin).post("/api/v1/rules/warnings", json=said)
    assert changed.status_code == 201
    assert changed.json["body"]["lines"][0]["within"] == "5min"

    (found,) = happens(level="red")
    assert (found["level"], found["state"], found["sign_by"]) == ("orange", "draft", None)
    told = night.phone_of(cast.deng).get("/api/v1/notices").json["items"]
    assert "预警草稿待发" in [each["title"] for each in told]


def test_what_was_over_before_anybody_looked_warns_nobody_and_holds_nothing_up(night, happens):
    over = {"event": "暴雨", "until": (night.clock.now - timedelta(minutes=1)).isoformat()}
    assert happens(values=over) == []
    assert [each["state"] for each in happens(about=new_id())] == ["issued"]


def test_an_event_on_which_the_rules_break_holds_up_none_that_comes_after_it(happens):
    assert happens(values={"event": "暴雨", "danger": "of no kind"}) == []
    assert [each["state"] for each in happens(about=new_id())] == ["issued"]


def test_a_signal_that_only_grows_wider_calls_who_is_new(happens):
    happens(regions=(TOWN,))
    newer, older = happens(what=What.CHANGED, regions=(TOWN, NEXT_TOWN))
    assert (newer["state"], newer["regions"], older["regions"]) == ("issued", [TOWN, NEXT_TOWN], [TOWN])
    assert len(happens(what=What.CHANGED, regions=(TOWN, NEXT_TOWN))) == 2


def test_reaches_that_rise_later_join_the_warning_of_their_county(night, happens, cast):
    first, second, third = (str(cast.segments[f"TUHAI-371502-00{nth}"].id) for nth in (1, 2, 3))
    (draft,) = happens(Source.RISK, What.ROSE, "extreme", segments=(UUID(first),))
    night.clock.now += timedelta(minutes=3)
    (wider,) = happens(Source.RISK, What.ROSE, "extreme", segments=(UUID(second),))
    assert (wider["id"], wider["segments"], wider["sign_by"]) == (draft["id"], [first, second], draft["sign_by"])
    signed = night.phone_of(cast.qian).post(f"{WARNINGS}/{draft['id']}/sign")
    assert signed.json["state"] == "issued"
    newer, _ = happens(Source.RISK, What.ROSE, "extreme", segments=(UUID(third),))
    assert (newer["state"], newer["segments"]) == ("issued", [first, second, third])


@pytest.mark.parametrize(
    "moved", [(What.FELL, "low", "002"), (What.ROSE, "moderate", "002"), (What.FELL, "low", "001")]
)
def test_a_warning_of_risk_is_over_only_when_none_of_its_reaches_is_left(happens, cast, session, moved):
    what, level, which = moved
    reaches = [cast.segments[f"TUHAI-371502-{nth}"].id for nth in ("001", "003")]
    still = {"segment_id": reaches[1], "region_code": VILLAGE, "at": NOON, "from_level": None, "level": "extreme"}
    risk.write(session, [still | {"score": 80, "factors": [], "because": "day", "rule_version": 0}])
    assert happens(Source.RISK, What.ROSE, "extreme", segments=tuple(reaches))[0]["state"] == "draft"
    (found,) = happens(Source.RISK, what, level, segments=(cast.segments[f"TUHAI-371502-{which}"].id,))
    assert found["state"] == "draft"


def test_a_warning_of_risk_is_laid_aside_when_its_last_reach_has_fallen(happens, cast):
    reach = cast.segments["TUHAI-371502-001"].id
    happens(Source.RISK, What.ROSE, "extreme", segments=(reach,))
    assert happens(Source.RISK, What.FELL, "low", segments=(reach,))[0]["state"] == "dropped"


def test_what_breaks_is_set_aside_loudly_and_holds_up_nothing_else(night, happens, cast, session):
    broken = {"event": "暴雨", "until": "no moment at all"}
    assert happens(level="red", about=new_id(), values=broken) == []
    assert len(happens(level="yellow")) == 1
    said = night.phone_of(cast.jin).get("/api/v1/alarms").json["items"]
    assert [each["kind"] for each in said] == ["set_aside"]
