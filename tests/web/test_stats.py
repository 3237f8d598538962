"""Statistics at a desk: big numbers lead to their lists, a table goes further down, and all can be taken away."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta

import pytest

from jobs import rollups
from tests.api.hazard_cases import Case
from tests.cast import COUNTY, LINE, NOON, TOWN
from tests.counting import MOST, questions
from tests.makers import new_id, patrol_body

STATS = "/console/stats"
JULY = "from=2025-07-01&to=2025-07-31"


@pytest.fixture
def busy(phone_of, cast, clock, house):
    """Two walks on two days, and one hazard."""
    for days in (0, 1):
        body = patrol_body(LINE, started_at=NOON - timedelta(days=days, hours=4), seed=days)
        assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=body).status_code == 201
    Case(phone_of, cast.wang)
    rollups.run(house, now=clock.now)


def big(page: str) -> dict[str, tuple[str, str]]:
    """Word → figure and address."""
    found = re.findall(r'<a class="figure" href="([^"]+)"><b>([^<]+)</b><span>([^<]+)</span>', page)
    return {word: (figure, html.unescape(address)) for address, figure, word in found}


def test_big_numbers_lead_to_what_they_count_and_the_table_leads_down(desk_of, cast, busy):
    desk = desk_of(cast.sun)
    page = desk.get(f"{STATS}?{JULY}").text
    walked, address = big(page)["有效巡河"]
    assert walked == "2"
    assert desk.get(address).text.count('class="name"') == 2
    reported, address = big(page)["问题上报"]
    assert reported == "1"
    listed = desk.get(address).text
    assert "2025-07-01 至 2025-07-31 上报" in listed
    assert "hazard" in listed
    (down,) = map(html.unescape, re.findall(r'<a class="name" href="([^"]+)">古楼街道', page))
    assert f"region={TOWN}" in down
    assert "兴华村" in desk.get(down).text
    assert "东昌府区" in desk.get(down).text
    assert desk_of(cast.wang).get(STATS).status_code == 403


@pytest.mark.parametrize("by", ["day", "month", "level", "class"])
def test_figures_of_days_are_drawn_and_every_split_has_its_table(desk_of, cast, busy, by):
    page = desk_of(cast.sun).get(f"{STATS}?{JULY}&by={by}").text
    assert ('class="plot"' in page) == (by in ("day", "month"))
    assert page.count("<tr>") > 1
    assert {"day": "2025-07-02: 1", "month": "2025-07: 2", "level": "村级", "class": "四乱"}[by] in page


def table(page: str) -> list[list[str]]:
    """The cells of every row, the first of them without its link."""
    rows = re.findall(r"<tr>\s*(<td>.*?)</tr>", page, re.S)
    return [[re.sub("<[^>]+>", "", cell).strip() for cell in re.findall("<td.*?</td>", row, re.S)] for row in rows]


def test_places_and_days_with_nothing_stand_in_the_table_with_zeros(desk_of, cast, busy):
    desk = desk_of(cast.sun)
    places = table(desk.get(f"{STATS}?{JULY}").text)
    assert [row[:2] for row in places] == [["古楼街道", "2"], ["柳园街道", "0"]]
    assert set(places[1][1:]) == {"0", "0.0"}
    days = table(desk.get(f"{STATS}?from=2025-06-29&to=2025-07-31&by=day").text)
    assert [row[:2] for row in days] == [
        *(["2025-06-29", "0"], ["2025-06-30", "0"], ["2025-07-01", "1"], ["2025-07-02", "1"]),
    ], "no day that has yet to come"
    months = table(desk.get(f"{STATS}?from=2025-05-15&to=2025-12-31&by=month").text)
    assert [row[:2] for row in months] == [["2025-05", "0"], ["2025-06", "0"], ["2025-07", "2"]]
    assert table(desk.get(f"{STATS}?from=2019-01-01&to=2019-01-31").text) == [], "not known to be nothing"


def test_what_was_reported_adds_up_and_it_is_said_where_doubtful_walks_are(desk_of, cast, phone_of, clock, house, busy):
    wrong, again, into = (Case(phone_of, cast.wang) for _ in range(3))
    assert wrong.act(cast.sun, "reject", note="误报").status_code == 200
    assert again.act(cast.sun, "merge", into=str(into.id), note="同一处").status_code == 200
    body = patrol_body(LINE, started_at=NOON - timedelta(hours=22), seed=9) | {"client": {"mock_location": True}}
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=body).json["verdict"]["outcome"] == "doubtful"
    rollups.run(house, now=clock.now)
    page = desk_of(cast.sun).get(f"{STATS}?{JULY}").text
    found = {word: int(figure) for word, (figure, _) in big(page).items() if "问题" in word}
    assert found.pop("问题上报") == sum(found.values()) == 4
    assert found == {"上报问题中未销号": 2, "上报问题中已销号": 0, "上报问题中不予受理": 1, "上报问题中已合并": 1}
    assert "<b>3</b><span>有效巡河</span><small>其中存疑 " in page
    assert "存疑的巡河在复核前计入有效巡河" in page


def test_a_page_costs_few_questions_and_says_when_there_is_nothing(desk_of, cast, busy):
    desk = desk_of(cast.sun)
    desk.get(STATS)
    with questions() as asked:
        desk.get(f"{STATS}?{JULY}&region={COUNTY}")
    assert len(asked) <= MOST, asked
    assert "此前无数据" in desk.get(f"{STATS}?from=2019-01-01&to=2019-01-31").text
    assert desk.get(f"{STATS}?by=moon").status_code == 422


def test_reports_are_a_click_away_and_bring_no_style_of_their_own(desk_of, cast, busy):
    desk = desk_of(cast.sun)
    assert f"{STATS}/report.html?of=2025-06" in desk.get(STATS).text
    page = desk.get(f"{STATS}/report.html?of=2025-07&region={COUNTY}")
    assert "<style" not in page.text
    assert "style-src .self." in page.headers["Content-Security-Policy"].replace("'", ".")
    assert desk.get(f"{STATS}/report.css").mimetype == "text/css"
    assert desk.get(f"{STATS}/report.xlsx?of=2025-07").headers["Content-Disposition"].endswith("report-2025-07.xlsx")
    assert desk.get(f"{STATS}/report.doc").status_code == 422


def test_every_figure_is_taken_as_a_file_and_on_record(desk_of, cast, busy):
    taken = desk_of(cast.sun).get(f"{STATS}/export.csv?{JULY}")
    rows = list(csv.reader(io.StringIO(taken.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["分项", "巡河次数", "有效巡河"]
    assert [row[:3] for row in rows[1:4]] == [["古楼街道", "2", "2"], ["柳园街道", "0", "0"], ["合计", "2", "2"]]
    assert desk_of(cast.sun).get(f"{STATS}/export.xlsx?{JULY}").status_code == 200
    assert "统计" in desk_of(cast.sun).get("/console/audit/exports").text
