"""Where a signal holds: codes and shapes become regions and reaches of ours, and what is unknown is told of."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from backend.domain.cap import Area, Circle, Code, Info, Message
from backend.domain.terms import Post
from backend.models.flood_events import FloodEvent
from backend.models.regions import Region
from backend.store import signals as store
from tests.api.signal_cases import OFFICE, at, exercise, send
from tests.cast import COUNTY, LINE, NEXT_VILLAGE, NOON, OTHER_COUNTY, TOWN, VILLAGE, add_appointment

WEST_END = (LINE.coords[0][0], LINE.coords[0][1])
BESIDE = tuple(
    (x, y) for y, x in ((36.42, 115.96), (36.42, 115.975), (36.435, 115.975), (36.435, 115.96), (36.42, 115.96))
)
NOWHERE = ((100.0, 10.0), (101.0, 10.0), (101.0, 11.0), (100.0, 10.0))


@pytest.fixture
def deng(phone_of, cast):
    return phone_of(cast.deng)


def over(*areas: Area, number: int = 1) -> Message:
    info = Info("暴雨", "zh-CN", headline="暴雨红色预警", areas=areas)
    return Message(f"3715_{number}", OFFICE, NOON, infos=(info,))


def codes(*values: str) -> Area:
    return Area("x", geocodes=tuple(Code("CPEAS Geographic Code", value) for value in values))


def regions(body: dict) -> list[str]:
    return [each["code"] for each in body["regions"]]


def alarms(phone_of, cast) -> list[dict]:
    return phone_of(cast.jin).get("/api/v1/alarms?open=true").json["items"]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (("371502000000",), [COUNTY]),
        (("371502",), [COUNTY]),
        (("371502001000", "371502001001"), [TOWN]),
        (("371502001001", "371502001002"), [VILLAGE, NEXT_VILLAGE]),
        (("371503000000", "371502000000"), [COUNTY, OTHER_COUNTY]),
        ((" 371502000000 ",), [COUNTY]),
    ],
)
def test_codes_are_cut_to_their_level_and_the_widest_hold(deng, phone_of, cast, written, found):
    body = send(deng, over(codes(*written)))
    assert regions(body) == found
    assert (body["segments"], body["unmatched"]) == ([], [])
    assert alarms(phone_of, cast) == []


def test_a_signal_over_the_province_is_over_us_and_a_county_cannot_bring_it(deng, session, phone_of, cast):
    whole = over(codes("370000000000"))
    add_appointment(session, cast.sun, Post.DUTY_OFFICER, COUNTY)
    send(phone_of(cast.sun), whole, 404)
    assert regions(send(deng, whole)) == ["37"]
    assert [row.regions for row in store.active_over(session, [VILLAGE], at(1))] == [["37"]]


def test_a_region_around_ours_need_not_be_in_our_list(deng, session):
    session.execute(delete(Region).where(Region.code == "37"))
    assert regions(send(deng, over(codes("370000000000")))) == ["37"]


def test_a_code_of_ours_that_is_not_in_the_list_is_kept_and_somebody_is_told(deng, phone_of, cast):
    body = send(deng, over(codes("371502000000", "371502999000")))
    assert (regions(body), body["unmatched"]) == ([COUNTY], ["371502999"])
    (alarm,) = alarms(phone_of, cast)
    assert (alarm["kind"], alarm["region"]) == ("unmatched_area", COUNTY)
    assert "371502999" in alarm["sentence"]


def test_codes_of_other_cities_are_none_of_our_business(deng, phone_of, cast, session):
    body = send(deng, over(codes("410100000000", "371602000000")))
    assert (regions(body), body["unmatched"], body["state"]) == ([], ["371602", "4101"], "active")
    assert alarms(phone_of, cast) == []
    assert store.active_over(session, [VILLAGE], at(1)) == []


def test_what_is_no_code_at_all_is_told_of_where_nothing_else_says_where(deng, phone_of, cast):
    assert regions(send(deng, over(codes("ILZ001", "371502")))) == [COUNTY]
    assert alarms(phone_of, cast) == []
    assert send(deng, exercise(over(codes("ILZ002"), number=2)))["unmatched"] == ["ILZ002"]
    assert alarms(phone_of, cast) == []
    assert send(deng, over(codes("ILZ001"), number=3))["unmatched"] == ["ILZ001"]
    assert [each["kind"] for each in alarms(phone_of, cast)] == ["unmatched_area"]


def test_a_shape_alone_holds_on_the_reaches_that_it_crosses(deng, cast, session):
    body = send(deng, over(Area("x", polygons=(BESIDE,))))
    crossed = {"TUHAI-3715", "TUHAI-371502", "TUHAI-371502001", "TUHAI-371502-001"}
    assert set(body["segments"]) == {str(cast.segments[code].id) for code in crossed}
    assert regions(body) == [VILLAGE]
    event = session.scalars(select(FloodEvent)).one()
    assert (event.regions, set(event.segments)) == ([VILLAGE], set(body["segments"]))
    assert len(store.active_over(session, [COUNTY], at(1))) == 1
    assert store.active_over(session, [NEXT_VILLAGE], at(1)) == []


def test_a_circle_holds_likewise_and_one_that_crosses_nothing_holds_nowhere(deng):
    near = send(deng, over(Area("x", circles=(Circle(WEST_END, 50.0),))))
    assert regions(near) == [VILLAGE]
    far = send(deng, over(Area("x", circles=(Circle((100.0, 10.0), 5_000.0),), polygons=(NOWHERE,)), number=2))
    assert (regions(far), far["segments"], far["state"]) == ([], [], "active")


def test_a_shape_beside_a_code_adds_to_it_and_never_narrows_it(deng, cast):
    within = send(deng, over(Area("x", polygons=(BESIDE,), geocodes=codes("371502000000").geocodes)))
    assert (regions(within), within["segments"]) == ([COUNTY], [])
    beyond = Area("x", circles=(Circle((116.25, 36.58), 100.0),), geocodes=codes("371502001000").geocodes)
    assert regions(send(deng, over(beyond, number=2))) == [TOWN, OTHER_COUNTY]


def test_a_shape_without_a_city_in_it_still_reaches_reaches_that_have_no_lower_ones(deng, cast):
    body = send(deng, over(Area("x", circles=(Circle((116.25, 36.58), 100.0),))))
    assert body["segments"] == [str(cast.segments["CHIPING-371503"].id)]
    assert regions(body) == [OTHER_COUNTY]
