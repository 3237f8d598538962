"""The dates of season and key window at a desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.models.seasons import FloodSeason
from tests.cast import COUNTY, OTHER_COUNTY
from tests.counting import HARMFUL, MOST, is_harmless, questions
from tests.makers import new_id
from tests.web.test_people import hidden, proven  # noqa: F401 - a fixture

SEASON = "/console/flood/season"


def dates(**changed):
    return {
        "id": str(new_id()),
        "region": COUNTY,
        "year": "2025",
        "begin": "2025-06-01",
        "end": "2025-09-30",
        "window_begin": "2025-07-16",
        "window_end": "2025-08-20",
        "reason": "主汛期提前",
        "document": "聊汛〔2025〕8号",
    } | changed


def test_dates_are_set_after_the_password_and_hold_from_today(desk_of, proven, cast, session):  # noqa: F811
    page = desk_of(cast.wang).get(SEASON)
    assert "2025-07-21" in page.text
    assert "调整日期" not in page.text
    assert "没有单独设定过" in page.text
    desk = proven(cast.sun)
    said = dates(id=hidden(desk.get(SEASON), "id"))
    for _ in range(2):
        assert desk.submit(SEASON, **said).status_code == 303
    (made,) = session.scalars(select(FloodSeason)).all()
    assert (str(made.window_begin), made.reason) == ("2025-07-16", "主汛期提前")
    shown = desk.get(f"{SEASON}?region={COUNTY}").text
    for word in ("主汛期提前", "东昌府区", "孙科员", "现行", "07-16"):
        assert word in shown
    assert "2025-07-21" in desk_of(cast.wu).get(SEASON).text


def test_without_the_password_it_is_asked_for_and_nothing_is_set(desk_of, cast, session, clock):
    desk = desk_of(cast.sun)
    clock.now += timedelta(minutes=20)
    assert "/console/prove?next=" in desk.get(SEASON).text
    assert "/console/prove" in desk.submit(SEASON, **dates()).headers["Location"]
    assert desk_of(cast.li).submit(SEASON, **dates()).status_code in (403, 422)
    assert session.scalars(select(FloodSeason)).all() == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason": " "}, "#f-reason"),
        ({"window_begin": "2025-05-01"}, "#f-window_end"),
        ({"begin": "soon"}, "#f-begin"),
        ({"end": "2026-01-05"}, "#f-end"),
        ({"region": OTHER_COUNTY}, "#f-region"),
        ({"region": "999999"}, "#f-region"),
        ({"year": "1999"}, "#f-year"),
        ({"year": "x"}, "#f-year"),
        ({"region": "<b>"}, "#f-region"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(proven, cast, change, told):  # noqa: F811 - a fixture
    desk = proven(cast.sun)
    desk.get(SEASON)
    page = desk.submit(SEASON, **dates(**change))
    assert page.status_code == 422
    assert told in page.text
    assert 'value="聊汛〔2025〕8号"' in page.text


@pytest.mark.parametrize("text", HARMFUL)
def test_a_reason_is_shown_as_text_and_the_page_asks_few_questions(proven, cast, text):  # noqa: F811 - a fixture
    desk = proven(cast.sun)
    desk.get(SEASON)
    assert desk.submit(SEASON, **dates(reason=text, document=text)).status_code == 303
    with questions() as asked:
        page = desk.get(SEASON)
    assert is_harmless(page.text)
    assert len(asked) <= MOST, "\n".join(asked)
    assert "In force" in desk.get(SEASON, headers={"Accept-Language": "en"}).text
