"""What is owed this period, what is done, and what nobody walked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from shapely import LineString

from backend.domain.access import Actor, Seat
from backend.domain.terms import Duty, Post
from backend.models.patrols import Patrol
from backend.models.people import Absence
from backend.models.segments import Assignment, Segment
from backend.services import my_reaches
from tests.cast import COUNTY, LINE, NOON, TOWN, VILLAGE, add_appointment
from tests.makers import new_id, patrol_body

WEEK = {"from": "2025-06-30T00:00:00+08:00", "to": "2025-07-07T00:00:00+08:00"}


def walked(phone: Any, segment: str) -> dict[str, Any]:
    answer: dict[str, Any] = phone.get(f"/api/v1/segments/{segment}/walked", query_string=WEEK).json
    return answer


def propose(phone: Any, body: dict[str, Any], valid_from: str = "2025-07-01T00:00:00+08:00") -> Any:
    return phone.post("/api/v1/rules/duty", json={"body": body, "valid_from": valid_from, "reason": "汛期加密"})


def test_a_walk_that_counts_fulfils_the_weeks_duty(phone_of, cast):
    wang = phone_of(cast.wang)
    before = wang.get("/api/v1/me").json["duties"]
    assert [(duty["river"]["code"], duty["needed"], duty["done"]) for duty in before] == [("TUHAI", 1, 0)]
    wang.put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE))
    wang.put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE, metres=50, started_at=NOON - timedelta(days=1)))
    after = wang.get("/api/v1/me").json["duties"][0]
    assert (after["needed"], after["done"]) == (1, 1)
    assert after["period"] == {"from": "2025-06-30", "until": "2025-07-07"}


def test_the_office_sees_who_is_behind(phone_of, cast):
    phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE))
    office = phone_of(cast.sun)
    everybody = office.get("/api/v1/duties", query_string={"region": COUNTY}).json["items"]
    behind = office.get("/api/v1/duties", query_string={"region": COUNTY, "behind": "true"}).json["items"]
    names = {each["person"]["name"] for each in behind}
    assert "陈村长" in names
    assert "王村长" not in names
    assert len(everybody) > len(behind)
    past = office.get("/api/v1/duties", query_string={"region": COUNTY, "day": "2025-05-05"}).json["items"]
    assert all(each["done"] == 0 for each in past)


def test_stretches_that_nobody_walked_are_named(phone_of, cast):
    phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE, metres=600))
    span = {"from": "2025-07-01T00:00:00+08:00", "to": "2025-07-08T00:00:00+08:00"}
    walked = phone_of(cast.li).get("/api/v1/segments/TUHAI-371502-001/walked", query_string=span).json
    assert 0.5 < walked["share"] < 0.8
    assert walked["unwalked"][-1][1] == walked["length_m"]
    empty = {"from": "2025-06-01T00:00:00+08:00", "to": "2025-06-08T00:00:00+08:00"}
    nothing = phone_of(cast.li).get("/api/v1/segments/TUHAI-371502-001/walked", query_string=empty).json
    assert nothing["unwalked"] == [[0.0, nothing["length_m"]]]


def test_a_walk_on_a_reach_is_walked_on_the_reaches_around_and_inside_it(phone_of, cast):
    phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE))
    zhao = phone_of(cast.zhao)
    village = walked(zhao, "TUHAI-371502-001")
    town = walked(zhao, "TUHAI-371502001")
    assert village["share"] > 0.5
    assert sum(end - begin for begin, end in town["walked"]) == pytest.approx(
        sum(end - begin for begin, end in village["walked"]), abs=1
    )
    # Li walks the second half of the town's reach: that is Chen's village.
    second = patrol_body(LINE, segment="TUHAI-371502001", from_m=town["length_m"] / 2 + 50, speed_mps=0.9)
    assert phone_of(cast.li).put(f"/api/v1/patrols/{new_id()}", json=second).json["verdict"]["outcome"] == "valid"
    assert walked(zhao, "TUHAI-371502-002")["share"] > 0.5
    assert walked(zhao, "TUHAI-371502-001") == village
    assert walked(zhao, "TUHAI-371502-003")["walked"] == []


def test_a_copy_of_a_walk_proves_nothing_until_a_review_vouches_for_it(phone_of, cast, session):
    wang, patrol = phone_of(cast.wang), new_id()
    wang.put(f"/api/v1/patrols/{patrol}", json=patrol_body(LINE))
    row = session.query(Patrol).filter_by(id=patrol).one()
    row.verdict = row.verdict | {"reasons": [{"code": "copied_track", "outcome": "doubtful", "values": {}}]}
    session.flush()
    assert walked(phone_of(cast.li), "TUHAI-371502-001")["walked"] == []
    row.review_outcome = "valid"
    session.flush()
    assert walked(phone_of(cast.li), "TUHAI-371502-001")["walked"] != []


def test_walks_before_a_new_survey_lie_where_they_lay_on_the_new_line(phone_of, cast, session):
    phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE, metres=600))
    li = phone_of(cast.li)
    before = walked(li, "TUHAI-371502-001")
    segment = session.get_one(Segment, cast.segments["TUHAI-371502-001"].id)
    # Surveyed from the other end, as a version that no other test writes: a process keeps what it has read of one.
    segment.line, segment.version = LineString(list(segment.line.coords)[::-1]), 3
    session.flush()
    after = walked(li, "TUHAI-371502-001")
    assert before["walked"][0][0] < 100
    assert after["walked"][-1][1] > after["length_m"] - 100
    assert after["share"] == pytest.approx(before["share"], abs=0.02)


def test_doubtful_walks_and_those_an_office_entered_are_shown_apart(phone_of, cast):
    sun = phone_of(cast.sun)
    entered = patrol_body(LINE, started_at=NOON - timedelta(hours=30)) | {"on_behalf_of": str(cast.wang)}
    assert sun.put(f"/api/v1/patrols/{new_id()}", json=entered).json["verdict"]["counts"]
    mocked = patrol_body(LINE, seed=9) | {"client": {"mock_location": True}}
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=mocked).json["verdict"]["counts"]
    duty = phone_of(cast.wang).get("/api/v1/me").json["duties"][0]
    assert (duty["done"], duty["doubtful"], duty["by_office"]) == (2, 1, 1)


def test_duties_are_paged_like_every_list(phone_of, cast):
    office = phone_of(cast.sun)
    whole = office.get("/api/v1/duties", query_string={"region": COUNTY}).json
    assert whole["next"] is None
    assert [each["post"] for each in whole["items"]] == [
        "county_chief",
        "town_chief",
        "town_chief",
        "village_chief",
        "village_chief",
        "warden",
    ]
    for behind in ("false", "true"):
        paged, path = [], f"/api/v1/duties?region={COUNTY}&limit=2&behind={behind}"
        while path:
            page = office.get(path).json
            assert len(page["items"]) <= 2
            paged += page["items"]
            path = page["next"]
        assert paged == whole["items"]


def test_a_reach_that_has_ended_is_owed_no_longer(phone_of, cast, session):
    assert phone_of(cast.wang).get("/api/v1/me").json["duties"]
    session.get_one(Segment, cast.segments["TUHAI-371502-001"].id).until_day = date(2025, 7, 1)
    session.flush()
    me = phone_of(cast.wang).get("/api/v1/me").json
    assert (me["duties"], me["segments"]) == ([], [])
    duties = phone_of(cast.sun).get("/api/v1/duties", query_string={"region": COUNTY}).json["items"]
    assert "王村长" not in {each["person"]["name"] for each in duties}


def test_a_changed_duty_is_owed_from_its_day_on_and_what_is_not_named_stays(phone_of, cast):
    jin, wang = phone_of(cast.jin), phone_of(cast.wang)
    assert wang.get("/api/v1/rules/duty").json["version"] == 0
    made = propose(jin, {"usual": {"village_chief": {"walks": 3}}})
    assert made.status_code == 201
    assert made.json["body"]["usual"]["village_chief"] == {"walks": 3, "span": "week"}
    assert made.json["body"]["usual"]["warden"] == {"walks": 1, "span": "day"}
    assert wang.get("/api/v1/me").json["duties"][0]["needed"] == 3
    assert wang.get("/api/v1/rules/duty").json["version"] == 1
    # Planned for August: nothing of it leaks into July, nor into a change made meanwhile.
    assert propose(jin, {"usual": {"warden": {"walks": 9}}}, "2025-08-01T00:00:00+08:00").json["version"] == 2
    again = propose(jin, {"in_window": {"town_chief": None}}, "2025-07-02T00:00:00+08:00").json
    assert again["body"]["usual"]["warden"] == {"walks": 1, "span": "day"}
    assert again["body"]["usual"]["village_chief"]["walks"] == 3
    assert list(again["body"]["in_window"]) == ["village_chief"]
    june = phone_of(cast.sun).get("/api/v1/duties", query_string={"region": COUNTY, "day": "2025-06-20"}).json
    assert {each["needed"] for each in june["items"] if each["post"] == "village_chief"} == {1}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"usual": 5}, "/body/usual"),
        ({"usual": {"warden": None}}, "/body/usual/warden"),
        ({"usual": {"police_chief": {"walks": 1, "span": "day"}}}, "/body/usual/police_chief"),
        ({"usual": {"warden": {"walks": -1}}}, "/body/usual/warden/walks"),
        ({"usual": {"warden": {"walks": True}}}, "/body/usual/warden/walks"),
        ({"usual": {"warden": {"span": "decade"}}}, "/body/usual/warden/span"),
        ({"in_window": {"warden": {"walks": 1}}}, "/body/in_window/warden"),
        ({"in_window": 5}, "/body/in_window"),
        ({"window_begin": [2, 29]}, "/body/window_begin"),
        ({"window_begin": "7"}, "/body/window_begin"),
        ({"window_end": [6, 1]}, "/body/window_end"),
        ({"wages": {}}, "/body/wages"),
    ],
)
def test_a_duty_that_cannot_be_meant_is_refused_by_its_place(phone_of, cast, body, place):
    refused = propose(phone_of(cast.jin), body)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, place)
    assert phone_of(cast.jin).get("/api/v1/rules/duty").json["version"] == 0


def test_only_whoever_answers_for_every_region_changes_the_duty(phone_of, cast, session):
    add_appointment(session, cast.tang, Post.ADMINISTRATOR, TOWN)
    assert propose(phone_of(cast.tang), {}).status_code == 403
    assert propose(phone_of(cast.sun), {}).status_code == 403
    assert propose(phone_of(cast.jin), {}).status_code == 201


def test_of_my_reaches_it_is_said_for_whom_i_walk_and_by_whose_minimum(phone_of, cast, session):
    def mine(person):
        return {each["code"]: each for each in phone_of(person).get("/api/v1/me").json["segments"]}

    own = mine(cast.wang)["TUHAI-371502-001"]
    assert (own["river"], own["level"], own["post"], own["for"]) == (
        {"code": "TUHAI", "name": "徒骇河"},
        "village",
        "village_chief",
        None,
    )
    assert [(each["level"], each["post"]) for each in mine(cast.he).values()] == [("village", "warden")]
    session.add(Absence(id=new_id(), person_id=cast.wang, substitute_id=cast.li, from_day=date(2025, 7, 1)))
    session.flush()
    seen = mine(cast.li)
    assert (seen["TUHAI-371502001"]["level"], seen["TUHAI-371502001"]["for"]) == ("town", None)
    stood_in = seen["TUHAI-371502-001"]
    assert (stood_in["level"], stood_in["for"]) == ("village", {"id": str(cast.wang), "name": "王村长"})
    walk = phone_of(cast.li).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE)).json
    assert (walk["duty_of"], walk["post"]) == (stood_in["for"]["id"], stood_in["post"])


def test_as_what_i_walk_is_one_question_however_many_reaches_there_are(session, cast, questions):
    wang = Actor(cast.wang, "王村长", (Seat(Post.VILLAGE_CHIEF, VILLAGE),))
    for code in ("TUHAI-371502-002", "TUHAI-371502001"):
        held = {"segment_id": cast.segments[code].id, "person_id": cast.wang, "from_day": date(2025, 7, 1)}
        session.add(Assignment(id=new_id(), duty=Duty.CHIEF.value, **held))
    session.flush()
    del questions[:]
    mine = my_reaches.of(session, wang, date(2025, 7, 2))
    assert [each.level.word for each in mine] == ["village", "village", "town"]
    assert len(questions) == 2
