"""Reaches in a browser: rows open beside the list, lines are drawn and cut with the mouse, or typed without scripts."""

from __future__ import annotations

import pytest

from tests.rig.browser import NARROW, WIDE
from tests.rig.city import ROOT, SEGMENT

SCREENS = ROOT / "var/screens"
LIST, ONE = "/console/segments", f"/console/segments/{SEGMENT}"


def test_a_click_opens_a_row_beside_the_list_and_enter_opens_it_whole(desk_of):
    desk = desk_of("bureau_clerk")
    desk.open(LIST)
    page = desk.page
    page.click("tbody tr:nth-child(2) a.name")
    page.wait_for_selector("[data-beside-told] h2")
    assert page.url.endswith(LIST)
    name = page.inner_text("tbody tr:nth-child(2) a.name")
    assert page.inner_text("[data-beside-told] h2") == name
    page.keyboard.press("j")
    page.wait_for_function(
        "name => ![undefined, name].includes(document.querySelector('[data-beside-told] h2')?.innerText)", arg=name
    )
    for size in (WIDE, NARROW):
        desk.resize(size)
        assert desk.wrong(look_closely=True) == []
        page.screenshot(path=SCREENS / f"reaches-beside-{size[0]}.png")
    desk.resize(WIDE)
    page.keyboard.press("Escape")
    assert page.is_hidden("[data-beside-panel]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{LIST}/*")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_click_on_the_line_shows_what_a_cut_there_would_do(desk_of, language):
    desk = desk_of("bureau_clerk", language)
    desk.open(f"{ONE}/split")
    page = desk.page
    page.wait_for_timeout(800)
    box = page.locator("#reach-map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#look .sides")
    assert float(page.input_value("#f-at_m")) > 50
    assert page.input_value("#f-code_2") == f"{SEGMENT}-2"
    for size in (WIDE, NARROW):
        desk.resize(size)
        assert desk.wrong(look_closely=True) == []
        page.screenshot(path=SCREENS / f"reaches-split-{language}-{size[0]}.png")


def test_a_line_is_drawn_with_the_mouse_and_stands_in_the_form(desk_of):
    desk = desk_of("bureau_clerk")
    desk.open(f"{LIST}/new?region=371502101")
    page = desk.page
    page.wait_for_timeout(800)
    box = page.locator("#reach-map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for aside, down in ((-80, -40), (-20, 0), (40, 10)):
        page.mouse.click(x + aside, y + down)
        page.wait_for_timeout(350)
    page.mouse.dblclick(x + 100, y + 60)
    drawn = page.input_value("#f-line").splitlines()
    assert len(drawn) == 4
    assert all(115 < float(each.split(",")[0]) < 117 for each in drawn)
    for typed in ("115.83,36.31\n115.84,36.30", "（115.83，36.31）、（115.84，36.30）"):
        page.fill("#f-line", "")
        page.dispatch_event("#f-line", "change")
        page.fill("#f-line", typed)
        page.dispatch_event("#f-line", "change")
        assert page.inner_text("[data-length]").strip("长 米").replace(",", "").isdigit(), typed
    assert desk.ear.taken() == []


def test_a_cut_is_made_without_scripts(city, browser):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    account = city.account("bureau_clerk")
    page.goto(f"{city.address}/console/login")
    page.fill("#f-phone", account["phone"])
    page.fill("#f-password", account["password"])
    page.click("main button.main")
    page.goto(f"{city.address}{ONE}/split")
    page.fill("#f-at_m", "400")
    page.click("#where button")
    page.fill("#f-reason", "河段太长")
    page.click("#look button.danger")
    page.goto(f"{city.address}{ONE}/held")
    assert f"{SEGMENT}-1" in page.content()
    context.close()
