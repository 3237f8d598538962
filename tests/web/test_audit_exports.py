"""Lists that left the house, at a desk: who took which, by what filter, what for, when, and how much was in it."""

from __future__ import annotations

import ast
import re

import pytest

from backend import words
from backend.store import changes
from backend.store.records import EXPORT, OWN_EXPORTS
from tests.cast import NOON, TOWN
from tests.counting import HARMFUL, MOST, is_harmless, questions
from tests.house.tree import product
from tests.makers import new_id

PAGE = "/console/audit/exports"


@pytest.fixture
def taken(desk_of, cast, session):
    """Feng took walks, Sun people with a purpose and a ledger over HTTP, and Wu of another county something else."""
    desk_of(cast.feng).get(f"/console/patrols/export.csv?region={TOWN}&outcome=valid")
    sun = desk_of(cast.sun)
    sun.get("/console/people/export.xlsx?q=王")
    assert sun.submit("/console/people/export.xlsx?q=王", purpose="通知汛前会议").status_code == 200
    asked = {"asked": {"region": TOWN, "status": ["reported"], "late_first": "true"}, "form": "csv", "rows": 4}
    changes.record(session, NOON, cast.feng, "export", "list", "hazards", asked)  # from before its words were kept
    campaign = str(new_id())
    changes.record(session, NOON, cast.sun, "export_ledger", "campaign", campaign, {"regions": [TOWN]})
    changes.record(session, NOON, cast.wu, "export", "list", "duties", {"asked": {}, "form": "csv", "rows": 1})
    session.flush()
    return campaign


def rows(page) -> list[str]:
    return [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr><td>.*?</tr>", page.text, re.S)]


def test_each_says_who_took_what_by_what_filter_what_for_and_how_much(desk_of, cast, taken):
    page = desk_of(cast.sun).get(PAGE)
    assert page.status_code == 200
    people = next(row for row in rows(page) if "通知汛前会议" in row)
    for said in ("人员", "xlsx", "孙科员", "王"):
        assert said in people
    walks = next(row for row in rows(page) if "冯科员" in row and "巡河" in row)
    for said in ("巡河", "csv", "地区 古楼街道", "结论 算数"):
        assert " ".join(said.split()) in " ".join(walks.split())
    hazards = next(row for row in rows(page) if "csv" in row and "逾期的在前 是" in " ".join(row.split()))
    assert "区划 古楼街道" in " ".join(hazards.split())
    assert "reported" not in hazards
    ledger = next(row for row in rows(page) if "专项行动台账" in row)
    assert "古楼街道" in ledger, "a region is named, not numbered"
    assert f"/console/campaigns/{taken}" in page.text
    assert "谁没巡" not in "".join(rows(page)), "what another county took"


def test_the_filter_stands_in_the_address(desk_of, cast, taken):
    desk = desk_of(cast.sun)
    for asked, count in (
        ("", 4),
        ("list=people", 1),
        ("list=ledger", 1),
        ("list=duties", 0),
        ("who=冯科员", 2),
        (f"person={cast.sun}", 2),
        ("from=2025-07-03", 0),
        ("from=2025-07-02&until=2025-07-02", 4),
    ):
        page = desk.get(f"{PAGE}?{asked}")
        assert (page.status_code, len(rows(page))) == (200, count), asked
    assert "没有这样的导出" in desk.get(f"{PAGE}?list=duties").text


@pytest.mark.parametrize("asked", ["who=谁也不是", "person=x", "from=soon", "cursor=x", "list=" + "x" * 41])
def test_an_address_that_somebody_made_up_is_told_with_the_whole_list(desk_of, cast, taken, asked):
    page = desk_of(cast.sun).get(f"{PAGE}?{asked}")
    assert (page.status_code, len(rows(page))) == (422, 4)
    assert 'role="alert"' in page.text


def test_the_list_goes_on_page_by_page(desk_of, cast, session):
    for number in range(60):
        changes.record(session, NOON, cast.sun, "export", "list", "roll", {"form": "csv", "rows": number})
    session.flush()
    desk, path, seen = desk_of(cast.sun), PAGE, []
    while path:
        page = desk.get(path)
        seen += [int(row.split()[-1]) for row in rows(page)]
        found = re.search(rf'href="({PAGE}\?[^"]*cursor=[^"]+)"', page.text)
        path = found[1].replace("&amp;", "&") if found else ""
    assert seen == list(range(59, -1, -1))


def test_it_is_found_from_the_audit_and_from_the_system_by_whoever_may_see_it(desk_of, cast, administrator, taken):
    assert f'href="{PAGE}"' in administrator.get("/console/audit").text
    assert f'href="{PAGE}"' in administrator.get("/console/system").text
    assert administrator.get(PAGE).status_code == 200
    assert desk_of(cast.deng).get(PAGE).status_code == 403
    assert desk_of(None).get(PAGE).status_code == 302


def test_it_is_taken_as_a_file_itself_and_that_is_on_record(desk_of, cast, taken):
    desk = desk_of(cast.sun)
    file = desk.get(f"{PAGE}/export.csv?person={cast.feng}")
    assert file.status_code == 200
    text = file.data.decode("utf-8-sig")
    assert "结论：算数" in text
    assert "通知汛前会议" not in text
    assert "操作人,冯科员" in text
    assert "导出记录" in rows(desk.get(PAGE))[0]
    assert desk.get(f"{PAGE}/export.csv?who=谁也不是").status_code == 422
    assert desk.get(f"{PAGE}/export.csv?person=x").status_code == 422


def test_one_of_them_is_told_in_words_whole(desk_of, cast, taken):
    desk = desk_of(cast.sun)
    (path,) = re.findall(r'class="name" href="(/console/audit/record/\d+)"', desk.get(f"{PAGE}?list=people").text)
    page = desk.get(path).text
    for said in ("通知汛前会议", "用途", "筛选", "导出 · 人员"):
        assert said in page


@pytest.mark.parametrize("text", HARMFUL)
def test_what_was_said_is_shown_as_text(desk_of, cast, session, text):
    body = {"asked": {text: text}, "said": {text: text}, "form": text, "rows": 1, "purpose": text}
    changes.record(session, NOON, cast.sun, "export", "list", text[:60], body)
    changes.record(session, NOON, cast.sun, "export", "list", "roll", {"asked": {text[:20]: [text, {text: 1}]}})
    session.flush()
    assert is_harmless(desk_of(cast.sun).get(PAGE).text)


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "用途"), ("en", "Who took which list")])
def test_the_page_asks_few_questions_and_speaks_both_languages(desk_of, cast, taken, language, said):
    desk = desk_of(cast.sun)
    with questions() as asked:
        page = desk.get(PAGE, headers={"Accept-Language": language})
    assert len(asked) <= MOST, "\n".join(asked)
    assert said in page.text


def nouns() -> set[str]:
    """Every list whose name is written out where it can be taken."""
    return {
        str(node.args[0].value)
        for source in product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Export" and isinstance(node.args[0], ast.Constant)
    }


def test_every_list_that_can_be_taken_has_words():
    known = words.catalogue("zh-CN")
    found = nouns() | {act.removeprefix("export_") for act in OWN_EXPORTS} | {"ledger_segments", "ledger_hazards"}
    assert {"people", "exports", "roll"} <= found
    assert [noun for noun in sorted(found) if f"audit.list.{noun}" not in known] == []


def test_every_act_by_which_a_list_leaves_the_house_is_one_of_these():
    acts = {key.removeprefix("audit.act.") for key in words.catalogue("zh-CN") if key.startswith("audit.act.export")}
    assert acts == {EXPORT, *OWN_EXPORTS}
