"""Who may look at, appoint and reset whom: nobody gets power over an account that they could not have made."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from backend.domain.terms import Post
from backend.models.changes import Record
from backend.models.people import Appointment
from tests.cast import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE, add_appointment, add_person
from tests.makers import new_id, seen_by

TODAY = "2025-07-02"


@pytest.fixture
def town_clerk(session, keyring, cast):
    """The office of the town has a clerk."""
    clerk = add_person(session, keyring, "town-clerk", "田科员", 90)
    add_appointment(session, clerk, Post.OFFICE_CLERK, TOWN)
    return clerk


def give(office, person, post, region, **more):
    body = {"id": str(new_id()), "post": post, "region": region, "from": TODAY} | more
    return office.post(f"/api/v1/people/{person}/appointments", json=body, headers=seen_by(office, person))


def test_a_town_clerk_gets_no_hold_on_the_administrator(phone_of, cast, town_clerk):
    clerk = phone_of(town_clerk)
    assert give(clerk, cast.jin, "warden", VILLAGE).status_code in (403, 404)
    assert clerk.post(f"/api/v1/people/{cast.jin}/reset-login").status_code in (403, 404)


def test_the_office_of_the_same_city_neither_appoints_nor_resets_an_administrator(phone_of, cast, session, keyring):
    clerk = add_person(session, keyring, "city-clerk", "石科员", 91)
    add_appointment(session, clerk, Post.OFFICE_CLERK, CITY)
    office = phone_of(clerk)
    assert give(office, cast.jin, "warden", VILLAGE).status_code == 403
    assert office.post(f"/api/v1/people/{cast.jin}/reset-login").status_code == 403
    assert office.post(f"/api/v1/people/{cast.jin}/phone-reveal", json={"reason": "?"}).status_code == 403
    said = {"phone": "12355550000"}
    headers = seen_by(office, cast.jin)
    assert office.post(f"/api/v1/people/{cast.jin}/phone", json=said, headers=headers).status_code == 403


def test_an_administrator_who_is_also_a_warden_here_stays_out_of_reach(phone_of, cast, session, town_clerk):
    add_appointment(session, cast.jin, Post.WARDEN, VILLAGE)
    clerk = phone_of(town_clerk)
    assert clerk.get(f"/api/v1/people/{cast.jin}").status_code == 200
    assert clerk.post(f"/api/v1/people/{cast.jin}/reset-login").status_code == 403
    assert clerk.post(f"/api/v1/people/{cast.jin}/phone-reveal", json={"reason": "?"}).status_code == 403


def test_nobody_gives_themselves_a_post_or_one_of_their_own_level(phone_of, cast, town_clerk):
    clerk, office = phone_of(town_clerk), phone_of(cast.sun)
    assert give(clerk, town_clerk, "village_chief", VILLAGE).status_code == 403
    assert give(clerk, cast.wang, "town_chief", TOWN).status_code == 403
    assert give(clerk, cast.wang, "office_clerk", TOWN).status_code == 403
    assert give(office, cast.wang, "county_chief", COUNTY).status_code == 403
    assert give(office, cast.wang, "administrator", COUNTY).status_code == 403
    assert give(office, cast.wang, "town_chief", TOWN).status_code == 201


@pytest.mark.parametrize(
    ("post", "region"),
    [("city_chief", TOWN), ("county_chief", CITY), ("village_chief", TOWN), ("prosecutor", VILLAGE)],
)
def test_a_post_fits_the_level_of_its_region(phone_of, cast, post, region):
    refused = give(phone_of(cast.jin), cast.wang, post, region)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/post")


def test_an_unknown_region_is_named(phone_of, cast):
    for region in (COUNTY + "999", COUNTY + "99"):
        refused = give(phone_of(cast.jin), cast.wang, "town_chief", region)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/region")
    assert give(phone_of(cast.jin), cast.wang, "town_chief", "３７１５０２００１").status_code == 422


def test_a_post_that_is_over_gives_no_power_over_its_holder(phone_of, cast, session):
    over = add_appointment(session, cast.wu, Post.WARDEN, VILLAGE)
    session.get_one(Appointment, over).until_day = date(2022, 1, 1)
    session.flush()
    office = phone_of(cast.sun)
    for path, body in (("phone-reveal", {"reason": "?"}), ("phone", {"phone": "12355550001"}), ("reset-login", None)):
        assert office.post(f"/api/v1/people/{cast.wu}/{path}", json=body).status_code == 404, path
    assert office.get(f"/api/v1/people/{cast.wu}").status_code == 404


def test_whoever_holds_a_post_elsewhere_too_is_reset_by_an_office_above_both(phone_of, cast, session, keyring):
    add_appointment(session, cast.wang, Post.WARDEN, "371503001")
    assert phone_of(cast.sun).post(f"/api/v1/people/{cast.wang}/reset-login").status_code == 403
    clerk = add_person(session, keyring, "city-clerk", "石科员", 91)
    add_appointment(session, clerk, Post.OFFICE_CLERK, CITY)
    assert phone_of(clerk).post(f"/api/v1/people/{cast.wang}/reset-login").status_code == 200


def test_a_post_of_long_ago_elsewhere_does_not_keep_the_office_from_helping(phone_of, cast, session):
    over = add_appointment(session, cast.wang, Post.WARDEN, "371503001", since=date(2021, 1, 1))
    session.get_one(Appointment, over).until_day = date(2022, 1, 1)
    session.flush()
    assert phone_of(cast.sun).post(f"/api/v1/people/{cast.wang}/reset-login").status_code == 200


def test_of_two_clerks_who_change_a_person_the_second_looks_again(phone_of, cast):
    office = phone_of(cast.sun)
    path, said = f"/api/v1/people/{cast.wang}/phone", {"phone": "12355550002"}
    before = seen_by(office, cast.wang)
    assert office.post(path, json=said).status_code == 428
    assert office.post(path, json=said, headers=before).status_code == 204
    stale = office.post(path, json={"phone": "12355550003"}, headers=before)
    assert stale.status_code == 412
    assert stale.json["present"]["phone"] == "123****0002"
    assert give(office, cast.wang, "town_chief", TOWN).status_code == 201
    unchanged = office.get(
        f"/api/v1/people/{cast.wang}", headers={"If-None-Match": seen_by(office, cast.wang)["If-Match"]}
    )
    assert unchanged.status_code == 304


def test_numbers_are_masked_and_a_look_at_one_is_on_record(phone_of, cast, session):
    office = phone_of(cast.sun)
    page = office.get("/api/v1/people", query_string={"region": VILLAGE}).json
    assert {person["phone"] for person in page["items"]} == {"123****0006", "123****0008"}
    shown = office.post(f"/api/v1/people/{cast.wang}/phone-reveal", json={"reason": "汛情核实"})
    assert shown.json["phone"] == "+8612300000006"
    act = session.scalars(select(Record).where(Record.act == "reveal_phone")).one()
    assert (act.actor_id, act.body) == (cast.sun, {"reason": "汛情核实"})
    assert phone_of(cast.wu).get(f"/api/v1/people/{cast.wang}").status_code == 404
    assert phone_of(cast.wang).get("/api/v1/people").status_code == 403


def test_lists_of_people_go_on_where_they_stopped(phone_of, cast):
    office = phone_of(cast.sun)
    names, path = [], "/api/v1/people?limit=2"
    while path:
        page = office.get(path).json
        names += [person["name"] for person in page["items"]]
        path = page["next"]
    assert len(names) == len(set(names)) == 11


def test_an_administrator_of_a_part_does_not_change_the_rules_of_all(phone_of, cast, session, keyring):
    part = add_person(session, keyring, "county-admin", "县管理", 92)
    add_appointment(session, part, Post.ADMINISTRATOR, OTHER_COUNTY)
    change = {"body": {"near_m": 60}, "valid_from": "2025-07-02T00:00:00+08:00", "reason": "?"}
    assert phone_of(part).post("/api/v1/rules", json=change).status_code == 403
    assert phone_of(cast.jin).post("/api/v1/rules", json=change).status_code == 201


def test_people_are_listed_alike_by_those_who_see_many_and_those_who_see_few(phone_of, cast):
    many, few = phone_of(cast.sun), phone_of(cast.li)
    of_town = many.get("/api/v1/people", query_string={"region": VILLAGE[:9]}).json["items"]
    assert few.get("/api/v1/people").json["items"] == of_town
    assert {person["name"] for person in of_town} == {"李镇长", "王村长", "陈村长", "何巡河"}

    path, names = "/api/v1/people?limit=2", []
    while path:
        page = few.get(path).json
        names += [person["name"] for person in page["items"]]
        path = page["next"]
    assert names == [person["name"] for person in of_town]

    chiefs = many.get("/api/v1/people", query_string={"post": "town_chief"}).json["items"]
    assert {person["name"] for person in chiefs} == {"李镇长", "唐镇长"}
    villages = many.get("/api/v1/people", query_string={"post": "village_chief"}).json["items"]
    assert {person["name"] for person in villages} == {"王村长", "陈村长"}


@pytest.mark.parametrize("typed", ["1380000", "1235555000", "123555500001", "82412345"])
def test_a_number_that_nobody_can_have_is_refused_by_its_field(phone_of, cast, typed):
    refused = phone_of(cast.sun).put(f"/api/v1/people/{new_id()}", json={"name": "新村长", "phone": typed})
    assert refused.status_code == 422
    assert [flaw["pointer"] for flaw in refused.json["errors"]] == ["/phone"]
    assert "11" in refused.json["errors"][0]["detail"]
