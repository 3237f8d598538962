"""Every page that the navigation offers, in both languages, on a desk's screen and on a phone's: sound and light."""

from __future__ import annotations

import re

import pytest

from tests.browser.desks import POSTS, Desk, kind_of, seated
from tests.rig.browser import NARROW, WIDE
from tests.rig.city import ROOT, City

SCREENS = ROOT / "var/screens"
LANGUAGES = ("zh-CN", "en")


@pytest.fixture(scope="module", autouse=True)
def bureau(city: City) -> None:
    """Pages are looked at with something in them."""
    city.play_bureau()


def looked_at(desk: Desk, path: str, language: str, name: str) -> list[str]:
    """Open a page, wide and narrow; what is wrong with it. A closer look is taken once of each width."""
    desk.resize(WIDE)
    status = desk.open(path)
    wrong = [f"status {status}"] if status >= 400 and "nowhere" not in path else []
    heard = desk.ear.taken() if status == 404 else []
    wrong += [each for each in heard if "404" not in each]
    for size in (WIDE, NARROW):
        desk.resize(size)
        is_close = (size == WIDE) == (language == "zh-CN")
        wrong += [f"{size[0]}: {each}" for each in desk.wrong(look_closely=is_close)]
        kind = re.sub(r"\W+", "-", kind_of(path)).strip("-")
        desk.page.screenshot(path=SCREENS / f"{name}-{kind}-{language}-{size[0]}.png")
    return [f"{path} ({name}, {language}) {each}" for each in wrong]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("post", POSTS)
def test_every_page_that_somebody_is_offered_is_sound(desk_of, walked, post, language):
    desk = desk_of(post, language)
    paths = desk.navigation()
    assert "/console/" in paths
    wrong: list[str] = []
    for path in paths:  # grows while it is walked
        wrong += looked_at(desk, path, language, post)
        for inner in desk.inner():
            kind = f"{language} {kind_of(inner)}"
            if kind_of(inner) not in map(kind_of, paths) and kind not in walked:
                walked.add(kind)
                paths.append(inner)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_before_and_beside_them_are_sound(desk_of, language):
    nobody, clerk = desk_of(None, language), desk_of("bureau_clerk", language)
    wrong = looked_at(nobody, "/console/login", language, "nobody")
    for path in ("/console/style", "/console/prove", "/console/nowhere", "/console/people/export.xlsx"):
        wrong += looked_at(clerk, path, language, "clerk")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_is_called_by_a_text_answers_with_one_tap(city, desk_of, language):
    desk = desk_of(None, language)
    wrong = looked_at(desk, city.call_link(), language, "called")
    assert not wrong, "\n".join(wrong)
    desk.page.click("button[value=acting]")
    assert desk.page.is_visible("[role=status]")
    desk.page.screenshot(path=SCREENS / f"called-answered-{language}.png")


def test_a_slash_goes_to_the_search_and_the_first_tab_skips_the_navigation(desk_of):
    desk = desk_of("bureau_clerk")
    desk.open("/console/")
    desk.page.keyboard.press("/")
    assert desk.active()["id"] == "q"

    desk.open("/console/")
    desk.page.keyboard.press("Tab")
    assert desk.active()["seen"]
    desk.page.keyboard.press("Enter")
    assert desk.page.url.endswith("#main")
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("document.querySelector('#main').contains(document.activeElement)")


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("path", ["/console/", "/console/style"])
def test_whoever_goes_by_tab_sees_where_they_are(desk_of, path, size):
    desk = desk_of("bureau_clerk")
    desk.resize(size)
    desk.open(path)
    for _ in range(25):
        desk.page.keyboard.press("Tab")
        at = desk.active()
        if at["tag"] == "BODY":
            break
        assert at["seen"], at


def test_the_desk_works_without_scripts(city, browser):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    account = city.account("town_chief")
    page.goto(f"{city.address}/console/login")
    page.fill("#f-phone", account["phone"])
    page.fill("#f-password", account["password"])
    page.click("main button.main")
    assert page.inner_text("h1") == "今日"
    page.click("header button[name=language]")
    assert page.inner_text("h1") == "Today"
    context.close()


def test_what_was_typed_is_forgotten_by_whoever_signs_out(city, browser):
    desk = seated(browser, city, "zh-CN")
    desk.sign_in("duty_officer")
    desk.open("/console/warnings/silences")
    desk.page.fill("#f-reason", "夜里检修")
    desk.open("/console/warnings/silences")
    assert desk.page.input_value("#f-reason") == "夜里检修"
    desk.page.click('form[action="/console/logout"] button')
    desk.page.wait_for_url("**/console/login")
    assert desk.page.evaluate("Object.keys(sessionStorage).filter(name => name.startsWith('draft:'))") == []
    desk.context.close()
