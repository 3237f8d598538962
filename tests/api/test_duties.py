"""What is owed this period, what is done, and what nobody walked."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import COUNTY, LINE, NOON
from tests.makers import new_id, patrol_body


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
    everybody = office.get("/api/v1/duties", query_string={"region": COUNTY}).json
    behind = office.get("/api/v1/duties", query_string={"region": COUNTY, "behind": "true"}).json
    names = {each["person"]["name"] for each in behind}
    assert "陈村长" in names
    assert "王村长" not in names
    assert len(everybody) > len(behind)
    past = office.get("/api/v1/duties", query_string={"region": COUNTY, "day": "2025-05-05"}).json
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
