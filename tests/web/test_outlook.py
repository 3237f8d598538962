"""The bar of every page: the countdown of the key window, and the gravest signal in force where one sits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.test_outlook import warn
from tests.counting import MOST, questions

PAGES = (
    "",
    "hazards",
    "patrols",
    "warnings",
    "campaigns",
    "segments",
    "people",
    "flood",
    "system",
    "map",
    "search?q=河",
)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_tells_it_without_a_question_of_its_own(desk_of, cast, phone_of, clock, page):
    warn(phone_of(cast.deng), colour="orange")
    desk = desk_of(cast.sun)
    clock.now += timedelta(seconds=31)
    with questions() as asked:
        told = desk.get(f"/console/{page}")
    assert told.status_code == 200
    assert len(asked) <= MOST, "\n".join(asked)
    assert "橙色预警信号" in told.text
    assert "距七下八上 19 天" in told.text
    assert 'hx-get="/console/sky"' in told.text


def test_the_browser_asks_once_more_when_it_is_old(desk_of, cast, phone_of, clock):
    desk = desk_of(cast.sun)
    assert "hx-get" not in desk.get("/console/people").text.partition("</header>")[0]
    warn(phone_of(cast.deng), colour="red")
    clock.now += timedelta(seconds=40)
    assert "红色预警信号" not in desk.get("/console/people").text
    with questions() as asked:
        told = desk.get("/console/sky")
    assert len(asked) <= MOST
    assert "<html" not in told.text
    assert "红色预警信号" in told.text
    assert "hx-get" not in told.text
    assert "红色预警信号" in desk.get("/console/people").text


def test_a_page_that_was_not_asked_for_long_looks_by_itself(desk_of, cast, phone_of, clock):
    desk = desk_of(cast.sun)
    warn(phone_of(cast.deng), colour="red", lasts=3_000)
    clock.now += timedelta(minutes=11)
    assert "红色预警信号" in desk.get("/console/people").text


def test_it_is_told_in_english_and_not_to_whoever_is_not_signed_in(desk_of, cast, phone_of):
    warn(phone_of(cast.deng), colour="red")
    said = desk_of(cast.wang).get("/console/nowhere", headers={"Accept-Language": "en"}).text
    assert "Red signal" in said
    assert "19 days to the key window" in said
    assert 'class="sky"' not in desk_of(None).get("/console/login").text
    assert "预警信号</span>" not in desk_of(cast.wu).get("/console/people").text
