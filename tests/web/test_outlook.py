"""The bar of every page: the countdown of the key window, the gravest signal, and our own warnings in force."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.drill_cases import drill_list
from tests.api.test_outlook import warn
from tests.api.warning_cases import Night, act
from tests.counting import MOST, questions
from tests.web.warning_desks import BASE

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


def bar_of(page: str) -> str:
    """The bar of a page."""
    return page.partition("<header")[2].partition("</header>")[0]


def test_our_own_red_warning_stands_in_the_bar_of_every_page_and_leads_to_its_board(desk_of, night: Night):
    desk = desk_of(night.cast.sun)
    assert "预警生效中" not in bar_of(desk.get("/console/people").text)
    assert night.warn(level="yellow").status_code == 201
    night.clock.now += timedelta(seconds=1)
    warning = night.red(headline="<b>堤防出险</b>")
    page = desk.get("/console/people").text
    assert 'hx-get="/console/sky"' in page, "what was looked at before the warning is asked for once more"
    with questions() as asked:
        told = desk.get("/console/sky").text
    assert len(asked) <= MOST
    assert "红色预警生效中" in told
    assert "&lt;b&gt;堤防出险" in told
    assert "黄色预警生效中" not in told
    assert "另有 1 条" in told
    assert f'href="{BASE}/{warning}"' in told
    for path in PAGES:
        with questions() as asked:
            assert "红色预警生效中" in bar_of(desk.get(f"/console/{path}").text), path
        assert len(asked) <= MOST, path


def test_a_drill_stands_there_beside_it_in_colour_and_words_of_its_own(desk_of, night: Night):
    people = drill_list(night, [night.cast.wang])
    drill = night.red(drill_list=people, drill=True)
    desk = desk_of(night.cast.sun)
    told = desk.get("/console/sky").text
    assert '<span class="badge drill">演练 · 红色预警生效中</span>' in told
    assert 'class="badge red"' not in told
    meant = night.red(level="orange")
    told = desk.get("/console/sky").text
    assert told.index(f"{BASE}/{meant}") < told.index(f"{BASE}/{drill}")
    assert '<span class="badge orange">橙色预警生效中</span>' in told
    assert "另有" not in told
    desk.submit("/console/language", language="en", next="/console/")
    assert "Drill: Red warning in force" in desk.get("/console/sky").text


def test_a_lifted_warning_leaves_the_bar_at_once(desk_of, night: Night):
    warning = night.red()
    desk = desk_of(night.cast.sun)
    assert "红色预警生效中" in desk.get("/console/sky").text
    assert act(night, warning, "all-clear", text="水退了").status_code == 200
    assert "预警生效中" not in desk.get("/console/sky").text


def test_whoever_sees_no_warnings_there_is_not_told_of_one(desk_of, night: Night):
    night.red()
    assert "预警生效中" not in desk_of(night.cast.wu).get("/console/sky").text
    assert "预警生效中" not in desk_of(night.cast.wang).get("/console/sky").text
