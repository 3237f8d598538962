"""What helps at a desk: filters that one keeps, who is handling a hazard, units to give it to, photos that prove it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.hazard_cases import AFTER, HAZARDS, Case, photo
from tests.cast import COUNTY, NOON, VILLAGE
from tests.makers import new_id

FILTERS = "/api/v1/me/filters"


def wish(name: str = "逾期", **changed: str) -> dict[str, str]:
    return {"list": "hazards", "name": name, "query": "overdue=true"} | changed


@pytest.fixture
def case(phone_of, cast) -> Case:
    return Case(phone_of, cast.wang)


def test_a_filter_is_kept_once_and_is_ones_own(phone_of, cast):
    feng, path = phone_of(cast.feng), f"{FILTERS}/{new_id()}"
    assert [feng.put(path, json=wish()).status_code for _ in range(2)] == [201, 200]
    assert [each["name"] for each in feng.get(f"{FILTERS}?list=hazards").json["items"]] == ["逾期"]
    assert feng.get(f"{FILTERS}?list=patrols").json["items"] == []
    assert phone_of(cast.sun).get(FILTERS).json["items"] == []
    assert phone_of(cast.sun).put(path, json=wish()).status_code == 409
    assert phone_of(cast.sun).delete(path).status_code == 204
    assert len(feng.get(FILTERS).json["items"]) == 1
    assert [feng.delete(path).status_code for _ in range(2)] == [204, 204]
    assert feng.get(FILTERS).json["items"] == []


def test_two_filters_have_two_names_and_nobody_keeps_too_many(phone_of, cast):
    feng = phone_of(cast.feng)
    assert feng.put(f"{FILTERS}/{new_id()}", json=wish()).status_code == 201
    again = feng.put(f"{FILTERS}/{new_id()}", json=wish())
    assert (again.status_code, again.json["detail"]) == (409, "已经有一个叫“逾期”的筛选，请换个名字。")
    for number in range(19):
        assert feng.put(f"{FILTERS}/{new_id()}", json=wish(f"第{number}个")).status_code == 201
    assert "20" in feng.put(f"{FILTERS}/{new_id()}", json=wish("又一个")).json["detail"]
    assert feng.put(f"{FILTERS}/{new_id()}", json=wish("又一个", list="patrols")).status_code == 201


def test_a_claim_says_who_is_at_it_hinders_nobody_and_ends_by_itself(phone_of, cast, case, clock):
    path = f"{HAZARDS}/{case.id}/claim"
    feng, sun = phone_of(cast.feng), phone_of(cast.sun)
    assert feng.get(path).json["by"] is None
    assert feng.put(path).json["by"] == {"id": str(cast.feng), "name": "冯科员"}
    refused = sun.put(path)
    assert (refused.status_code, refused.json["detail"]) == (409, "冯科员正在办，请先联系。")
    assert case.act(cast.sun, "accept").status_code == 200
    clock.now += timedelta(minutes=6)
    assert feng.put(path).json["until"] == "2025-07-02T12:16:00+08:00"
    clock.now += timedelta(minutes=10)
    sun = phone_of(cast.sun)  # signed in again: the token is a quarter of an hour old
    assert sun.get(path).json["by"] is None
    assert sun.put(path).json["by"]["name"] == "孙科员"


def test_a_claim_is_let_go_by_whoever_has_it(phone_of, cast, case):
    path = f"{HAZARDS}/{case.id}/claim"
    feng, sun = phone_of(cast.feng), phone_of(cast.sun)
    feng.put(path)
    assert sun.delete(path).status_code == 204
    assert sun.get(path).json["by"]["name"] == "冯科员"
    assert [feng.delete(path).status_code for _ in range(2)] == [204, 204]
    assert sun.put(path).status_code == 200


def test_a_claim_on_a_hazard_of_another_county_is_not_found(phone_of, cast, case):
    path = f"{HAZARDS}/{case.id}/claim"
    wu = phone_of(cast.wu)
    assert [wu.get(path).status_code, wu.put(path).status_code, wu.delete(path).status_code] == [404, 404, 404]


def test_the_units_of_a_place_are_those_around_it(phone_of, cast):
    (housing,) = phone_of(cast.feng).get(f"/api/v1/units?region={VILLAGE}").json["items"]
    assert (housing["code"], housing["name"], housing["region"]) == ("HOUSING", "住建局", COUNTY)
    assert phone_of(cast.feng).get("/api/v1/units?region=371503").json["items"] == []
    assert phone_of(cast.jin).get(f"/api/v1/units?region={VILLAGE}").status_code == 403


def test_several_severities_are_asked_for_at_once_and_a_list_says_by_which_version_to_act(phone_of, cast, case):
    feng = phone_of(cast.feng)
    Case(phone_of, cast.wang, severity="major")
    Case(phone_of, cast.wang, severity="critical")
    found = feng.get(f"{HAZARDS}?severity=major&severity=critical").json["items"]
    assert [each["severity"] for each in found] == ["critical", "major"]
    (plain,) = feng.get(f"{HAZARDS}?severity=ordinary").json["items"]
    assert plain["etag"] == case.seen_by(cast.feng).headers["ETag"]
    assert case.act(cast.feng, "accept", etag=plain["etag"]).status_code == 200


@pytest.mark.parametrize(
    ("shown", "lacking"),
    [
        (photo(NOON), []),
        (photo(NOON - timedelta(hours=2)), ["拍摄早于交办，不能证明已经整改"]),
        (photo(NOON, lat=36.4), ["离问题 3"]),
        ({"sha256": AFTER}, ["不知道是什么时候拍的", "不知道是在哪里拍的"]),
        (photo(NOON + timedelta(days=3)), ["拍摄时间在将来，手机时钟不准"]),
    ],
)
def test_it_is_told_why_a_photo_does_not_prove_that_it_is_mended(cast, case, shown, lacking):
    case.act(cast.feng, "accept")
    case.act(cast.feng, "assign", person=str(cast.wang))
    assert case.act(cast.wang, "report_done", photos=[shown]).status_code == 200
    (told,) = case.seen_by(cast.feng).json["done_photos"]
    assert told["proves"] == (not lacking)
    assert [said[: len(begin)] for said, begin in zip(told["lacking"], lacking, strict=True)] == lacking
