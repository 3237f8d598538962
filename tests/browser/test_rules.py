"""Rules in a browser: forms that are sound at every width, and a deadline that is tried before it is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.desks import Desk
from tests.browser.test_pages import SCREENS
from tests.rig.browser import NARROW, WIDE
from tests.rig.city import City

RULES = "/console/rules"
FORMS = (
    f"{RULES}/patrols/new",
    f"{RULES}/deadlines/new",
    f"{RULES}/ladders/new?part=major",
    f"{RULES}/callouts/new?part=red",
    f"{RULES}/warnings/new",
    f"{RULES}/seasons/new",
)


@pytest.fixture
def keeper(desk_of: Callable[..., Desk], city: City) -> Callable[[str], Desk]:
    """The administrator, who has typed the password just now."""

    def sits(language: str) -> Desk:
        desk = desk_of("administrator", language)
        desk.open(f"/console/prove?next={RULES}")
        desk.page.fill("#f-password", city.account("administrator")["password"])
        desk.page.click("main button.main")
        desk.page.wait_for_url(f"{city.address}{RULES}")
        return desk

    return sits


def faults(desk: Desk, name: str, language: str) -> list[str]:
    """What is wrong with the page that is open, wide and narrow."""
    wrong = []
    for size in (WIDE, NARROW):
        desk.resize(size)
        wrong += [f"{name} {size[0]}: {each}" for each in desk.wrong(look_closely=True)]
        desk.page.screenshot(path=SCREENS / f"administrator-rule-{name}-{language}-{size[0]}.png", full_page=True)
    desk.resize(WIDE)
    return wrong


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_forms_of_rules_are_sound(keeper, language):
    desk, wrong = keeper(language), []
    for path in FORMS:
        assert desk.open(path) == 200
        wrong += faults(desk, path.removeprefix(RULES).split("/")[1], language)
    assert not wrong, "\n".join(wrong)


def test_a_deadline_is_tried_mended_and_kept(keeper):
    desk = keeper("zh-CN")
    page = desk.page
    desk.open(f"{RULES}/deadlines/new")
    page.fill("#f-periods-fix-ordinary", "0")
    page.fill("#f-reason", "汛期从严")
    page.click("button[value=try]")
    page.click(".summary a")
    assert desk.active()["id"] == "f-periods-fix-ordinary"
    desk.ear.taken()  # that the form was refused
    page.fill("#f-periods-fix-ordinary", "2")
    page.click("button[value=try]")
    assert "整改 · 一般" in page.inner_text("main table")
    wrong = faults(desk, "try", "zh-CN")
    page.click("button[value=keep]")
    assert "第 1 版" in page.inner_text("main tbody tr")
    assert "汛期从严" in page.inner_text("main tbody tr")
    wrong += faults(desk, "kept", "zh-CN")
    desk.open("/console/audit?act=change_rule")
    page.click("tbody a.name")
    assert "2 个工作日" in page.inner_text("main")
    wrong += faults(desk, "entry", "zh-CN")
    assert not wrong, "\n".join(wrong)
