"""Rules at a desk: in plain words, every version, and a new one that is tried before it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.domain.flood_warnings import Level
from backend.domain.hazards import Severity
from backend.models.rules import Rule
from backend.services.policies import CALLOUTS, HAZARDS, WARNINGS
from backend.services.rules import patrol_rule_at
from tests.api.hazard_cases import Case
from tests.cast import LINE, NOON
from tests.counting import HARMFUL, MOST, is_harmless, questions
from tests.makers import new_id, patrol_body

RULES = "/console/rules"
SUBJECTS = ("patrols", "deadlines", "ladders", "callouts", "warnings")
PARTS = {"ladders": "?part=major", "callouts": "?part=red"}


def fields(page) -> dict[str, list[str]]:
    """What would be sent if nothing were typed: inputs, ticks that are set, and what is chosen."""
    found: dict[str, list[str]] = {}
    form = page.text[page.text.index("<main") :]
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found.setdefault(name[1], []).append(value[1] if value else "on")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = [chosen[1] if chosen else ""]
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = [text]
    return found


def count(session) -> int:
    return session.scalar(select(func.count()).select_from(Rule))


@pytest.fixture
def typing(administrator) -> Callable:
    """The administrator's form of a rule, with some fields typed over: its answer, and what was sent."""

    def submit(subject: str, go: str = "try", **typed):
        desk, path = administrator, f"{RULES}/{subject}/new{PARTS.get(subject, '')}"
        sent = (
            fields(desk.get(path))
            | {"reason": ["入汛前核定"]}
            | {k: [v] if isinstance(v, str) else v for k, v in typed.items()}
        )
        sent.pop("csrf", None)
        return desk, path, sent, desk.submit(path, **sent, go=go)

    return submit


def test_everybody_reads_what_holds_and_only_an_administrator_is_offered_to_change_it(desk_of, administrator, cast):
    for desk, is_offered in ((desk_of(cast.wang), False), (administrator, True)):
        page = desk.get(f"{RULES}/deadlines").text
        assert "10 个工作日" in page
        assert (f"{RULES}/deadlines/new" in page) == is_offered
    assert desk_of(cast.sun).get(f"{RULES}/deadlines/new").status_code == 403
    assert desk_of(None).get(RULES).status_code == 302


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("patrols", ["在河边 10 分钟，沿河 200 米", "25 公里/小时", "30%"]),
        ("deadlines", ["30 分钟", "20 个工作日", "60 天"]),
        ("ladders", ["用到时限的 80%：提醒责任人（应用推送）", "逾期 15 天：通知市级河长办", "列为督办"]),
        ("callouts", ["电话、短信、应用推送", "10 分钟没应就派人", "每隔 100 秒，共 3 次"]),
        ("warnings", ["红色预警，会签；2 分钟没人签就自动发出", "达到保证水位"]),
    ],
)
def test_a_rule_is_said_in_words_and_never_in_codes(desk_of, cast, subject, said):
    page = desk_of(cast.wang).get(f"{RULES}/{subject}").text
    for each in said:
        assert each in page
    assert not re.search(r"\d+wd|at_once|share|near_m", page)


def test_shorter_deadlines_are_tried_before_they_are_kept(typing, phone_of, cast, session):
    heap = Case(phone_of, cast.wang)
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", unit="HOUSING")
    desk, path, sent, tried = typing("deadlines", **{"periods-fix-ordinary": "3", "valid_from": "2025-07-02T12:00"})
    assert tried.status_code == 200
    assert "整改 · 一般" in tried.text
    assert re.search(r"<b>1</b><span>提前到期", tried.text)
    assert "东昌府区" in tried.text
    assert count(session) == 0
    kept = desk.submit(path, **(fields(tried) | {"csrf": [desk.csrf]}), go="keep")
    assert kept.headers["Location"] == f"{RULES}/deadlines?kept=console.did.rule"
    assert HAZARDS.body_of(HAZARDS.at(session, NOON))["periods"]["fix"]["ordinary"] == "3wd"
    page = desk.get(f"{RULES}/deadlines").text
    for said in ("第 1 版", "金管理", "入汛前核定", "10 个工作日", "3 个工作日"):
        assert said in page
    assert "10 个工作日" in desk.get(f"{RULES}/deadlines?version=0").text
    assert desk.get(f"{RULES}/deadlines?version=7").status_code == 404
    again = desk.submit(path, **sent, go="keep")
    assert (again.status_code, "别人定了新版本" in again.text, count(session)) == (422, True, 1)


def test_a_stricter_rule_for_walks_says_how_many_would_come_out_otherwise(typing, phone_of, cast, session):
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE)).status_code == 201
    typed = {"minimums-village-metres": "2000", "length_share": "100", "valid_from": "2025-07-02T12:00"}
    desk, path, _, tried = typing("patrols", **typed)
    assert re.search(r"<b>1</b><span>近 30 天会判得不一样", tried.text)
    assert "走得太少" in tried.text
    assert desk.submit(path, **(fields(tried) | {"csrf": [desk.csrf]}), go="keep").status_code == 303
    rule = patrol_rule_at(session, NOON)
    assert (rule.length_share, [each.metres for each in rule.minimums.values()]) == (1.0, [2000, 300, 200, 200])


def test_a_step_is_put_in_and_another_taken_out_of_a_ladder(typing, session):
    typed = {"tell-2": [], "tell-6": ["city_chief"], "late-6": "9", "late-6-unit": "d", "channels-6": ["voice"]}
    desk, path, _, tried = typing("ladders", **typed, valid_from="2025-07-02T12:00")
    assert "逾期 9 天：通知市级河长（电话）" in tried.text
    assert desk.submit(path, **(fields(tried) | {"csrf": [desk.csrf]}), go="keep").status_code == 303
    ladder = HAZARDS.at(session, NOON).ladders.ladders[Severity.MAJOR]
    assert [step.late.days for step in ladder] == [0, 0, 2, 3, 5, 9]


def test_a_plan_and_lines_are_changed_in_rows(typing, session):
    desk, path, _, tried = typing("callouts", closes="45", **{"valid_from": "2025-07-02T12:00", "what-6": "door"})
    assert "已有" in tried.text or tried.status_code == 422  # nobody is sent twice
    desk, path, _, tried = typing("callouts", closes="45", valid_from="2025-07-02T12:00")
    assert "45 分钟" in tried.text
    assert desk.submit(path, **(fields(tried) | {"csrf": [desk.csrf]}), go="keep").status_code == 303
    assert CALLOUTS.at(session, NOON).plans[Level.RED].closes == timedelta(minutes=45)
    desk, path, _, tried = typing(
        "warnings", **{"level-0": "yellow", "at_least-9": "", "valid_from": "2025-07-02T12:00"}
    )
    assert desk.submit(path, **(fields(tried) | {"csrf": [desk.csrf]}), go="keep").status_code == 303
    assert (len(WARNINGS.at(session, NOON).lines), WARNINGS.at(session, NOON).lines[0].level) == (9, "yellow")


@pytest.mark.parametrize(
    ("subject", "typed", "field"),
    [
        ("patrols", {"near_m": "-5"}, "near_m"),
        ("patrols", {"minimums-village-metres": "很多"}, "minimums-village-metres"),
        ("patrols", {"near_m": "1e999"}, "near_m"),
        ("patrols", {"near_m": "1e999999999"}, "near_m"),
        ("deadlines", {"periods-fix-minor": "0"}, "periods-fix-minor"),
        ("deadlines", {"listed": "1.5"}, "listed"),
        ("ladders", {"channels-1": []}, "channels-1"),
        ("ladders", {"late-2": "-1"}, "late-2"),
        ("ladders", {"late-3": "1", "late-2": "9"}, "late-3"),
        ("callouts", {"tries": "x"}, "tries"),
        ("callouts", {"after-1": "99999999999"}, "after-1"),
        ("callouts", {"first": []}, "first"),
        ("warnings", {"within-3": "600"}, "within-3"),
        ("deadlines", {"reason": ""}, "reason"),
        ("deadlines", {"valid_from": ""}, "valid_from"),
        ("deadlines", {"valid_from": "2999-01-01T00:00"}, "valid_from"),
        ("deadlines", {"valid_from": "soon"}, "valid_from"),
    ],
)
def test_what_cannot_be_meant_is_told_beside_its_field_and_stays_typed(typing, session, subject, typed, field):
    _, _, sent, page = typing(subject, **({"near_m": "60"} if subject == "patrols" else {}) | typed)
    assert (page.status_code, count(session)) == (422, 0)
    assert f'href="#f-{field}"' in page.text
    assert f'id="f-{field}"' in page.text
    assert f'id="e-{field}"' in page.text
    for name, said in typed.items():
        if isinstance(said, str) and said:
            assert said in fields(page)[name]
    assert "valid_from" in sent


def test_a_form_that_changes_nothing_says_so_and_goes_back_as_it_was(typing):
    desk, path, sent, page = typing("deadlines")
    assert (page.status_code, "没有改动" in page.text) == (422, True)
    back = desk.submit(path, **(sent | {"listed": ["77"]}), go="back")
    assert fields(back)["listed"] == ["77"]


def test_the_password_comes_before_the_form_and_a_part_must_be_there(administrator, clock):
    desk = administrator
    for path in ("ladders/new", "ladders/new?part=x", "deadlines/new?part=x", "nonsense", "nonsense/new"):
        assert desk.get(f"{RULES}/{path}").status_code == 404
    clock.now += timedelta(minutes=11)
    assert "/console/prove" in desk.get(f"{RULES}/deadlines/new").headers["Location"]


@pytest.mark.parametrize("text", HARMFUL)
def test_what_is_typed_is_shown_as_text(typing, text):
    desk, path, _, tried = typing("deadlines", listed="77", reason=text)
    assert is_harmless(tried.text)
    assert desk.submit(path, **(fields(tried) | {"csrf": [desk.csrf], "reason": [text]}), go="keep").status_code == 303
    assert is_harmless(desk.get(f"{RULES}/deadlines").text)
    _, _, _, wrong = typing("deadlines", listed=text)
    assert is_harmless(wrong.text)


def test_the_pages_ask_few_questions_and_speak_both_languages(administrator):
    desk = administrator
    paths = [RULES, *(f"{RULES}/{each}" for each in SUBJECTS)]
    paths += [f"{RULES}/{each}/new{PARTS.get(each, '')}" for each in SUBJECTS]
    for path in paths:
        with questions() as asked:
            assert desk.get(path).status_code == 200
        assert len(asked) <= MOST, "\n".join(asked)
        english = desk.get(path, headers={"Accept-Language": "en"}).text
        assert not re.findall(r"rules\.[a-z_.]+[a-z]", english)
        assert "Rules" in english


@pytest.mark.parametrize("said", ["9e1000000", "sNaN", "NaN", "Infinity", "9" * 400, "很多", "-1"])
def test_what_is_no_number_is_told_beside_its_field_and_stays_typed(typing, said):
    *_, answer = typing("patrols", **{"minimums-village-minutes": said})
    assert answer.status_code == 422
    assert f'value="{said}"' in answer.text
