"""Reports of a month and a week as a page, a workbook and a PDF."""

from __future__ import annotations

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from backend.files import printing
from backend.files.printing import CannotPrint, Lack
from backend.models.changes import Record
from jobs import rollups
from tests.api.assessment_cases import settle, walk, weeks
from tests.api.hazard_cases import Case, photo
from tests.api.training_cases import Held
from tests.cast import LINE, NEXT_TOWN, NOON, VILLAGE
from tests.makers import new_id, patrol_body

REPORT = "/api/v1/stats/report"
PARTS = ["组织体系", "巡河履职", "问题整治", "防汛备汛", "协作联动", "培训"]


@pytest.fixture
def busy(phone_of, cast, clock, house):
    """A walk in July, two in June, and a hazard that the police have now."""
    for days in (0, 10, 11):
        body = patrol_body(LINE, started_at=NOON - timedelta(days=days, hours=4), seed=days)
        assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=body).status_code == 201
    case = Case(phone_of, cast.wang)
    case.act(cast.feng, "accept")
    assert case.act(cast.feng, "transfer", post="police_chief", note="移送").status_code == 200
    assert Held(phone_of, cast.sun).tick(cast.wang).status_code == 200
    rollups.run(house, now=clock.now)
    return phone_of(cast.sun)


def test_a_report_is_a_page_in_the_bureaus_order_and_a_workbook_with_charts(busy, session):
    page = busy.get(f"{REPORT}?of=2025-07")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    places = [page.text.index(f"<h2>{part}</h2>") for part in PARTS]
    assert places == sorted(places)
    assert "东昌府区河湖长制工作月报（2025-07）" in page.text
    assert '<th scope="row">巡河次数</th><td class="num">1</td><td class="num">-1</td>' in page.text
    assert '<th scope="row">移送案件</th><td class="num">1</td><td class="num">+1</td>' in page.text
    assert '<th scope="row">联席会议</th><td class="num">0</td>' in page.text
    assert '<th scope="row">督办</th><td class="num">0</td>' in page.text
    assert '<th scope="row">记学时人次</th><td class="num">1</td><td class="num">+1</td>' in page.text
    assert '<th scope="row">村级河长</th><td class="num">2</td><td class="num">1</td>' in page.text

    packed = io.BytesIO(busy.get(f"{REPORT}?of=2025-W27&format=xlsx").data)
    assert sum(name.startswith("xl/charts/chart") for name in ZipFile(packed).namelist()) == 3, (
        "no flood, no chart of it"
    )
    book = load_workbook(packed)
    assert book.sheetnames == PARTS
    cells = {row[0].value: row[1].value for row in book["巡河履职"].iter_rows(max_col=2)}
    assert (cells["巡河次数"], cells["有效巡河占比"]) == (1, 1)
    taken = session.scalars(select(Record).where(Record.act == "export_report").order_by(Record.seq)).all()
    assert [(each.thing_id, each.body["form"]) for each in taken] == [("2025-07", "html"), ("2025-W27", "xlsx")]


def row(page: str, name: str, *cells: str) -> bool:
    """Whether a line of the report reads so."""
    return f'<th scope="row">{name}</th>' + "".join(f'<td class="num">{cell}</td>' for cell in cells) in page


def test_places_and_days_with_nothing_are_in_it_with_zeros(busy):
    page = busy.get(f"{REPORT}?of=2025-07").text
    assert row(page, "古楼街道", "1", "1", "0")
    assert row(page, "柳园街道", "0", "0", "0", "0.0")
    assert row(page, "2025-07-01", "0", "0")
    assert row(page, "2025-07-02", "1", "1")
    assert "2025-07-03" not in page, "it has yet to come"
    june = busy.get(f"{REPORT}?of=2025-06").text
    assert all(f'<th scope="row">2025-06-{day:02}</th>' in june for day in range(1, 31))


def test_what_was_reported_is_told_apart_from_what_was_closed(busy, phone_of, cast, clock, house):
    heap = Case(phone_of, cast.wang)
    clock.now += timedelta(days=31)
    for who, act, said in (
        (cast.sun, "accept", {"severity": "minor"}),
        (cast.sun, "assign", {"unit": "HOUSING"}),
        (cast.yang, "report_done", {"photos": [photo(clock.now)]}),
        (cast.li, "verify", {}),
        (cast.li, "close", {}),
    ):
        assert heap.act(who, act, note="好", **said).status_code == 200
    rollups.run(house, now=clock.now)
    july, august = (phone_of(cast.sun).get(f"{REPORT}?of=2025-{month}").text for month in ("07", "08"))
    assert row(july, "上报问题中已销号", "1", "+1")
    assert row(july, "本期销号问题", "0", "+0")
    assert row(august, "上报问题中已销号", "0", "-1")
    assert row(august, "本期销号问题", "1", "+1")
    english = phone_of(cast.sun).get(f"{REPORT}?of=2025-08", headers={"Accept-Language": "en"}).text
    assert row(english, "Reported hazards now cleared", "0", "-1")
    assert row(english, "Hazards closed in the period", "1", "+1")


@pytest.fixture
def settled(session, phone_of, cast, house, clock):
    """Wang walks in all of eight weeks, Chen in five; then time goes by, and what was owed since May is settled."""
    for person, reach, count in ((cast.wang, "TUHAI-371502-001", 8), (cast.chen, "TUHAI-371502-002", 5)):
        for day in weeks(count):
            walk(session, cast, person, reach, day)
    settle(session, house, clock)
    return phone_of(cast.sun)


def test_walks_owed_and_done_are_in_it_as_far_as_they_are_settled(settled):
    # In June end five weeks of two village chiefs, three spans of ten days of two town chiefs, thirty days of a
    # warden and a month of the county chief; Wang did all of his, Chen two.
    june = settled.get(f"{REPORT}?of=2025-06").text
    assert row(june, "应巡次数", "47", "")
    assert row(june, "完成次数", "7", "")
    assert row(june, "完成率", "14.9%", "-0.1")
    assert row(june, "东昌府区本级", "1", "0", "0.0%")
    assert row(june, "古楼街道", "43", "7", "16.3%")
    assert row(june, "柳园街道", "3", "0", "0.0%")
    may = settled.get(f"{REPORT}?of=2025-05").text
    assert row(may, "应巡次数（2025-05-04 至 2025-05-31 已核定）", "40", "")
    week = settled.get(f"{REPORT}?of=2025-W25&region={VILLAGE}").text
    assert row(week, "应巡次数", "8", "+0")
    assert row(week, "完成率", "12.5%", "+0.0")
    assert row(settled.get(f"{REPORT}?of=2025-W25&region={NEXT_TOWN}001").text, "柳园村本级", "0", "0", "—")


def test_where_nothing_is_settled_yet_no_figure_is_given(settled):
    august = settled.get(f"{REPORT}?of=2025-08").text
    assert row(august, "应巡次数（尚未核定）", "—", "")
    assert row(august, "完成次数", "—", "")
    assert row(august, "完成率", "—", "")
    assert "各地应巡与完成" not in august


def test_a_workbook_has_the_shares_of_walks_done_as_numbers(settled):
    book = load_workbook(io.BytesIO(settled.get(f"{REPORT}?of=2025-06&format=xlsx").data))
    lines = {tuple(cell.value for cell in line[:3]): line for line in book["巡河履职"].iter_rows(max_col=4)}
    share = lines["柳园街道", 3, 0][3]
    assert (share.value, share.number_format) == (0, "0.0%")


def test_what_is_no_report_is_refused(busy, phone_of, cast):
    for query in ("of=2025-13", "of=never", "of=２０25-07", "format=doc"):
        assert busy.get(f"{REPORT}?{query}").status_code == 422
    assert busy.get(f"{REPORT}?of=2025-07&region=371503").status_code == 404
    assert phone_of(cast.wang).get(REPORT).status_code == 403


def test_a_pdf_is_made_or_it_is_said_what_to_install(busy, tmp_path, monkeypatch):
    made = busy.get(f"{REPORT}?of=2025-07&format=pdf")
    assert made.data.startswith(b"%PDF") if made.status_code == 200 else "请运维安装" in made.json["detail"]
    bare = tmp_path / "bin"
    bare.mkdir()
    monkeypatch.setenv("PATH", str(bare))  # a machine without any font
    lacking = busy.get(f"{REPORT}?of=2025-07&format=pdf")
    assert (lacking.status_code, "fonts-noto-cjk" in lacking.json["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("script", "lack"), [("exit 3", Lack.LIBRARY), ("exit 1", Lack.BROKEN), ("sleep 9", Lack.BROKEN)]
)
def test_whatever_the_child_dies_of_is_told(tmp_path, script, lack):
    child = tmp_path / "python"
    child.write_text(f"#!/bin/sh\n{script}\n")
    child.chmod(0o755)
    with pytest.raises(CannotPrint) as lacking:
        printing.pdf("<p>", python=str(child), within_s=1)
    assert lacking.value.lack is lack
