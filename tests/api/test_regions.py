"""Regions over HTTP: where one lies."""

from __future__ import annotations

from tests.cast import CITY, COUNTY, TOWN, VILLAGE

REGIONS = "/api/v1/regions"


def test_a_region_says_in_which_others_it_lies(phone_of, cast):
    wang = phone_of(cast.wang)
    said = wang.get(f"{REGIONS}/{VILLAGE}")
    assert [each["code"] for each in said.json["path"]] == ["37", CITY, COUNTY, TOWN, VILLAGE]
    assert said.json["path"][-1]["name"] == "兴华村"
    again = wang.get(f"{REGIONS}/{VILLAGE}", headers={"If-None-Match": said.headers["ETag"]})
    assert again.status_code == 304
    assert [each["code"] for each in wang.get(f"{REGIONS}/371500000000").json["path"]] == ["37", CITY]
