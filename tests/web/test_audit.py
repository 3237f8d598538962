"""The audit at a desk: who did what, filtered in the address, each act before and after, and the proof in words."""

from __future__ import annotations

import ast
import re

import pytest

from backend import words
from backend.domain.hazards import Act
from backend.domain.proofs import Break
from backend.store import changes, facts
from tests.api.hazard_cases import Case
from tests.api.warning_cases import Night
from tests.cast import NOON
from tests.counting import HARMFUL, LONG, MOST, is_harmless, questions
from tests.house.tree import product
from tests.makers import new_id

AUDIT = "/console/audit"
RULES = "/api/v1/rules/hazards"
SAID_ELSEWHERE = {"hazard"}
"""Things whose acts are said in sentences of their own."""


@pytest.fixture
def busy(phone_of, cast, session):
    """A number was seen, a hazard accepted, a walk reviewed; and Wu of another county did something."""
    phone_of(cast.sun).post(f"/api/v1/people/{cast.wang}/phone-reveal", json={"reason": "叫应联系本人"})
    case = Case(phone_of, cast.wang)
    case.act(cast.feng, "accept", note="属实")
    changes.record(session, NOON, cast.wu, "reveal_phone", "person", str(cast.wu), {"reason": "外县的事"})
    session.flush()
    return case


def entries(page) -> list[str]:
    return re.findall(rf'class="name" href="({AUDIT}/(?:record|fact)/\d+)"', page.text)


def test_the_list_says_who_did_what_to_what_and_why(desk_of, cast, busy):
    page = desk_of(cast.sun).get(AUDIT).text
    for said in ("查看完整号码", "人员 · 王村长", "孙科员", "原因：叫应联系本人", "受理", "还没校验过"):
        assert said in page
    assert "外县的事" not in page
    assert desk_of(cast.wang).get(AUDIT).status_code == 403
    assert desk_of(None).get(AUDIT).status_code == 302


def test_how_a_warning_went_out_is_said_in_words(night, administrator):
    night.red()
    listed = entries(administrator.get(f"{AUDIT}?type=warning"))
    assert [path for path in listed if "已会签" in administrator.get(path).text]


def test_the_filter_stands_in_the_address(desk_of, cast, busy):
    desk = desk_of(cast.sun)
    for asked, count in (
        ("act=reveal_phone", 1),
        ("type=hazard", 2),
        ("who=冯科员", 1),
        (f"person={cast.feng}", 1),
        (f"type=hazard&thing={busy.id}", 2),
        ("from=2025-07-03", 0),
        ("from=2025-07-02&until=2025-07-02", 3),
    ):
        page = desk.get(f"{AUDIT}?{asked}")
        assert (page.status_code, len(entries(page))) == (200, count), asked
    assert "没有这样的操作" in desk.get(f"{AUDIT}?from=2025-07-03").text


@pytest.mark.parametrize(
    "asked", ["who=谁也不是", "who=科员", "person=x", "from=soon", "cursor=x", "act=" + "x" * 41, "thing=" + "x" * 61]
)
def test_an_address_that_somebody_made_up_is_told_with_the_whole_list(desk_of, cast, busy, asked):
    page = desk_of(cast.sun).get(f"{AUDIT}?{asked}")
    assert (page.status_code, len(entries(page))) == (422, 3)
    assert 'role="alert"' in page.text


def test_one_act_of_a_timeline_shows_the_state_before_and_after_and_what_was_said(desk_of, cast, busy):
    desk = desk_of(cast.sun)
    (path,) = entries(desk.get(f"{AUDIT}?person={cast.feng}"))
    page = desk.get(path).text
    for said in ("<del>", "属实", "摘要", f"/console/hazards/{busy.id}"):
        assert said in page
    assert desk.get(f"{AUDIT}/record/{10**30}").status_code == 404
    assert desk.get(f"{AUDIT}/nonsense/1").status_code == 404


def test_a_unit_is_named_not_numbered(desk_of, cast, busy):
    busy.act(cast.feng, "assign", unit="HOUSING")
    desk = desk_of(cast.sun)
    path = entries(desk.get(f"{AUDIT}?person={cast.feng}&act=assign"))[0]
    page = desk.get(path).text
    assert "住建局" in page
    assert "HOUSING" not in page


def test_a_new_version_of_a_rule_shows_the_lines_that_it_changed(administrator, phone_of, cast):
    proposed = {"body": {"periods": {"fix": {"minor": "9d"}}}, "valid_from": NOON.isoformat(), "reason": "汛期从严"}
    assert phone_of(cast.jin).post(RULES, json=proposed).status_code == 201
    (path,) = entries(administrator.get(f"{AUDIT}?act=change_rule"))
    page = administrator.get(path).text
    for said in ("时限和升级 · 第 1 版", "办理时限 · 整改 · 较轻", "<del>3 天</del>", "<b>9 天</b>", "汛期从严"):
        assert said in page


def test_the_list_is_taken_as_a_file_and_that_is_on_record(desk_of, cast, busy):
    desk = desk_of(cast.sun)
    taken = desk.get(f"{AUDIT}/export.csv?act=reveal_phone")
    assert taken.status_code == 200
    assert "查看完整号码" in taken.text
    assert "受理" not in taken.text
    assert "导出 · 审计" in desk.get(AUDIT).text


@pytest.mark.parametrize(
    "taken",
    [
        "hazards/export.csv?status=all&overdue=1&waiting=1&q=桥",
        "segments/export.csv?risk=low&idle=7&orphan=true&level=village",
        "duties/export.csv?all=1",
        "deliveries/export.csv?state=waiting&channel=sms&lane=normal",
        "flood/duty/export.csv",
        "flood/stations/export.csv",
        "flood/signals/export.csv",
        "flood/responses/export.csv",
        "segments/vacancies/export.csv",
        "system/alarms/export.csv",
        "warnings/export.csv?drill=false",
        "patrols/export.csv?from=2025-07-01&to=2025-07-02&outcome=valid",
    ],
)
def test_a_list_that_was_taken_is_on_record_in_words(desk_of, cast, taken):
    desk = desk_of(cast.sun)
    assert desk.get(f"/console/{taken}").status_code == 200
    page = desk.get(f"{AUDIT}?act=export")
    story = desk.get(entries(page)[0])
    for text in (page.text, story.text):
        main = re.sub(r"<[^>]*>", " ", text[text.index("<main") : text.index("</main")])
        assert "导出" in main
        assert set(re.findall(r"(?<![A-Za-z])[a-z_]{3,}", main)) <= {"csv", "xlsx"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (None, "没有一条被改动、删除或调换"),
        (Break("hazard/0197", 3, "altered"), "hazard/0197 第 3 条：内容被改动"),
    ],
)
def test_the_proof_is_said_in_words_with_what_it_means(desk_of, cast, session, wrong, said):
    facts.add_check(session, 2, 7, 1, wrong, NOON)
    session.flush()
    page = desk_of(cast.sun).get(f"{AUDIT}/chain").text
    assert said in page
    assert "每条处置记录都带着前一条的摘要" in page
    assert ("请先不要改动数据库" in page) == (wrong is not None)


@pytest.mark.parametrize("text", [*HARMFUL, LONG])
def test_what_was_said_is_shown_as_text(desk_of, cast, session, text):
    changes.record(session, NOON, cast.sun, "make", "station", text[:60], {"name": text, text[:20]: [text, {text: 1}]})
    session.flush()
    desk = desk_of(cast.sun)
    page = desk.get(AUDIT)
    assert is_harmless(page.text)
    (path,) = entries(page)
    assert is_harmless(desk.get(path).text)
    assert desk.get(f"{AUDIT}?type=station&thing={new_id()}").status_code == 200


def test_the_pages_ask_few_questions_and_speak_both_languages(desk_of, cast, busy):
    desk = desk_of(cast.sun)
    entry = entries(desk.get(AUDIT))[0]
    for path, said in ((AUDIT, "Saw a whole number"), (f"{AUDIT}/chain", "What this means"), (entry, "Everything")):
        with questions() as asked:
            assert desk.get(path).status_code == 200
        assert len(asked) <= MOST, "\n".join(asked)
        assert said in desk.get(path, headers={"Accept-Language": "en"}).text


def recorded() -> set[str]:
    """Every act whose name is written out where it is put on record."""
    found = set()
    for source in product():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("changes.record", "changes.record_all"):
                found |= {
                    each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
    return found


def test_every_act_on_record_has_words():
    known = words.catalogue("zh-CN")
    acts = recorded()
    assert "reveal_phone" in acts
    assert [act for act in sorted(acts) if f"audit.act.{act}" not in known and act not in _THINGS] == []
    assert [act for act in Act if f"hazard.act.{act}" not in known] == []


_THINGS = {"patrol", "segment", "person", "rule", "photo", "list", "sheet"}
"""Sorts of things that are written out beside the acts."""


def test_every_sort_of_thing_has_words():
    known = words.catalogue("zh-CN")
    assert [each for each in sorted(_THINGS | SAID_ELSEWHERE) if f"audit.type.{each}" not in known] == []


def test_a_warning_is_told_by_its_number(night: Night, administrator):
    warning = night.red()
    number = night.phone_of(night.cast.deng).get(f"/api/v1/flood/warnings/{warning}").json["number"]
    page = administrator.get(AUDIT).text
    assert f"预警 · {number}" in page
    assert f"预警 · {warning[:8]}" not in page
