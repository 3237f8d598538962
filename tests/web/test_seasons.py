"""Seasons at a desk: what holds in a region, and other dates, tried before they are kept."""

from __future__ import annotations

import pytest

from tests.api.flood_cases import set_year, year
from tests.cast import CITY, COUNTY, OTHER_COUNTY, TOWN
from tests.counting import HARMFUL, MOST, is_harmless, questions
from tests.makers import new_id
from tests.web.test_rules import fields

SEASONS = "/console/rules/seasons"


@pytest.fixture
def desk(proven, cast):
    """The office's desk with the form open."""
    here = proven(cast.sun)
    here.get(f"{SEASONS}/new?region={COUNTY}")
    return here


def typed(region: str = COUNTY, **changed) -> dict:
    return year(region, **changed) | {"id": str(new_id()), "year": "2025"}


def test_other_dates_are_tried_and_then_kept(desk, phone_of, cast):
    tried = desk.submit(f"{SEASONS}/new", **typed(window_end="2025-08-20"), go="try")
    assert tried.status_code == 200
    for said in ("2025-08-11 – 2025-08-20", "村级河长 2 人：每周1次 → 每周2次", "时限减半"):
        assert said in tried.text
    assert phone_of(cast.sun).get(f"/api/v1/flood/season?region={COUNTY}").json["versions"] == []
    sent = fields(tried) | {"csrf": [desk.csrf], "go": ["keep"]}
    for _ in range(2):  # sent twice, it is the same
        assert desk.submit(f"{SEASONS}/new", **sent).status_code == 303
    page = desk.get(f"{SEASONS}?region={TOWN}&year=2025").text
    assert "2025-07-21 – 2025-08-20" in page
    assert page.count("孙科员") >= 2
    assert len(phone_of(cast.sun).get(f"/api/v1/flood/season?region={COUNTY}").json["versions"]) == 1


def test_of_two_who_tried_other_dates_the_second_sees_those_of_the_first_before_keeping_any(desk, phone_of, cast):
    tried = desk.submit(f"{SEASONS}/new", **typed(window_end="2025-08-20"), go="try")
    set_year(phone_of(cast.deng), COUNTY, window_end="2025-08-15")
    sent = fields(tried) | {"csrf": [desk.csrf]}
    refused = desk.submit(f"{SEASONS}/new", **sent, go="keep")
    assert (refused.status_code, "别人定了新版本" in refused.text) == (409, True)
    assert 'value="2025-08-20"' in refused.text
    again = desk.submit(f"{SEASONS}/new", **sent, go="try")
    assert "2025-08-15" in again.text
    assert desk.submit(f"{SEASONS}/new", **(fields(again) | {"csrf": [desk.csrf]}), go="keep").status_code == 303
    versions = phone_of(cast.sun).get(f"/api/v1/flood/season?region={COUNTY}").json["versions"]
    assert [each["version"] for each in versions] == [2, 1]


def test_regions_with_their_own_dates_are_named(proven, phone_of, cast):
    set_year(phone_of(cast.sun), TOWN, window_end="2025-08-15")
    deng = proven(cast.deng)
    deng.get(f"{SEASONS}/new?region={CITY}")
    tried = deng.submit(f"{SEASONS}/new", **typed(CITY, window_end="2025-08-20"), go="try")
    assert "单独设定过、不受影响： 古楼街道" in tried.text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"end": "2025-05-01"}, "end"),
        ({"begin": "soon"}, "begin"),
        ({"window_end": ""}, "window_end"),
        ({"year": "2020"}, "year"),
        ({"year": "x"}, "year"),
        ({"region": OTHER_COUNTY}, "region"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_cannot_be_meant_is_told_beside_its_field_and_stays_typed(desk, changed, field):
    page = desk.submit(f"{SEASONS}/new", **(typed() | {"document": "聊汛8号"} | changed), go="try")
    assert page.status_code == 422
    assert f'href="#f-{field}"' in page.text
    assert 'value="聊汛8号"' in page.text


def test_who_may_not_set_a_season_looks_at_it(desk_of, cast):
    desk = desk_of(cast.wang)
    page = desk.get(SEASONS).text
    assert "2025-06-01 – 2025-09-30" in page
    assert "/seasons/new" not in page
    assert desk.get(f"{SEASONS}/new").status_code == 403


@pytest.mark.parametrize("text", HARMFUL)
def test_what_is_typed_is_shown_as_text(desk, text):
    tried = desk.submit(f"{SEASONS}/new", **(typed(window_end="2025-08-20") | {"reason": text}), go="try")
    assert is_harmless(tried.text)
    assert is_harmless(desk.submit(f"{SEASONS}/new", **(typed() | {"reason": text}), go="back").text)


def test_the_pages_ask_few_questions_and_speak_both_languages(desk):
    for path in (f"{SEASONS}?region={COUNTY}", f"{SEASONS}/new?region={COUNTY}"):
        with questions() as asked:
            assert desk.get(path).status_code == 200
        assert len(asked) <= MOST, "\n".join(asked)
        assert "season" in desk.get(path, headers={"Accept-Language": "en"}).text
