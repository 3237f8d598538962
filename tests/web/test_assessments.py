"""Assessments at a desk: made with a look at whom it covers, the table and its files, one person, appeals, weights."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from backend.models.regions import Region
from tests.api.assessment_cases import MONDAY, Made, settle, walk, weeks
from tests.cast import TOWN
from tests.counting import questions

PAGES = "/console/assessments"


@pytest.fixture
def walked(session, cast, house, clock):
    """Wang walks in all of eight weeks, Chen in five."""
    for day in weeks(8):
        walk(session, cast, cast.wang, "TUHAI-371502-001", day)
    for day in weeks(5):
        walk(session, cast, cast.chen, "TUHAI-371502-002", day)
    settle(session, house, clock)
    return cast


def test_one_is_made_with_a_look_at_whom_it_covers_and_published(desk_of, walked):
    desk = desk_of(walked.sun)
    assert "2025 年第 2 季度履职考核" in desk.get(f"{PAGES}/new").text
    offered = re.findall(r'name="posts" value="([a-z_]+)"', desk.text)
    assert offered == ["county_chief", "town_chief", "village_chief", "warden"], "nobody above one's own level"
    (made_id,) = re.findall(r'name="id" value="([^"]+)"', desk.text)
    said = {"id": made_id, "name": "五六月", "region": TOWN, "from": MONDAY.isoformat(), "to": "2025-06-29"}
    assert desk.submit(f"{PAGES}/new", **said, step="look").status_code == 422  # no post
    said["posts"] = "village_chief"
    early = desk.submit(f"{PAGES}/new", **(said | {"to": "2025-07-19"}), step="look")
    assert (early.status_code, 'id="e-to"' in early.text) == (422, True)
    assert "共应巡 16 次" in desk.submit(f"{PAGES}/new", **said, step="look").text
    assert 'name="region"' in desk.submit(f"{PAGES}/new", **said, step="edit").text
    kept = desk.submit(f"{PAGES}/new", **said, step="make")
    assert kept.headers["Location"] == f"{PAGES}/{made_id}?kept=console.did.assessment"
    page = desk.get(f"{PAGES}/{made_id}").text
    assert page.count('class="interval"') == 2
    assert "五六月" not in desk_of(walked.wang).get(PAGES).text
    version = re.search(r'name="version" value="([^"]+)"', desk.get(f"{PAGES}/{made_id}").text)
    assert version is not None
    told = desk.submit(f"{PAGES}/{made_id}/publish", version=version[1].replace("&#34;", '"'))
    assert told.headers["Location"] == f"{PAGES}/{made_id}?kept=console.did.assessment_changed"
    assert desk.submit(f"{PAGES}/{made_id}/publish", version=version[1]).status_code == 412
    assert "五六月" in desk_of(walked.wang).get(PAGES).text


@pytest.fixture
def made(phone_of, walked) -> Made:
    """The same, over the API, and out."""
    found = Made(phone_of, walked.sun, posts=["village_chief", "town_chief"])
    assert found.act("publish").status_code == 200
    return found


def test_the_table_can_be_taken_and_every_page_asks_few_questions(desk_of, walked, made, session):
    session.add(Region(code=f"{TOWN}009", name="无人村", level=1, parent_code=TOWN))
    session.flush()
    desk, path = desk_of(walked.sun), f"{PAGES}/{made.id}"
    for page in (path, f"{path}/regions", f"{path}/appeals", f"{path}/people/{walked.chen}?of=patrols"):
        with questions() as asked:
            assert desk.get(page).status_code == 200
        assert len(asked) <= 12, page
    for of in ("callouts", "campaigns", "training", "hazards", "luck"):
        assert desk.get(f"{path}/people/{walked.wang}?of={of}").status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{path}/export.xlsx?order=score").data))
    offered = re.findall(r'<select id="f-region".*?</select>', desk.get(path).text, re.DOTALL)[0]
    assert re.findall(r">([^<]+)</option>", offered)[1:] == ["兴华村", "站前村"]
    names = [row[2].value for row in book.worksheets[0].iter_rows(min_row=2)]
    assert names == ["李镇长", "陈村长", "王村长"]
    places = desk.get(f"{path}/regions/export.csv").data.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in places[1:4]] == ["古楼街道", "兴华村", "站前村"]
    assert (
        desk.get(f"{path}?post=village_chief&region=371502001001&order=region&q=王").text.count('class="interval"') == 1
    )


def test_an_appeal_is_made_on_ones_own_page_and_decided_by_the_office(desk_of, walked, made):
    chen, path = desk_of(walked.chen), f"{PAGES}/{made.id}"
    own = f"{path}/people/{walked.chen}"
    assert "第 2 名，共 2 人" in chen.get(own).text
    said = {"indicator": "patrols", "post": "village_chief", "region": "371502001002"}
    assert chen.submit(f"{own}/appeal", **said, text="").status_code == 422
    assert chen.submit(f"{own}/appeal", **said, text="手机坏了").headers["Location"] == f"{own}?kept=console.did.appeal"
    office = desk_of(walked.sun)
    page = office.get(f"{path}/appeals").text
    assert "现在是 5/8" in page
    (appeal,) = re.findall(rf'action="{path}/appeals/([^"]+)"', page)
    wrong = office.submit(f"{path}/appeals/{appeal}", ruling="upheld", hits="9", size="8", reason="属实")
    assert wrong.status_code == 422
    office.submit(f"{path}/appeals/{appeal}", ruling="upheld", hits="7", size="8", reason="属实")
    assert "由 5/8 改为 7/8；得分 62.5 → 87.5，名次 2 → 2" in office.get(f"{path}/appeals").text
    page = chen.get(own).text
    assert "申诉前 62.5 分" in page
    assert re.findall(r"<td>(\w+) <span class=\"badge ok\">经申诉更正", page) == ["巡河履职"]


def test_the_weights_are_tried_on_the_last_assessment_before_they_are_kept(made, administrator):
    desk = administrator
    assert "巡河履职" in desk.get("/console/rules/assessment").text
    page = desk.get("/console/rules/assessment/new").text
    typed = dict(re.findall(r'name="(weights-\w+|least_size|appeal_days|base)"[^>]* value="([^"]*)"', page))
    typed |= {
        "base": "0",
        "weights-patrols": "70",
        "least_size": "9",
        "valid_from": "2025-08-01T00:00",
        "reason": "新方案",
    }
    tried = desk.submit("/console/rules/assessment/new", **typed, go="try")
    assert tried.status_code == 200, tried.text
    assert "70 份" in tried.text
    assert "现在 3" in tried.text
    kept = desk.submit("/console/rules/assessment/new", **typed, go="keep")
    assert kept.headers["Location"] == "/console/rules/assessment?kept=console.did.rule"
