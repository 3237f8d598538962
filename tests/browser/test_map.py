"""One map in a browser: the slider by keyboard, a click that never loses the place, and the same without scripts."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route

from tests.browser.test_pages import looked_at
from tests.rig.city import SEGMENT

DRAWN = "() => performance.getEntriesByName('map-drawn').length > 0"


def asked(desk) -> dict[str, str]:
    """What the address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(desk.page.url).query).items()}


def shown(desk, path: str):
    """The page, when its map is drawn."""
    assert desk.open(path) == 200
    desk.page.wait_for_function(DRAWN)
    return desk.page


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_map_of_a_reach_of_the_past_and_its_list_are_sound(desk_of, language):
    desk = desk_of("duty_officer", language)
    time = shown(desk, "/console/map").get_attribute("#map", "data-first")
    wrong = looked_at(desk, f"/console/map?segment={SEGMENT}&time={time}&by=days", language, "map-past")
    wrong += looked_at(desk, f"/console/map/list?time={time}", language, "map-list")
    assert not wrong, "\n".join(wrong)


def test_the_slider_goes_by_keyboard_stands_in_the_address_and_loses_no_place(desk_of):
    desk = desk_of("duty_officer")
    page = shown(desk, f"/console/map?segment={SEGMENT}")
    page.wait_for_selector("#map-told section[data-box]")
    page.wait_for_timeout(600)
    before = asked(desk)
    page.focus("#map-back")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => new URLSearchParams(location.search).has('time')")
    after = asked(desk)
    assert (after["at"], after["segment"]) == (before["at"], SEGMENT)
    assert page.is_visible("#map-present")
    page.keyboard.press("End")
    page.wait_for_function("() => !new URLSearchParams(location.search).has('time')")
    assert page.inner_text("#map-when") == "现在"
    assert asked(desk)["at"] == before["at"]


def test_it_says_that_it_is_loading_until_everything_in_view_is_there(desk_of):
    desk = desk_of("duty_officer")
    held: list[Route] = []
    is_back: list[bool] = []
    desk.page.route("**/tiles/**", lambda route: route.continue_() if is_back else held.append(route))
    desk.open("/console/map")
    desk.page.wait_for_selector("#map-loading:visible")
    assert desk.page.inner_text("#map-loading") == "正在加载地图…"
    is_back.append(True)
    for each in held:
        each.continue_()
    desk.page.wait_for_selector("#map-loading", state="hidden")


def test_a_click_opens_what_is_there_names_what_else_is_and_moves_nothing(desk_of):
    desk = desk_of("duty_officer")
    page = shown(desk, f"/console/map?segment={SEGMENT}")
    page.wait_for_selector("#map-told section[data-box]")
    page.wait_for_timeout(800)
    before = asked(desk)["at"]
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + (80 + box["width"] - 400) / 2, box["y"] + (80 + box["height"] - 120) / 2)
    page.wait_for_selector("#map-here button")
    assert any("预警" in each for each in page.locator("#map-here button").all_inner_texts())
    page.locator("#map-here button", has_text="预警").click()
    page.wait_for_function("() => new URLSearchParams(location.search).has('warning')")
    page.wait_for_selector("#map-told a[href*='/console/warnings/']")
    assert asked(desk)["at"] == before
    page.click("#map-close")
    assert not page.is_visible("#map-panel")
    assert "warning" not in asked(desk)


def test_a_search_leads_to_a_river_and_what_is_taken_off_stays_off(desk_of):
    desk = desk_of("duty_officer")
    page = shown(desk, "/console/map")
    page.uncheck("[data-layer=gauges]")
    page.fill("#map-q", "徒骇")
    page.click("#map-told a[data-river]")
    page.wait_for_url("**river=TUHAI**")
    assert asked(desk)["off"] == "gauges"
    assert not page.is_checked("[data-layer=gauges]")
    assert "徒骇河" in page.inner_text(".chip")


def test_without_scripts_there_is_a_date_and_a_list(city, browser):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    account = city.account("town_chief")
    page.goto(f"{city.address}/console/login")
    page.fill("#f-phone", account["phone"])
    page.fill("#f-password", account["password"])
    page.click("main button.main")
    page.goto(f"{city.address}/console/map")
    page.fill("#f-time", page.get_attribute("#f-time", "min") or "")
    page.click("button[formaction='/console/map/list']")
    assert page.inner_text("h1") == "河段风险"
    assert "时的风险" in page.inner_text(".sentence")
    context.close()
