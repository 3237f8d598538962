"""What each post comes for, done at a screen from the first click to the last: and what a bad day does to it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.desks import Desk
from tests.rig.city import ROOT, TOWN

SCREENS = ROOT / "var/screens"
POLL_MS = 10_000
"""A live board looks every three seconds."""


def pictured(desk: Desk, name: str) -> None:
    desk.page.screenshot(path=SCREENS / f"act-{name}.png")


def heard(desk: Desk) -> list[str]:
    """What went wrong in the browser, but for the network that a test cut."""
    return [
        each
        for each in desk.ear.taken()
        if not re.search("ERR_INTERNET_DISCONNECTED|htmx:(afterRequest|sendError)", each)
    ]


def test_a_clerk_takes_a_hazard_on_and_gives_it_to_a_unit(desk_of):
    desk = desk_of("bureau_clerk")
    page = desk.page
    desk.open("/console/hazards")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/console/hazards/[0-9a-f-]{36}"))
    for act in ("受理", "交办"):
        before = page.inner_text("p.stands")
        page.click(f"details.act:not(.danger) > summary:text-is('{act}')")
        form = page.locator("details.act[open] form")
        if form.locator("select").count():
            form.locator("select").first.select_option(index=1)
        form.locator("button.main").click()
        expect(page.locator("p.stands")).not_to_have_text(before)
    assert page.locator("ol.timeline li").count() >= 3
    pictured(desk, "hazard-assigned")
    assert not heard(desk)


def test_a_town_chief_looks_at_a_walk_and_says_why_it_does_not_count(desk_of):
    desk = desk_of("town_chief")
    page = desk.page
    desk.open_first("/console/patrols")
    page.click("details.act > summary >> nth=0")
    form = page.locator("details.act[open] form[action$='/review']")
    form.locator("input[type=radio]").last.check()
    form.locator("textarea").fill("现场核对过，这一段没有走到")
    form.locator("button.main").click()
    expect(page.locator("p.verdict")).to_contain_text("现场核对过，这一段没有走到")
    pictured(desk, "patrol-reviewed")
    assert not heard(desk)


def test_a_duty_officer_warns_sees_who_is_silent_and_answers_for_whoever_is_on_the_line(desk_of):
    desk, colleague, office = desk_of("duty_officer"), desk_of("duty_officer"), desk_of("office_clerk")
    page = desk.page
    desk.open("/console/warnings/new")
    page.check("input[name=level][value=orange]")
    page.fill("#f-headline", "徒骇河沙镇段水位猛涨，已超警戒")
    page.fill("#f-instruction", "立即上堤，人员撤离低洼处，两小时内报告")
    while not page.locator(f"input[name=regions][value='{TOWN}']").count():
        page.locator("fieldset#f-regions li:not(.opened) > button[name=open]").first.click()
        page.wait_for_load_state("load")
    page.check(f"input[name=regions][value='{TOWN}']")
    page.click("form button.main[value=preview]")
    assert "徒骇河沙镇段水位猛涨" in page.inner_text("main")
    page.wait_for_function("() => performance.getEntriesByName('map-drawn').length > 0")
    page.locator("#warned").scroll_into_view_if_needed()
    pictured(desk, "warning-preview")
    assert not desk.wrong(look_closely=True)
    page.click("button.main[value=keep]")
    page.click("a.button.main[href$='/issue']")
    pictured(desk, "warning-issue")
    page.click("main form button.main")
    pictured(desk, "warning-asked-for")
    path = urlsplit(page.url).path

    office.open(path)
    office.page.click("a.button.main[href$='/sign']")
    office.page.click("main form button.main")
    office.page.wait_for_selector("#b-answered")

    page.wait_for_selector("#b-answered", timeout=POLL_MS)  # whoever wrote it sees by itself that it went out
    answered = page.inner_text("#b-answered b")
    assert answered.startswith("0/")

    colleague.open(path)
    colleague.page.click("#board tbody a.name >> nth=0")
    colleague.page.check("input[name=status][value=acting]")
    colleague.page.fill("#f-note", "电话里说已在堤上")
    colleague.page.click("form button.main")
    expect(colleague.page.get_by_text("电话里说已在堤上")).to_be_visible()

    expect(page.locator("#b-answered b")).to_have_text(answered.replace("0/", "1/", 1), timeout=POLL_MS)
    pictured(desk, "board-live")
    assert not heard(desk) + heard(colleague) + heard(office)


def test_a_board_that_is_cut_off_says_so_and_lives_on_when_the_network_is_back(desk_of):
    desk = desk_of("duty_officer")
    page = desk.page
    desk.open_first("/console/warnings")
    page.wait_for_selector("#b-answered")
    desk.context.set_offline(True)
    expect(page.locator("[data-when-cut-off]").first).to_be_visible(timeout=POLL_MS)
    pictured(desk, "board-cut-off")
    desk.context.set_offline(False)
    expect(page.locator("[data-when-cut-off]").first).to_be_hidden(timeout=POLL_MS)
    assert page.is_visible("#b-answered")
    assert not heard(desk)


def test_an_administrator_shows_a_number_with_a_reason(desk_of):
    desk = desk_of("administrator")
    page = desk.page
    desk.open_first("/console/people")
    assert "****" in page.inner_text("main")
    form = page.locator("form[action$='/phone-reveal'], form[action$='/reveal']")
    page.locator("details:has(form[action*='reveal']) > summary").click()
    form.locator("input[name=reason]").fill("汛期联系不上，核对号码")
    form.locator("button").last.click()
    expect(page.locator("main")).not_to_contain_text("****")
    pictured(desk, "number-shown")
    assert not heard(desk)


def test_what_was_half_written_when_the_session_ended_is_there_after_signing_in(desk_of):
    desk = desk_of("bureau_clerk")
    page = desk.page
    desk.open_first("/console/hazards")
    page.click("details.act > summary:text-is('备注')")
    note = page.locator("details.act[open] textarea")
    note.fill("村里说昨晚又有人来倒，车号鲁P")
    desk.context.clear_cookies(name="__Host-hezhang")
    page.click("details.act[open] button.main")
    page.wait_for_url(re.compile("/console/login"))
    assert "没写完的内容还在" in page.inner_text("main")
    pictured(desk, "session-ended")
    desk.type_password("bureau_clerk")
    page.wait_for_url(re.compile(r"/console/hazards/[0-9a-f-]{36}"))
    expect(page.locator("details.act textarea:visible")).to_have_value("村里说昨晚又有人来倒，车号鲁P")
    expect(page.locator("details.act[open] p.hint").first).to_contain_text("15 / 5000")
    pictured(desk, "draft-kept")


@pytest.mark.parametrize("post", ["bureau_clerk", "duty_officer"])
def test_another_countys_hazard_is_not_there(desk_of, post):
    desk = desk_of(post)
    assert desk.open("/console/hazards/0197d0c1-0000-7000-8000-00000000dead") == 404
